// The journey strip's arithmetic: channels as rows, time across.
import type { Entry, Order } from '@throughline/protocol';
import type { Medium } from '../app/route.ts';
import { DAY, millis } from '../lib/format.ts';
import { MEDIA } from '../ui/medium.ts';
import { at } from './rows.ts';

/** More places than this the eye does not tell apart. */
const PLACES = 480;

export interface Dot {
  key: string;
  /** 0 to 1. */
  x: number;
  tone: 'in' | 'out' | 'event';
}

export interface Lane {
  medium: Medium;
  dots: Dot[];
}

export interface Journey {
  from: number;
  to: number;
  lanes: Lane[];
  flags: { key: string; x: number; order: Order }[];
  /** Before this the entries have not been fetched yet; 0: all are here. */
  unknownUntil: number;
}

export const placeOf = (moment: number, from: number, to: number): number => Math.min(1, Math.max(0, (moment - from) / (to - from)));

function toneOf(entry: Entry): Dot['tone'] {
  if (entry.kind !== 'message' && entry.kind !== 'call') return 'event';
  return entry.direction === 'out' ? 'out' : 'in';
}

export function journeyOf(entries: readonly Entry[], orders: readonly Order[], firstAt: number | null, more: boolean, now: number): Journey {
  const oldest = entries[0] ? at(entries[0]) : now;
  const begin = Math.min(firstAt ?? oldest, oldest, ...orders.map((order) => millis(order.placed_at) ?? now));
  const span = Math.max(now - begin, DAY);
  const from = now - span * 1.02;
  const to = now + span * 0.015;
  const taken = new Set<string>();
  const lanes = new Map<Medium, Dot[]>();
  for (const entry of entries) {
    if (entry.kind === 'note' || entry.kind === 'activity' || entry.medium === 'none') continue;
    const x = placeOf(at(entry), from, to);
    const tone = toneOf(entry);
    const key = `${entry.medium}-${Math.round(x * PLACES)}-${tone}`;
    if (taken.has(key)) continue;
    taken.add(key);
    const dots = lanes.get(entry.medium) ?? [];
    dots.push({ key, x, tone });
    lanes.set(entry.medium, dots);
  }
  if (orders.length > 0 && !lanes.has('shop')) lanes.set('shop', []);
  return {
    from,
    to,
    lanes: MEDIA.filter((medium) => lanes.has(medium)).map((medium) => ({ medium, dots: lanes.get(medium) ?? [] })),
    flags: orders.flatMap((order) => {
      const placed = millis(order.placed_at);
      return placed === null ? [] : [{ key: order.id, x: placeOf(placed, from, to), order }];
    }),
    unknownUntil: more ? placeOf(oldest, from, to) : 0,
  };
}

/** Marks along the time axis: days, months or years, so that there are neither few nor many. */
export function ticksOf(from: number, to: number): { at: number; unit: 'day' | 'month' | 'year' }[] {
  const days = (to - from) / DAY;
  const unit = days <= 21 ? 'day' : days <= 900 ? 'month' : 'year';
  const step = unit === 'day' ? Math.ceil(days / 7) : unit === 'month' ? Math.ceil(days / 30 / 8) : Math.ceil(days / 365 / 8);
  const ticks: { at: number; unit: typeof unit }[] = [];
  const cursor = new Date(from);
  cursor.setHours(0, 0, 0, 0);
  if (unit !== 'day') cursor.setDate(1);
  if (unit === 'year') cursor.setMonth(0);
  for (let i = 0; i < 64 && cursor.getTime() < to; i++) {
    if (cursor.getTime() > from) ticks.push({ at: cursor.getTime(), unit });
    if (unit === 'day') cursor.setDate(cursor.getDate() + step);
    else if (unit === 'month') cursor.setMonth(cursor.getMonth() + step);
    else cursor.setFullYear(cursor.getFullYear() + step);
  }
  return ticks;
}
