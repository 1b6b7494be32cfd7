import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { partsOf, plainly } from '../src/composer/sms.ts';

describe('the parts of an SMS', () => {
  const rows: [string, string, { parts: number; left: number; plain: boolean }][] = [
    ['nothing', '', { parts: 1, left: 160, plain: true }],
    ['160 letters of the alphabet', 'a'.repeat(160), { parts: 1, left: 0, plain: true }],
    ['one more', 'a'.repeat(161), { parts: 2, left: 145, plain: true }],
    ['two whole parts', 'a'.repeat(306), { parts: 2, left: 0, plain: true }],
    ['what has an escape is two', '€'.repeat(80), { parts: 1, left: 0, plain: true }],
    ['… and is not cut from it', `${'a'.repeat(152)}€${'a'.repeat(10)}`, { parts: 2, left: 141, plain: true }],
    ['accents of the alphabet', 'èéùìòÇØøÅåÆæßÉÄÖÑÜäöñüà', { parts: 1, left: 137, plain: true }],
    ['one accent beyond it', 'ê', { parts: 1, left: 69, plain: false }],
    ['70 letters beyond it', 'あ'.repeat(70), { parts: 1, left: 0, plain: false }],
    ['one more of these', 'あ'.repeat(71), { parts: 2, left: 63, plain: false }],
    ['an emoji is two', '😀'.repeat(35), { parts: 1, left: 0, plain: false }],
    ['… and is not cut', `${'あ'.repeat(66)}😀${'あ'.repeat(10)}`, { parts: 2, left: 55, plain: false }],
    ['an end of a line is one', 'a\r\nb', { parts: 1, left: 157, plain: true }],
    ['a backtick is none of the alphabet', '`', { parts: 1, left: 69, plain: false }],
  ];
  for (const [what, text, wanted] of rows) it(`are counted: ${what}`, () => assert.deepEqual(partsOf(text), wanted));

  it('are fewer when it is written plainly, which changes nothing that is said', () => {
    const text = `“It’s here” – at last… ${'x'.repeat(60)}`;
    assert.equal(plainly(text), `"It's here" - at last... ${'x'.repeat(60)}`);
    assert.deepEqual([partsOf(text).parts, partsOf(plainly(text)).parts], [2, 1]);
    assert.equal(plainly('e\u0300'), 'è', 'accents in one piece');
    assert.equal(plainly('日本語 😀'), '日本語 😀');
    for (const joined of ['👨\u200d👩\u200d👧', 'می\u200cخواهم', '\u200eabc\u200f'])
      assert.equal(plainly(joined), joined, 'what joins letters, or turns them, is no looks');
  });
});
