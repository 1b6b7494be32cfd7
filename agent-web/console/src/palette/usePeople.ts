import type { CustomerHit, Medium } from '@throughline/protocol';
import { useEffect, useEffectEvent, useState } from 'react';
import { call } from '../connection/client.ts';
import { marksAmong, namesakes } from '../identity/hints.ts';
import { t } from '../i18n/index.ts';
import { dateTime, millis } from '../lib/format.ts';
import { reasonOf } from '../ui/toasts.ts';

const PAUSE_MS = 120;

interface Found<T> {
  hits: readonly T[];
  searching: boolean;
  failed: string | null;
}

/** `mark`: what tells somebody from others of the same name that were found. */
type Known = CustomerHit & { mark: string | null };

const MOST = 12;

/** How and when somebody was last here: it tells apart whom nothing else does. */
function lastHere({ media, last_at }: CustomerHit): string {
  const at = millis(last_at);
  return [media.map((medium) => t(`medium.${medium as Medium}`)).join(t('ui.comma')), at === null ? '' : dateTime(at)].filter(Boolean).join(' · ');
}

/** By the beginning of a name, address, number or order; and by any word of a name, also with a typo, as the index has it. */
export const usePeople = (query: string): Found<Known> =>
  useFound(query, async (wanted) => {
    const [{ hits }, indexed] = await Promise.all([
      call('customer.search', { query: wanted, limit: MOST }),
      // Without its index the server still knows people.
      call('search.query', { query: wanted, limit: MOST }).catch(() => null),
    ]);
    const known = new Set(hits.map(({ id }) => id));
    const indexedOnly = (indexed?.people ?? []).filter((one) => !known.has(one.customer_id) && (one.name_marks.length > 0 || one.matched));
    const all = [...hits, ...indexedOnly.map(({ customer_id: id, name, matched, media, last_at }) => ({ id, name, matched, media, last_at }))].slice(0, MOST);
    const called = all.map(({ id, name, matched }) => ({ id, name: name || matched }));
    const alike = new Set(namesakes(called).flat());
    const marks = await marksAmong(called).catch(() => new Map<string, string>());
    return all.map((hit) => ({ ...hit, mark: marks.get(hit.id) ?? (alike.has(hit.id) ? (hit.matched ?? lastHere(hit)) : null) }));
  });

/** Asks a moment after the last key, and forgets answers to what was typed before. */
export function useFound<T>(query: string, ask: (wanted: string) => Promise<readonly T[]>): Found<T> {
  const [found, setFound] = useState<Found<T>>({ hits: [], searching: false, failed: null });
  const wanted = query.trim();
  const latest = useEffectEvent(ask);
  useEffect(() => {
    if (wanted.length < 2) {
      setFound({ hits: [], searching: false, failed: null });
      return;
    }
    let over = false;
    setFound((before) => ({ ...before, searching: true }));
    const timer = setTimeout(() => {
      latest(wanted)
        .then((hits) => over || setFound({ hits, searching: false, failed: null }))
        .catch((error: unknown) => over || setFound({ hits: [], searching: false, failed: reasonOf(error) }));
    }, PAUSE_MS);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [wanted]);
  return found;
}
