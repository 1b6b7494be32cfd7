import { perform } from '../actions/done.ts';
import { call } from '../connection/client.ts';
import { takeEntry } from '../timeline/person.ts';
import { toastError } from '../ui/toasts.ts';
import { restoreDraft } from './drafts.ts';
import { draftOfSent } from './mail.ts';
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
  restoreDraft(customerId, draftOfSent(entry, { files, answers }));
  const undo = await settled;
  if (undo) await perform(undo());
}
