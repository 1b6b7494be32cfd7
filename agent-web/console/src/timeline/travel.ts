// Goes to a moment of the timeline: in what is shown when it holds it, else to a stretch around it.
import type { Entry } from '@throughline/protocol';
import { at, type Row } from './rows.ts';
import { showMoment } from './stretch.ts';

interface Shown {
  entries: readonly Entry[];
  older: boolean;
  newer: boolean;
}

export function travel(customerId: string, moment: number, shown: Shown, rows: readonly Row[], show: (index: number) => void): void {
  const [oldest, newest] = [shown.entries[0], shown.entries.at(-1)];
  const before = shown.older && (!oldest || at(oldest) > moment);
  const after = shown.newer && (!newest || at(newest) < moment);
  if (before || after) return void showMoment(customerId, moment);
  show(rowAt(rows, moment));
}

/** The row before the first that is not earlier. */
export function rowAt(rows: readonly Row[], moment: number): number {
  const found = rows.findIndex((row) => 'at' in row && row.type !== 'day' && row.at >= moment);
  return found < 0 ? rows.length - 1 : Math.max(0, found - 1);
}
