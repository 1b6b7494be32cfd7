// The queue: rows of one view, kept true by pushes.
import type { Conversation, ConversationCounts } from '@throughline/protocol';
import { route, type Medium, type View } from '../app/route.ts';
import { call, client } from '../connection/client.ts';
import { Store } from '../lib/store.ts';
import { me } from '../session/session.ts';
import { reasonOf } from '../ui/toasts.ts';

const PAGE = 60;
const COUNT_PAUSE_MS = 400;

interface Queue {
  view: View;
  medium: Medium | null;
  rows: readonly Conversation[];
  more: boolean;
  /** first: nothing to show yet; older: a further page is on its way. */
  loading: 'first' | 'older' | null;
  error: string | null;
  counts: ConversationCounts | null;
}

export const queue = new Store<Queue>({
  view: 'open',
  medium: null,
  rows: [],
  more: false,
  loading: 'first',
  error: null,
  counts: null,
});

/** The newest known state of every conversation seen, wherever it is listed. */
export const conversations = new Store<ReadonlyMap<string, Conversation>>(new Map());

const at = (row: Conversation) => row.last_at ?? row.created_at ?? '';
const newestFirst = (a: Conversation, b: Conversation) => (at(a) > at(b) ? -1 : at(a) < at(b) ? 1 : a.id > b.id ? -1 : a.id < b.id ? 1 : 0);

function belongs(row: Conversation, { view, medium }: Queue): boolean {
  if (medium && row.last_medium !== medium) return false;
  if (view === 'all') return true;
  if (view === 'mine') return row.status === 'open' && row.assignee_id === me()?.id;
  if (view === 'unassigned') return row.status === 'open' && row.assignee_id === null;
  return row.status === view;
}

/** Keeps the higher version of each; true when something was new. */
export function learn(rows: readonly Conversation[]): boolean {
  const known = conversations.get();
  const news = rows.filter((row) => (known.get(row.id)?.version ?? -1) < (row.version ?? 0));
  if (news.length === 0) return false;
  const next = new Map(known);
  for (const row of news) next.set(row.id, row);
  conversations.set(next);
  return true;
}

/** A row came by push or as the answer of a call: it is put where it belongs now, or leaves. */
export function take(row: Conversation): void {
  if (!learn([row])) return;
  queue.set((now) => {
    const others = now.rows.filter((other) => other.id !== row.id);
    const last = now.rows.at(-1);
    const reaches = !now.more || !last || newestFirst(row, last) <= 0;
    if (belongs(row, now) && reaches) return { ...now, rows: [...others, row].sort(newestFirst) };
    return others.length === now.rows.length ? now : { ...now, rows: others };
  });
  countSoon();
}

let asked = 0;

async function load(view: View, medium: Medium | null): Promise<void> {
  const mine = ++asked;
  const same = queue.get().view === view && queue.get().medium === medium;
  if (!same) queue.patch({ view, medium, rows: [], more: false, loading: 'first' });
  const limit = same ? Math.min(200, Math.max(PAGE, queue.get().rows.length)) : PAGE;
  try {
    const page = await call('conversation.list', { view, limit, ...(medium ? { medium } : {}) });
    learn(page.conversations);
    if (mine !== asked) return;
    const rows = page.conversations.map((row) => conversations.get().get(row.id) ?? row);
    queue.set((now) => ({ ...now, rows: rows.filter((row) => belongs(row, now)), more: page.more, loading: null, error: null }));
  } catch (error) {
    if (mine === asked) queue.patch({ loading: null, error: reasonOf(error) });
    throw error;
  }
}

export async function loadOlder(): Promise<void> {
  const { view, medium, rows, more, loading } = queue.get();
  const last = rows.at(-1);
  if (!more || loading || !last) return;
  const mine = asked;
  queue.patch({ loading: 'older' });
  try {
    const page = await call('conversation.list', {
      view,
      limit: PAGE,
      before_at: last.last_at,
      before_id: last.id,
      ...(medium ? { medium } : {}),
    });
    learn(page.conversations);
    if (mine !== asked) return;
    queue.set((now) => {
      const known = new Set(now.rows.map((row) => row.id));
      return { ...now, rows: [...now.rows, ...page.conversations.filter((row) => !known.has(row.id))], more: page.more };
    });
  } finally {
    if (mine === asked) queue.patch({ loading: null });
  }
}

/** The server counts to 1000: so many or more. */
export const shownCount = (n: number, most = 999): string => (n > most ? `${most}+` : String(n));

let counting: ReturnType<typeof setTimeout> | undefined;

async function count(): Promise<void> {
  queue.patch({ counts: await call('conversation.counts', {}) });
}

function countSoon(): void {
  counting ??= setTimeout(() => {
    counting = undefined;
    count().catch(() => undefined);
  }, COUNT_PAUSE_MS);
}

export const retryQueue = (): void => void load(queue.get().view, queue.get().medium).catch(() => undefined);

client.on('conversation', take);
client.onOpen(async () => {
  await Promise.all([load(queue.get().view, queue.get().medium), count()]);
});

function follow(): void {
  const now = route.get();
  if (now.page !== 'inbox') return;
  const { view, medium } = queue.get();
  if (now.view === view && now.medium === medium) return;
  if (client.getState().phase === 'live') void load(now.view, now.medium).catch(() => undefined);
  else queue.patch({ view: now.view, medium: now.medium, rows: [], loading: 'first' });
}
route.subscribe(follow);
follow();
