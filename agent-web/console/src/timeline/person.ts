// The people who have been opened: their timelines, orders, ways to reach them. The one on screen is watched.
import {
  Timeline,
  type Customer,
  type Entry,
  type EntryPush,
  type JourneyDay,
  type Order,
  type OrderSum,
  type PresencePush,
  type Suggestion,
  type Way,
} from '@throughline/protocol';
import { customerOf, route } from '../app/route.ts';
import { call, client } from '../connection/client.ts';
import { nameOf } from '../lib/personName.ts';
import { Signal } from '../lib/signal.ts';
import { Store, useStore } from '../lib/store.ts';
import { Stores } from '../lib/stores.ts';
import { learnAll } from '../queue/conversations.ts';
import { reasonOf } from '../ui/toasts.ts';
import { announce } from './announce.ts';
import { customerAfter, daysAfter, daysOf, pinsAfter, waysAfter } from './pushed.ts';

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
  orderSums: readonly OrderSum[];
  ways: readonly Way[] | null;
  presence: PresencePush | null;
  days: readonly JourneyDay[];
  pins: readonly Entry[];
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
  orderSums: [],
  ways: null,
  presence: null,
  days: [],
  pins: [],
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

/** Pushes of entries so far: what came while an answer was on its way may not be in it. */
let pushes = 0;
/** Who is watched no more once the next one is opened. */
let left: string | null = null;

/** Somebody has been read; `draftVersion` is of what this agent has begun to write to them, by the server. */
export const personRead = new Signal<{ id: string; draftVersion: number }>();

/** All that is shown of a person by one call; what is known already is not sent again. */
async function read(id: string): Promise<void> {
  const one = keep(id);
  const have = one.timeline.started ? one.timeline.have() : null;
  const leaving = left;
  left = null;
  const before = pushes;
  const now = await call('person.open', { customer_id: id, ...(have ? { have } : { limit: FIRST }), ...(leaving ? { leaving } : {}) });
  one.timeline.take(now.timeline, have !== null);
  learnAll(now.conversations);
  const { orders, order_sums: orderSums, ways, pins, suggestions } = now;
  const days = daysOf(now.days, one.timeline.entries, one.timeline.more);
  show(one, { error: null, orders, orderSums, ways, days, pins, suggestions });
  personRead.emit({ id, draftVersion: now.draft_version });
  if (pushes !== before) readSoon(id);
}

async function open(id: string): Promise<void> {
  try {
    await read(id);
  } catch (error) {
    const { kind } = error as { kind?: string };
    keep(id).store.patch({ error: { kind: kind ?? 'internal', message: reasonOf(error) } });
    if (kind === 'disconnected' || kind === 'timeout') throw error;
  }
}

const again = new Map<string, ReturnType<typeof setTimeout>>();

/** However much has changed, one question. Whoever is not on the screen is read when opened again. */
function readSoon(id: string, ms = 250): void {
  if (again.has(id) || current !== id) return;
  again.set(
    id,
    setTimeout(() => {
      again.delete(id);
      if (current === id) read(id).catch(() => undefined);
    }, ms),
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
export const refreshPerson = (id: string): void => readSoon(id);

/** An entry that a call answered, or a push brought, whichever was first. What it replaced; null: it is new; undefined: it is not, or not shown. */
export function takeEntry(customerId: string, entry: Entry): Entry | null | undefined {
  const one = keep(customerId);
  const before = one.timeline.push(entry);
  if (before === undefined) return undefined;
  const { days, pins, ways } = one.store.get();
  const known = one.timeline.get(entry.id) !== undefined;
  if (!before && known && one.timeline.customer) one.timeline.customer = customerAfter(one.timeline.customer, entry);
  const waysNow = ways && (before ? ways : waysAfter(ways, entry));
  show(one, { ...(known ? { days: daysAfter(days, before, entry) } : {}), pins: pinsAfter(pins, entry), ...(waysNow ? { ways: waysNow } : {}) });
  // Of one further back than all that is loaded nobody knows what it was.
  if (!known || entry.kind === 'order' || (ways && !waysNow)) readSoon(customerId);
  return known ? before : undefined;
}

export function takeCustomer(customer: Customer): void {
  const one = known(customer.id);
  if (!one?.timeline.started) return;
  const unknown = one.timeline.setCustomer(customer);
  show(one);
  if (unknown.length > 0) readSoon(customer.id);
}

const GAP_MS = 1500;

function takePush({ customer_id, entry }: EntryPush): void {
  const one = known(customer_id);
  if (!one) return;
  pushes++;
  if (takeEntry(customer_id, entry) === null) announce(entry, nameOf(one.timeline.customer));
  if (one.timeline.hasGap()) setTimeout(() => one.timeline.hasGap() && readSoon(customer_id, 0), GAP_MS);
}

function follow(): void {
  const next = customerOf(route.get());
  if (next === current) return;
  const before = current;
  current = next;
  const open_ = client.getState().phase === 'live' || client.getState().phase === 'catching_up';
  people.known(before ?? '')?.patch({ presence: null });
  if (!open_) return;
  left = before;
  if (next) void open(next).catch(() => undefined);
  else if (before) call('timeline.unwatch', { customer_id: before }).catch(() => undefined);
}

export const retryPerson = (id: string): void => void open(id).catch(() => undefined);

export function startPeople(): void {
  client.on('entry', takePush);
  client.on('customer', ({ customer_id }) => readSoon(customer_id));
  client.on('presence', (presence) => people.known(presence.customer_id)?.patch({ presence }));
  client.onOpen(() => (current ? open(current) : undefined));
  route.subscribe(follow);
  follow();
}
