import { MessageSquarePlus, MessageSquareReply, NotebookPen, StickyNote } from 'lucide-react';
import { CallError, type IdentityRef } from '@throughline/protocol';
import { uuid } from '@throughline/protocol/browser';
import { openDialog } from '../app/dialogs.ts';
import { goInbox } from '../app/route.ts';
import { draftOf } from '../composer/drafts.ts';
import { call } from '../connection/client.ts';
import { askPerson } from '../palette/palette.ts';
import { toastError } from '../ui/toasts.ts';
import { withPerson, type Action } from './action.ts';
import { composeFocus } from './signals.ts';

/** A message that answers nothing: a conversation of its own. */
function compose(customerId: string): void {
  draftOf(customerId).patch({ mode: 'reply', fresh: true, subject: null });
  goInbox({ customerId, conversationId: null });
}

async function composeTo(identity: IdentityRef): Promise<void> {
  try {
    compose((await call('customer.create', { client_id: uuid(), identities: [identity] })).id);
  } catch (error) {
    // Somebody has it already, under another form of it.
    if (!(error instanceof CallError) || error.kind !== 'conflict') {
      toastError(error);
      return;
    }
    await call('customer.find', { kind: identity.kind, value: identity.value }).then(
      ({ id }) => compose(id),
      (reason: unknown) => void toastError(reason),
    );
  }
}

export const writeActions: readonly Action[] = [
  {
    id: 'reply',
    name: 'action.reply',
    icon: MessageSquareReply,
    group: 'actions.write',
    keys: ['r'],
    when: withPerson,
    run: () => composeFocus.emit('reply'),
  },
  {
    id: 'compose',
    name: 'action.compose',
    icon: MessageSquarePlus,
    group: 'actions.write',
    keys: ['c'],
    when: ({ page }) => page !== 'duplicates',
    run: () => askPerson({ ask: 'compose.ask', except: null, run: ({ id }) => compose(id), make: (identity) => void composeTo(identity) }),
  },
  {
    id: 'log_contact',
    name: 'action.log_contact',
    icon: NotebookPen,
    group: 'actions.write',
    keys: ['l'],
    when: withPerson,
    run: ({ customerId }) => customerId && openDialog({ type: 'log_contact', customerId }),
  },
  {
    id: 'note',
    name: 'action.note',
    icon: StickyNote,
    group: 'actions.write',
    keys: ['n'],
    when: withPerson,
    run: () => composeFocus.emit('note'),
  },
];
