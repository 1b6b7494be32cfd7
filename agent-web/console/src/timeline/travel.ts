// Goes to a moment of the timeline, fetching older pages until it is there.
import { loadOlder, personStore } from './person.ts';
import { at, type Row } from './rows.ts';

const PAGES = 40;

export async function travel(customerId: string, moment: number, rows: () => readonly Row[], show: (index: number) => void): Promise<void> {
  const store = personStore(customerId);
  for (let page = 0; page < PAGES; page++) {
    const { entries, more } = store.get();
    if (!more || (entries[0] && at(entries[0]) <= moment)) break;
    if (!(await loadOlder(customerId).catch(() => false))) break;
  }
  // The rows of the new entries are made in the next drawing.
  requestAnimationFrame(() => {
    const all = rows();
    const found = all.findIndex((row) => 'at' in row && row.type !== 'day' && row.at >= moment);
    show(found < 0 ? all.length - 1 : Math.max(0, found - 1));
  });
}
