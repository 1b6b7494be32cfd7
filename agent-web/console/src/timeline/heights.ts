// How high a row will be, by its kind and its words, before it is drawn: the better the guess, the less the scroll has to be set right.
// Measured at 14 px text in Chromium (console-scroll.test.ts measures it again); in pixels of a browser whose text is 16.
import type { Entry } from '@throughline/protocol';
import { orderFacts } from './payload.ts';
import type { Row } from './rows.ts';

const LINE = 21;
const LATIN = 7.5;
/** A character of Chinese, Japanese or Korean is as wide as it is high. */
const WIDE = 14.6;
const WIDE_MARKS = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]/g;
/** A longer text is folded (FoldedText.tsx). */
const FOLDED = 1800;
/** Beside a text: the rail, the padding of its bubble, its tools. */
const BESIDE = 100;
const BUBBLE_MAX = 648;
const MAIL_MAX = 720;
const ITEMS = 5;

function linesOf(text: string, width: number): number {
  let lines = 0;
  for (const part of text.trimEnd().slice(0, FOLDED).split('\n')) {
    const wide = part.match(WIDE_MARKS)?.length ?? 0;
    lines += Math.max(1, Math.ceil((wide * WIDE + (part.length - wide) * LATIN) / Math.max(80, width)));
  }
  return lines + (text.length > FOLDED + 200 ? 2 : 0);
}

function messageHeight(entry: Entry, joined: boolean, column: number): number {
  const mail = entry.medium === 'email';
  const width = Math.min(column - BESIDE, (mail ? MAIL_MAX : BUBBLE_MAX) - BESIDE + 16);
  const base = (joined ? 26 : 56) + (mail ? 29 : 0) + (entry.direction === 'out' ? 22 : 0);
  return base + LINE * linesOf(entry.text ?? '', width) + 52 * (entry.attachments?.length ?? 0);
}

function entryHeight(entry: Entry, joined: boolean, column: number): number {
  if (entry.closed || entry.erased_at) return 44;
  if (entry.kind === 'call') return 66;
  if (entry.kind === 'note') return 62 + LINE * linesOf(entry.text ?? '', column - BESIDE);
  if (entry.kind === 'order') return 118 + 21.5 * Math.min(ITEMS, Math.max(1, orderFacts(entry)?.items?.length ?? 1));
  return messageHeight(entry, joined, column);
}

/** `column`: how wide the timeline is. */
export function guessHeight(row: Row | undefined, column = 532): number {
  if (!row) return 60;
  if (row.type === 'day') return 44;
  if (row.type === 'start') return 56;
  if (row.type === 'quiet') return row.entries.length > 3 ? 41 : 25 * row.entries.length + 16;
  if (row.type === 'pending') return 49 + LINE * linesOf(row.pending.text, column - BESIDE);
  return entryHeight(row.entry, row.joined, column);
}
