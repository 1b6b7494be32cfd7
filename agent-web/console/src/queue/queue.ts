// The queue: rows of one view and counts of all, kept true by pushes.
import type { Conversation, ConversationCounts, Medium } from '@throughline/protocol';
import { route, type View } from '../app/route.ts';
import { call, client } from '../connection/client.ts';
import { Store } from '../lib/store.ts';
import { me } from '../session/session.ts';
import { reasonOf } from '../ui/toasts.ts';
import { conversation, learn, learnAll } from './conversations.ts';
import { beforeOf, countsAfter } from './counts.ts';
import { belongs, joined, placed, type Shown } from './rows.ts';

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

export const queue = new Store<Queue>({ view: 'open', medium: null, rows: [], more: false, loading: 'first', error: null, counts: null });

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

async function load(view: View, medium: Medium | null): Promise<void> {
  const turn = ++asked;
  const same = queue.get().view === view && queue.get().medium === medium;
  if (!same) queue.patch({ view, medium, rows: [], more: false, loading: 'first' });
  const limit = same ? Math.min(200, Math.max(PAGE, queue.get().rows.length)) : PAGE;
  try {
    const page = await call('conversation.list', { view, limit, ...(medium ? { medium } : {}) });
    learnAll(page.conversations);
    if (turn !== asked) return;
    const rows = page.conversations.map((row) => conversation(row.id) ?? row);
    queue.set((now) => ({ ...now, rows: rows.filter((row) => belongs(row, now, mine())), more: page.more, loading: null, error: null }));
  } catch (error) {
    if (turn === asked) queue.patch({ loading: null, error: reasonOf(error) });
    throw error;
  }
}

export async function loadOlder(): Promise<void> {
  const { view, medium, rows, more, loading } = queue.get();
  const last = rows.at(-1);
  if (!more || loading || !last) return;
  const turn = asked;
  queue.patch({ loading: 'older' });
  try {
    const page = await call('conversation.list', { view, limit: PAGE, before_at: last.last_at, before_id: last.id, ...(medium ? { medium } : {}) });
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

export const retryQueue = (): void => void load(queue.get().view, queue.get().medium).catch(() => undefined);

function follow(): void {
  const now = route.get();
  if (now.page !== 'inbox') return;
  const { view, medium } = queue.get();
  if (now.view === view && now.medium === medium) return;
  if (client.getState().phase === 'live') void load(now.view, now.medium).catch(() => undefined);
  else queue.patch({ view: now.view, medium: now.medium, rows: [], loading: 'first' });
}

export function startQueue(): void {
  client.on('conversation', take);
  client.onOpen(async () => {
    await Promise.all([load(queue.get().view, queue.get().medium), count()]);
  });
  document.addEventListener('visibilitychange', () => due && countIfSeen());
  route.subscribe(follow);
  follow();
}
