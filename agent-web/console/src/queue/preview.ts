// The last entry of a conversation in one line: what was written, or what its code says in the agent's language.
import type { Conversation } from '@throughline/protocol';
import type { Key, Translate } from '../i18n/index.ts';
import { saidAll, sayingsIn } from '../i18n/said.ts';
import { duration } from '../lib/format.ts';

type Words = Partial<Record<Conversation['preview_code'], Key>>;

const CALLS: Words = {
  call_ringing: 'queue.call.ringing',
  call_in_progress: 'queue.call.in_progress',
  call_missed: 'queue.call.missed',
  call_busy: 'queue.call.busy',
  call_failed: 'queue.call.failed',
  call_recorded: 'queue.call.recorded',
};
const OUR_CALLS: Words = { ...CALLS, call_missed: 'queue.call.out_missed', call_busy: 'queue.call.out_busy' };

function callOf(row: Conversation, n: number, t: Translate): string {
  if (row.last_medium === 'in_person') return visitOf(row, n, t);
  if (row.preview_code === 'call_completed') return n > 0 ? t('queue.call.completed', { time: duration(n) }) : t('queue.call.completed_untimed');
  if (n > 1) return t('queue.call.missed_many', { n });
  const key = (row.last_direction === 'out' ? OUR_CALLS : CALLS)[row.preview_code];
  return key ? t(key) : '';
}

const visitOf = (row: Conversation, n: number, t: Translate): string =>
  row.preview_code !== 'call_completed'
    ? t('queue.visit.missed')
    : n > 0
      ? t('queue.visit.completed', { time: duration(n) })
      : t('queue.visit.completed_untimed');

/** What is stored may be older than this console: what is no saying stands for itself, and ends no row. */
function saidOf(stored: string): string {
  try {
    const said = sayingsIn(JSON.parse(`[${stored}]`));
    return said ? saidAll(said) : stored;
  } catch {
    return stored;
  }
}

export function previewOf(row: Conversation, t: Translate): string {
  const code = row.preview_code;
  const n = row.preview_n ?? 0;
  if (code.startsWith('call_')) return callOf(row, n, t);
  if (code === 'voicemail') return t('queue.voicemail');
  if (code === 'erased') return t('queue.erased');
  if (code === 'reaction') return t('queue.reaction', { emoji: row.preview ?? '' });
  if (code === 'files') return t('queue.files', { count: n });
  if (code === 'said') return saidOf(row.preview ?? '');
  return row.preview || row.subject || t('queue.no_text');
}
