// Every word of the console is in en.json and ja.json; a key that is not there does not compile. English comes with the console; the
// words of another language are loaded when it is first wanted.
import i18next from 'i18next';
import { Store, useStore } from '../lib/store.ts';
import { type Direction, direction } from './direction.ts';
import en from './en.json' with { type: 'json' };

type Base<K> = K extends `${infer B}_one` | `${infer B}_other` ? B : K;
export type Key = Base<keyof typeof en>;
/** Of a text that is put together from what the server says. */
export const isKey = (key: string): key is Key => Object.hasOwn(en, key);

interface Row {
  direction: Direction;
  /** Null: they come with the console. */
  words: (() => Promise<{ default: Words }>) | null;
}
type Words = Record<string, string>;

/** A language is a row: which way it is read, and its words. */
const ROWS = {
  en: { direction: 'ltr', words: null },
  ja: { direction: 'ltr', words: () => import('./ja.json', { with: { type: 'json' } }) },
} satisfies Record<string, Row>;

export type Language = keyof typeof ROWS;
export const LANGUAGES = Object.keys(ROWS) as readonly Language[];

const language = new Store<Language>('en');
let wanted: Language = 'en';

/** Once, before the first word. */
export const startWords = (): void =>
  void i18next.init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: en } },
    keySeparator: false,
    nsSeparator: false,
    initAsync: false,
    interpolation: { escapeValue: false },
  });

export type Translate = (key: Key, values?: Record<string, string | number>) => string;

/** A name or a text that is read the other way turns nothing around it: numbers and marks beside it stay where they are. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
const apart = <V>(value: V): V | string => (typeof value === 'string' && (direction() === 'rtl' || RIGHT_TO_LEFT.test(value)) ? `\u2068${value}\u2069` : value);

export const t: Translate = (key, values) => i18next.t(key, values && Object.fromEntries(Object.entries(values).map(([name, value]) => [name, apart(value)])));

export const currentLanguage = (): Language => language.get();

/** False: they could not be loaded. */
async function hasWords(of: Language): Promise<boolean> {
  if (i18next.hasResourceBundle(of, 'translation')) return true;
  const words = await ROWS[of].words?.().catch(() => null);
  if (words) i18next.addResourceBundle(of, 'translation', words.default);
  return Boolean(words);
}

/** Once its words are there: until then, and when they cannot be had, all stays in the language that it is in. The last wish counts. */
export async function setLanguage(next: Language): Promise<void> {
  wanted = next;
  if (!(await hasWords(next)) || wanted !== next) return;
  void i18next.changeLanguage(next);
  document.documentElement.lang = next;
  document.documentElement.dir = ROWS[next].direction;
  language.set(next);
}

/** `t`, and the component is drawn again in the other language. */
export function useT(): Translate {
  useStore(language);
  return t;
}

export const useLanguage = (): Language => useStore(language);
