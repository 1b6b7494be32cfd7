// Text to nodes, with addresses made clickable. Nothing is ever parsed as HTML.
// Full-width punctuation ends an address: Japanese sets no space after it.
const ADDRESS = /\bhttps?:\/\/[^\s<>"'`「」『』【】（）、。！？]+|\bwww\.[^\s<>"'`「」『』【】（）、。！？]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gi;
const TRAILING = /[.,;:!?…]+$/;

/** What ends a sentence or closes a bracket around an address is not part of it. */
export function trimAddress(address: string): string {
  let end = address.replace(TRAILING, '');
  while (end.endsWith(')') && end.split(')').length > end.split('(').length) end = end.slice(0, -1).replace(TRAILING, '');
  return end;
}

function hrefOf(address: string): string | null {
  if (/^www\./i.test(address)) return hrefOf(`https://${address}`);
  if (!/^https?:/i.test(address)) return `mailto:${address}`;
  try {
    return new URL(address).href;
  } catch {
    return null;
  }
}

/** Text, or text and where it leads. */
export type Piece = string | { text: string; href: string };

export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = trimAddress(match[0]);
    const href = hrefOf(address);
    if (!href) continue;
    if (match.index > from) found.push(text.slice(from, match.index));
    found.push({ text: address, href });
    from = match.index + address.length;
  }
  if (from < text.length) found.push(text.slice(from));
  return found;
}
