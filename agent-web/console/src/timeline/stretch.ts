// A part of a timeline other than its live end: around an entry, from a moment, or what a filter lets through.
// It pages both ways; what comes in while its newest end is shown is added.
import { compareEntries, type Entry } from '@throughline/protocol';
import { customerOf, route } from '../app/route.ts';
import { call, client } from '../connection/client.ts';
import { Store } from '../lib/store.ts';
import { reasonOf } from '../ui/toasts.ts';
import { askedFor, isNarrow, type Filter } from './filter.ts';
import { personStore, watchedId } from './person.ts';

const AROUND = 60;
const PAGE = 100;
/** Before every id, so that pages on both sides meet at a moment. */
const FIRST_ID = '00000000-0000-0000-0000-000000000000';
const PUSH_PAUSE_MS = 150;

export interface Stretch {
  customerId: string;
  /** Another one is another list on the screen. */
  key: string;
  filter: Filter | null;
  /** The entry that a link named. */
  target: string | null;
  /** The moment that was travelled to. */
  moment: number | null;
  /** Oldest first. */
  entries: readonly Entry[];
  older: boolean;
  newer: boolean;
  loading: 'first' | 'older' | 'newer' | null;
  error: string | null;
}

export const stretch = new Store<Stretch | null>(null);
let serial = 0;

function begin(part: Partial<Stretch> & Pick<Stretch, 'customerId'>): string {
  const key = `s${++serial}`;
  const before = stretch.get();
  // A filter that is being typed keeps what is shown until the next answer.
  const entries = part.filter && before?.filter && before.customerId === part.customerId ? before.entries : [];
  stretch.set({ key, filter: null, target: null, moment: null, older: false, newer: false, loading: 'first', error: null, ...part, entries });
  return key;
}

/** Only while it is still what is asked for. */
function settle(key: string, part: Partial<Stretch>): void {
  stretch.set((now) => (now?.key === key ? { ...now, ...part } : now));
}

const oldestFirst = (entries: readonly Entry[]): Entry[] => [...entries].sort(compareEntries);

/** Shows an entry in the middle of what was around it. */
export async function showEntry(customerId: string, entryId: string): Promise<void> {
  const key = begin({ customerId, target: entryId });
  try {
    const { entries, more_older, more_newer } = await call('timeline.around', { customer_id: customerId, entry_id: entryId, limit: AROUND });
    settle(key, { entries: oldestFirst(entries), older: more_older, newer: more_newer, loading: null });
  } catch (error) {
    settle(key, { loading: null, error: reasonOf(error) });
  }
}

/** Shows what was around a moment. */
export async function showMoment(customerId: string, moment: number): Promise<void> {
  const filter = stretch.get()?.customerId === customerId ? (stretch.get()?.filter ?? null) : null;
  const key = begin({ customerId, moment, filter });
  const at = new Date(moment).toISOString();
  const common = { customer_id: customerId, limit: AROUND / 2, ...askedFor(filter) };
  try {
    const [before, after] = await Promise.all([
      call('timeline.page', { ...common, before_at: at, before_id: FIRST_ID }),
      call('timeline.page', { ...common, after_at: at, after_id: FIRST_ID }),
    ]);
    settle(key, { entries: oldestFirst([...before.entries, ...after.entries]), older: before.more, newer: after.more, loading: null });
  } catch (error) {
    settle(key, { loading: null, error: reasonOf(error) });
  }
}

/** Narrows the timeline; a filter that lets everything through ends it. */
export async function showFiltered(customerId: string, filter: Filter): Promise<void> {
  if (!isNarrow(filter)) return showNewest();
  const key = begin({ customerId, filter });
  try {
    const { entries, more } = await call('timeline.page', { customer_id: customerId, limit: PAGE, ...askedFor(filter) });
    settle(key, { entries: oldestFirst(entries), older: more, newer: false, loading: null });
  } catch (error) {
    settle(key, { loading: null, error: reasonOf(error) });
  }
}

/** Back to the live end. */
export function showNewest(): void {
  stretch.set(null);
}

function added(known: readonly Entry[], incoming: readonly Entry[]): readonly Entry[] {
  const all = new Map(known.map((entry) => [entry.id, entry]));
  for (const entry of incoming) if ((all.get(entry.id)?.version ?? -1) < (entry.version ?? 0)) all.set(entry.id, entry);
  return oldestFirst([...all.values()]);
}

export async function extend(side: 'older' | 'newer'): Promise<void> {
  const now = stretch.get();
  const edge = side === 'older' ? now?.entries[0] : now?.entries.at(-1);
  if (!now || !edge || now.loading || !now[side]) return;
  settle(now.key, { loading: side });
  const from = side === 'older' ? { before_at: edge.occurred_at, before_id: edge.id } : { after_at: edge.occurred_at, after_id: edge.id };
  try {
    const { entries, more } = await call('timeline.page', { customer_id: now.customerId, limit: PAGE, ...askedFor(now.filter), ...from });
    stretch.set((then) => (then?.key === now.key ? { ...then, entries: added(then.entries, entries), [side]: more, loading: null } : then));
  } catch {
    settle(now.key, { loading: null });
  }
}

let refreshing: ReturnType<typeof setTimeout> | undefined;

/** What a filter lets through is the server's to say. */
function refreshNewest(key: string): void {
  clearTimeout(refreshing);
  refreshing = setTimeout(() => {
    const now = stretch.get();
    if (now?.key !== key || now.newer) return;
    call('timeline.page', { customer_id: now.customerId, limit: AROUND / 2, ...askedFor(now.filter) })
      .then(({ entries }) => stretch.set((then) => (then?.key === key ? { ...then, entries: added(then.entries, entries) } : then)))
      .catch(() => undefined);
  }, PUSH_PAUSE_MS);
}

export function takeInto(customerId: string, entry: Entry): void {
  const now = stretch.get();
  if (now?.customerId !== customerId) return;
  const known = now.entries.some((one) => one.id === entry.id);
  if (known) stretch.set({ ...now, entries: added(now.entries, [entry]) });
  else if (now.filter) refreshNewest(now.key);
  else if (!now.newer && now.loading === null) stretch.set({ ...now, entries: added(now.entries, [entry]) });
}

/** Identities that went to somebody else take their entries along. */
function dropForeign(): void {
  const now = stretch.get();
  const customer = now && personStore(now.customerId).get().customer;
  if (!now || !customer) return;
  const ids = new Set(customer.identities.map(({ id }) => id));
  const entries = now.entries.filter((entry) => ids.has(entry.identity_id));
  if (entries.length < now.entries.length) stretch.set({ ...now, entries });
}

/** The address says whose timeline it is and which entry is meant. */
function follow(): void {
  const now = route.get();
  const id = customerOf(now);
  const entryId = now.page === 'inbox' ? now.entryId : null;
  const shown = stretch.get();
  if (id && entryId) {
    if (shown?.customerId !== id || shown.target !== entryId) void showEntry(id, entryId);
  } else if (shown && shown.customerId !== id) stretch.set(null);
}

function resync(): void {
  const now = stretch.get();
  if (!now || now.customerId !== watchedId()) return;
  if (now.target) void showEntry(now.customerId, now.target);
  else if (now.filter) void showFiltered(now.customerId, now.filter);
}

export function startStretch(): void {
  client.on('entry', ({ customer_id, entry }) => takeInto(customer_id, entry));
  client.on('customer', () => setTimeout(dropForeign, 1000));
  client.onOpen(resync);
  route.subscribe(follow);
  follow();
}
