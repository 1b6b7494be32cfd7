// Answers that go at a time that somebody has chosen: the times that are offered, and what can be done until then.
import type { Entry } from '@throughline/protocol';
import { snoozeChoices, type SnoozeChoice } from '../actions/conversation.ts';
import { call } from '../connection/client.ts';
import { t } from '../i18n/index.ts';
import { askPlan } from '../palette/palette.ts';
import { text } from '../timeline/payload.ts';
import { personStore, takeEntry } from '../timeline/person.ts';
import { restoreDraft } from './drafts.ts';
import { draftOfSent } from './mail.ts';

export interface PlanChoice extends SnoozeChoice {
  until: Date;
}

/** The mornings of the snooze. */
export const planChoices = (now = new Date()): PlanChoice[] =>
  snoozeChoices(now).flatMap(({ id, until }) =>
    (id === 'tomorrow' || id === 'monday') && until ? [{ id, name: t(id === 'tomorrow' ? 'plan.tomorrow' : 'plan.monday'), until }] : [],
  );

/** Null: now. */
export async function plan(customerId: string, id: string, at: Date | null): Promise<void> {
  takeEntry(customerId, await call('message.plan', { id, ...(at ? { send_at: at.toISOString() } : {}) }));
}

/** Lets the agent choose another time. */
export const planAgain = (customerId: string, id: string, attempt: (work: () => Promise<void>) => void): void =>
  askPlan((at) => attempt(() => plan(customerId, id, at)));

/** Which mail of those that are loaded it answers. */
function answeredBy(customerId: string, entry: Entry): string | null {
  const id = text(entry, 'in_reply_to');
  return id === null
    ? null
    : (personStore(customerId)
        .get()
        .entries.find((one) => text(one, 'message_id') === id || one.external_id === id)?.id ?? null);
}

/** Takes it back: its words and files go into the box. The files first, so that none is lost. */
export async function takeBackPlanned(customerId: string, id: string): Promise<void> {
  const { files } = await call('entry.files', { id });
  const entry = await call('message.cancel', { id });
  takeEntry(customerId, entry);
  restoreDraft(customerId, draftOfSent(entry, { files, answers: answeredBy(customerId, entry) }));
}
