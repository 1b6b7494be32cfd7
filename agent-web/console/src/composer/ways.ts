import { CHAT_JUST_THERE_MS, type Way } from '@throughline/protocol';
import { millis } from '../lib/format.ts';
import type { Draft } from './drafts.ts';

const isWay = (way: Way, { identity_id, channel_id }: { identity_id: string; channel_id: string }) =>
  way.identity_id === identity_id && way.channel_id === channel_id;

export interface Moment {
  /** The visitor has the chat's page before them. */
  here: boolean;
  now: number;
}

const lastHere = (way: Way): number => millis(way.last_here_at) ?? 0;
export const isThere = (way: Way, { here, now }: Moment): boolean => way.medium === 'chat' && (here || now - lastHere(way) < CHAT_JUST_THERE_MS);

/** Where it will be seen: as the server has it, but for a chat, of which the screen knows since when nobody is there any more, and that
 * somebody is there without a word. */
export function bestWay(ways: readonly Way[], moment: Moment): Way | null {
  const usable = ways.filter((way) => way.usable);
  const chat = usable.find((way) => way.medium === 'chat' && !way.unproven);
  const best = usable.find((way) => way.best) ?? usable[0] ?? null;
  if (!chat) return best;
  if (isThere(chat, moment)) return usable.every((way) => lastHere(way) <= lastHere(chat)) ? chat : best;
  return best === chat ? (usable.find((way) => way.medium !== 'chat' && !way.unproven) ?? chat) : best;
}

/** The chosen one, else the best. */
export function chooseWay(ways: readonly Way[], draft: Draft, moment: Moment = { here: false, now: Date.now() }): Way | null {
  const chosen = draft.way;
  return (chosen && ways.find((way) => way.identity_id !== null && isWay(way, chosen))) ?? bestWay(ways, moment);
}

const encoder = new TextEncoder();

/** As the provider counts. */
export function lengthOf(text: string, unit: string): number {
  if (unit === 'bytes') return encoder.encode(text).length;
  return unit === 'utf16' ? text.length : [...text].length;
}

/** What is typed, as the way shows it: one that shows no marks has the plain words of a formatted answer. */
export function wordsBy(draft: Draft, way: Way | null): { words: string; rich: boolean } {
  if (draft.mode === 'note') return { words: draft.note, rich: false };
  if (draft.rich && way?.rich === 'none') return { words: draft.plain, rich: false };
  return { words: draft.text, rich: draft.rich };
}
