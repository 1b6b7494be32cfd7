// What the rows on the screen say beside their names: asked for the stretch that is shown, once for all of it.
import { useEffect, useMemo } from 'react';
import type { Conversation } from '@throughline/protocol';
import { watchHere } from '../identity/here.ts';
import { marksIn, useHints, wantHints } from '../identity/hints.ts';

const AHEAD = 30;

export function useRowMarks(rows: readonly Conversation[], first: number, last: number): ReadonlyMap<string, string> {
  const hints = useHints();
  const people = useMemo(() => rows.map(({ customer_id: id, customer_name: name }) => ({ id, name })), [rows]);
  useEffect(() => {
    const near = people.slice(Math.max(0, first - AHEAD), last + AHEAD).map(({ id }) => id);
    wantHints(near);
    watchHere(near);
  }, [people, first, last, hints]);
  useEffect(() => () => watchHere([]), []);
  return useMemo(() => marksIn(people, hints), [people, hints]);
}
