import { FileText, MessageSquarePlus, MessageSquareReply, NotebookPen, StickyNote } from 'lucide-react';
import { CallError, type Conversation, type Customer, type Entry, type IdentityRef } from '@throughline/protocol';
import { uuid } from '@throughline/protocol/browser';
import { openDialog } from '../app/dialogs.ts';
import { goInbox } from '../app/route.ts';
import { draftOf } from '../composer/drafts.ts';
import { forwardMail } from '../composer/quoting.ts';
import { beginTranscript } from '../composer/transcript.ts';
import { call } from '../connection/client.ts';
import type { Key } from '../i18n/index.ts';
import { askPerson } from '../palette/palette.ts';
import { toastError } from '../ui/toasts.ts';
import { withPerson, type Action } from './action.ts';
import { composeFocus } from './signals.ts';

/** A message that answers nothing: a conversation of its own. */
function compose(customerId: string): void {
  draftOf(customerId).patch({ mode: 'reply', fresh: true, subject: null });
  goInbox({ customerId, conversationId: null });
}

/** Whoever has that address or number, or will have it; `name`: of somebody new. */
export async function personOf(identity: IdentityRef, name?: string | null): Promise<Customer> {
  try {
    return await call('customer.create', { client_id: uuid(), identities: [identity], ...(name ? { name } : {}) });
  } catch (error) {
    // Somebody has it already, under another form of it.
    if (!(error instanceof CallError) || error.kind !== 'conflict') throw error;
    return await call('customer.find', { kind: identity.kind, value: identity.value });
  }
}

/** Lets the agent choose to whom. */
function askRecipient(ask: Key, run: (customerId: string) => void | Promise<void>): void {
  const chosen = (id: string | Promise<string>) => Promise.resolve(id).then(run).catch(toastError);
  askPerson({ ask, except: null, run: ({ id }) => void chosen(id), make: (identity) => void chosen(personOf(identity).then(({ id }) => id)) });
}

/** A mail with its files, to be read over and sent to somebody else. */
export const forward = (mail: Entry): void =>
  askRecipient('forward.ask', async (customerId) => {
    await forwardMail(customerId, mail);
    goInbox({ customerId, conversationId: null });
  });

/** A conversation as a mail: to the person themselves, or to whomever the agent chooses. */
const transcribe = (conversation: Conversation): void =>
  askRecipient('transcript.ask', async (customerId) => {
    await beginTranscript(customerId, conversation);
    goInbox({ customerId, conversationId: null });
  });

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
    run: () => askRecipient('compose.ask', compose),
  },
  {
    id: 'transcript',
    name: 'action.transcript',
    icon: FileText,
    group: 'actions.write',
    when: ({ conversation }) => conversation !== null,
    run: ({ conversation }) => conversation && transcribe(conversation),
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
