// The address of a person whose identities went elsewhere leads there.
import { route, inboxRoute, hrefOf } from '../app/route.ts';
import { draftOf } from '../composer/drafts.ts';
import { Store } from '../lib/store.ts';
import { personStore, watchedId } from './person.ts';

export const ledHere = new Store<{ toId: string; name: string | null } | null>(null);

/** Called when the person on the screen has changed. With several to choose from the pane asks. */
export function followMoved(): void {
  const now = route.get();
  const id = watchedId();
  const customer = personStore(id).get().customer;
  const target = customer?.moved_to.length === 1 ? customer.moved_to[0] : undefined;
  if (now.page !== 'inbox' || !customer || !target || now.customerId !== customer.id || customer.identities.length > 0) return;
  ledHere.set({ toId: target.id, name: customer.name });
  const draft = draftOf(customer.id).get();
  const there = draftOf(target.id).get();
  // What was being written goes along with the person.
  if (there.text === '' && there.note === '' && (draft.text !== '' || draft.note !== '')) {
    draftOf(target.id).set(draft);
    draftOf(customer.id).patch({ text: '', note: '', files: [] });
  }
  // Going back must not lead here again.
  const href = now.entryId ? hrefOf({ ...now, customerId: target.id }) : hrefOf(inboxRoute({ customerId: target.id, conversationId: now.conversationId }));
  location.replace(href);
}
