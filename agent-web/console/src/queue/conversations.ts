// The newest known state of conversations, wherever they are listed; by person, since a person's are read together.
import type { Conversation } from '@throughline/protocol';
import { customerOf, route } from '../app/route.ts';
import { Store, useStore } from '../lib/store.ts';
import { Stores } from '../lib/stores.ts';

const PEOPLE = 500;
const NONE: readonly Conversation[] = [];

/** Conversation -> person. */
const homes = new Map<string, string>();

const byPerson = new Stores<readonly Conversation[]>({
  make: () => NONE,
  most: PEOPLE,
  dropped: (rows) => rows.forEach(({ id }) => homes.delete(id)),
});

const nobodys = new Store(NONE);

export const conversationsOf = (customerId: string | null): Store<readonly Conversation[]> => (customerId ? byPerson.of(customerId) : nobodys);

export function conversation(id: string): Conversation | null {
  const home = homes.get(id);
  return (
    (home &&
      byPerson
        .known(home)
        ?.get()
        .find((row) => row.id === id)) ||
    null
  );
}

/** One of those of the person on the screen. */
export function useConversation(id: string | null): Conversation | null {
  const customerId = useStore(route, customerOf);
  return useStore(conversationsOf(customerId), (rows) => rows.find((row) => row.id === id) ?? null);
}

const without = (id: string) => (rows: readonly Conversation[]) => rows.filter((row) => row.id !== id);

/** Keeps the higher version. Tells what was known before: null when nothing; undefined: it is old news. */
export function learn(row: Conversation): Conversation | null | undefined {
  const before = conversation(row.id);
  if (before && (before.version ?? 0) >= (row.version ?? 0)) return undefined;
  // It goes along when its person's identities go to somebody else.
  if (before && before.customer_id !== row.customer_id) byPerson.of(before.customer_id).set(without(row.id));
  homes.set(row.id, row.customer_id);
  byPerson.use(row.customer_id).set((rows) => [...without(row.id)(rows), row]);
  return before;
}

export const learnAll = (rows: readonly Conversation[]): void => rows.forEach(learn);

const rank = (row: Conversation): string => (row.status === 'resolved' ? '0' : '1') + (row.last_at ?? '');

/** The one that actions are about: the one in the address, else the person's newest that is not resolved. */
export function chosenOf(rows: readonly Conversation[], conversationId: string | null): Conversation | null {
  const named = rows.find(({ id }) => id === conversationId);
  return named ?? rows.reduce<Conversation | null>((best, row) => (!best || rank(row) > rank(best) ? row : best), null);
}

export const newestFirst = (rows: readonly Conversation[]): readonly Conversation[] => [...rows].sort((a, b) => (a.last_at < b.last_at ? 1 : -1));

const words = (value: unknown): string[] => (Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []);

/** By what means the person has come in what is not resolved: two or more have asked in several places. */
export const askedOn = (rows: readonly Conversation[]): string[] => [
  ...new Set(rows.filter(({ status }) => status !== 'resolved').flatMap((row) => words(row.asked_on))),
];
