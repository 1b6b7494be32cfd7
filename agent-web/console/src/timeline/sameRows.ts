// A row that is as it was is the same object, so that nothing of it is drawn again: a push draws one row, an older page only its own.
import { useMemo, useState } from 'react';
import type { Row } from './rows.ts';

const sameList = <T>(a: readonly T[], b: readonly T[]): boolean => a.length === b.length && a.every((one, index) => one === b[index]);

function isSame(a: Row, b: Row): boolean {
  if (a.type === 'entry' && b.type === 'entry') return a.entry === b.entry && a.joined === b.joined && a.stretch === b.stretch && a.at === b.at;
  if (a.type === 'quiet' && b.type === 'quiet') return sameList(a.entries, b.entries) && a.stretch === b.stretch && a.at === b.at;
  if (a.type === 'pending' && b.type === 'pending') return a.pending === b.pending;
  if (a.type === 'day' && b.type === 'day') return a.at === b.at;
  return a.type === 'start' && b.type === 'start';
}

/** Gives the rows with those of last time in the place of those that are equal to them. */
export function keepingRows(): (rows: readonly Row[]) => readonly Row[] {
  let known: ReadonlyMap<string, Row> = new Map();
  return (rows) => {
    const kept = rows.map((row) => {
      const was = known.get(row.key);
      return was && isSame(was, row) ? was : row;
    });
    known = new Map(kept.map((row) => [row.key, row]));
    return kept;
  };
}

export function useSameRows(built: readonly Row[]): readonly Row[] {
  const [keep] = useState(keepingRows);
  return useMemo(() => keep(built), [keep, built]);
}
