// What one entry changes of what is shown beside the timeline: as the server would tell it, without asking it.
import type { Customer, Entry, JourneyDay, Way } from '@throughline/protocol';
import { millis } from '../lib/format.ts';
import { dayOf } from '../lib/zone.ts';
import { isGone, movedFrom } from './moved.ts';

type Count = 'in' | 'out' | 'other';

/** As what it counts on its day; null: it is no contact. The server's rule is in the help of `person.open`. */
function countedAs(entry: Entry | null): Count | null {
  if (!entry || isGone(entry) || entry.kind === 'note' || entry.kind === 'activity') return null;
  if (entry.kind !== 'message' && entry.kind !== 'call') return 'other';
  return entry.direction === 'internal' ? null : entry.direction;
}

const countedOn = ({ occurred_at }: Entry): string => dayOf(Date.parse(occurred_at));
const place = ({ day, medium }: JourneyDay): string => `${day} ${medium}`;

function added(days: readonly JourneyDay[], entry: Entry, as: Count, by: number): readonly JourneyDay[] {
  const day = countedOn(entry);
  const { medium } = entry;
  const known = days.find((one) => one.day === day && one.medium === medium);
  const row = { ...(known ?? { day, medium, in: 0, out: 0, other: 0 }) };
  row[as] = Math.max(0, (row[as] ?? 0) + by);
  const others = days.filter((one) => one !== known);
  if (!row.in && !row.out && !row.other) return others;
  const at = others.findIndex((one) => place(one) > place(row));
  return at < 0 ? [...others, row] : [...others.slice(0, at), row, ...others.slice(at)];
}

/** With what an entry was (null: it was not there) and is. */
export function daysAfter(days: readonly JourneyDay[], before: Entry | null, now: Entry): readonly JourneyDay[] {
  const was = countedAs(before);
  const is = countedAs(now);
  if (was === is) return days;
  const without = was && before ? added(days, before, was, -1) : days;
  return is ? added(without, now, is, 1) : without;
}

/** As the server has counted them, which it does a moment after it pushes: days of which all entries are here are counted here. */
export function daysOf(days: readonly JourneyDay[], entries: readonly Entry[], more: boolean): readonly JourneyDay[] {
  const oldest = more && entries[0] ? countedOn(entries[0]) : '';
  const whole = entries.filter((entry) => countedOn(entry) > oldest);
  return [
    ...(more ? days.filter(({ day }) => !oldest || day <= oldest) : []),
    ...whole.reduce<readonly JourneyDay[]>((all, one) => daysAfter(all, null, one), []),
  ];
}

/** With a new entry: since when the person is known, and when they were last heard of. */
export function customerAfter(customer: Customer, { identity_id, occurred_at: at }: Entry): Customer {
  const around = <T extends { first_at: string | null; last_at: string | null }>(one: T): T => ({
    ...one,
    first_at: one.first_at && one.first_at < at ? one.first_at : at,
    last_at: one.last_at && one.last_at > at ? one.last_at : at,
  });
  const identities = customer.identities.map((one) => (one.id === identity_id ? around(one) : one));
  return { ...around(customer), identities };
}

/** Newest first. */
export function pinsAfter(pins: readonly Entry[], entry: Entry): readonly Entry[] {
  if (!entry.pinned && !pins.some(({ id }) => id === entry.id)) return pins;
  const others = pins.filter(({ id }) => id !== entry.id);
  return entry.pinned ? [...others, entry].sort((a, b) => (a.occurred_at < b.occurred_at ? 1 : -1)) : others;
}

/** A word of the person keeps the way it came by open. null: it changes more than that, and only the server knows what. */
export function waysAfter(ways: readonly Way[], entry: Entry): readonly Way[] | null {
  if (entry.direction !== 'in' || entry.kind !== 'message' || entry.author_kind !== 'customer' || movedFrom(entry)) return ways;
  const way = ways.find(({ identity_id, channel_id }) => identity_id === entry.identity_id && channel_id === entry.channel_id);
  if (!way) return ways;
  if (!way.best || !way.usable) return null;
  const said = millis(entry.occurred_at);
  if (said === null) return ways;
  const later = (at: string | null, ms: number) => new Date(Math.max(ms, millis(at) ?? 0)).toISOString();
  const heard = {
    last_here_at: later(way.last_here_at, said),
    ...(way.window_ms && way.window_until ? { window_until: later(way.window_until, said + way.window_ms) } : {}),
  };
  return ways.map((one) => (one.identity_id === way.identity_id ? { ...one, ...(one === way ? heard : { last_here_at: heard.last_here_at }) } : one));
}
