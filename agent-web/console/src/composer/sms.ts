// In how many parts an SMS goes, each of which is paid for. The alphabet and its extension table: 3GPP TS 23.038 §6.2.1; parts: TS 23.040 §9.2.3.24.1.

const ALPHABET = '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const EXTENSION = '^{}\\[~]|€\f';

/** What a character takes: of the alphabet one of 160, with an escape before it two; elsewhere (UCS-2) units of UTF-16, of 70. */
const SIZES = new Map([...[...ALPHABET].map((c) => [c, 1] as const), ...[...EXTENSION].map((c) => [c, 2] as const)]);
const LIMITS = { alphabet: { alone: 160, part: 153 }, ucs2: { alone: 70, part: 67 } };

export interface Parts {
  parts: number;
  /** More characters that the last part has room for. */
  left: number;
  /** All of it is of the alphabet. */
  plain: boolean;
}

export function partsOf(text: string): Parts {
  const letters = [...text.replaceAll('\r\n', '\n')];
  const plain = letters.every((c) => SIZES.has(c));
  const sizes = letters.map((c) => (plain ? (SIZES.get(c) ?? 1) : c.length));
  const { alone, part } = LIMITS[plain ? 'alphabet' : 'ucs2'];
  const all = sizes.reduce((sum, size) => sum + size, 0);
  if (all <= alone) return { parts: 1, left: alone - all, plain };
  let parts = 1;
  let used = 0;
  // Neither an emoji nor a character with its escape is cut in two.
  for (const size of sizes) {
    if (used + size > part) {
      parts++;
      used = 0;
    }
    used += size;
  }
  return { parts, left: part - used, plain };
}

const PLAIN: [RegExp, string][] = [
  [/[‘’‚‛′]/g, "'"],
  [/[“”„‟″«»]/g, '"'],
  [/[‐‑‒–—―−]/g, '-'],
  [/…/g, '...'],
  [/[•·]/g, '*'],
  [/[\u00a0\u2000-\u200a\u202f\u205f\u3000]/g, ' '],
  [/[\u200b\u2060\ufeff]/g, ''], // not what joins emoji and letters, or turns the direction
];

/** The same with what typewriters have, where something else was typed for its looks; accents in one piece. */
export const plainly = (text: string): string => PLAIN.reduce((now, [from, to]) => now.replace(from, to), text.normalize('NFC'));
