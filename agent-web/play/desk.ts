// What an agent does in a story: calls of the API with the demo shop's token.
import { httpCall, type Methods } from '@throughline/protocol';

export interface Desk {
  url: string;
  token: string;
}

const PATIENCE_MS = 10_000;
const PAUSE_MS = 100;

export function callDesk<M extends keyof Methods>({ url, token }: Desk, method: M, params: Methods[M]['params']): Promise<Methods[M]['result']> {
  return httpCall(method, params, { base: url, headers: { authorization: `Bearer ${token}` } });
}

const NEWEST = 20;

/** Ids that providers make up are not searched for: they are among those who wrote last. */
async function lookUp(desk: Desk, value: string): Promise<string | undefined> {
  const { hits } = await callDesk(desk, 'customer.search', { query: value, limit: 1 });
  if (hits[0]) return hits[0].id;
  const { conversations } = await callDesk(desk, 'conversation.list', { view: 'all', limit: NEWEST });
  for (const id of new Set(conversations.map((row) => row.customer_id))) {
    const { identities } = await callDesk(desk, 'customer.get', { id });
    if (identities.some((identity) => identity.value === value)) return id;
  }
  return undefined;
}

/** Whom an address, number or id belongs to; what has just been sent may take a moment to arrive. */
export async function findPerson(desk: Desk, value: string): Promise<string> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await lookUp(desk, value);
    if (found) return found;
    if (Date.now() > until) throw new Error(`nobody is found by ${value}`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
