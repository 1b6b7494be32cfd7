// All languages of the demo shop, by tag.
import { ar } from './ar.ts';
import { de } from './de.ts';
import { el } from './el.ts';
import { en } from './en.ts';
import { fr } from './fr.ts';
import { ja } from './ja.ts';
import type { Language } from './language.ts';
import { sv } from './sv.ts';

const LANGUAGES: Record<string, Language> = { en, ja, de, fr, sv, el, ar };

export function languageOf(tag: string): Language {
  return LANGUAGES[tag] ?? en;
}
