// The emoji by their names, in the agent's language and in English, as Unicode's CLDR has them (emojibase). Loaded when first wanted.
import type { CompactEmoji } from 'emojibase';
import { currentLanguage, type Language } from '../../i18n/index.ts';
import { parseStored, writeStored } from '../../lib/storage.ts';

export interface Emoji {
  char: string;
  name: string;
  /** As typed between colons: "smile". */
  codes: readonly string[];
  /** Everything it is found by, in lower case. */
  words: string;
}

const NAMES: Record<Language, () => Promise<{ default: CompactEmoji[] }>> = {
  en: () => import('emojibase-data/en/compact.json'),
  ja: () => import('emojibase-data/ja/compact.json'),
};
const RECENT = 'emoji';
const RECENT_KEPT = 16;
const SHOWN = 400;

const loaded = new Map<Language, Promise<readonly Emoji[]>>();

const wordsOf = ({ label, tags }: CompactEmoji): string => [label, ...(tags ?? [])].join(' ').toLowerCase();

async function read(language: Language): Promise<readonly Emoji[]> {
  const [own, english, codes] = await Promise.all([NAMES[language](), NAMES.en(), import('emojibase-data/en/shortcodes/github.json')]);
  const inEnglish = new Map(english.default.map((one) => [one.hexcode, wordsOf(one)]));
  return own.default
    .filter(({ group }) => group !== undefined)
    .sort((a, b) => (a.order ?? 0) - (b.order ?? 0))
    .map((one) => {
      const shortcodes = [codes.default[one.hexcode] ?? []].flat();
      return { char: one.unicode, name: one.label, codes: shortcodes, words: [wordsOf(one), inEnglish.get(one.hexcode), ...shortcodes].join(' ') };
    });
}

export function emojis(): Promise<readonly Emoji[]> {
  const language = currentLanguage();
  const known = loaded.get(language) ?? read(language);
  loaded.set(language, known);
  known.catch(() => loaded.delete(language));
  return known;
}

/** Those whose code, or a word of whose name, begins so; the nearest first. */
export function findEmojis(all: readonly Emoji[], typed: string, most = SHOWN): readonly Emoji[] {
  const query = typed.trim().toLowerCase();
  if (query === '') return all.slice(0, most);
  const rank = ({ codes, name, words }: Emoji): number => {
    if (codes.includes(query)) return 0;
    const code = codes.find((one) => one.startsWith(query));
    if (code) return 1 + Math.min(code.length, 50) / 100;
    if (name.toLowerCase().startsWith(query)) return 2;
    return words.split(/[\s_]+/).some((word) => word.startsWith(query)) || name.includes(query) ? 3 : 4;
  };
  return all
    .map((emoji) => ({ emoji, rank: rank(emoji) }))
    .filter((one) => one.rank < 4)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, most)
    .map((one) => one.emoji);
}

/** Those used last in this browser, the newest first. */
export function recentEmojis(): readonly string[] {
  const stored = parseStored(RECENT);
  return Array.isArray(stored) ? stored.filter((one): one is string => typeof one === 'string').slice(0, RECENT_KEPT) : [];
}

export const usedEmoji = (char: string): void =>
  writeStored(RECENT, JSON.stringify([char, ...recentEmojis().filter((one) => one !== char)].slice(0, RECENT_KEPT)));
