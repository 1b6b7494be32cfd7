// The desk's time zone. Days begin and end in it, and clocks show its time, wherever the browser is: so the marks in a timeline, the counts
// that the server makes, "today", and the days of a search are the same days, for every agent. The server's rule is base/zone.h.
import { Store, useStore } from './store.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** undefined: nobody is logged in; the browser's. */
const zone = new Store<string | undefined>(undefined);
export const deskZone = zone.get;
export const useDeskZone = (): string | undefined => useStore(zone);

let parts: Intl.DateTimeFormat | undefined;
const begins = new Map<string, number>();
let lastDay = { day: '', from: 0, to: 0 };

/** A name that this browser does not know leaves it its own zone. */
export function setDeskZone(name: string): void {
  if (name === zone.get()) return;
  try {
    parts = formatOf(name);
    zone.set(name);
  } catch {
    parts = undefined;
    zone.set(undefined);
  }
  begins.clear();
  lastDay = { day: '', from: 0, to: 0 };
}

function formatOf(timeZone: string | undefined): Intl.DateTimeFormat {
  const two = '2-digit';
  return new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', year: 'numeric', month: two, day: two, hour: two, minute: two, second: two });
}

/** What a clock on the wall shows then, as if it were UTC. */
export function wallAt(at: number): number {
  const found = (parts ??= formatOf(undefined)).formatToParts(at);
  const of = (type: string): number => Number(found.find((part) => part.type === type)?.value);
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
}

const dateOf = (wall: number): string => new Date(wall).toISOString().slice(0, 10);
const midnight = (day: string): number => Date.parse(`${day}T00:00:00Z`);

/** When the wall shows it. What it shows twice is the first; what it never shows is as much later as it leaves out. */
export function momentOf(wall: number): number {
  const around = [wall - DAY, wall + DAY].map((at) => wall - (wallAt(at) - at));
  return around.find((at) => wallAt(at) === wall) ?? around[0]!;
}

/** The first moment of it. */
export function dayBegins(day: string): number {
  let at = begins.get(day);
  if (at === undefined) {
    at = momentOf(midnight(day));
    if (wallAt(at) !== midnight(day)) at = changeInto(day); // clocks were put on over midnight
    begins.set(day, at);
  }
  return at;
}

/** To a second. */
function changeInto(day: string): number {
  let before = midnight(day) - 26 * HOUR;
  let begun = midnight(day) + 26 * HOUR;
  while (begun - before > 1000) {
    const middle = before + Math.floor((begun - before) / 2000) * 1000;
    if (dateOf(wallAt(middle)) >= day) begun = middle;
    else before = middle;
  }
  return begun;
}

/** The date then, such as 2026-11-21. */
export function dayOf(at: number): string {
  if (at >= lastDay.from && at < lastDay.to) return lastDay.day;
  const day = dateOf(wallAt(at));
  lastDay = { day, from: dayBegins(day), to: dayBegins(dayAfter(day, 1)) };
  return day;
}

export const dayStart = (at: number): number => dayBegins(dayOf(at));
export const dayAfter = (day: string, n: number): string => dateOf(midnight(day) + n * DAY);
/** From one date to another. */
export const daysBetween = (from: string, to: string): number => (midnight(to) - midnight(from)) / DAY;
/** 0: Sunday. */
export const weekdayOf = (day: string): number => new Date(midnight(day)).getUTCDay();
/** A full hour of a day, as the wall shows it. */
export const hourOf = (day: string, hour: number): number => momentOf(midnight(day) + hour * HOUR);
