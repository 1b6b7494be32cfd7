// What the script tag says: where the server is, which chat, how it looks.
export type Position = 'left' | 'right' | 'end';
export type Theme = 'auto' | 'light' | 'dark';

export interface Options {
  channel: string;
  /** Folder that the server answers in; ends with "/". */
  base: URL;
  /** In place of the channel's own, for instance in the page's language. */
  accent: string | null;
  title: string | null;
  greeting: string | null;
  away: string | null;
  position: Position;
  language: string;
  theme: Theme;
  open: boolean;
  /** Tell whoever answers where the visitor is, and whence they came. */
  context: boolean;
}

const oneOf = <T extends string>(value: string | undefined, allowed: readonly T[], otherwise: T): T => allowed.find((each) => each === value) ?? otherwise;

/** currentScript is null when the tag was added in an unusual way; then the tag is looked for. */
function ownTag(): HTMLScriptElement | null {
  const own = document.currentScript as HTMLScriptElement | null;
  if (own?.dataset['channel']) return own;
  return document.querySelector<HTMLScriptElement>('script[data-channel][src*="widget.js"]');
}

export function readOptions(tag = ownTag()): Options {
  const data = tag?.dataset ?? {};
  if (!tag?.src || !data['channel']) throw new Error('the script tag has no data-channel');
  return {
    channel: data['channel'].trim().toLowerCase(),
    base: new URL(tag.src.replace(/(widget\/)?widget\.js.*$/, '')),
    accent: data['accent'] ?? null,
    title: data['title'] ?? null,
    greeting: data['greeting'] ?? null,
    away: data['away'] ?? null,
    position: oneOf(data['position'], ['left', 'right', 'end'] as const, 'end'),
    language: data['language'] ?? 'auto',
    theme: oneOf(data['theme'], ['auto', 'light', 'dark'] as const, 'auto'),
    context: data['context'] !== 'off',
    open: data['open'] !== undefined && data['open'] !== 'false',
  };
}
