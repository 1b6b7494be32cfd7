import { perform } from '../actions/done.ts';
import { call } from '../connection/client.ts';
import { people, text } from '../timeline/payload.ts';
import { takeEntry } from '../timeline/person.ts';
import { toastError } from '../ui/toasts.ts';
import { restoreDraft } from './drafts.ts';
import { addressIn } from './mail.ts';
import { undoables, type Undoable } from './sending.ts';

/** Takes an answer back, and what was done with the conversation because it was answered; its words go back into the box. */
export async function cancel({ customerId, entry, files, answers, settled }: Undoable): Promise<void> {
  try {
    takeEntry(customerId, await call('message.cancel', { id: entry.id }));
  } catch (error) {
    toastError(error);
    return;
  }
  undoables.set((all) => all.filter((one) => one.entry.id !== entry.id));
  const written = text(entry, 'markdown');
  restoreDraft(customerId, {
    mode: 'reply',
    text: written ?? entry.text ?? '',
    rich: written !== null,
    plain: entry.text ?? '',
    subject: entry.subject,
    answers,
    cc: people(entry, 'cc'),
    bcc: people(entry, 'bcc'),
    from: addressIn(people(entry, 'from')[0] ?? ''),
    fresh: entry.payload?.['begins'] === true,
    files,
    way: entry.channel_id ? { identity_id: entry.identity_id, channel_id: entry.channel_id } : null,
  });
  const undo = await settled;
  if (undo) await perform(undo());
}
