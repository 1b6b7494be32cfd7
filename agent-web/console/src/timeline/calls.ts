// What is said of a call: of one that a provider tells of, and of one that somebody has written down.
import type { Entry, Identity } from '@throughline/protocol';
import { t, type Key } from '../i18n/index.ts';
import { text } from './payload.ts';

const OUTCOMES: Record<string, Key> = {
  ringing: 'call.ringing',
  in_progress: 'call.in_progress',
  completed: 'call.completed',
  missed: 'call.missed',
  busy: 'call.busy',
  failed: 'call.failed',
  no_answer: 'call.no_answer',
  cancelled: 'call.missed',
};

/** What has come of it; undefined: nothing that has words. Whom we have rung has missed nothing. */
export const outcomeOf = (state: string, direction: Entry['direction'], medium: Entry['medium'] = 'phone'): Key | undefined => {
  if (medium === 'in_person') return state === 'completed' ? 'visit.met' : direction === 'out' ? 'visit.nobody_there' : 'visit.nobody_free';
  return direction === 'out' && OUTCOMES[state] === 'call.missed' ? 'call.no_answer' : OUTCOMES[state];
};

/** What somebody has written of it. A provider's calls have a text that only repeats the state, in English. */
export const wordsOf = ({ channel_id, text }: Pick<Entry, 'channel_id' | 'text'>): string | null => (channel_id === null ? text : null);

/** With whom it was: what the provider says of the other end, or else whose call it is filed under; null: it was written down, by nobody's number. */
export function numberOf(entry: Entry, identities: readonly Pick<Identity, 'id' | 'kind' | 'value'>[]): string | null {
  const filed = identities.find((one) => one.id === entry.identity_id);
  if (filed?.kind === 'external' && filed.value.startsWith('call:')) return t('call.withheld');
  return text(entry, entry.direction === 'out' ? 'to' : 'from') ?? (filed?.kind === 'phone' ? filed.value : null);
}
