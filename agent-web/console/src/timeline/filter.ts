// What the timeline is narrowed to.
import type { Entry, TimelinePageParams, Medium } from '@throughline/protocol';
import { dayAfter, dayBegins } from '../lib/zone.ts';

export interface Filter {
  media: readonly Medium[];
  kinds: readonly Entry['kind'][];
  conversationId: string | null;
  /** From the person, to the person; null: both. */
  direction: 'in' | 'out' | null;
  /** Days of the desk, both with it; '': open. */
  from: string;
  to: string;
  attachments: boolean;
  order: string;
  query: string;
}

export const NO_FILTER: Filter = { media: [], kinds: [], conversationId: null, direction: null, from: '', to: '', attachments: false, order: '', query: '' };

export const KINDS: readonly Entry['kind'][] = ['message', 'call', 'note', 'order', 'points', 'survey', 'campaign', 'visit', 'activity'];

export function isNarrow({ media, kinds, conversationId, direction, from, to, attachments, order, query }: Filter): boolean {
  const chosen = media.length > 0 || kinds.length > 0 || conversationId !== null || direction !== null || attachments;
  return chosen || [from, to, order, query].some((text) => text.trim() !== '');
}

/** As timeline.page takes it. */
export function askedFor(filter: Filter | null): Partial<TimelinePageParams> {
  if (!filter) return {};
  const { media, kinds, conversationId, direction, from, to, attachments, order, query } = filter;
  return {
    ...(media.length > 0 ? { media: [...media] } : {}),
    ...(kinds.length > 0 ? { kinds: [...kinds] } : {}),
    ...(conversationId ? { conversation_id: conversationId } : {}),
    ...(direction ? { direction } : {}),
    ...(from ? { from: new Date(dayBegins(from)).toISOString() } : {}),
    ...(to ? { to: new Date(dayBegins(dayAfter(to, 1))).toISOString() } : {}),
    ...(attachments ? { has_attachments: true } : {}),
    ...(order.trim() ? { order_number: order.trim() } : {}),
    ...(query.trim() ? { query: query.trim() } : {}),
  };
}
