// Drafts on the server: what was begun here is there soon, and what was begun in another browser is here when it is opened. Whoever
// saves names the version that they have seen. Where both have words, the newer ones are shown and the others are offered.
import type { Draft as Wire, DraftKept, Upload } from '@throughline/protocol';
import { call, client, connection } from '../connection/client.ts';
import { Stores } from '../lib/stores.ts';
import { parseStored, writeStored } from '../lib/storage.ts';
import { me, session } from '../session/session.ts';
import { markDraft } from './drafted.ts';
import { agentKey, draftChanged, draftOf, draftOpened, EMPTY, isBegun, knownDrafts, takeDraft, type Draft } from './drafts.ts';

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

function show(customerId: string, draft: Draft): void {
  taking = true;
  takeDraft(customerId, draft);
  taking = false;
}

/** What the server has is another one than was read here last. */
function receive(customerId: string, { version, saved_at, draft }: DraftKept): void {
  const sync = syncedOf(customerId);
  const { version: seen, changedAt } = sync.get();
  if (version === seen) return;
  const theirs = draft ? draftFrom(draft) : EMPTY;
  const ours = draftOf(customerId).get();
  if (changedAt === null || !isBegun(ours) || same(ours, theirs)) {
    sync.patch({ version, changedAt: null });
    return show(customerId, theirs);
  }
  const newer = isBegun(theirs) && Date.parse(saved_at ?? '') > changedAt;
  sync.patch({ version, ...(isBegun(theirs) ? { other: newer ? ours : theirs } : {}), ...(newer ? { changedAt: null } : {}) });
  if (newer) show(customerId, theirs);
  else later(customerId, 0);
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
  try {
    const kept = await call('draft.save', { customer_id: customerId, version, draft: isBegun(ours) ? wireOf(ours) : null });
    if (kept.saved) {
      sync.patch({ version: kept.version, changedAt: sync.get().changedAt === changedAt ? null : sync.get().changedAt });
      renew(customerId, kept.draft?.files ?? []);
    } else receive(customerId, kept);
  } catch {
    later(customerId, AGAIN_MS);
  } finally {
    busy.delete(customerId);
  }
  if (sync.get().changedAt !== null) later(customerId, SAVE_MS);
}

async function read(customerId: string): Promise<void> {
  if (connection.get().phase !== 'live' || busy.has(customerId)) return;
  try {
    receive(customerId, await call('draft.get', { customer_id: customerId }));
  } catch {
    // It is read again when it is opened again.
  }
  if (syncedOf(customerId).get().changedAt !== null) later(customerId, 0);
}

/** Which there are; what was sent elsewhere meanwhile is gone here too. */
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
    else if (version > 0 && !there.has(id) && drafts.length < 200) {
      syncedOf(id).patch({ version: 0 });
      show(id, EMPTY);
    } else if (version === 0 && !there.has(id) && isBegun(draftOf(id).get())) changed(id);
  }
  for (const id of opened) void read(id);
}

const opened = new Set<string>();

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
  draftOpened.on((id) => {
    opened.clear();
    opened.add(id);
    void read(id);
  });
  client.on('draft', ({ customer_id, agent_id, version }) => {
    if (agent_id === me()?.id && version !== syncedOf(customer_id).get().version) void read(customer_id);
  });
  client.onOpen(async () => {
    if (session.get().phase === 'in') await readAll();
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') for (const id of timers.keys()) later(id, 0);
  });
}
