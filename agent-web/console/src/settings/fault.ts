// What is wrong with a channel: nothing comes in, nothing leaves, or soon so. Administrators alone are told, as they alone can mend it.
import { OUTBOX_STANDS_MS, type Channel } from '@throughline/protocol';
import { t } from '../i18n/index.ts';
import { saidAll } from '../i18n/said.ts';
import { dateTime, millis, waited } from '../lib/format.ts';

type Mailbox = NonNullable<Channel['mailbox']>;

/** It is looked at each minute; this long without is no chance. */
const LATE_MS = 15 * 60_000;

export const isLate = ({ started_at, looked_at, problem, slowed_until }: Mailbox, now: number): boolean =>
  started_at !== null && problem.length === 0 && slowed_until === null && now - (millis(looked_at) ?? millis(started_at) ?? now) > LATE_MS;

const lateWords = ({ looked_at }: Mailbox): string => {
  const looked = millis(looked_at);
  return t('mailbox.late', { at: looked === null ? '–' : dateTime(looked) });
};

/** Of mail that is fetched: why none comes in, or less is done with it than is wanted. */
export function faultsIn({ active, mailbox }: Channel, now: number): string[] {
  if (!mailbox) return [];
  const told = [...mailbox.problem, ...mailbox.after_problem].map((one) => saidAll([one]));
  return active && isLate(mailbox, now) ? [...told, lateWords(mailbox)] : told;
}

export const faultsOut = ({ problem, mailbox }: Channel): string[] => [...problem, ...(mailbox?.sent_problem ?? [])].map((one) => saidAll([one]));

/** How long the oldest of its answers has waited to leave, in ms, when that is too long; else null. */
export function standsFor({ active, unsent_since }: Channel, now: number): number | null {
  const since = millis(unsent_since);
  return active && since !== null && now - since >= OUTBOX_STANDS_MS ? now - since : null;
}

/** What ends by itself, unless somebody does something. */
export function secretWarning({ warnings, settings }: Channel): string | null {
  const at = String(settings?.oauth_secret_ends ?? '');
  if (warnings.includes('secret_ended')) return t('sign_in.secret_ended', { at });
  return warnings.includes('secret_ends') ? t('sign_in.secret_ends', { at }) : null;
}

/** All of a channel that is on. */
export function faultsOf(channel: Channel, now: number): string[] {
  const warning = secretWarning(channel);
  const stands = standsFor(channel, now);
  const standing = stands === null ? [] : [t('channels.stands_text', { span: waited(stands) })];
  return channel.active ? [...faultsIn(channel, now), ...faultsOut(channel), ...standing, ...(warning ? [warning] : [])] : [];
}
