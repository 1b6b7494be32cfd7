import type { Entry } from '@throughline/protocol';

/** The last thing that came from the person. */
export function newestIn(entries: readonly Entry[]): Entry | null {
  for (let i = entries.length - 1; i >= 0; i--) {
    const entry = entries[i];
    if (entry && entry.direction === 'in' && (entry.kind === 'message' || entry.kind === 'call')) return entry;
  }
  return null;
}

/** The last thing that whoever answers should know of: what came from the person, or what a colleague has answered. */
export function newestNews(entries: readonly Entry[], me: string | null): Entry | null {
  const answered = (entry: Entry) =>
    entry.direction === 'out' && entry.kind === 'message' && entry.author_kind === 'agent' && entry.author_id !== me && entry.delivery !== 'cancelled';
  const answer = entries.findLast(answered) ?? null;
  const came = newestIn(entries);
  return !came || (answer && entries.indexOf(answer) > entries.indexOf(came)) ? answer : came;
}
