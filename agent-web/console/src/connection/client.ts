// The one connection of this page.
import { Client, type ConnectionState, type Methods } from '@throughline/protocol';
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

export const call = <M extends keyof Methods>(method: M, params: Methods[M]['params']): Promise<Methods[M]['result']> => client.call(method, params);

export function startConnection(): void {
  client.onState(connection.set);
  window.addEventListener('online', () => client.wake());
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && client.wake());
}
