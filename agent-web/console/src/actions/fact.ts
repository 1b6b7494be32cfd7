// One fact of a record - who has a conversation, a person's tags - is changed by itself: as long as it is as it was seen, and
// whatever else has changed since. So two agents, or an agent and a writing customer, are not in each other's way.
import { isVersionConflict } from '../lib/conflict.ts';

/** So often a record may move on between reading and writing. */
const TRIES = 5;

/** Every change raises its version. */
interface Versioned {
  id: string;
  version: number | null;
}

export interface Fact<T extends Versioned, W> {
  /** What `put` takes to make it so. */
  read: (row: T) => W;
  /** Tells it from the same fact made again by somebody else; default: what is read. */
  mark?: (row: T) => unknown;
  /** By the version that is given: when that has changed, nothing is done (conflict). */
  put: (from: T, wanted: W) => Promise<T>;
}

export interface Change<T> {
  before: T;
  /** The same as before when it was so already. */
  after: T;
}

/** Somebody has changed this fact since it was seen. Nothing was done. */
export class ChangedSince<T> extends Error {
  readonly now: T;
  constructor(now: T) {
    super('changed since');
    this.now = now;
  }
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** `get` reads it as it is now. */
export async function changeFact<T extends Versioned, W>(fact: Fact<T, W>, seen: T, wanted: W, get: (id: string) => Promise<T>): Promise<Change<T>> {
  const mark = fact.mark ?? fact.read;
  let before = seen;
  for (let tries = 1; ; tries++) {
    try {
      return { before, after: await fact.put(before, wanted) };
    } catch (error) {
      if (!isVersionConflict(error) || tries === TRIES) throw error;
    }
    const now = await get(seen.id);
    // By a colleague, or by this very call, whose answer was lost.
    if (same(fact.read(now), wanted)) return { before: now, after: now };
    if (!same(mark(now), mark(seen))) throw new ChangedSince(now);
    before = now;
  }
}

export const hasChanged = <T>({ before, after }: Change<T>): boolean => before !== after;
