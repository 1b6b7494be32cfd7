// A mail that somebody has passed on as a whole: whose it was, as far as its text says. Nobody has proven it.
import type { Entry } from '@throughline/protocol';
import { isOurs } from '../composer/mail.ts';

export interface Forwarded {
  name: string | null;
  address: string | null;
  /** As the program wrote it, in its language. */
  date: string | null;
}

export type Author = Forwarded & { address: string };

export function forwardedFrom(entry: Entry): Forwarded | null {
  const value = entry.payload?.forwarded_from;
  if (!value || typeof value !== 'object') return null;
  const { name, address, date } = value as Record<string, unknown>;
  const words = (one: unknown) => (typeof one === 'string' && one !== '' ? one : null);
  const from = { name: words(name), address: words(address), date: words(date) };
  return from.name || from.address ? from : null;
}

/** Who can be the customer: of whom there is an address, and none of ours. People send on to us what we have sent them. */
export function authorOf(entry: Entry): Author | null {
  const from = forwardedFrom(entry);
  return from?.address && !isOurs(from.address) ? { ...from, address: from.address } : null;
}
