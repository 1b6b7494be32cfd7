// What was last read from the server, kept in the browser (IndexedDB) for a reload while the server is away. Of one agent only, for a day
// at most, and gone with the log-out: docs/PRIVACY.md says what lies here and when it goes.
import { clear, createStore, del, entries, get, set, type UseStore } from 'idb-keyval';

const DAY_MS = 24 * 60 * 60 * 1000;
const SOON_MS = 1000;
/** So many of one kind, the newest. */
const MOST = 12;

interface Read {
  /** Date.now() when it was read. */
  at: number;
  value: unknown;
  /** Of the console that has read it: another one may have other ideas of what it looks like. */
  build: string;
}

/** The name of the first script has the hash of all that it loads. */
const build = (): string => document.querySelector<HTMLScriptElement>('script[type=module]')?.src ?? '';

let store: UseStore | null = null;
const open = (): UseStore => (store ??= createStore('throughline', 'reads'));

/** Whose reads are kept; null: nobody's. */
let keeper: string | null = null;
const soon = new Map<string, ReturnType<typeof setTimeout>>();
/** One after the other, so that nothing is written behind what erases it. */
let turn: Promise<unknown> | null = null;

/** Where the browser keeps nothing (private windows, a full disk), there is nothing to show later. */
function inTurn<T>(work: () => Promise<T>): Promise<T | null> {
  const done = (turn ?? Promise.resolve()).then(work).catch(() => null);
  turn = done;
  return done;
}

const kindOf = (key: string): string => key.split('.')[0] ?? '';

async function prune(kind: string): Promise<void> {
  const old = Date.now() - DAY_MS;
  const all = (await entries<string, Read>(open())).filter(([key]) => kindOf(key) === kind).sort(([, a], [, b]) => b.at - a.at);
  for (const [index, [key, { at }]] of all.entries()) if (index >= MOST || at < old) await del(key, open());
}

/** What was kept for another agent goes first. */
export async function keepFor(agentId: string): Promise<void> {
  if (keeper === agentId) return;
  const owner = await keptRead<string>('owner');
  if (owner?.value !== agentId) await forgetReads();
  keeper = agentId;
  keep('owner', agentId);
}

export function keep(key: string, value: unknown): void {
  if (keeper === null) return;
  void inTurn(async () => {
    if (keeper === null) return;
    await set(key, { at: Date.now(), value, build: build() } satisfies Read, open());
    await prune(kindOf(key));
  });
}

/** However often it changes, it is written once. */
export function keepSoon(key: string, value: () => unknown): void {
  if (keeper === null || soon.has(key)) return;
  const timer = setTimeout(() => {
    soon.delete(key);
    const now = value();
    if (now !== null) keep(key, now);
  }, SOON_MS);
  soon.set(key, timer);
}

/** null: nothing, or it is from another day or another build. */
export async function keptRead<T>(key: string): Promise<{ at: number; value: T } | null> {
  const found = await inTurn(() => get<Read & { value: T }>(key, open()));
  return found && found.at > Date.now() - DAY_MS && found.build === build() ? found : null;
}

export function forgetRead(key: string): void {
  clearTimeout(soon.get(key));
  soon.delete(key);
  void inTurn(() => del(key, open()));
}

/** Those whose key begins so, but for one. */
export function forgetReadsOf(kind: string, but: string | null): void {
  void inTurn(async () => {
    for (const [key] of await entries<string, Read>(open())) if (kindOf(key) === kind && key !== but) await del(key, open());
  });
}

/** All; and nothing is kept until somebody comes. */
export function forgetReads(): Promise<unknown> {
  keeper = null;
  for (const timer of soon.values()) clearTimeout(timer);
  soon.clear();
  return inTurn(() => clear(open()));
}
