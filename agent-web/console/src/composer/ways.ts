import type { Way } from '@throughline/protocol';
import type { Draft } from './drafts.ts';

const isWay = (way: Way, { identity_id, channel_id }: { identity_id: string; channel_id: string }) =>
  way.identity_id === identity_id && way.channel_id === channel_id;

/** The chosen one, else the best. */
export function chooseWay(ways: readonly Way[], draft: Draft): Way | null {
  const chosen = draft.way;
  return (chosen && ways.find((way) => isWay(way, chosen))) ?? ways.find((way) => way.best) ?? ways.find((way) => way.usable) ?? null;
}

const encoder = new TextEncoder();

/** As the provider counts. */
export function lengthOf(text: string, unit: string): number {
  if (unit === 'bytes') return encoder.encode(text).length;
  return unit === 'utf16' ? text.length : [...text].length;
}
