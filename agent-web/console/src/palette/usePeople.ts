import type { CustomerHit } from '@throughline/protocol';
import { useEffect, useState } from 'react';
import { call } from '../connection/client.ts';
import { reasonOf } from '../ui/toasts.ts';

const PAUSE_MS = 120;

interface Found {
  hits: readonly CustomerHit[];
  searching: boolean;
  failed: string | null;
}

/** People whose name, address, number or order begins with the query. */
export function usePeople(query: string): Found {
  const [found, setFound] = useState<Found>({ hits: [], searching: false, failed: null });
  const wanted = query.trim();
  useEffect(() => {
    if (wanted.length < 2) {
      setFound({ hits: [], searching: false, failed: null });
      return;
    }
    let over = false;
    setFound((before) => ({ ...before, searching: true }));
    const timer = setTimeout(() => {
      call('customer.search', { query: wanted, limit: 12 })
        .then(({ hits }) => over || setFound({ hits, searching: false, failed: null }))
        .catch((error: unknown) => over || setFound({ hits: [], searching: false, failed: reasonOf(error) }));
    }, PAUSE_MS);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [wanted]);
  return found;
}
