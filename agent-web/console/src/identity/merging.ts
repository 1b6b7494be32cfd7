// Making two persons one, and taking that back.
import type { Operation } from '@throughline/protocol';
import { uuid } from '@throughline/protocol/browser';
import { perform, say, UNDO_LONG_MS, type Done } from '../actions/done.ts';
import { customerOf, goPerson, route } from '../app/route.ts';
import { call } from '../connection/client.ts';
import { t } from '../i18n/index.ts';
import { Signal } from '../lib/signal.ts';
import { refreshPerson } from '../timeline/person.ts';
import { personName } from '../lib/personName.ts';

/** Who is the same as whom has been decided, or a decision was taken back. */
export const peopleChanged = new Signal();

/** Per cent from which one may join two persons without a look at both. */
export const SURE_FROM = 80;

function changed({ into_id, from_id }: Operation): void {
  decided(into_id, from_id);
}

/** Throws what the server answers, so that the dialogue can say it. */
export async function merge(intoId: string, fromId: string, reason: string, take: readonly string[]): Promise<void> {
  const operation = await call('customer.merge', {
    client_id: uuid(),
    into_id: intoId,
    from_id: fromId,
    ...(reason ? { reason } : {}),
    ...(take.length > 0 ? { take: [...take] } : {}),
  });
  changed(operation);
  if (customerOf(route.get()) === fromId) goPerson(intoId);
  const name = personName(operation.into_name);
  say({ words: t('merge.done', { name }), undo: () => takeApart(operation.id), shownMs: UNDO_LONG_MS });
}

/** An operation is undone by its id: whoever has undone it before is told by the server's refusal. */
async function takeApart(operationId: string, reason = '', apart = false): Promise<Done> {
  const operation = await call('customer.unmerge', { operation_id: operationId, ...(reason ? { reason } : {}), ...(apart ? { apart } : {}) });
  changed(operation);
  return {
    words: t('merge.undone', { name: personName(operation.from_name) }),
    more: { name: t('merge.open_person'), run: () => goPerson(operation.from_id) },
  };
}

export const unmerge = (operationId: string, reason = '', apart = false): Promise<boolean> => perform(takeApart(operationId, reason, apart));

function decided(...people: string[]): void {
  people.forEach(refreshPerson);
  peopleChanged.emit();
}

/** Remembers that two are not the same; no rule joins them any more. */
export const distinguish = (aId: string, bId: string, reason = ''): Promise<boolean> =>
  perform(
    call('customer.distinguish', { a_id: aId, b_id: bId, ...(reason ? { reason } : {}) }).then(({ id }) => {
      decided(aId, bId);
      return { words: t('suggestion.refused'), undo: () => takeBack(id, [aId, bId]) };
    }),
  );

async function takeBack(id: string, people: readonly string[]): Promise<Done> {
  await call('customer.withdraw_distinction', { id });
  decided(...people);
  return { words: t('distinction.withdrawn') };
}

export const withdraw = (id: string, people: readonly string[]): Promise<boolean> => perform(takeBack(id, people));
