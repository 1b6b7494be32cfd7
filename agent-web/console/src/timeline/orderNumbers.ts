// Order numbers in what people write: those the person has, as they are; others when they are written with a "#".
import { createContext } from 'react';
import type { Order } from '@throughline/protocol';

export interface OrderNumbers {
  customerId: string | null;
  known: ReadonlySet<string>;
}

export const Numbers = createContext<OrderNumbers>({ customerId: null, known: new Set() });

const TOKEN = /[#＃]?(?<![A-Za-z0-9])[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*/g;
const MARKED = /^[#＃]/;
const DIGITS = /\d{3}/;

export const plainNumber = (number: string): string => number.replace(MARKED, '').toUpperCase();

export const numbersOf = (orders: readonly Order[] | null): ReadonlySet<string> => new Set((orders ?? []).map(({ number }) => plainNumber(number)));

export interface Part {
  text: string;
  /** The number, when it is one. */
  number: string | null;
}

export function partsOf(text: string, known: ReadonlySet<string>): Part[] {
  const parts: Part[] = [];
  let done = 0;
  for (const match of text.matchAll(TOKEN)) {
    const token = match[0];
    const isNumber = known.has(plainNumber(token)) || (MARKED.test(token) && DIGITS.test(token));
    if (!isNumber) continue;
    if (match.index > done) parts.push({ text: text.slice(done, match.index), number: null });
    parts.push({ text: token, number: plainNumber(token) });
    done = match.index + token.length;
  }
  if (done < text.length || parts.length === 0) parts.push({ text: text.slice(done), number: null });
  return parts;
}
