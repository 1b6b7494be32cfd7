// The people who have been opened: their timelines, orders, ways to reach them. The one on screen is watched.
import {
  Timeline,
  type Customer,
  type Entry,
  type EntryPush,
  type Journey,
  type Order,
  type Overview,
  type PresencePush,
  type Suggestion,
  type Way,
} from '@throughline/protocol';
import { customerOf, route } from '../app/route.ts';
import { call, client } from '../connection/client.ts';
import { Store, useStore } from '../lib/store.ts';
import { Stores } from '../lib/stores.ts';
import { learnAll } from '../queue/conversations.ts';
import { reasonOf } from '../ui/toasts.ts';
import { announce } from './announce.ts';

const FIRST = 60;
const OLDER = 200;
const KEPT = 12;

export interface Person {
  id: string;
  customer: Customer | null;
  /** Oldest first. */
  entries: readonly Entry[];
  more: boolean;
  loadingOlder: boolean;
  error: { kind: string; message: string } | null;
  orders: readonly Order[] | null;
  ways: readonly Way[] | null;
  conversationIds: readonly string[] | null;
  presence: PresencePush | null;
  overview: Overview | null;
  journey: Journey | null;
  suggestions: readonly Suggestion[] | null;
}

interface Kept {
  timeline: Timeline;
  store: Store<Person>;
}

const empty = (id: string): Person => ({
  id,
  customer: null,
  entries: [],
  more: false,
  loadingOlder: false,
  error: null,
  orders: null,
  ways: null,
  conversationIds: null,
  presence: null,
  overview: null,
  journey: null,
  suggestions: null,
});

const people = new Stores<Person>({ make: empty, most: KEPT });
/** Goes with the store. */
const timelines = new WeakMap<Store<Person>, Timeline>();
const nobody = new Store<Person>(empty(''));
let current: string | null = null;

const keptIn = (id: string, store: Store<Person>): Kept => {
  const timeline = timelines.get(store) ?? new Timeline(id);
  timelines.set(store, timeline);
  return { timeline, store };
};

/** To be opened, or worked with. */
const keep = (id: string): Kept => keptIn(id, people.use(id));

/** Only who has been opened. */
function known(id: string): Kept | null {
  const store = people.known(id);
  return store ? keptIn(id, store) : null;
}

export const personStore = (id: string | null): Store<Person> => (id ? people.of(id) : nobody);
export const usePerson = <S>(id: string | null, select: (person: Person) => S): S => useStore(personStore(id), select);
export const currentPerson = (): Person | null => (current ? people.of(current).get() : null);
/** Whose timeline is on the screen. */
export const watchedId = (): string | null => current;

function show({ timeline, store }: Kept, part: Partial<Person> = {}): void {
  store.patch({ customer: timeline.customer, entries: timeline.entries, more: timeline.more, ...part });
}

async function watch(id: string): Promise<void> {
  const one = keep(id);
  const asksHave = one.timeline.started;
  const customer_id = id;
  const have = asksHave ? one.timeline.have() : undefined;
  const snapshot = await call('timeline.watch', { customer_id, ...(have ? { have } : { limit: FIRST }) });
  one.timeline.take(snapshot, asksHave);
  show(one, { error: null });
}

async function open(id: string): Promise<void> {
  const { store } = keep(id);
  try {
    // Answers come in the order of the calls: the strip stands above the timeline, and must not push it down later.
    await Promise.all([loadJourney(id), watch(id), refreshAround(id)]);
    void refreshMore(id);
  } catch (error) {
    const { kind } = error as { kind?: string };
    store.patch({ error: { kind: kind ?? 'internal', message: reasonOf(error) } });
    if (kind === 'disconnected' || kind === 'timeout') throw error;
  }
}

/** What the panel and the composer show beside the entries. */
async function refreshAround(id: string): Promise<void> {
  const { store } = keep(id);
  const [orders, reach, of] = await Promise.all([
    call('order.list', { customer_id: id }),
    call('customer.reach', { customer_id: id }),
    call('conversation.of_customer', { customer_id: id }),
  ]);
  learnAll(of.conversations);
  store.patch({ orders: orders.orders, ways: reach.ways, conversationIds: of.conversations.map((row) => row.id) });
}

/** What may come a moment later: none of it holds up the timeline, and none the other. */
async function refreshMore(id: string): Promise<void> {
  const { store } = keep(id);
  const customer_id = id;
  const nothing = () => undefined;
  await Promise.all([
    call('customer.overview', { customer_id })
      .then((overview) => store.patch({ overview }))
      .catch(nothing),
    call('customer.suggestions', { customer_id })
      .then(({ suggestions }) => store.patch({ suggestions }))
      .catch(nothing),
  ]);
}

async function loadJourney(id: string): Promise<void> {
  const { store } = keep(id);
  await call('customer.journey', { customer_id: id })
    .then((journey) => store.patch({ journey }))
    .catch(() => undefined);
}

const around = new Map<string, ReturnType<typeof setTimeout>>();

function refreshSoon(id: string): void {
  if (around.has(id)) return;
  around.set(
    id,
    setTimeout(() => {
      around.delete(id);
      Promise.all([refreshAround(id), call('customer.get', { id }).then(takeCustomer)])
        .then(() => Promise.all([refreshMore(id), loadJourney(id)]))
        .catch(() => undefined);
    }, 250),
  );
}

export async function loadOlder(id: string, limit = OLDER): Promise<boolean> {
  const one = keep(id);
  const oldest = one.timeline.entries[0];
  if (!one.timeline.more || !oldest || one.store.get().loadingOlder) return false;
  one.store.patch({ loadingOlder: true });
  try {
    one.timeline.addPage(
      await call('timeline.page', {
        customer_id: id,
        before_at: oldest.occurred_at,
        before_id: oldest.id,
        limit,
      }),
    );
    show(one);
    return true;
  } finally {
    one.store.patch({ loadingOlder: false });
  }
}

/** What was done with the person changes more than one answer tells. */
export const refreshPerson = (id: string): void => {
  if (people.known(id)) refreshSoon(id);
};

/** An entry that a call answered: it may come before or after its push. */
export function takeEntry(customerId: string, entry: Entry): void {
  const one = keep(customerId);
  one.timeline.push(entry);
  show(one);
}

export function takeCustomer(customer: Customer): void {
  const one = known(customer.id);
  if (!one?.timeline.started) return;
  const unknown = one.timeline.setCustomer(customer);
  show(one);
  if (unknown.length > 0 && current === customer.id) watch(customer.id).catch(() => undefined);
}

let gapTimer: ReturnType<typeof setTimeout> | undefined;

function takePush({ customer_id, entry }: EntryPush): void {
  const one = known(customer_id);
  if (!one) return;
  const before = one.timeline.push(entry);
  show(one);
  if (before === null) announce(entry, one.timeline.customer?.name ?? null);
  if (before === null || entry.kind === 'order') refreshSoon(customer_id);
  if (!one.timeline.hasGap()) return;
  clearTimeout(gapTimer);
  gapTimer = setTimeout(() => {
    if (one.timeline.hasGap() && current === customer_id) watch(customer_id).catch(() => undefined);
  }, 1500);
}

function follow(): void {
  const next = customerOf(route.get());
  if (next === current) return;
  const before = current;
  current = next;
  const open_ = client.getState().phase === 'live' || client.getState().phase === 'catching_up';
  if (before) {
    people.known(before)?.patch({ presence: null });
    if (open_) call('timeline.unwatch', { customer_id: before }).catch(() => undefined);
  }
  if (next && open_) void open(next).catch(() => undefined);
}

export const retryPerson = (id: string): void => void open(id).catch(() => undefined);

export function startPeople(): void {
  client.on('entry', takePush);
  client.on('customer', ({ customer_id }) => refreshPerson(customer_id));
  client.on('presence', (presence) => people.known(presence.customer_id)?.patch({ presence }));
  client.onOpen(() => (current ? open(current) : undefined));
  route.subscribe(follow);
  follow();
}
