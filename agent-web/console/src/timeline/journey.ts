// The journey strip's arithmetic: channels as rows, time across, days put together where they would overlap.
import type { JourneyDay, Order, Medium } from '@throughline/protocol';
import { DAY, millis } from '../lib/format.ts';
import { dayAfter, dayBegins, dayOf } from '../lib/zone.ts';
import { listedMedia } from '../ui/medium.ts';

/** More places than this the eye does not tell apart. */
const PLACES = 240;
/** Nobody looks closer than a week. */
const CLOSEST = 7 * DAY;
const MANY = [3, 10];

/** What happened by day, oldest first, and what was bought. */
export interface Life {
  days: readonly JourneyDay[];
  orders: readonly Order[];
}

export interface Span {
  from: number;
  to: number;
}

export interface Dot {
  key: string;
  /** 0 to 1. */
  x: number;
  tone: 'in' | 'out' | 'event';
  /** 1 to 3: how much happened. */
  size: number;
}

export interface Lane {
  medium: Medium;
  dots: Dot[];
}

export interface Flag {
  key: string;
  x: number;
  order: Order;
}

export const placeOf = (moment: number, { from, to }: Span): number => (moment - from) / (to - from);
const inside = (x: number) => x >= 0 && x <= 1;

/** The middle of it. */
export const momentOf = ({ day }: Pick<JourneyDay, 'day'>): number => dayBegins(day) + DAY / 2;

/** The whole life, with a little room at both ends. */
export function lifeOf({ days, orders }: Life, firstAt: number | null, now: number): Span {
  const moments = [firstAt ?? now, ...days.map(momentOf), ...orders.map((order) => millis(order.placed_at) ?? now)];
  const begin = moments.reduce((a, b) => Math.min(a, b), now);
  const span = Math.max(now - begin, CLOSEST);
  return { from: now - span * 1.02, to: now + span * 0.015 };
}

/** `factor` below 1 comes closer; the moment at `x` stays where it is. */
export function zoomed(span: Span, life: Span, factor: number, x: number): Span {
  const width = Math.min(life.to - life.from, Math.max(CLOSEST, (span.to - span.from) * factor));
  const held = span.from + x * (span.to - span.from);
  return within({ from: held - x * width, to: held + (1 - x) * width }, life);
}

/** Moved by a part of its own width. */
export function panned(span: Span, life: Span, part: number): Span {
  const by = part * (span.to - span.from);
  return within({ from: span.from + by, to: span.to + by }, life);
}

function within({ from, to }: Span, life: Span): Span {
  const width = Math.min(to - from, life.to - life.from);
  const start = Math.min(Math.max(from, life.from), life.to - width);
  return { from: start, to: start + width };
}

export function lanesOf({ days, orders }: Life, span: Span): { lanes: Lane[]; flags: Flag[] } {
  const counts = new Map<Medium, Map<string, { x: number; tone: Dot['tone']; n: number }>>();
  for (const day of days) {
    if (day.medium === 'none') continue;
    const lane = counts.get(day.medium) ?? new Map<string, { x: number; tone: Dot['tone']; n: number }>();
    counts.set(day.medium, lane);
    const x = placeOf(momentOf(day), span);
    if (!inside(x)) continue;
    for (const [tone, n] of [
      ['event', day.other],
      ['out', day.out],
      ['in', day.in],
    ] as const) {
      if (!n) continue;
      const place = Math.round(x * PLACES);
      const key = `${place}-${tone}`;
      const known = lane.get(key);
      lane.set(key, { x: place / PLACES, tone, n: n + (known?.n ?? 0) });
    }
  }
  if (orders.length > 0 && !counts.has('shop')) counts.set('shop', new Map());
  const lanes = listedMedia()
    .filter((medium) => counts.has(medium))
    .map((medium) => ({
      medium,
      dots: [...counts.get(medium)!].map(([key, { x, tone, n }]) => ({ key, x, tone, size: 1 + MANY.filter((many) => n > many).length })),
    }));
  const flags = orders.flatMap((order) => {
    const x = placeOf(millis(order.placed_at) ?? NaN, span);
    return inside(x) ? [{ key: order.id, x, order }] : [];
  });
  return { lanes, flags };
}

/** In words, for those who do not see the strip: contacts by month and channel. */
export function monthsOf({ days, orders }: Life): { month: string; at: number; media: { medium: Medium; n: number }[]; orders: number }[] {
  const months = new Map<string, { media: Map<Medium, number>; orders: number }>();
  const of = (month: string) => {
    const known = months.get(month) ?? { media: new Map<Medium, number>(), orders: 0 };
    months.set(month, known);
    return known;
  };
  for (const { day, medium, in: came, out, other } of days) {
    const { media } = of(day.slice(0, 7));
    media.set(medium, (media.get(medium) ?? 0) + (came ?? 0) + (out ?? 0) + (other ?? 0));
  }
  for (const order of orders) if (order.placed_at) of(dayOf(Date.parse(order.placed_at)).slice(0, 7)).orders++;
  return [...months]
    .sort(([a], [b]) => (a < b ? 1 : -1))
    .map(([month, { media, orders: count }]) => ({
      month,
      at: Date.parse(`${month}-15T12:00:00Z`),
      media: [...media].map(([medium, n]) => ({ medium, n })),
      orders: count,
    }));
}

/** Of the first of a month. */
function monthAfter(day: string, n: number): string {
  const [year = 0, month = 0] = day.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1 + n)).toISOString().slice(0, 10);
}

/** Marks along the time axis: days, months or years, so that there are neither few nor many. */
export function ticksOf({ from, to }: Span): { at: number; unit: 'day' | 'month' | 'year' }[] {
  const days = (to - from) / DAY;
  const unit = days <= 21 ? 'day' : days <= 900 ? 'month' : 'year';
  const step = unit === 'day' ? Math.ceil(days / 7) : unit === 'month' ? Math.ceil(days / 30 / 8) : Math.ceil(days / 365 / 8);
  const ticks: { at: number; unit: typeof unit }[] = [];
  const first = dayOf(from);
  let day = unit === 'day' ? first : unit === 'month' ? `${first.slice(0, 7)}-01` : `${first.slice(0, 4)}-01-01`;
  for (let i = 0; i < 64 && dayBegins(day) < to; i++) {
    if (dayBegins(day) > from) ticks.push({ at: dayBegins(day), unit });
    day = unit === 'day' ? dayAfter(day, step) : monthAfter(day, unit === 'month' ? step : 12 * step);
  }
  return ticks;
}
