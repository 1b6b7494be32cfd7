// What an answer may hold: what every channel that shows more than plain text can show.
import StarterKit from '@tiptap/starter-kit';

const LINKED = /^(https?:|mailto:|tel:)/i;

export const extensions = () => [
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
