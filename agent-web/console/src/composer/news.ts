import type { Entry } from '@throughline/protocol';

/** The last thing that came from the person. */
export function newestIn(entries: readonly Entry[]): Entry | null {
  for (let i = entries.length - 1; i >= 0; i--) {
    const entry = entries[i];
    if (entry && entry.direction === 'in' && (entry.kind === 'message' || entry.kind === 'call')) return entry;
  }
  return null;
}
