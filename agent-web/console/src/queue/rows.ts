// Which rows a view of the queue has, and in what order.
import type { Conversation, Medium } from '@throughline/protocol';
import type { Sort, View } from '../app/route.ts';

export interface Shown {
  view: View;
  medium: Medium | null;
  sort: Sort;
  rows: readonly Conversation[];
  /** There are older ones on the server. */
  more: boolean;
}

const at = (row: Conversation) => row.last_at ?? row.created_at ?? '';

export const newestFirst = (a: Conversation, b: Conversation): number => (at(a) > at(b) ? -1 : at(a) < at(b) ? 1 : a.id > b.id ? -1 : a.id < b.id ? 1 : 0);

const lowest = (a: number, b: number) => a - b;

/** Where a row stands is the server's knowledge, which it tells with the row. */
export const ORDERS: Record<Sort, (a: Conversation, b: Conversation) => number> = {
  newest: newestFirst,
  waiting: (a, b) => lowest(a.wait_order, b.wait_order) || lowest(a.number ?? 0, b.number ?? 0),
  priority: (a, b) => lowest(a.urgency_order, b.urgency_order) || lowest(a.number ?? 0, b.number ?? 0),
};

export function isIn(view: View, row: Conversation, me: string | null): boolean {
  if (view === 'all') return true;
  if (view === 'mine') return row.status === 'open' && me !== null && row.assignee_id === me;
  if (view === 'unassigned') return row.status === 'open' && row.assignee_id === null;
  return row.status === view;
}

export const belongs = (row: Conversation, { view, medium }: Pick<Shown, 'view' | 'medium'>, me: string | null): boolean =>
  (medium === null || row.last_medium === medium) && isIn(view, row, me);

/** A row that is newer than what is shown: it is put where it belongs now, or leaves. The same array when nothing changes. */
export function placed(row: Conversation, shown: Shown, me: string | null): readonly Conversation[] {
  const { rows, more, sort } = shown;
  const order = ORDERS[sort];
  const others = rows.filter((other) => other.id !== row.id);
  const last = rows.at(-1);
  // Beyond the last one that is loaded there may be others before it: its page brings it.
  const reaches = !more || !last || order(row, last) <= 0;
  if (belongs(row, shown, me) && reaches) return [...others, row].sort(order);
  return others.length === rows.length ? rows : others;
}

/** A further page: what is shown already stays as it is. */
export function joined(rows: readonly Conversation[], page: readonly Conversation[]): readonly Conversation[] {
  const known = new Set(rows.map(({ id }) => id));
  return [...rows, ...page.filter(({ id }) => !known.has(id))];
}

/** With one row a person, the first of each as the list is ordered; how many more there are, by person. */
export function perPerson(rows: readonly Conversation[]): { rows: readonly Conversation[]; others: ReadonlyMap<string, number> } {
  const others = new Map<string, number>();
  const first = rows.filter(({ customer_id }) => {
    const known = others.get(customer_id);
    others.set(customer_id, known === undefined ? 0 : known + 1);
    return known === undefined;
  });
  return { rows: first, others };
}
