// Shows what was last known while the server cannot be asked, and keeps what is read for it.
import type { Agent, Channel, Conversation, ConversationCounts } from '@throughline/protocol';
import { client, connection } from '../connection/client.ts';
import { directory, fillDirectory } from '../directory/directory.ts';
import { forgetRead, forgetReads, forgetReadsOf, keep, keepSoon, keptRead } from '../lib/lastRead.ts';
import { learnAll, conversationsOf } from '../queue/conversations.ts';
import { queue } from '../queue/queue.ts';
import { session } from '../session/session.ts';
import { personStore, type Person } from '../timeline/person.ts';
import { customerOf, route } from './route.ts';

const ROWS = 60;
const ENTRIES = 60;

interface KeptQueue {
  rows: readonly Conversation[];
  counts: ConversationCounts | null;
}

interface KeptPerson {
  person: Person;
  conversations: readonly Conversation[];
}

const isLive = (): boolean => connection.get().phase === 'live';
const queueKey = (): string => {
  const { view, medium, sort } = queue.get();
  return `queue.${view}.${medium}.${sort}`;
};
const personKey = (id: string): string => `person.${id}`;

function keptQueue(): KeptQueue | null {
  const { rows, counts, loading, error } = queue.get();
  return loading === null && error === null && isLive() ? { rows: rows.slice(0, ROWS), counts } : null;
}

/** Said too when the connection is there: the list was read before that, and may not change for long. */
function keepQueue(): boolean {
  const known = keptQueue() !== null;
  if (known) keepSoon(queueKey(), keptQueue);
  return known;
}

/** Who is erased, or belongs to somebody else now, is not kept. */
function keptPerson(id: string): KeptPerson | null {
  const person = personStore(id).get();
  if (!person.customer || person.customer.erased_at || person.error || !isLive()) return null;
  const entries = person.entries.slice(-ENTRIES);
  const more = person.more || entries.length < person.entries.length;
  return { person: { ...person, entries, more, presence: null, loadingOlder: false }, conversations: conversationsOf(id).get() };
}

async function fillQueue(): Promise<void> {
  const key = queueKey();
  const kept = await keptRead<KeptQueue>(key);
  if (!kept || isLive() || key !== queueKey() || queue.get().rows.length > 0) return;
  const { rows, counts } = kept.value;
  learnAll(rows);
  queue.patch({ rows, more: false, loading: null, ...(counts ? { counts } : {}) });
}

async function fillPerson(id: string): Promise<void> {
  if (personStore(id).get().customer) return;
  const kept = await keptRead<KeptPerson>(personKey(id));
  if (!kept || isLive() || personStore(id).get().customer) return;
  learnAll(kept.value.conversations);
  personStore(id).set({ ...kept.value.person, more: false });
}

async function fillNames(): Promise<void> {
  const kept = await keptRead<{ agents: readonly Agent[]; channels: readonly Channel[] }>('directory');
  if (kept && directory.get().channels.length === 0) fillDirectory(kept.value);
}

function fill(): void {
  const { phase } = session.get();
  if (phase !== 'in' || isLive()) return;
  if (queue.get().rows.length === 0) void fillQueue();
  const id = customerOf(route.get());
  if (id) void fillPerson(id);
}

let wasLive = false;

/** What was kept before the connection may have changed, or have been erased, while nobody here was told. */
function onlyWhatIsReadNow(): void {
  if (isLive() === wasLive) return;
  wasLive = isLive();
  if (!wasLive) return;
  const id = customerOf(route.get());
  forgetReadsOf('person', id && personKey(id));
  forgetReadsOf('queue', queueKey());
}

export function startLastKnown(): void {
  session.subscribe(() => {
    const { phase } = session.get();
    if (phase === 'out' || phase === 'ended') void forgetReads();
    if (phase === 'in') void fillNames();
    fill();
  });
  connection.subscribe(() => {
    onlyWhatIsReadNow();
    fill();
    keepQueue();
    keepPerson();
  });
  queue.subscribe(() => {
    if (!keepQueue() && queue.get().rows.length === 0) fill();
  });
  directory.subscribe(() => {
    const { agents, channels } = directory.get();
    if (isLive() || channels.length > 0) keep('directory', { agents, channels });
  });
  // Told that something is new about somebody who is not on the screen: what is kept is no longer how it is.
  // Who is erased has no name any more, and may stand in lists of other views.
  client.on('conversation', ({ customer_id: id, customer_name: name }) => {
    if (id !== customerOf(route.get())) forgetRead(personKey(id));
    if (!name) forgetReadsOf('queue', queueKey());
  });
  let stop = (): void => undefined;
  const keepPerson = (): void => {
    const id = customerOf(route.get());
    if (!id) return;
    if (keptPerson(id)) keepSoon(personKey(id), () => keptPerson(id));
    else if (personStore(id).get().customer?.erased_at || personStore(id).get().error) forgetRead(personKey(id));
  };
  const watch = (): void => {
    stop();
    const id = customerOf(route.get());
    stop = id ? personStore(id).subscribe(keepPerson) : () => undefined;
    fill();
    keepPerson();
  };
  route.subscribe(watch);
  watch();
}
