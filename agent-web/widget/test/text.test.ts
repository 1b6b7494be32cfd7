// What becomes of text: links, languages, what may be sent, who is shown by which letters.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { luminance } from '../src/colour.ts';
import { pieces, trimAddress } from '@throughline/protocol/browser';
import { cleanText } from '../src/text.ts';
import { chooseLanguage, wordsOf } from '../src/words.ts';

const links = (text: string): (string | undefined)[] =>
  pieces(text)
    .map((piece) => (typeof piece === 'string' ? undefined : piece.href))
    .filter(Boolean);

it('finds addresses and leaves out what only stands beside them', () => {
  assert.deepEqual(links('https://a.example/x?y=1#z'), ['https://a.example/x?y=1#z']);
  assert.deepEqual(links('(see https://a.example/x).'), ['https://a.example/x']);
  assert.deepEqual(links('https://a.example/tea_(green), and'), ['https://a.example/tea_(green)']);
  assert.deepEqual(links('「https://a.example/茶」です。'), ['https://a.example/%E8%8C%B6']);
  assert.deepEqual(links('www.a.example'), ['https://www.a.example/']);
  assert.deepEqual(links('（https://a.example/x）'), ['https://a.example/x']);
  assert.deepEqual(links('write to mia.b+c@a.example!'), ['mailto:mia.b+c@a.example']);
  assert.equal(trimAddress('https://a.example/...'), 'https://a.example/');
});

it('makes no link of what could run', () => {
  for (const text of ['javascript:alert(1)', 'data:text/html,x', 'JAVASCRIPT://a.example/%0aalert(1)', 'vbscript:x', 'file:///etc/passwd'])
    assert.deepEqual(links(text), [], text);
  assert.deepEqual(links('https://a.example/"><script>'), ['https://a.example/']);
  assert.deepEqual(links('https://'), []);
});

it('gives the text back whole', () => {
  for (const text of ['', 'no link', 'https://a.example', 'a https://a.example b www.b.example c@d.example e', 'https://[broken'])
    assert.equal(
      pieces(text)
        .map((piece) => (typeof piece === 'string' ? piece : piece.text))
        .join(''),
      text,
    );
});

it('sends nothing that the server would refuse', () => {
  assert.equal(cleanText('a\u0000b\u0007c\u007f'), 'abc');
  assert.equal(cleanText('one\r\ntwo\rthree\n\tfour'), 'one\ntwo\nthree\n\tfour');
  assert.equal(cleanText('\ud83c half \udf75'), '\ufffd half \ufffd');
  assert.equal(cleanText('🍵'), '🍵');
  const long = cleanText('🍵'.repeat(6000) + 'x');
  assert.equal(long.length, 10_000);
  assert.equal(cleanText(`x${'🍵'.repeat(6000)}`).at(-1), '\ufffd', 'a character cut in two is no character');
});

it('chooses the language of the page before that of the browser', () => {
  assert.equal(chooseLanguage('auto', 'ja-JP', ['en-GB']), 'ja');
  assert.equal(chooseLanguage('auto', 'fi', ['ja', 'en']), 'ja');
  assert.equal(chooseLanguage('auto', '', ['fi', 'sv']), 'en');
  assert.equal(chooseLanguage('ja', 'en', ['en']), 'ja');
  assert.equal(chooseLanguage('constructor', 'en', []), 'en');
});

it('has every word in every language', () => {
  const en = Object.keys(wordsOf('en')).sort();
  assert.deepEqual(Object.keys(wordsOf('ja')).sort(), en);
  for (const [key, word] of Object.entries(wordsOf('ja')))
    assert.ok(typeof word === 'function' || /[\u3040-\u30ff\u4e00-\u9fff]/.test(word), `${key} is not Japanese`);
});

it('measures light as WCAG does', () => {
  assert.equal(luminance([1, 1, 1]), 1);
  assert.equal(luminance([0, 0, 0]), 0);
  const grey = luminance([0x77 / 255, 0x77 / 255, 0x77 / 255]);
  assert.equal((1.05 / (grey + 0.05)).toFixed(2), '4.48', 'the grey that just fails on white');
});
