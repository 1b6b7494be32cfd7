// An entry that was filed under the wrong person: where it went, or where it came from.
import type { Entry } from '@throughline/protocol';

export interface Moved {
  entry_id: string;
  customer_id: string;
  name: string;
  reason: string;
  /** The agent. */
  by: string | null;
  at: string | null;
  /** It was moved back. */
  undone: boolean;
}

function read(value: unknown): Moved | null {
  if (!value || typeof value !== 'object') return null;
  const { entry_id, customer_id, name, reason, by, at, undone } = value as Record<string, unknown>;
  if (typeof entry_id !== 'string' || typeof customer_id !== 'string') return null;
  const words = (one: unknown) => (typeof one === 'string' ? one : '');
  return { entry_id, customer_id, name: words(name), reason: words(reason), by: words(by) || null, at: words(at) || null, undone: undone === true };
}

export const movedTo = (entry: Entry): Moved | null => read(entry.moved_to);
export const movedFrom = (entry: Entry): Moved | null => read(entry.moved_from);

/** The content stands elsewhere, or here no more. */
export const isGone = (entry: Entry): boolean => movedTo(entry) !== null || (movedFrom(entry)?.undone ?? false);
