// Making two persons one, and taking that back.
import type { Operation } from '@throughline/protocol';
import { customerOf, goPerson, route } from '../app/route.ts';
import { call } from '../connection/client.ts';
import { t } from '../i18n/index.ts';
import { Signal } from '../lib/signal.ts';
import { refreshPerson } from '../timeline/person.ts';
import { toast, toastError } from '../ui/toasts.ts';

const UNDO_SHOWN_MS = 15_000;

/** Who is the same as whom has been decided, or a decision was taken back. */
export const peopleChanged = new Signal();

function changed({ into_id, from_id }: Operation): void {
  refreshPerson(into_id);
  refreshPerson(from_id);
  peopleChanged.emit();
}

/** Throws what the server answers, so that the dialogue can say it. */
export async function merge(intoId: string, fromId: string, reason: string, take: readonly string[]): Promise<void> {
  const operation = await call('customer.merge', {
    client_id: crypto.randomUUID(),
    into_id: intoId,
    from_id: fromId,
    ...(reason ? { reason } : {}),
    ...(take.length > 0 ? { take: [...take] } : {}),
  });
  changed(operation);
  if (customerOf(route.get()) === fromId) goPerson(intoId);
  const name = operation.into_name || t('person.unnamed');
  toast(t('merge.done', { name }), { name: t('ui.undo'), run: () => void unmerge(operation.id) }, 'done', UNDO_SHOWN_MS);
}

export async function unmerge(operationId: string, reason = '', apart = false): Promise<boolean> {
  try {
    const operation = await call('customer.unmerge', { operation_id: operationId, ...(reason ? { reason } : {}), ...(apart ? { apart } : {}) });
    changed(operation);
    toast(t('merge.undone', { name: operation.from_name || t('person.unnamed') }), { name: t('merge.open_person'), run: () => goPerson(operation.from_id) });
    return true;
  } catch (error) {
    toastError(error);
    return false;
  }
}

/** Remembers that two are not the same; no rule joins them any more. */
export async function distinguish(aId: string, bId: string, reason = ''): Promise<boolean> {
  try {
    const distinction = await call('customer.distinguish', { a_id: aId, b_id: bId, ...(reason ? { reason } : {}) });
    refreshPerson(aId);
    refreshPerson(bId);
    peopleChanged.emit();
    toast(t('suggestion.refused'), { name: t('ui.undo'), run: () => void withdraw(distinction.id, [aId, bId]) });
    return true;
  } catch (error) {
    toastError(error);
    return false;
  }
}

export async function withdraw(id: string, people: readonly string[]): Promise<boolean> {
  try {
    await call('customer.withdraw_distinction', { id });
    people.forEach(refreshPerson);
    peopleChanged.emit();
    toast(t('distinction.withdrawn'));
    return true;
  } catch (error) {
    toastError(error);
    return false;
  }
}
