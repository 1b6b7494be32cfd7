// What a search asks and what came of it.
import type { SearchConversation, SearchPerson, SearchParams } from '@throughline/protocol';
import { useEffect, useEffectEvent, useState } from 'react';
import type { ResultsBy, SearchFilter } from '../app/route.ts';
import { call } from '../connection/client.ts';
import { dayAfter, dayBegins } from '../lib/zone.ts';
import { learnAll } from '../queue/conversations.ts';
import { found as foundRows } from '../queue/found.ts';
import { reasonOf } from '../ui/toasts.ts';
import { daysOf } from './days.ts';

const PAUSE_MS = 160;
const SHOWN = 20;
const INDEXING_MS = 2000;

export interface Results {
  /** These, or … */
  people: readonly SearchPerson[];
  conversations: readonly SearchConversation[];
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

const NOTHING: Results = {
  people: [],
  conversations: [],
  more: false,
  cursor: null,
  complete: true,
  progress: 100,
  tookMs: 0,
  loading: false,
  error: null,
  answered: false,
};

/** A day in the address is the desk's day: who is given the address finds the same. */
const begin = (day: string) => new Date(dayBegins(day)).toISOString();

function paramsOf(query: string, filter: SearchFilter): SearchParams {
  const { by, kind, agent, tag, channel, status } = filter;
  const [from, to] = daysOf(filter);
  return {
    query,
    limit: SHOWN,
    ...(by ? { media: by.split(',') } : {}),
    ...(kind ? { kinds: kind.split(',') } : {}),
    ...(from ? { from: begin(from) } : {}),
    ...(to ? { to: begin(dayAfter(to, 1)) } : {}),
    ...(agent ? { agent_id: agent } : {}),
    ...(tag ? { tag } : {}),
    ...(channel ? { channel_id: channel } : {}),
    ...(status ? { status: status.split(',') } : {}),
  };
}

/** People, or conversations, which are followed from then on as those of the queue are. */
async function find(
  show: ResultsBy,
  params: SearchParams,
): Promise<Pick<Results, 'people' | 'conversations' | 'more' | 'cursor' | 'complete'> & { progress: number | null; took_ms: number | null }> {
  if (show === 'people') return { conversations: [], ...(await call('search.query', params)) };
  const answer = await call('search.conversations', params);
  learnAll(answer.conversations.map(({ conversation }) => conversation));
  return { people: [], ...answer };
}

/** One may come again with older entries: they belong to what is shown of it already. */
function joined<T extends Pick<SearchPerson, 'hits' | 'more_hits'>>(known: readonly T[], incoming: readonly T[], idOf: (one: T) => string): T[] {
  const all = new Map(known.map((one) => [idOf(one), one]));
  for (const one of incoming) {
    const before = all.get(idOf(one));
    all.set(idOf(one), before ? { ...before, hits: [...before.hits, ...one.hits], more_hits: one.more_hits } : one);
  }
  return [...all.values()];
}

export function useSearch(query: string, filter: SearchFilter, show: ResultsBy): Results & { loadMore: () => void } {
  const [results, setResults] = useState<Results>(NOTHING);
  const [turn, setTurn] = useState(0);
  const wanted = query.trim();
  const key = JSON.stringify([wanted, filter, show]);
  const ask = useEffectEvent(() => find(show, paramsOf(wanted, filter)));
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
  useEffect(() => foundRows.set(results.conversations.map(({ conversation }) => conversation)), [results.conversations]);
  const loadMore = () => {
    if (!results.more || results.loading) return;
    setResults((before) => ({ ...before, loading: true }));
    find(show, { ...paramsOf(wanted, filter), before: results.cursor })
      .then(({ people, conversations, more, cursor }) =>
        setResults((before) => ({
          ...before,
          people: joined(before.people, people, ({ customer_id }) => customer_id),
          conversations: joined(before.conversations, conversations, ({ conversation }) => conversation.id),
          more,
          cursor,
          loading: false,
        })),
      )
      .catch((error: unknown) => setResults((before) => ({ ...before, loading: false, error: reasonOf(error) })));
  };
  return { ...results, loadMore };
}
