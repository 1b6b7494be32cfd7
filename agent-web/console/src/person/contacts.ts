// How often a person got in touch, from what happened by day.
import type { JourneyDay, Medium } from '@throughline/protocol';
import { dayOf, daysBetween } from '../lib/zone.ts';

export const SPANS = { d7: 7, d30: 30, d365: 365 } as const;
export type SpanName = keyof typeof SPANS;

export interface Contact extends Record<SpanName, number> {
  medium: Medium;
  total: number;
}

/** Most used means first. Days are those of the desk. */
export function contactsOf(days: readonly JourneyDay[], now: number): Contact[] {
  const all = new Map<string, Contact>();
  const today = dayOf(now);
  for (const { day, medium, in: n } of days) {
    const contact = all.get(medium) ?? { medium: medium as Medium, d7: 0, d30: 0, d365: 0, total: 0 };
    all.set(medium, contact);
    const ago = daysBetween(day, today);
    for (const name of Object.keys(SPANS) as SpanName[]) contact[name] += ago < SPANS[name] ? (n ?? 0) : 0;
    contact.total += n ?? 0;
  }
  return [...all.values()].filter(({ total }) => total > 0).sort((a, b) => b.total - a.total);
}
