import type { CustomerHit } from '@throughline/protocol';
import { useEffect, useState } from 'react';
import { call } from '../connection/client.ts';
import { reasonOf } from '../ui/toasts.ts';

const PAUSE_MS = 120;

interface Found<T> {
  hits: readonly T[];
  searching: boolean;
  failed: string | null;
}

/** People whose name, address, number or order begins with the query. */
export const usePeople = (query: string): Found<CustomerHit> =>
  useFound(query, (wanted) => call('customer.search', { query: wanted, limit: 12 }).then(({ hits }) => hits));

/** Asks a moment after the last key, and forgets answers to what was typed before. */
export function useFound<T>(query: string, ask: (wanted: string) => Promise<readonly T[]>): Found<T> {
  const [found, setFound] = useState<Found<T>>({ hits: [], searching: false, failed: null });
  const wanted = query.trim();
  useEffect(() => {
    if (wanted.length < 2) {
      setFound({ hits: [], searching: false, failed: null });
      return;
    }
    let over = false;
    setFound((before) => ({ ...before, searching: true }));
    const timer = setTimeout(() => {
      ask(wanted)
        .then((hits) => over || setFound({ hits, searching: false, failed: null }))
        .catch((error: unknown) => over || setFound({ hits: [], searching: false, failed: reasonOf(error) }));
    }, PAUSE_MS);
    return () => {
      over = true;
      clearTimeout(timer);
    };
    // `ask` is made anew in every drawing.
  }, [wanted]);
  return found;
}
