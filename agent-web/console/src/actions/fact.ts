// One fact of a conversation - who has it, where it stands - is changed by itself: as long as it is as it was seen, and
// whatever else has changed since. So two agents, or an agent and a writing customer, are not in each other's way.
import { CallError, type Conversation } from '@throughline/protocol';

/** So often a conversation may move on between reading and writing. */
const TRIES = 5;

export interface Fact<W> {
  /** What `put` takes to make it so. */
  read: (row: Conversation) => W;
  /** Tells it from the same fact made again by somebody else; default: what is read. */
  mark?: (row: Conversation) => unknown;
  /** By the version that is given: when that has changed, nothing is done (conflict). */
  put: (from: Conversation, wanted: W) => Promise<Conversation>;
}

export interface Change {
  before: Conversation;
  /** The same as before when it was so already. */
  after: Conversation;
}

/** Somebody has changed this fact since it was seen. Nothing was done. */
export class ChangedSince extends Error {
  readonly now: Conversation;
  constructor(now: Conversation) {
    super('changed since');
    this.now = now;
  }
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
const isStale = (error: unknown): boolean => error instanceof CallError && error.kind === 'conflict' && error.field === 'version';

/** `get` reads it as it is now. */
export async function changeFact<W>(fact: Fact<W>, seen: Conversation, wanted: W, get: (id: string) => Promise<Conversation>): Promise<Change> {
  const mark = fact.mark ?? fact.read;
  let before = seen;
  for (let tries = 1; ; tries++) {
    try {
      return { before, after: await fact.put(before, wanted) };
    } catch (error) {
      if (!isStale(error) || tries === TRIES) throw error;
    }
    const now = await get(seen.id);
    // By a colleague, or by this very call, whose answer was lost.
    if (same(fact.read(now), wanted)) return { before: now, after: now };
    if (!same(mark(now), mark(seen))) throw new ChangedSince(now);
    before = now;
  }
}

export const hasChanged = ({ before, after }: Change): boolean => before !== after;
