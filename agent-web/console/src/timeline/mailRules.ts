// What a mail may fetch: nothing from elsewhere until asked for, since that would tell the sender that it was read.
import type { Attachment } from '@throughline/protocol';
import { isKeptBack } from './keptBack.ts';

const REMOTE = /^(https?:)?\/\//i;
const CSS_FETCH = /@import[^;]*;?|url\(\s*(?!\s|['"]?data:)[^)]*\)/gi;
const CSS_REMOTE = /(@import\s*|url\(\s*)['"]?(https?:)?\/\//i;

const bare = (cid: string) => cid.replace(/^<|>$/g, '');

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Whether the text shows the file: one that is sent as part of the text, and that no picture in it names, would be seen nowhere. */
export function isNamed(html: string, cid: string | null): boolean {
  if (!cid) return false;
  const wanted = bare(cid).toLowerCase();
  return [...html.matchAll(/cid:([^"'<>\s)]+)/gi)].some(([, named]) => decoded(named ?? '').toLowerCase() === wanted);
}

/** A picture of the mail itself comes from this server; one from elsewhere waits. `source` null: not shown. */
export function pictureOf(
  source: string,
  files: readonly (Pick<Attachment, 'cid' | 'url'> & Partial<Pick<Attachment, 'scan'>>)[],
  showRemote: boolean,
): { source: string | null; remote: boolean } {
  if (/^cid:/i.test(source)) {
    const cid = bare(decoded(source.slice(4)));
    return { source: files.find((one) => one.cid && bare(one.cid) === cid && !isKeptBack(one))?.url ?? null, remote: false };
  }
  if (!REMOTE.test(source)) return { source, remote: false };
  return { source: showRemote ? source.replace(/^(https?:)?\/\//i, 'https://') : null, remote: true };
}

/** It fetches nothing and stays in its place. `remote`: it would have fetched something from elsewhere. */
export const calmCss = (css: string): { css: string; remote: boolean } => ({
  css: css.replace(CSS_FETCH, 'none').replace(/position\s*:\s*(fixed|sticky)/gi, 'position: static'),
  remote: CSS_REMOTE.test(css),
});

/** The browser's own lock, should anything slip through. */
export const policyOf = (showRemote: boolean): string =>
  `default-src 'none'; style-src 'unsafe-inline'; img-src ${showRemote ? "'self' data: https:" : "'self' data:"}; form-action 'none'; base-uri 'none'`;
