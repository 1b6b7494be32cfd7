// Days of a search that are others tomorrow.
import type { Preset, SearchFilter } from '../app/route.ts';
import { dayAfter, dayOf } from '../lib/zone.ts';

const RANGES: Record<Preset, (today: string) => [string, string]> = {
  today: (today) => [today, today],
  week: (today) => [dayAfter(today, -6), today],
  month: (today) => {
    const last = dayAfter(`${today.slice(0, 7)}-01`, -1);
    return [`${last.slice(0, 7)}-01`, last];
  },
};

/** The first and the last day; undefined: whenever. */
export function daysOf({ days, from, to }: SearchFilter, now = Date.now()): [string | undefined, string | undefined] {
  return days ? RANGES[days](dayOf(now)) : [from, to];
}
