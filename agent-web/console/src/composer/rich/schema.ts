// What an answer may hold: what every channel that shows more than plain text can show.
import { Node } from '@tiptap/core';
import StarterKit from '@tiptap/starter-kit';
import { pictureWords } from '../pictures.ts';

const LINKED = /^(https?:|mailto:|tel:)/i;

/** Where a file of the answer is, by its Content-ID; null: it has none of that. */
export type UrlOf = (cid: string) => string | null;

const cidOf = (element: HTMLElement): string => element.getAttribute('data-cid') ?? '';

/** A picture among the words: one of the answer's files. */
const Picture = Node.create<{ urlOf: UrlOf }>({
  name: 'picture',
  group: 'inline',
  inline: true,
  atom: true,
  addOptions: () => ({ urlOf: () => null }),
  addAttributes: () => ({
    cid: { default: '', parseHTML: cidOf, renderHTML: ({ cid }) => ({ 'data-cid': cid as string }) },
    name: {
      default: '',
      parseHTML: (element) => element.getAttribute('alt') ?? '',
      renderHTML: ({ name }) => ({ alt: name as string, title: name as string }),
    },
  }),
  parseHTML() {
    return [{ tag: 'img[data-cid]', getAttrs: (element) => (this.options.urlOf(cidOf(element)) === null ? false : null) }];
  },
  renderHTML({ node, HTMLAttributes }) {
    return ['img', { ...HTMLAttributes, src: this.options.urlOf(node.attrs['cid'] as string) }];
  },
  renderText: ({ node }) => pictureWords(node.attrs['name'] as string),
});

export const extensions = (urlOf: UrlOf) => [
  Picture.configure({ urlOf }),
  StarterKit.configure({
    heading: false,
    horizontalRule: false,
    strike: false,
    underline: false,
    trailingNode: false,
    dropcursor: false,
    link: { openOnClick: false, autolink: true, defaultProtocol: 'https', isAllowedUri: (url) => LINKED.test(url) },
  }),
];
