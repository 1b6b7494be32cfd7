// Pictures within the words of an answer. The Markdown names each by its Content-ID, `![name](cid:…)`, and one of the answer's files has that.
import type { Upload, Way } from '@throughline/protocol';
import { escaped } from './escaped.ts';

const NAMED = /!\[((?:\\.|[^\]\\])*)\]\(cid:([A-Za-z0-9.]{1,64})\)/g;

/** What every browser shows. */
export const PICTURE = /^image\/(png|jpeg|gif|webp)$/;

export const markdownPicture = (cid: string, name: string): string => `![${escaped(name)}](cid:${cid})`;
/** As the server says it where no picture is shown. */
export const pictureWords = (name: string): string => `[image: ${name}]`;

export const showsPictures = (way: Way | null): boolean => way?.rich === 'pictures';

/** The files of a draft: those that its words show, and those beside them. A picture that was taken out of the words goes with neither,
 * but comes back with them by Undo. */
export function filesOf({ files, text, rich }: { files: readonly Upload[]; text: string; rich: boolean }): { within: Upload[]; beside: Upload[] } {
  const named = new Set(rich ? [...text.matchAll(NAMED)].map(([, , cid]) => cid) : []);
  return { within: files.filter(({ cid }) => cid && named.has(cid)), beside: files.filter(({ cid }) => !cid) };
}

/** For a way that shows none: the words say where each would be, and all of them are files. */
export function withoutPictures(markdown: string, files: readonly Upload[]): { text: string; files: Upload[] } {
  return {
    text: markdown.replace(NAMED, (_, name: string) => String.raw`\[image: ${name}\]`),
    files: files.map((file) => ({ ...file, cid: null })),
  };
}
