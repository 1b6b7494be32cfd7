// Drafts on the server: what was begun here is there soon, and what was begun in another browser is here when it is opened. Whoever
// saves names the version that they have seen. Where both have words, those that were typed here stay on the screen, and the others are
// offered. What the server does not have any more is gone here too when it was sent; else it is saved anew.
import { CallError, DRAFTS_LISTED_MAX, type Draft as Wire, type DraftKept, type Upload } from '@throughline/protocol';
import { call, client, connection, isPassing } from '../connection/client.ts';
import { Stores } from '../lib/stores.ts';
import { parseStored, writeStored } from '../lib/storage.ts';
import { me, session } from '../session/session.ts';
import { personRead } from '../timeline/person.ts';
import { markDraft } from './drafted.ts';
import { agentKey, draftChanged, draftOf, EMPTY, isBegun, knownDrafts, markdownOf, plainOf, takeDraft, type Draft } from './drafts.ts';

/** What is known of the server's copy. */
interface Synced {
  /** The one that was read or saved last; 0: none. */
  version: number;
  /** Since when there is something here that is not there; null: it is the same. */
  changedAt: number | null;
  /** The words of another browser, which are not shown. */
  other: Draft | null;
}

const NOTHING: Synced = { version: 0, changedAt: null, other: null };
/** The phases of the connection in which the server answers. */
const ANSWERED: ReadonlySet<string> = new Set(['catching_up', 'live']);
const SAVE_MS = 1500;
const AGAIN_MS = 10_000;

const keyOf = (customerId: string): string => `synced.${agentKey()}.${customerId}`;
const stored = (customerId: string): Synced => ({ ...NOTHING, ...(parseStored(keyOf(customerId)) as Partial<Synced> | null) });
const keep = (customerId: string, now: Synced): void =>
  writeStored(keyOf(customerId), now.version === 0 && now.changedAt === null && now.other === null ? null : JSON.stringify(now));

const synced = new Stores<Synced>({ make: stored, most: 100, changed: keep });
export const syncedOf = (customerId: string) => synced.of(customerId);

const timers = new Map<string, ReturnType<typeof setTimeout>>();
const busy = new Set<string>();
/** What comes from the server is no change of the agent's. */
let taking = false;

const wireOf = ({ cc, seen: _seen, ...draft }: Draft): Wire => ({
  ...draft,
  cc: [...(cc ?? [])],
  cc_chosen: cc !== null,
  bcc: [...draft.bcc],
  files: [...draft.files],
});
const draftFrom = ({ cc, cc_chosen, ...wire }: Wire): Draft => ({
  ...EMPTY,
  mode: wire.mode,
  text: wire.text ?? '',
  rich: wire.rich,
  plain: wire.plain ?? '',
  note: wire.note ?? '',
  subject: wire.subject,
  answers: wire.answers,
  cc: cc_chosen ? cc : null,
  bcc: wire.bcc,
  from: wire.from,
  way: wire.way,
  files: wire.files,
  fresh: wire.fresh,
});

const wordsOf = ({ text, note, subject, cc, bcc, from, files }: Draft): string =>
  JSON.stringify([text, note, subject, cc, bcc, from, files.map(({ sha256 }) => sha256)]);
const same = (a: Draft, b: Draft): boolean => wordsOf(a) === wordsOf(b);

/** Nothing of it is lost when only the other is kept. */
const isWithin = (part: Draft, whole: Draft): boolean =>
  part.rich === whole.rich &&
  whole.text.includes(part.text) &&
  whole.note.includes(part.note) &&
  part.files.every(({ upload }) => whole.files.some((file) => file.upload === upload));
const lines = (...parts: readonly string[]): string => parts.filter(Boolean).join('\n\n');

/** Both, as words are put back that were not sent after all (restoreDraft). */
function joinedOf(first: Draft | null, second: Draft): Draft {
  if (!first || isWithin(first, second)) return second;
  if (isWithin(second, first)) return first;
  const rich = first.rich || second.rich;
  return {
    ...second,
    text: rich ? lines(markdownOf(first), markdownOf(second)) : lines(first.text, second.text),
    rich,
    plain: rich ? lines(plainOf(first), plainOf(second)) : '',
    note: lines(first.note, second.note),
    files: [...first.files, ...second.files.filter(({ upload }) => first.files.every((file) => file.upload !== upload))],
  };
}

function show(customerId: string, draft: Draft): void {
  taking = true;
  takeDraft(customerId, draft);
  taking = false;
}

/** What the server has is another one than was read here last. */
function receive(customerId: string, { version, draft }: DraftKept): void {
  const sync = syncedOf(customerId);
  const { version: seen, changedAt, other } = sync.get();
  if (version === seen) return;
  const theirs = draft ? draftFrom(draft) : EMPTY;
  const ours = draftOf(customerId).get();
  if (changedAt === null || !isBegun(ours) || same(ours, theirs)) {
    sync.patch({ version, changedAt: null });
    return show(customerId, theirs);
  }
  sync.patch({ version, ...(isBegun(theirs) ? { other: joinedOf(other, theirs) } : {}) });
  later(customerId, 0);
}

const spoken = (words: string): string => words.replace(/\s+/g, ' ').trim();

/** One of the newest entries is what was begun here: it was sent, or noted, from another browser. */
async function wasSent(customerId: string, ours: Draft): Promise<boolean> {
  const { entries } = await call('timeline.page', { customer_id: customerId });
  const begun = [plainOf(ours), ours.text, ours.note].map(spoken).filter(Boolean);
  return entries.some(({ author_id, text }) => author_id === me()?.id && text !== null && begun.includes(spoken(text)));
}

/** The server has none, and nobody has said why: it was sent, or the server's database was put back to an earlier day. */
async function missing(customerId: string): Promise<void> {
  const sync = syncedOf(customerId);
  const ours = draftOf(customerId).get();
  const before = sync.get();
  let gone = !isBegun(ours);
  try {
    gone ||= await wasSent(customerId, ours);
  } catch (error) {
    if (!(error instanceof CallError) || isPassing(error)) return; // asked again when the connection is back
    gone = error.kind === 'not_found'; // the person is, too
  }
  if (sync.get() !== before || draftOf(customerId).get() !== ours) return;
  sync.patch({ version: 0 });
  if (gone) show(customerId, EMPTY);
  else changed(customerId);
}

/** The server keeps its files as long as the draft. */
function renew(customerId: string, files: readonly Upload[]): void {
  const byHandle = new Map(files.map((file) => [file.upload, file]));
  taking = true;
  draftOf(customerId).set((now) =>
    now.files.some(({ upload, expires_at }) => (byHandle.get(upload)?.expires_at ?? expires_at) !== expires_at)
      ? { ...now, files: now.files.map((file) => byHandle.get(file.upload) ?? file) }
      : now,
  );
  taking = false;
}

const later = (customerId: string, ms: number): void => {
  if (timers.has(customerId) && ms > 0) return;
  clearTimeout(timers.get(customerId));
  timers.set(
    customerId,
    setTimeout(() => {
      timers.delete(customerId);
      void save(customerId);
    }, ms),
  );
};

/** One call at a time; what is refused stays here, as without a server. */
async function save(customerId: string): Promise<void> {
  const sync = syncedOf(customerId);
  const { version, changedAt } = sync.get();
  if (changedAt === null || busy.has(customerId) || connection.get().phase !== 'live') return;
  const ours = draftOf(customerId).get();
  busy.add(customerId);
  let refused = false;
  try {
    const kept = await call('draft.save', { customer_id: customerId, version, draft: isBegun(ours) ? wireOf(ours) : null });
    if (kept.saved) {
      sync.patch({ version: kept.version, changedAt: sync.get().changedAt === changedAt ? null : sync.get().changedAt });
      renew(customerId, kept.draft?.files ?? []);
    } else receive(customerId, kept);
  } catch (error) {
    refused = error instanceof CallError && !isPassing(error); // not asked again before it has changed
    if (!refused) later(customerId, AGAIN_MS);
  } finally {
    busy.delete(customerId);
  }
  const { changedAt: now } = sync.get();
  if (now !== null && !(refused && now === changedAt)) later(customerId, SAVE_MS);
}

/** `told`: the server has said just now that something else is there, or nothing. */
async function read(customerId: string, told: boolean): Promise<void> {
  // Who opens the page at a person has them read before all is caught up.
  if (!ANSWERED.has(connection.get().phase) || busy.has(customerId)) return;
  try {
    const kept = await call('draft.get', { customer_id: customerId });
    const { version, changedAt } = syncedOf(customerId).get();
    if (kept.version === 0 && version > 0 && changedAt === null && !told) await missing(customerId);
    else receive(customerId, kept);
  } catch {
    // It is read again when it is opened again.
  }
  if (syncedOf(customerId).get().changedAt !== null) later(customerId, 0);
}

/** Which there are. */
async function readAll(): Promise<void> {
  const { drafts } = await call('draft.list', {});
  const there = new Set(drafts.map(({ customer_id }) => customer_id));
  for (const { customer_id, beginning, version } of drafts) {
    const { changedAt, version: seen } = syncedOf(customer_id).get();
    if (changedAt === null && version !== seen) markDraft(customer_id, beginning ?? '…');
  }
  for (const id of knownDrafts()) {
    const { changedAt, version } = syncedOf(id).get();
    if (changedAt !== null) later(id, 0);
    else if (version > 0 && !there.has(id) && drafts.some((one) => one.version === version)) {
      // Their person was merged into another, and it is to that one now.
      syncedOf(id).patch({ version: 0 });
      show(id, EMPTY);
    } else if (version > 0 && !there.has(id) && drafts.length < DRAFTS_LISTED_MAX) void missing(id);
    else if (version === 0 && !there.has(id) && isBegun(draftOf(id).get())) changed(id);
  }
}

function changed(customerId: string): void {
  if (taking) return;
  syncedOf(customerId).patch({ changedAt: Date.now() });
  later(customerId, isBegun(draftOf(customerId).get()) ? SAVE_MS : 0);
}

/** Shows the other one; that which was shown is offered then. */
export function swapDraft(customerId: string): void {
  const { other } = syncedOf(customerId).get();
  if (!other) return;
  const ours = draftOf(customerId).get();
  syncedOf(customerId).patch({ other: isBegun(ours) ? ours : null });
  takeDraft(customerId, other);
}

export const dropOther = (customerId: string): void => syncedOf(customerId).patch({ other: null });

export function startSynced(): void {
  draftChanged.on(changed);
  personRead.on(({ id, draftVersion }) => {
    if (draftVersion !== syncedOf(id).get().version) void read(id, false);
  });
  client.on('draft', ({ customer_id, agent_id, version }) => {
    if (agent_id === me()?.id && version !== syncedOf(customer_id).get().version) void read(customer_id, true);
  });
  client.onOpen(async () => {
    if (session.get().phase === 'in') await readAll();
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') for (const id of timers.keys()) later(id, 0);
  });
}
