// Between the editor's document and Markdown, the one form in which an answer is kept and sent. In the editor a paragraph is a
// line, as in a text box; in Markdown lines follow each other, and an empty line parts paragraphs. What was typed and means
// nothing is escaped, so that it arrives as it was typed.
import MarkdownIt from 'markdown-it';
import { MarkdownParser, MarkdownSerializer, type MarkdownSerializerState, defaultMarkdownSerializer } from 'prosemirror-markdown';
import type { Node, Schema } from '@tiptap/pm/model';
import { markdownPicture, NAMED } from '../pictures.ts';

interface Json {
  type: string;
  content?: Json[];
  [more: string]: unknown;
}

/** What is more than a letter to who reads it (MD4C), beside what the library escapes: of underscores it leaves those within words. */
const MEANING = /(?<!\\)_(?=\\?_)|(?<=_)(?<!\\)_|^=|^\+$|<|&(?=#?\w+;)|(?<=^\s*\d+)\)(?=\s|$)|(?<=^\s*\d+)\.(?=$)/g;

const { nodes, marks } = defaultMarkdownSerializer;
/** The library keeps it to itself: how many line ends part what follows from what stands above. */
const part = (state: MarkdownSerializerState, lines: number) => (state as unknown as { flushClose: (lines: number) => void }).flushClose(lines);

const serializer = new MarkdownSerializer(
  {
    blockquote: nodes['blockquote']!,
    codeBlock: nodes['code_block']!,
    text: nodes['text']!,
    listItem: nodes['list_item']!,
    bulletList: (state, node) => state.renderList(node, '  ', () => '- '),
    orderedList: (state, node) => {
      const first = Number(node.attrs['start'] ?? 1);
      state.renderList(node, '   ', (index) => `${first + index}. `);
    },
    paragraph: (state, node, parent, index) => {
      if (node.content.size === 0 && parent.type.name !== 'listItem') return;
      const above = index > 0 ? parent.child(index - 1) : null;
      if (above?.type.name === 'paragraph' && above.content.size > 0) part(state, 1);
      state.renderInline(node);
      state.closeBlock(node);
    },
    hardBreak: (state) => state.write('\n'),
    picture: (state, { attrs }) => state.write(markdownPicture(String(attrs['cid']), String(attrs['name']))),
  },
  { bold: marks['strong']!, italic: marks['em']!, link: marks['link']!, code: marks['code']! },
  { escapeExtraCharacters: MEANING, hardBreakNodeName: 'hardBreak' },
);

export const toMarkdown = (doc: Node): string => serializer.serialize(doc, { tightLists: true }).trim();

/** Lines become paragraphs, parted by empty ones where they were paragraphs. */
function lines(blocks: readonly Json[]): Json[] {
  const out: Json[] = [];
  for (const block of blocks) {
    if (block.type !== 'paragraph') {
      out.push(block.content ? { ...block, content: lines(block.content) } : block);
      continue;
    }
    if (out.at(-1)?.type === 'paragraph') out.push({ type: 'paragraph' });
    let line: Json[] = [];
    for (const one of block.content ?? []) {
      if (one.type === 'hardBreak') {
        out.push({ type: 'paragraph', content: line });
        line = [];
      } else line.push(one);
    }
    out.push({ type: 'paragraph', content: line });
  }
  return out;
}

const PICTURE = new RegExp(NAMED.source, 'y');

/** Only those that go with the answer. */
function readPictures(reader: MarkdownIt): void {
  reader.inline.ruler.before('link', 'picture', (state, silent) => {
    PICTURE.lastIndex = state.pos;
    const [whole, name = '', cid = ''] = PICTURE.exec(state.src) ?? [];
    if (whole === undefined || state.pos + whole.length > state.posMax) return false;
    if (!silent)
      state.push('picture', 'img', 0).attrs = [
        ['cid', cid],
        ['name', name.replace(/\\([!-/:-@[-`{-~])/g, '$1')],
      ];
    state.pos += whole.length;
    return true;
  });
}

export function fromMarkdown(schema: Schema, text: string): Json {
  const reader = new MarkdownIt('commonmark', { html: false }).disable([
    'heading',
    'lheading',
    'image',
    'hr',
    'code',
    'html_block',
    'html_inline',
    'reference',
  ]);
  readPictures(reader);
  const parser = new MarkdownParser(schema, reader, {
    blockquote: { block: 'blockquote' },
    paragraph: { block: 'paragraph' },
    list_item: { block: 'listItem' },
    bullet_list: { block: 'bulletList' },
    ordered_list: { block: 'orderedList', getAttrs: (token) => ({ start: Number(token.attrGet('start') ?? 1) }) },
    code_block: { block: 'codeBlock', noCloseToken: true },
    fence: { block: 'codeBlock', noCloseToken: true },
    hardbreak: { node: 'hardBreak' },
    softbreak: { node: 'hardBreak' },
    picture: { node: 'picture', getAttrs: (token) => ({ cid: token.attrGet('cid'), name: token.attrGet('name') }) },
    em: { mark: 'italic' },
    strong: { mark: 'bold' },
    link: { mark: 'link', getAttrs: (token) => ({ href: token.attrGet('href') }) },
    code_inline: { mark: 'code', noCloseToken: true },
  });
  const json = parser.parse(text).toJSON() as Json;
  return { ...json, content: lines(json.content ?? []) };
}

/** What was typed as plain text stays that. */
export const fromPlain = (text: string): Json => ({
  type: 'doc',
  content: text.split('\n').map((line) => ({ type: 'paragraph', ...(line ? { content: [{ type: 'text', text: line }] } : {}) })),
});
