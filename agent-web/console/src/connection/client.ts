// The one connection of this page.
import { CallError, Client, type ConnectionState, type Methods } from '@throughline/protocol';
import { Store } from '../lib/store.ts';

function socketUrl(): string {
  const url = new URL('ws', document.baseURI);
  url.protocol = url.protocol.replace('http', 'ws');
  url.hash = '';
  url.search = '';
  return url.href;
}

export const client = new Client({ url: socketUrl });
export const connection = new Store<ConnectionState>(client.getState());

/** While the connection is lost it answers at once that it is: no button waits in vain. */
export const call = <M extends keyof Methods>(method: M, params: Methods[M]['params']): Promise<Methods[M]['result']> =>
  client.getState().phase === 'away' ? Promise.reject(new CallError('disconnected', 'The connection is lost.')) : client.call(method, params);

const PASSING: ReadonlySet<string> = new Set(['timeout', 'disconnected', 'closed', 'unavailable', 'busy', 'rate_limited', 'unauthenticated']);

/** The server could not take it now; anything else is a refusal. */
export const isPassing = (error: unknown): boolean => error instanceof CallError && PASSING.has(error.kind);

/** Runs when the connection is back; gives what ends it. */
export function onceLive(run: () => void): () => void {
  const stop = connection.subscribe(() => {
    if (connection.get().phase !== 'live') return;
    stop();
    run();
  });
  return stop;
}

export function startConnection(): void {
  client.onState(connection.set);
  window.addEventListener('online', () => client.wake());
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && client.wake());
}
