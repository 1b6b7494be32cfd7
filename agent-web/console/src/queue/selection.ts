// Rows of the shown list - the queue's, or those that were found - that were picked, so that something is done with all of them.
import type { Conversation } from '@throughline/protocol';
import { route } from '../app/route.ts';
import { Store } from '../lib/store.ts';
import { conversation } from './conversations.ts';
import { found } from './found.ts';
import { shownRows } from './queue.ts';

const NONE: ReadonlySet<string> = new Set();

export const selection = new Store(NONE);

/** Where a range begins. */
let anchor: string | null = null;

const listed = (): readonly Conversation[] => (route.get().page === 'search' ? found.get().map((row) => conversation(row.id) ?? row) : shownRows());

/** Those that are still in the list, in its order. */
export const picked = (rows: readonly Conversation[], ids: ReadonlySet<string>): readonly Conversation[] =>
  ids.size === 0 ? [] : rows.filter(({ id }) => ids.has(id));
export const pickedNow = (): readonly Conversation[] => picked(listed(), selection.get());

export function pick(id: string): void {
  anchor = id;
  selection.set((all) => {
    const next = new Set(all);
    if (!next.delete(id)) next.add(id);
    return next;
  });
}

/** From where the last one was picked to here. */
export function pickTo(id: string): void {
  const rows = listed();
  const [from, to] = [rows.findIndex((row) => row.id === anchor), rows.findIndex((row) => row.id === id)].sort((a, b) => a - b);
  if (from === undefined || to === undefined || from < 0) return pick(id);
  selection.set((all) => new Set([...all, ...rows.slice(from, to + 1).map((row) => row.id)]));
}

export function pickNone(): void {
  anchor = null;
  selection.set(NONE);
}
