// What the rows of a list say of people beside their names: a second mark where two are called the same, and who is perhaps the same
// as somebody else. Asked for many at once, never for one row.
import type { CustomerHint } from '@throughline/protocol';
import { useEffect, useMemo } from 'react';
import { call, client } from '../connection/client.ts';
import { personName } from '../lib/personName.ts';
import { Store, useStore } from '../lib/store.ts';
import { peopleChanged } from './merging.ts';

const AT_ONCE = 200;
const PAUSE_MS = 150;
/** A hint of somebody who has changed since is asked for again after so long. */
const GOOD_FOR_MS = 60_000;

interface Known {
  hint: CustomerHint;
  at: number;
}

const known = new Store<ReadonlyMap<string, Known>>(new Map());
const wanted = new Set<string>();
let timer: ReturnType<typeof setTimeout> | null = null;

async function ask(): Promise<void> {
  timer = null;
  const ids = [...wanted].slice(0, AT_ONCE);
  for (const id of ids) wanted.delete(id);
  const { hints } = await call('customer.hints', { customer_ids: ids });
  const at = Date.now();
  const answers = new Map(hints.map((hint) => [hint.id, hint]));
  known.set(
    (before) => new Map([...before, ...ids.map((id): [string, Known] => [id, { hint: answers.get(id) ?? { id, name: null, marks: [], perhaps: false }, at }])]),
  );
  if (wanted.size > 0) soon();
}

function soon(): void {
  timer ??= setTimeout(() => void ask().catch(() => undefined), PAUSE_MS);
}

/** These are on the screen. */
export function wantHints(ids: readonly string[]): void {
  const now = Date.now();
  for (const id of ids) if (now - (known.get().get(id)?.at ?? -Infinity) > GOOD_FOR_MS) wanted.add(id);
  if (wanted.size > 0) soon();
}

/** What was known may be so no more; what is on the screen asks again. */
const forget = (): void => known.set((before) => new Map([...before].map(([id, one]) => [id, { ...one, at: -Infinity }])));

export function startHints(): void {
  peopleChanged.on(forget);
  client.onOpen(async () => forget());
}

export const useHint = (id: string): CustomerHint | null => useStore(known, (all) => all.get(id)?.hint ?? null);
export const useHints = (): ReadonlyMap<string, Known> => useStore(known);

interface Called {
  id: string;
  name: string | null;
}

/** Those of whom a list shows another by the same name. */
export function namesakes(people: readonly Called[]): string[][] {
  const byName = new Map<string, Set<string>>();
  for (const { id, name } of people) {
    const shown = personName(name).toLocaleLowerCase();
    byName.set(shown, (byName.get(shown) ?? new Set()).add(id));
  }
  return [...byName.values()].filter((ids) => ids.size > 1).map((ids) => [...ids]);
}

/** Of people of one name, each by the shortest mark that none of the others has; without one, nothing. */
export function tellApart(ids: readonly string[], marksOf: (id: string) => readonly string[]): Map<string, string> {
  const has = new Map<string, number>();
  for (const id of ids) for (const mark of new Set(marksOf(id))) has.set(mark, (has.get(mark) ?? 0) + 1);
  const chosen = new Map<string, string>();
  for (const id of ids) {
    const own = marksOf(id).filter((mark) => has.get(mark) === 1);
    const shortest = own.toSorted((a, b) => a.length - b.length)[0];
    if (shortest) chosen.set(id, shortest);
  }
  return chosen;
}

/** For each of a list that needs one, the mark that tells it from those of the same name. */
export function marksIn(people: readonly Called[], hints: ReadonlyMap<string, { hint: Pick<CustomerHint, 'marks'> }>): Map<string, string> {
  const marksOf = (id: string) => hints.get(id)?.hint.marks ?? [];
  return new Map(namesakes(people).flatMap((ids) => [...tellApart(ids, marksOf)]));
}

/** The same for a list that is all shown: asked once for those who need one. */
export function useMarks(people: readonly Called[]): ReadonlyMap<string, string> {
  const hints = useHints();
  useEffect(() => wantHints(namesakes(people).flat()), [people, hints]);
  return useMemo(() => marksIn(people, hints), [people, hints]);
}

/** The same of people whom a list has found: asked for only when two of them are called the same. */
export async function marksAmong(people: readonly Called[]): Promise<Map<string, string>> {
  const ids = namesakes(people).flat();
  if (ids.length === 0) return new Map();
  const { hints } = await call('customer.hints', { customer_ids: ids.slice(0, AT_ONCE) });
  return marksIn(people, new Map(hints.map((hint) => [hint.id, { hint }])));
}
