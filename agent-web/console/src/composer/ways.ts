import type { Entry, Way } from '@throughline/protocol';
import type { Draft } from './drafts.ts';

const isWay = (way: Way, { identity_id, channel_id }: { identity_id: string; channel_id: string }) =>
  way.identity_id === identity_id && way.channel_id === channel_id;

/** The chosen one, else the best. */
export function chooseWay(ways: readonly Way[], draft: Draft): Way | null {
  const chosen = draft.way;
  return (
    (chosen && ways.find((way) => way.identity_id !== null && isWay(way, chosen))) ?? ways.find((way) => way.best) ?? ways.find((way) => way.usable) ?? null
  );
}

const encoder = new TextEncoder();

/** As the provider counts. */
export function lengthOf(text: string, unit: string): number {
  if (unit === 'bytes') return encoder.encode(text).length;
  return unit === 'utf16' ? text.length : [...text].length;
}

/** As the server makes it when none is given: of the last mail that came by this way. */
export function replySubject(entries: readonly Entry[], way: Way): string {
  const last = entries.findLast(
    (entry) => entry.kind === 'message' && entry.direction === 'in' && entry.identity_id === way.identity_id && entry.channel_id === way.channel_id,
  );
  const subject = last?.subject ?? '';
  return subject === '' || /^re:/i.test(subject) ? subject : `Re: ${subject}`;
}
