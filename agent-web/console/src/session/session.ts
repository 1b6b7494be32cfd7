// Who works here: found out at the start, changed by logging in and out.
import { CallError, httpCall, type Agent, type Me } from '@throughline/protocol';
import { languageWasChosen } from '../app/preferences.ts';
import { client } from '../connection/client.ts';
import { LANGUAGES, setLanguage } from '../i18n/index.ts';
import { keep, keepFor, keptRead } from '../lib/lastRead.ts';
import { readStored, writeStored } from '../lib/storage.ts';
import { Store } from '../lib/store.ts';
import { setDeskZone } from '../lib/zone.ts';

/** unknown: not asked yet; unreachable: asked in vain; ended: was logged in on this page. `asOf`: as it was then, since the server cannot be asked. */
export type Session = { phase: 'unknown' | 'unreachable' | 'out' | 'ended' } | { phase: 'in'; agent: Agent; version: string; asOf: number | null };

export const session = new Store<Session>({ phase: 'unknown' });

/** So long the server is waited for before what was last known is shown. */
const PATIENCE_MS = 3000;

export const me = (): Agent | null => {
  const now = session.get();
  return now.phase === 'in' ? now.agent : null;
};

/** Tells from the connection when the session ends. */
export function startSession(): void {
  client.onState(({ phase }) => {
    if (session.get().phase !== 'in') return;
    if (phase === 'logged_out') session.set({ phase: 'ended' });
    if (phase === 'away') void stillLoggedIn();
  });
  client.onOpen(confirm);
}

/** Whether this page has had a connection before. */
let opened = false;

/** Who was shown from memory, and who was cut off: meanwhile another may have logged in beside this page. Nothing goes out before (onOpen). */
async function confirm(): Promise<void> {
  const now = session.get();
  const again = opened;
  opened = true;
  if (now.phase !== 'in' || (now.asOf === null && !again)) return;
  const { agent, version } = await client.call('session.me', {});
  if (agent?.id !== now.agent.id) {
    location.reload();
    return new Promise(() => undefined);
  }
  if (now.asOf !== null) session.set({ phase: 'in', agent, version: version ?? '', asOf: null });
}

/** A refused upgrade looks like a lost network to a browser, so ask in the way that tells them apart. */
async function stillLoggedIn(): Promise<void> {
  const error = await httpCall('session.me', {}).catch((reason: unknown) => reason);
  if (!(error instanceof CallError) || error.kind !== 'unauthenticated' || session.get().phase !== 'in') return;
  client.close();
  session.set({ phase: 'ended' });
}

/** Whose data this page holds. */
let seen: string | null = null;

async function enter(answer: Me, asOf: number | null = null): Promise<void> {
  const { agent, version, time_zone: zone } = answer;
  if (!agent) return session.set({ phase: 'out' });
  if (seen !== null && seen !== agent.id) return location.reload();
  seen = agent.id;
  await keepFor(agent.id);
  if (asOf === null) keep('me', answer);
  const language = LANGUAGES.find((known) => known === agent.language);
  if (language && !languageWasChosen()) await setLanguage(language);
  setDeskZone(zone);
  session.set({ phase: 'in', agent, version: version ?? '', asOf });
  client.connect();
}

/** Somebody has logged out and the server has not heard of it: it was away. */
const LEFT = 'left';
const LEAVE_AGAIN_MS = 5000;

/** Until the server has heard it, or somebody logs in; the next page goes on with it. */
async function leave(): Promise<void> {
  const error = await httpCall('session.logout', {}).catch((reason: unknown) => reason);
  if (!(error instanceof Error) || (error instanceof CallError && error.kind === 'unauthenticated')) return writeStored(LEFT, null);
  setTimeout(() => {
    if (readStored(LEFT) !== null) void leave();
  }, LEAVE_AGAIN_MS);
}

export async function resume(): Promise<void> {
  if (readStored(LEFT) !== null) {
    await leave();
    return session.set({ phase: 'out' });
  }
  const kept = await keptRead<Me>('me');
  try {
    await enter(await httpCall('session.me', {}, kept ? { timeoutMs: PATIENCE_MS } : {}));
  } catch (error) {
    if (error instanceof CallError && error.kind === 'unauthenticated') session.set({ phase: 'out' });
    else if (kept) await enter(kept.value, kept.at);
    else session.set({ phase: 'unreachable' });
  }
}

export async function logIn(email: string, password: string): Promise<void> {
  await httpCall('session.login', { email, password });
  writeStored(LEFT, null);
  await resume(); // at which the server remembers this browser
}

export async function logOut(): Promise<void> {
  client.close();
  writeStored(LEFT, '1');
  await leave();
  session.set({ phase: 'out' });
}

export function agentChanged(agent: Agent): void {
  const now = session.get();
  if (now.phase === 'in' && now.agent.id === agent.id) session.set({ ...now, agent });
}
