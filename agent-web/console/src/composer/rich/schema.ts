// What an answer may hold: what every channel that shows more than plain text can show.
import { Node } from '@tiptap/core';
import StarterKit from '@tiptap/starter-kit';
import { pictureWords } from '../pictures.ts';

const LINKED = /^(https?:|mailto:|tel:)/i;

/** Where a file of the answer is, by its Content-ID; null: it has none of that. */
export type UrlOf = (cid: string) => string | null;

const cidOf = (element: HTMLElement): string => element.getAttribute('data-cid') ?? '';

/** A picture among the words: one of the answer's files. */
const pictures = (urlOf: UrlOf) =>
  Node.create({
    name: 'picture',
    group: 'inline',
    inline: true,
    atom: true,
    addAttributes: () => ({ cid: { default: '' }, name: { default: '' } }),
    parseHTML: () => [
      {
        tag: 'img[data-cid]',
        getAttrs: (element) => (urlOf(cidOf(element)) === null ? false : { cid: cidOf(element), name: element.getAttribute('alt') ?? '' }),
      },
    ],
    renderHTML: ({ node }) => {
      const [cid, name] = [String(node.attrs['cid']), String(node.attrs['name'])];
      return ['img', { 'data-cid': cid, src: urlOf(cid), alt: name, title: name }];
    },
    renderText: ({ node }) => pictureWords(String(node.attrs['name'])),
  });

export const extensions = (urlOf: UrlOf) => [
  pictures(urlOf),
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
