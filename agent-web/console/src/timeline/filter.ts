// What the timeline is narrowed to.
import type { Entry, TimelinePageParams, Medium } from '@throughline/protocol';

export interface Filter {
  media: readonly Medium[];
  kinds: readonly Entry['kind'][];
  conversationId: string | null;
  attachments: boolean;
  order: string;
  query: string;
}

export const NO_FILTER: Filter = { media: [], kinds: [], conversationId: null, attachments: false, order: '', query: '' };

export const KINDS: readonly Entry['kind'][] = ['message', 'call', 'note', 'order', 'points', 'survey', 'campaign', 'visit', 'activity'];

export function isNarrow({ media, kinds, conversationId, attachments, order, query }: Filter): boolean {
  return media.length > 0 || kinds.length > 0 || conversationId !== null || attachments || order.trim() !== '' || query.trim() !== '';
}

/** As timeline.page takes it. */
export function askedFor(filter: Filter | null): Partial<TimelinePageParams> {
  if (!filter) return {};
  const { media, kinds, conversationId, attachments, order, query } = filter;
  return {
    ...(media.length > 0 ? { media: [...media] } : {}),
    ...(kinds.length > 0 ? { kinds: [...kinds] } : {}),
    ...(conversationId ? { conversation_id: conversationId } : {}),
    ...(attachments ? { has_attachments: true } : {}),
    ...(order.trim() ? { order_number: order.trim() } : {}),
    ...(query.trim() ? { query: query.trim() } : {}),
  };
}
