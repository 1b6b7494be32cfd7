// To whom something was begun and not sent, in this browser.
import { Store } from '../lib/store.ts';

/** By person: how it begins. */
export const drafted = new Store<ReadonlyMap<string, string>>(new Map());

/** '': nothing is there any more. */
export function markDraft(customerId: string, words: string): void {
  if ((drafted.get().get(customerId) ?? '') === words) return;
  drafted.set((all) => {
    const next = new Map(all);
    if (words === '') next.delete(customerId);
    else next.set(customerId, words);
    return next;
  });
}
