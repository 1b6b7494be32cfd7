// Answers and notes on their way to the server: shown at once, marked as not yet confirmed. They wait for the connection,
// over a reload too, and go out by themselves, in order, once.
import type { Entry, Upload } from '@throughline/protocol';
import { uuid } from '@throughline/protocol/browser';
import { stand, type Standing } from '../actions/conversation.ts';
import { say, type Done } from '../actions/done.ts';
import { goInbox } from '../app/route.ts';
import { call, connection, isPassing } from '../connection/client.ts';
import { t } from '../i18n/index.ts';
import { Store } from '../lib/store.ts';
import { me, session } from '../session/session.ts';
import { personName } from '../lib/personName.ts';
import { personStore, takeEntry, watchedId } from '../timeline/person.ts';
import { conversation } from '../queue/conversations.ts';
import { reasonOf, toast } from '../ui/toasts.ts';
import { restoreDraft } from './drafts.ts';
import { forget, keep, keptOf, type Pending } from './outbox.ts';

/** What has lain here for so long may no longer be what the agent wants to say. */
const STALE_MS = 60 * 60 * 1000;
const AGAIN_MS = 5000;

export const sending = new Store<readonly Pending[]>([]);

/** An answer that the server holds back for a while. */
export interface Undoable {
  customerId: string;
  entry: Entry;
  /** Until when message.cancel may succeed, by this machine's clock. */
  until: number;
  /** As they were brought, so that what is taken back can be sent again. */
  files: readonly Upload[];
  /** Which mail it answers. */
  answers: string | null;
  /** Takes back what became of the conversation with it, once that is known. */
  settled: Promise<Done['undo']>;
}

export const undoables = new Store<readonly Undoable[]>([]);

let pumping = false;
let again: ReturnType<typeof setTimeout> | undefined;

const agentId = (): string => me()?.id ?? '';
const change = (one: Pending): void => {
  keep(agentId(), one);
  sending.set((all) => all.map((other) => (other.clientId === one.clientId ? one : other)));
};
const drop = (clientId: string): void => {
  forget(agentId(), clientId);
  sending.set((all) => all.filter((one) => one.clientId !== clientId));
};

/** Without those whose entry has come by push before the answer; an entry's id is the one that its client gave it. */
export const pendingOf = (all: readonly Pending[], customerId: string, entries: readonly Entry[]): readonly Pending[] =>
  all.filter((one) => one.customerId === customerId && !entries.some((entry) => entry.id === one.clientId));

export function send(pending: Omit<Pending, 'clientId' | 'at' | 'error'>): void {
  const one = { ...pending, clientId: uuid(), at: Date.now(), error: null };
  keep(agentId(), one);
  sending.set((all) => [...all, one]);
  void pump();
}

export function sendAgain(one: Pending): void {
  change({ ...one, at: Date.now(), error: null });
  void pump();
}

/** Gives up: the words go back to where they were typed. */
export function takeBack(one: Pending): void {
  const { kind, text, plain, subject, answers, cc, bcc, from = null, fresh, files } = one;
  drop(one.clientId);
  restoreDraft(
    one.customerId,
    kind === 'note'
      ? { mode: 'note', note: text, files }
      : { mode: 'reply', text, rich: plain !== undefined, plain: plain ?? '', subject, answers, cc, bcc, from, fresh, files },
  );
}

/** Gives it up for good, but for a while. */
export function discard(one: Pending): void {
  drop(one.clientId);
  toast(t('send.discarded'), { name: t('ui.undo'), run: () => takeBack(one) });
}

/** What the tabs of this agent have kept, as it is now. */
function readKept(): void {
  const old = Date.now() - STALE_MS;
  sending.set(keptOf(agentId()).map((one) => (one.error === null && one.at < old ? { ...one, error: t('send.stale') } : one)));
}

/** One tab at a time, so that the order holds; it reads anew what the others have sent meanwhile. */
async function pump(): Promise<void> {
  if (pumping || session.get().phase !== 'in') return;
  pumping = true;
  clearTimeout(again);
  try {
    if ('locks' in navigator) await navigator.locks.request(`throughline.out.${agentId()}`, transmitAll);
    else await transmitAll();
  } finally {
    pumping = false;
  }
}

async function transmitAll(): Promise<void> {
  readKept();
  for (let next; connection.get().phase === 'live' && (next = sending.get().find((one) => one.error === null));) {
    if (await transmit(next)) continue;
    again = setTimeout(() => void pump(), AGAIN_MS);
    return;
  }
}

/** False: later. */
async function transmit(one: Pending): Promise<boolean> {
  try {
    const entry = await request(one);
    const { clientId, customerId, files, answers, after, next } = one;
    const now = Date.now();
    const until = one.sendAt === undefined ? now + (one.way?.undo_ms ?? 0) : now;
    takeEntry(customerId, entry);
    const settled = after && entry.conversation_id ? settle(entry.conversation_id, after, next) : Promise.resolve(null);
    if (until > now) undoables.set((all) => [...all.filter((other) => other.until > now), { customerId, entry, until, files, answers, settled }]);
    await settled;
    drop(clientId); // not before: a page that ends here sends it again, which does nothing twice, and settles it then
  } catch (error) {
    if (isPassing(error)) return false;
    refused(one, reasonOf(error));
  }
  return true;
}

/** Whoever is elsewhere by now is told too. */
function refused(one: Pending, reason: string): void {
  change({ ...one, error: reason });
  const { customerId } = one;
  if (watchedId() === customerId) return;
  const name = personName(personStore(customerId).get().customer?.name);
  toast(t('send.failed_to', { name, reason }), { name: t('composer.newer_show'), run: () => goInbox({ customerId, conversationId: null }) }, 'bad', 15_000);
}

/** The answer is out: where the conversation shall stand now. Its inverse; null: nothing was changed. */
async function settle(id: string, wanted: Standing, next: Pending['next']): Promise<Done['undo']> {
  try {
    const done = await stand(conversation(id) ?? (await call('conversation.get', { id })), wanted, next);
    say(done);
    return done.undo;
  } catch (error) {
    toast(t('send.not_settled', { reason: reasonOf(error) }), null, 'bad');
    return null;
  }
}

function request({ customerId, clientId, kind, way, subject, answers, cc, bcc, text, plain, fresh, files, from, sendAt }: Pending): Promise<Entry> {
  const common = { customer_id: customerId, client_id: clientId, text };
  const attachments = files.map(({ upload, name, type, cid }) => ({ upload, name: name ?? '', type, ...(cid ? { cid } : {}) }));
  const withFiles = attachments.length > 0 ? { attachments } : {};
  if (kind === 'note' || !way) return call('note.add', { ...common, ...withFiles });
  const { identity_id, channel_id } = way;
  if (identity_id === null) throw new Error('nothing can be sent to where nobody is known');
  return call('message.send', {
    ...common,
    ...withFiles,
    identity_id,
    channel_id,
    ...(way.has_subject && subject ? { subject } : {}),
    ...(answers ? { answers } : {}),
    ...(cc?.length ? { cc: [...cc] } : {}),
    ...(from !== undefined ? { from } : {}),
    ...(bcc?.length ? { bcc: [...bcc] } : {}),
    ...(plain !== undefined ? { format: 'markdown' as const } : {}),
    ...(fresh ? { new_conversation: true } : {}),
    ...(sendAt !== undefined ? { send_at: sendAt } : {}),
  });
}

export function startSending(): void {
  session.subscribe(() => {
    if (session.get().phase === 'in') readKept();
    else sending.set([]);
  });
  connection.subscribe(() => {
    if (connection.get().phase === 'live') void pump();
  });
  window.addEventListener('storage', () => {
    if (session.get().phase === 'in' && !pumping) readKept();
  });
}
