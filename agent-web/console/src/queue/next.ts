// Where an agent goes on who is done with a conversation.
import type { Conversation } from '@throughline/protocol';
import { preferences } from '../app/preferences.ts';
import { goInbox, route } from '../app/route.ts';
import { shownRows } from './queue.ts';

type Place = Pick<Conversation, 'id' | 'customer_id'>;

/** Of the shown list, while it is still in its place there: the one below, else the one above. */
export function nextAfter(row: Place): Place | null {
  const rows = shownRows();
  const place = rows.findIndex(({ id }) => id === row.id);
  const next = place < 0 ? undefined : (rows[place + 1] ?? rows[place - 1]);
  return next ? { id: next.id, customer_id: next.customer_id } : null;
}

/** Leaves it as the agent likes, when it is on the screen. Gives the way back; null: nobody has left. */
export function goOn(row: Conversation, next: Place | null): (() => void) | null {
  const now = route.get();
  const { after } = preferences.get();
  if (after === 'stay' || now.page !== 'inbox' || now.customerId !== row.customer_id) return null;
  const to = after === 'next' ? next : null;
  goInbox({ customerId: to?.customer_id ?? null, conversationId: to?.id ?? null });
  return () => goInbox({ customerId: row.customer_id, conversationId: row.id });
}
