// What a search asks and what came of it.
import type { SearchPerson } from '@throughline/protocol';
import { useEffect, useEffectEvent, useState } from 'react';
import type { SearchFilter } from '../app/route.ts';
import { call } from '../connection/client.ts';
import { dayAfter, dayBegins } from '../lib/zone.ts';
import { reasonOf } from '../ui/toasts.ts';

const PAUSE_MS = 160;
const PEOPLE = 20;
const INDEXING_MS = 2000;

export interface Results {
  people: readonly SearchPerson[];
  more: boolean;
  cursor: string | null;
  /** False: the index is still being built. */
  complete: boolean;
  progress: number;
  tookMs: number;
  loading: boolean;
  error: string | null;
  /** There has been an answer to what is asked. */
  answered: boolean;
}

const NOTHING: Results = { people: [], more: false, cursor: null, complete: true, progress: 100, tookMs: 0, loading: false, error: null, answered: false };

/** A day in the address is the desk's day: who is given the address finds the same. */
const begin = (day: string) => new Date(dayBegins(day)).toISOString();

function paramsOf(query: string, { by, kind, from, to, agent, tag }: SearchFilter) {
  return {
    query,
    limit: PEOPLE,
    ...(by ? { media: by.split(',') } : {}),
    ...(kind ? { kinds: kind.split(',') } : {}),
    ...(from ? { from: begin(from) } : {}),
    ...(to ? { to: begin(dayAfter(to, 1)) } : {}),
    ...(agent ? { agent_id: agent } : {}),
    ...(tag ? { tag } : {}),
  };
}

/** A person may come again with older entries: they belong to what is shown of them already. */
function joined(known: readonly SearchPerson[], incoming: readonly SearchPerson[]): SearchPerson[] {
  const all = new Map(known.map((person) => [person.customer_id, person]));
  for (const person of incoming) {
    const before = all.get(person.customer_id);
    all.set(person.customer_id, before ? { ...before, hits: [...before.hits, ...person.hits], more_hits: person.more_hits } : person);
  }
  return [...all.values()];
}

export function useSearch(query: string, filter: SearchFilter): Results & { loadMore: () => void } {
  const [results, setResults] = useState<Results>(NOTHING);
  const [turn, setTurn] = useState(0);
  const wanted = query.trim();
  const key = JSON.stringify([wanted, filter]);
  const ask = useEffectEvent(() => call('search.query', paramsOf(wanted, filter)));
  useEffect(() => {
    if (wanted === '') {
      setResults(NOTHING);
      return;
    }
    let over = false;
    let again: ReturnType<typeof setTimeout> | undefined;
    setResults((before) => ({ ...before, loading: true }));
    const timer = setTimeout(() => {
      ask()
        .then((found) => {
          if (over) return;
          setResults({
            ...found,
            people: found.people,
            progress: found.progress ?? 0,
            tookMs: found.took_ms ?? 0,
            loading: false,
            error: null,
            answered: true,
          });
          if (!found.complete) again = setTimeout(() => setTurn((now) => now + 1), INDEXING_MS);
        })
        .catch((error: unknown) => over || setResults({ ...NOTHING, error: reasonOf(error), answered: true }));
    }, PAUSE_MS);
    return () => {
      over = true;
      clearTimeout(timer);
      clearTimeout(again);
    };
  }, [key, wanted, turn]);
  const loadMore = () => {
    if (!results.more || results.loading) return;
    setResults((before) => ({ ...before, loading: true }));
    call('search.query', { ...paramsOf(wanted, filter), before: results.cursor })
      .then(({ people, more, cursor }) => setResults((before) => ({ ...before, people: joined(before.people, people), more, cursor, loading: false })))
      .catch((error: unknown) => setResults((before) => ({ ...before, loading: false, error: reasonOf(error) })));
  };
  return { ...results, loadMore };
}
