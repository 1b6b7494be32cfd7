// Everything an agent can do is one object: button, menu, palette and shortcut are the same thing.
import type { Agent, Conversation } from '@throughline/protocol';
import type { LucideIcon } from 'lucide-react';
import { customerOf, route, type Route } from '../app/route.ts';
import type { Key } from '../i18n/index.ts';
import { useStore } from '../lib/store.ts';
import { chosenOf, conversationsOf } from '../queue/conversations.ts';
import { me, session } from '../session/session.ts';
import { personStore, usePerson } from '../timeline/person.ts';

export interface ActionContext {
  agent: Agent | null;
  page: Route['page'];
  customerId: string | null;
  conversation: Conversation | null;
  /** A visitor of a chat has written in it, as far as it is on the screen. */
  chatted: boolean;
}

export interface Action {
  id: string;
  name: Key;
  icon: LucideIcon;
  group: Key;
  /** As in "mod+k", "j", "?". The first is the one that is shown. */
  keys?: readonly string[];
  when: (context: ActionContext) => boolean;
  run: (context: ActionContext) => void;
  /** In place of it while the key is held down. */
  held?: (context: ActionContext) => void;
}

export const always = (): boolean => true;
export const withPerson = ({ customerId }: ActionContext): boolean => customerId !== null;
/** Supervisors and administrators. */
export const oversees = (agent: Agent | null): boolean => agent?.role === 'supervisor' || agent?.role === 'admin';

export function contextNow(): ActionContext {
  const now = route.get();
  const customerId = customerOf(now);
  const conversationId = now.page === 'inbox' ? now.conversationId : null;
  const conversation = chosenOf(conversationsOf(customerId).get(), conversationId);
  return { agent: me(), page: now.page, customerId, conversation, chatted: conversation !== null && hasChatted(conversation) };
}

/** As if it were on the screen: for a row of the list. */
export const contextOf = (conversation: Conversation): ActionContext => ({
  agent: me(),
  page: 'inbox',
  customerId: conversation.customer_id,
  conversation,
  chatted: conversation.last_medium === 'chat',
});

/** Also when the answer went by mail: then mail is what was last. */
const hasChatted = ({ id, customer_id, last_medium }: Conversation): boolean =>
  last_medium === 'chat' ||
  personStore(customer_id)
    .get()
    .entries.some((entry) => entry.conversation_id === id && entry.medium === 'chat' && entry.direction === 'in');

/** Drawn again whenever something changes that `when` may ask for. */
export function useActionContext(): ActionContext {
  const customerId = customerOf(useStore(route));
  useStore(conversationsOf(customerId));
  useStore(session);
  usePerson(customerId, (person) => person.entries.some((entry) => entry.medium === 'chat'));
  return contextNow();
}
