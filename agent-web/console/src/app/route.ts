// Where one is, in the address: it can be copied, reloaded and gone back from.
import type { Conversation, ConversationListParams } from '@throughline/protocol';
import { Store } from '../lib/store.ts';

export type View = ConversationListParams['view'];
export type Medium = Conversation['last_medium'];
export const VIEWS: readonly View[] = ['open', 'mine', 'unassigned', 'snoozed', 'resolved', 'all'];
export const SECTIONS = ['channels', 'agents', 'tokens', 'you'] as const;
export type Section = (typeof SECTIONS)[number];

export type Route =
  | { page: 'inbox'; view: View; medium: Medium | null; customerId: string | null; conversationId: string | null }
  | { page: 'settings'; section: Section; rest: string[] }
  | { page: 'missing' };

export type Inbox = Extract<Route, { page: 'inbox' }>;

export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [page, second, ...rest] = path.split('/').filter(Boolean).map(decodeURIComponent);
  if (page === undefined || page === 'inbox') {
    const view = VIEWS.find((known) => known === (second ?? 'open'));
    if (!view) return { page: 'missing' };
    const medium = new URLSearchParams(query).get('by') as Medium | null;
    return { page: 'inbox', view, medium, customerId: rest[0] ?? null, conversationId: rest[1] ?? null };
  }
  const section = SECTIONS.find((known) => known === (second ?? 'channels'));
  return page === 'settings' && section ? { page, section, rest } : { page: 'missing' };
}

export function hrefOf(route: Exclude<Route, { page: 'missing' }>): string {
  if (route.page === 'settings') return '#/' + ['settings', route.section, ...route.rest].map(encodeURIComponent).join('/');
  const parts = ['inbox', route.view, route.customerId, route.customerId && route.conversationId].filter(Boolean) as string[];
  return '#/' + parts.map(encodeURIComponent).join('/') + (route.medium ? `?by=${route.medium}` : '');
}

export const route = new Store<Route>(parseRoute(location.hash));
let lastInbox: Inbox = { page: 'inbox', view: 'open', medium: null, customerId: null, conversationId: null };

function read(): void {
  const next = parseRoute(location.hash);
  if (next.page === 'inbox') lastInbox = next;
  route.set(next);
}
window.addEventListener('hashchange', read);
read();

export function go(next: Exclude<Route, { page: 'missing' }>): void {
  const href = hrefOf(next);
  if (location.hash !== href) location.hash = href;
}

/** The inbox as it was left, with what is given changed. */
export const inboxRoute = (part: Partial<Inbox> = {}): Inbox => ({ ...lastInbox, ...part });
export const goInbox = (part: Partial<Inbox> = {}): void => go(inboxRoute(part));
export const goSettings = (section: Section, ...rest: string[]): void => go({ page: 'settings', section, rest });
