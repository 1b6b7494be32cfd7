// The queue: rows of one view and counts of all, kept true by pushes.
import type { Conversation, ConversationCounts } from '@throughline/protocol';
import { preferences } from '../app/preferences.ts';
import { route, type Sort } from '../app/route.ts';
import { call, client } from '../connection/client.ts';
import { Store } from '../lib/store.ts';
import { me } from '../session/session.ts';
import { reasonOf } from '../ui/toasts.ts';
import { conversation, learn, learnAll } from './conversations.ts';
import { beforeOf, countsAfter } from './counts.ts';
import { belongs, joined, perPerson, placed, type Shown } from './rows.ts';

const PAGE = 60;
/** Rows that come by push push out the oldest. */
const MOST = 5_000;
/** What a push says is counted at once; what it does not say, and what may have been missed, is asked for so much later. */
const UNSURE_MS = 5_000;
const SURE_MS = 60_000;

interface Queue extends Shown {
  /** first: nothing to show yet; older: a further page is on its way. */
  loading: 'first' | 'older' | null;
  error: string | null;
  counts: ConversationCounts | null;
}

export const queue = new Store<Queue>({ view: 'open', medium: null, sort: 'newest', rows: [], more: false, loading: 'first', error: null, counts: null });

const mine = (): string | null => me()?.id ?? null;

/** A row came by push or as the answer of a call. */
export function take(row: Conversation): void {
  const shown = queue.get().rows.find(({ id }) => id === row.id);
  if (shown && (shown.version ?? 0) >= (row.version ?? 0)) return;
  const known = learn(row);
  if (known === undefined) return;
  const before = beforeOf(row, known ?? shown ?? null);
  queue.set((now) => {
    const rows = placed(row, now, mine());
    const counts = now.counts && before !== undefined ? countsAfter(now.counts, before, row, mine()) : now.counts;
    return rows.length > MOST ? { ...now, rows: rows.slice(0, MOST), more: true, counts } : { ...now, rows, counts };
  });
  countWithin(before === undefined ? UNSURE_MS : SURE_MS);
}

let asked = 0;

type Asked = Pick<Shown, 'view' | 'medium' | 'sort'>;

const same = (a: Asked, b: Asked): boolean => a.view === b.view && a.medium === b.medium && a.sort === b.sort;
const askedFor = ({ view, medium, sort }: Asked) => ({ view, ...(medium ? { medium } : {}), ...(sort !== 'newest' ? { sort } : {}) });

async function load(wanted: Asked): Promise<void> {
  const turn = ++asked;
  const { view, medium, sort } = wanted;
  const again = same(queue.get(), wanted);
  if (!again) queue.patch({ view, medium, sort, rows: [], more: false, loading: 'first' });
  const limit = again ? Math.min(200, Math.max(PAGE, queue.get().rows.length)) : PAGE;
  try {
    const page = await call('conversation.list', { ...askedFor(wanted), limit });
    learnAll(page.conversations);
    if (turn !== asked) return;
    const rows = page.conversations.map((row) => conversation(row.id) ?? row);
    queue.set((now) => ({ ...now, rows: rows.filter((row) => belongs(row, now, mine())), more: page.more, loading: null, error: null }));
  } catch (error) {
    if (turn === asked) queue.patch({ loading: null, error: reasonOf(error) });
    throw error;
  }
}

/** The page behind this row. */
function behind(sort: Sort, { id, last_at, wait_order, urgency_order }: Conversation) {
  if (sort === 'newest') return { before_at: last_at, before_id: id };
  return { after_order: sort === 'waiting' ? wait_order : urgency_order, before_id: id };
}

export async function loadOlder(): Promise<void> {
  const { rows, more, loading, ...shown } = queue.get();
  const last = rows.at(-1);
  if (!more || loading || !last) return;
  const turn = asked;
  queue.patch({ loading: 'older' });
  try {
    const page = await call('conversation.list', { ...askedFor(shown), ...behind(shown.sort, last), limit: PAGE });
    learnAll(page.conversations);
    if (turn === asked) queue.set((now) => ({ ...now, rows: joined(now.rows, page.conversations), more: page.more }));
  } finally {
    if (turn === asked) queue.patch({ loading: null });
  }
}

let counting: { timer: ReturnType<typeof setTimeout>; at: number } | null = null;
/** It was due while nobody looked. */
let due = false;

async function count(): Promise<void> {
  if (counting) clearTimeout(counting.timer);
  counting = null;
  due = false;
  queue.patch({ counts: await call('conversation.counts', {}) });
}

/** However much is pushed, one question; a sooner one takes the place of a later one. */
function countWithin(ms: number): void {
  const at = Date.now() + ms;
  if (counting && counting.at <= at) return;
  if (counting) clearTimeout(counting.timer);
  counting = { at, timer: setTimeout(countIfSeen, ms) };
}

function countIfSeen(): void {
  counting = null;
  due = document.visibilityState !== 'visible';
  if (!due) count().catch(() => undefined);
}

export const retryQueue = (): void => void load(queue.get()).catch(() => undefined);

function follow(): void {
  const now = route.get();
  if (now.page !== 'inbox') return;
  if (same(now, queue.get())) return;
  if (client.getState().phase === 'live') void load(now).catch(() => undefined);
  else queue.patch({ view: now.view, medium: now.medium, sort: now.sort, rows: [], loading: 'first' });
}

export function startQueue(): void {
  client.on('conversation', take);
  client.onOpen(async () => {
    await Promise.all([load(queue.get()), count()]);
  });
  document.addEventListener('visibilitychange', () => due && countIfSeen());
  route.subscribe(follow);
  follow();
}

/** As the list shows them: an agent may want one row a person. */
export const shownRows = (): readonly Conversation[] => (preferences.get().people ? perPerson(queue.get().rows).rows : queue.get().rows);
