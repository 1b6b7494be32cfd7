// Tells colleagues, and a visitor in the chat, that somebody is writing an answer.
import { call } from '../connection/client.ts';

const REPEAT_MS = 4000;
let said: { customerId: string; at: number } | null = null;

export function typing(customerId: string): void {
  if (said?.customerId === customerId && Date.now() - said.at < REPEAT_MS) return;
  said = { customerId, at: Date.now() };
  call('timeline.presence', { customer_id: customerId, typing: true }).catch(() => undefined);
}

export function stopTyping(customerId: string): void {
  if (said?.customerId !== customerId) return;
  said = null;
  call('timeline.presence', { customer_id: customerId, typing: false }).catch(() => undefined);
}
