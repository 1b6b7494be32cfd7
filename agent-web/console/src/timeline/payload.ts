// Payloads differ by provider and by age of the server: read them so that nothing missing or odd breaks a row.
import type { Entry, OrderFacts, Payloads } from '@throughline/protocol';
import { saidAll, sayingsIn } from '../i18n/said.ts';

/** What the server says of payloads: nothing else is read. */
export type PayloadName = { [K in keyof Payloads]: keyof Payloads[K] }[keyof Payloads];

export function text(entry: Entry, name: PayloadName): string | null {
  const value = entry.payload?.[name];
  if (typeof value === 'string' && value !== '') return value;
  return typeof value === 'number' ? String(value) : null;
}

export function count(entry: Entry, name: PayloadName): number | null {
  const value = entry.payload?.[name];
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : null;
}

/** Addresses: a text, or a list of texts or of {name, address}. */
export function people(entry: Entry, name: PayloadName): string[] {
  const value = entry.payload?.[name];
  const list = Array.isArray(value) ? value : value ? [value] : [];
  return list.map(personText).filter((person) => person !== '');
}

function personText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (!value || typeof value !== 'object') return '';
  const { name, address, email } = value as Record<string, unknown>;
  const where = typeof address === 'string' ? address : typeof email === 'string' ? email : '';
  return typeof name === 'string' && name ? `${name} <${where}>` : where;
}

export const STATES: readonly OrderFacts['state'][] = [
  'placed',
  'paid',
  'preparing',
  'ready_for_pickup',
  'partly_shipped',
  'shipped',
  'delivered',
  'cancelled',
  'returned',
  'refunded',
  'deleted',
];

export const orderFacts = (entry: Entry): OrderFacts | null => factsOf(entry.payload, entry.occurred_at);

/** A snapshot of an order, wherever it stands. */
export function factsOf(value: unknown, at: string | null): OrderFacts | null {
  const facts = value as Partial<OrderFacts> | null;
  if (!facts || typeof facts.number !== 'string') return null;
  const state = STATES.find((known) => known === facts.state) ?? 'placed';
  const list = <T>(value: T[] | null | undefined): T[] => (Array.isArray(value) ? value : []);
  return {
    ...facts,
    external_id: facts.external_id ?? facts.number,
    number: facts.number,
    state,
    place: facts.place ?? 'other',
    placed_at: facts.placed_at ?? at ?? '',
    currency: facts.currency ?? '',
    total: facts.total ?? '',
    items: list(facts.items).filter((item) => typeof item?.name === 'string'),
    removed: list(facts.removed).filter((item) => typeof item?.name === 'string'),
    refunds: list(facts.refunds).filter((refund) => typeof refund?.amount === 'string'),
    tracking: list(facts.tracking).filter(Boolean),
  };
}

/** What was written; what is no text (a picture, a friend added) is said in the reader's words. */
export function entryText(entry: Entry): string {
  const said = sayingsIn(entry.payload?.said);
  return said?.length ? saidAll(said) : (entry.text ?? '');
}

/** `quote_at` counts UTF-8 bytes; a browser counts UTF-16 units. */
export function splitQuote(entry: Entry): [string, string] {
  const whole = entryText(entry);
  const at = count(entry, 'quote_at');
  if (at === null || at < 0) return [whole, ''];
  const bytes = new TextEncoder().encode(whole);
  if (at >= bytes.length) return [whole, ''];
  const own = new TextDecoder().decode(bytes.subarray(0, at));
  return [own.trimEnd(), whole.slice(own.length)];
}
