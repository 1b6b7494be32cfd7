// A formatted answer, as the server made it of Markdown: its elements by their names and nothing else of them, so that whatever
// stands in the text can do nothing. Never handed to innerHTML of a page.
const KNOWN = /^(p|br|ul|ol|li|blockquote|pre|code|strong|em|a)$/;
const PICTURE = /^cid:([a-z0-9.]+)$/i;
const LINKED = /^(https?|mailto|tel):/i;

/** Text, or an element by its name. */
export type Rich = string | { name: string; href?: string; start?: number; picture?: Picture; within: Rich[] };

/** One of the answer's files, which it shows in its place. */
export interface Picture {
  cid: string;
  alt: string;
}

export const richOf = (html: string): Rich[] => within(new DOMParser().parseFromString(html, 'text/html').body);

const within = (node: Node): Rich[] => [...node.childNodes].flatMap((child) => (child instanceof Element ? element(child) : (child.nodeValue ?? '')));

function element(from: Element): Rich[] {
  const name = from.localName;
  if (name === 'img') return picture(from);
  const inner = within(from);
  const href = from.getAttribute('href') ?? '';
  if (!KNOWN.test(name) || (name === 'a' && !LINKED.test(href))) return inner;
  // Line ends between blocks are the server's own.
  const rest = /^(ul|ol|blockquote)$/.test(name) ? inner.filter((one) => typeof one !== 'string') : inner;
  return [{ name, within: rest, ...(name === 'a' ? { href } : {}), ...(name === 'ol' ? { start: Number(from.getAttribute('start') ?? 1) } : {}) }];
}

function picture(from: Element): Rich[] {
  const [, cid] = PICTURE.exec(from.getAttribute('src') ?? '') ?? [];
  return cid ? [{ name: 'img', picture: { cid, alt: from.getAttribute('alt') ?? '' }, within: [] }] : [];
}
