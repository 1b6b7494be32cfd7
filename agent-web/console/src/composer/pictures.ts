// Pictures within the words of an answer. The Markdown names each by its Content-ID, `![name](cid:…)`, and one of the answer's files has that.
import type { Upload, Way } from '@throughline/protocol';

/** One of them: its name, as markdownPicture writes it, and its Content-ID. */
export const NAMED = /!\[((?:\\.|[^\]\\])*)\]\(cid:([A-Za-z0-9.]{1,64})\)/g;

/** What every browser shows. */
export const PICTURE_TYPES: readonly string[] = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];
export const isWebPicture = ({ type }: { type: string }): boolean => PICTURE_TYPES.includes(type);

/** A name is letters alone, in one line. */
export const markdownPicture = (cid: string, name: string): string => `![${name.replace(/\s+/g, ' ').replace(/[\\[\]!*_`<&~]/g, String.raw`\$&`)}](cid:${cid})`;
/** As the server says it where no picture is shown. */
export const pictureWords = (name: string): string => `[image: ${name}]`;

export const showsPictures = (way: Way | null): boolean => way?.rich === 'pictures';

const beside = (file: Upload): Upload => ({ ...file, cid: null });

/** The files of a draft: those that its words show, and those beside them. A picture that was taken out of the words goes with neither,
 * but comes back with them by Undo. */
export function filesOf({ files, text, rich }: { files: readonly Upload[]; text: string; rich: boolean }): { within: Upload[]; beside: Upload[] } {
  const named = new Set(rich ? [...text.matchAll(NAMED)].map(([, , cid]) => cid) : []);
  return { within: files.filter(({ cid }) => cid && named.has(cid)), beside: files.filter(({ cid }) => !cid) };
}

/** For a way that shows none: the words say where each would be, and all of them are files. */
export function withoutPictures(words: string, rich: boolean, files: readonly Upload[]): { text: string; files: Upload[] } {
  return {
    text: rich ? words.replace(NAMED, (_, name: string) => String.raw`\[image: ${name}\]`) : words,
    files: files.map(beside),
  };
}

/** What becomes of them when the words are typed on where nothing is formatted, and name none any more. */
export function asFiles(draft: Parameters<typeof filesOf>[0]): Upload[] {
  const { within, beside: others } = filesOf(draft);
  return [...within.map(beside), ...others];
}
