// What is typed in the editor is kept as Markdown, and is the same again when it is read.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { getSchema } from '@tiptap/core';
import { fromMarkdown, fromPlain, toMarkdown } from '../src/composer/rich/markdown.ts';
import { extensions } from '../src/composer/rich/schema.ts';

const schema = getSchema(extensions((cid) => (cid === 'a1' ? '/attachments/x' : null)));
const written = (json: object): string => toMarkdown(schema.nodeFromJSON(json));
const lines = (json: object): string => {
  const out: string[] = [];
  schema.nodeFromJSON(json).forEach((node) => out.push(node.type.name === 'paragraph' ? node.textContent : `<${node.type.name}>`));
  return out.join('\n');
};

const PLAIN = [
  'Hello',
  'a\nb\n\nc',
  '2*3*4 = 24 and a*b',
  '*not bold* **nor this** _nor_ __this__',
  'snake_case_name _x',
  '# no title\n## nor this\n#',
  '- no list\n* nor\n+ nor\n-\n+\n*',
  '1. no list\n2) nor\n3.\n4)',
  '> no quote',
  'Title\n===\nTitle\n---',
  '---\n***\n___',
  '```\nno code\n```\n~~~\nx',
  '`no code` ``x``',
  '[no](https://link.example) ![nor](https://picture.example) [a]: b',
  '<b>x</b> <https://a.example> <!-- x -->',
  '&amp; &copy; &#38; a & b &c',
  'C:\\path\\* \\n',
  '日本語の*強調*ではない',
  '___x___ a__b __',
  'https://shop.example/a_b_c?x=1&copy=2',
];

describe('Markdown of answers', () => {
  for (const text of PLAIN)
    it(`keeps ${JSON.stringify(text)} as it was typed`, () => {
      const markdown = written(fromPlain(text));
      assert.equal(lines(fromMarkdown(schema, markdown)), text, markdown);
      assert.equal(written(fromMarkdown(schema, markdown)), markdown, 'and again');
    });

  for (const markdown of [
    'Dear **Ann**, *quite* `so`:\n\n- one\n- two\n  - three\n\nBye',
    '3. a\n4. b',
    '> quoted\n> words\n\nmine',
    '```\ncode *as it is*\n\n  <b>\n```',
    '[the *shop*](https://shop.example/?a=1&b=2) and <https://b.example/>',
    '**bold *and italic***',
    'see ![a \\[b\\] \\*c\\*.png](cid:a1) here',
    '- ![x](cid:a1)\n\n> ![y](cid:b.2)',
  ])
    it(`reads and writes ${JSON.stringify(markdown)}`, () => assert.equal(written(fromMarkdown(schema, markdown)), markdown));

  it('has pictures of the answer alone: others are what was typed', () => {
    const json = fromMarkdown(schema, '![a](cid:a1)![b](https://b.example/x.png) ![c](cid:a b) `![d](cid:d)`');
    const names: unknown[] = [];
    schema.nodeFromJSON(json).descendants((node) => void (node.type.name === 'picture' && names.push({ ...node.attrs })));
    assert.deepEqual(names, [{ cid: 'a1', name: 'a' }]);
  });
});
