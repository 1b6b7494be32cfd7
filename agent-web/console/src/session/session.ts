// Who works here: found out at the start, changed by logging in and out.
import { CallError, httpCall, type Agent, type Me } from '@throughline/protocol';
import { languageWasChosen } from '../app/preferences.ts';
import { client } from '../connection/client.ts';
import { LANGUAGES, setLanguage } from '../i18n/index.ts';
import { Store } from '../lib/store.ts';
import { setDeskZone } from '../lib/zone.ts';

/** unknown: not asked yet; unreachable: asked in vain; ended: was logged in on this page. */
export type Session = { phase: 'unknown' | 'unreachable' | 'out' | 'ended' } | { phase: 'in'; agent: Agent; version: string };

export const session = new Store<Session>({ phase: 'unknown' });

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
}

/** A refused upgrade looks like a lost network to a browser, so ask in the way that tells them apart. */
async function stillLoggedIn(): Promise<void> {
  const error = await httpCall('session.me', {}).catch((reason: unknown) => reason);
  if (!(error instanceof CallError) || error.kind !== 'unauthenticated' || session.get().phase !== 'in') return;
  client.close();
  session.set({ phase: 'ended' });
}

async function enter({ agent, version, time_zone: zone }: Me): Promise<void> {
  if (!agent) return session.set({ phase: 'out' });
  const language = LANGUAGES.find((known) => known === agent.language);
  if (language && !languageWasChosen()) await setLanguage(language);
  setDeskZone(zone);
  session.set({ phase: 'in', agent, version: version ?? '' });
  client.connect();
}

export async function resume(): Promise<void> {
  try {
    await enter(await httpCall('session.me', {}));
  } catch (error) {
    session.set({ phase: error instanceof CallError && error.kind === 'unauthenticated' ? 'out' : 'unreachable' });
  }
}

export async function logIn(email: string, password: string): Promise<void> {
  await httpCall('session.login', { email, password });
  await resume(); // at which the server remembers this browser
}

export async function logOut(): Promise<void> {
  client.close();
  try {
    await httpCall('session.logout', {});
  } finally {
    session.set({ phase: 'out' });
  }
}

export function agentChanged(agent: Agent): void {
  const now = session.get();
  if (now.phase === 'in' && now.agent.id === agent.id) session.set({ ...now, agent });
}
