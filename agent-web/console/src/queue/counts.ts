// How many are in each view: counted by the server, kept true by what is pushed, and counted anew only now and then.
import type { Conversation, ConversationCounts } from '@throughline/protocol';
import { isIn } from './rows.ts';

/** The server counts no further: so many or more. */
const MOST = 1000;
const COUNTED = ['mine', 'unassigned', 'open', 'snoozed'] as const;

/** With what a conversation was and is; `null`: it was not there before. */
export function countsAfter(counts: ConversationCounts, before: Conversation | null, row: Conversation, me: string | null): ConversationCounts {
  const next = { ...counts };
  for (const view of COUNTED) {
    const change = Number(isIn(view, row, me)) - Number(before !== null && isIn(view, before, me));
    const count = counts[view];
    if (count !== null && count < MOST) next[view] = Math.max(0, count + change);
  }
  return next;
}

/** It is new with its first version; of another that was never seen here nobody knows what it was. */
export const beforeOf = (row: Conversation, seen: Conversation | null): Conversation | null | undefined => seen ?? (row.version === 1 ? null : undefined);

/** The server counts to 1000: so many or more. */
export const shownCount = (n: number, most = MOST - 1): string => (n > most ? `${most}+` : String(n));
