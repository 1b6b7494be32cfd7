import type { SearchHit } from '@throughline/protocol';
import { call } from '../connection/client.ts';
import { useFound } from './usePeople.ts';

const PEOPLE = 4;
const EACH = 2;

/** The best of what was said and written, by anybody, at any time. */
export const useSaid = (query: string) =>
  useFound<{ customerId: string; who: string | null; hit: SearchHit }>(query, async (wanted) => {
    const { people } = await call('search.query', { query: wanted, limit: PEOPLE });
    return people.flatMap(({ customer_id, name, hits }) => hits.slice(0, EACH).map((hit) => ({ customerId: customer_id, who: name, hit })));
  });
