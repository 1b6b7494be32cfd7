// A row that is as it was is the same object, so that nothing of it is drawn again: a push draws one row, an older page only its own.
import { useMemo, useRef } from 'react';
import type { Row } from './rows.ts';

const sameList = <T>(a: readonly T[], b: readonly T[]): boolean => a.length === b.length && a.every((one, index) => one === b[index]);

function isSame(a: Row, b: Row): boolean {
  if (a.type === 'entry' && b.type === 'entry') return a.entry === b.entry && a.joined === b.joined && a.stretch === b.stretch && a.at === b.at;
  if (a.type === 'quiet' && b.type === 'quiet') return sameList(a.entries, b.entries) && a.stretch === b.stretch && a.at === b.at;
  if (a.type === 'pending' && b.type === 'pending') return a.pending === b.pending;
  if (a.type === 'day' && b.type === 'day') return a.at === b.at;
  return a.type === 'start' && b.type === 'start';
}

/** What was and still is keeps its object. */
export function sameRows(before: ReadonlyMap<string, Row>, rows: readonly Row[]): Row[] {
  return rows.map((row) => {
    const was = before.get(row.key);
    return was && isSame(was, row) ? was : row;
  });
}

export function useSameRows(built: readonly Row[]): readonly Row[] {
  const known = useRef<ReadonlyMap<string, Row>>(new Map());
  return useMemo(() => {
    const rows = sameRows(known.current, built);
    known.current = new Map(rows.map((row) => [row.key, row]));
    return rows;
  }, [built]);
}
