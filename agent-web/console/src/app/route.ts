// Where one is, in the address: it can be copied, reloaded and gone back from.
import { MEDIA, type ConversationListParams, type Medium } from '@throughline/protocol';
import { Store } from '../lib/store.ts';

export type View = ConversationListParams['view'];
export const VIEWS: readonly View[] = ['open', 'mine', 'unassigned', 'snoozed', 'resolved', 'all'];
export type Sort = NonNullable<ConversationListParams['sort']>;
export const SORTS: readonly Sort[] = ['newest', 'waiting', 'priority'];
/** The others are listed by what came last. */
export const canSort = (view: View): boolean => view !== 'all' && view !== 'resolved';
export const SECTIONS = ['channels', 'agents', 'tokens', 'attributes', 'keys', 'import', 'privacy', 'blocked', 'you'] as const;
export type Section = (typeof SECTIONS)[number];

export const PRESETS = ['today', 'week', 'month'] as const;
export type Preset = (typeof PRESETS)[number];
export const RESULTS = ['people', 'conversations'] as const;
export type ResultsBy = (typeof RESULTS)[number];

/** What a search is narrowed to; times are days, "2026-01-31", or what these are on the day when it is asked. */
export interface SearchFilter {
  by?: string;
  kind?: string;
  days?: Preset;
  from?: string;
  to?: string;
  agent?: string;
  tag?: string;
  channel?: string;
  status?: string;
}

/** Answers that have not left: refused, perhaps gone, on their way, planned. */
export const UNSENT = ['failed', 'uncertain', 'queued', 'scheduled'] as const;
export type UnsentState = (typeof UNSENT)[number];

export type Route =
  | { page: 'inbox'; view: View; medium: Medium | null; sort: Sort; customerId: string | null; conversationId: string | null; entryId: string | null }
  | { page: 'search'; query: string; filter: SearchFilter; show: ResultsBy }
  | { page: 'duplicates' }
  | { page: 'unsent'; state: UnsentState }
  | { page: 'settings'; section: Section; rest: string[] }
  | { page: 'missing' };

export type Inbox = Extract<Route, { page: 'inbox' }>;
export type Search = Extract<Route, { page: 'search' }>;

const FILTERS = ['by', 'kind', 'days', 'from', 'to', 'agent', 'tag', 'channel', 'status'] as const;

let lastInbox: Inbox = { page: 'inbox', view: 'open', medium: null, sort: 'newest', customerId: null, conversationId: null, entryId: null };

/** An address may have been cut in the middle, or typed by hand. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const isMedium = (word: string | null): word is Medium => word !== null && Object.hasOwn(MEDIA, word);
const isPreset = (word: string | null): word is Preset => PRESETS.some((known) => known === word);
const isDay = (day: string): boolean => /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(`${day}T00:00:00Z`));

function filterOf(asked: URLSearchParams): SearchFilter {
  const filter: SearchFilter = {};
  for (const name of FILTERS) {
    const value = asked.get(name);
    if (name === 'days') {
      if (isPreset(value)) filter.days = value;
    } else if (value && ((name !== 'from' && name !== 'to') || isDay(value))) filter[name] = value;
  }
  return filter;
}

export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const asked = new URLSearchParams(query);
  const [page, second, ...rest] = path.split('/').filter(Boolean).map(decoded);
  if (page === undefined || page === 'inbox') {
    const view = VIEWS.find((known) => known === (second ?? 'open'));
    if (!view) return { page: 'missing' };
    const by = asked.get('by');
    const sort = (canSort(view) && SORTS.find((known) => known === asked.get('sort'))) || 'newest';
    return { page: 'inbox', view, medium: isMedium(by) ? by : null, sort, customerId: rest[0] ?? null, conversationId: rest[1] ?? null, entryId: null };
  }
  if (page === 'person' && second) return { ...lastInbox, customerId: second, conversationId: null, entryId: rest[0] === 'entry' ? (rest[1] ?? null) : null };
  if (page === 'search')
    return { page, query: asked.get('q') ?? '', filter: filterOf(asked), show: RESULTS.find((known) => known === asked.get('show')) ?? 'people' };
  if (page === 'duplicates') return { page };
  if (page === 'unsent') {
    const state = UNSENT.find((known) => known === (second ?? 'failed'));
    return state ? { page, state } : { page: 'missing' };
  }
  const section = SECTIONS.find((known) => known === (second ?? 'channels'));
  return page === 'settings' && section ? { page, section, rest } : { page: 'missing' };
}

export function hrefOf(route: Exclude<Route, { page: 'missing' }>): string {
  if (route.page === 'settings') return '#/' + ['settings', route.section, ...route.rest].map(encodeURIComponent).join('/');
  if (route.page === 'duplicates') return '#/duplicates';
  if (route.page === 'unsent') return `#/unsent/${route.state}`;
  if (route.page === 'search') return searchHref(route.query, filtersOf(route));
  if (route.customerId && route.entryId) return personHref(route.customerId, route.entryId);
  const parts = ['inbox', route.view, route.customerId, route.customerId && route.conversationId].filter(Boolean) as string[];
  const asked = new URLSearchParams();
  if (route.medium) asked.set('by', route.medium);
  if (route.sort !== 'newest' && canSort(route.view)) asked.set('sort', route.sort);
  return '#/' + parts.map(encodeURIComponent).join('/') + (asked.size > 0 ? `?${asked}` : '');
}

export const searchHref = (query: string, filters: URLSearchParams): string => `#/search?${new URLSearchParams([['q', query], ...filters])}`;

/** To what it is narrowed, and how it is shown: as it is kept, too. */
export function filtersOf({ filter, show }: Search): URLSearchParams {
  const asked = new URLSearchParams();
  for (const name of FILTERS) if (filter[name]) asked.set(name, filter[name]);
  if (show !== 'people') asked.set('show', show);
  return asked;
}

/** The address of a person, or of an entry in the story, as it is given to colleagues. */
export const personHref = (customerId: string, entryId: string | null = null): string =>
  `#/person/${encodeURIComponent(customerId)}` + (entryId ? `/entry/${encodeURIComponent(entryId)}` : '');

export const route = new Store<Route>(lastInbox);

function read(): void {
  const next = parseRoute(location.hash);
  if (next.page === 'inbox') lastInbox = next;
  route.set(next);
}

export function startRoute(): void {
  window.addEventListener('hashchange', read);
  read();
}

export function go(next: Exclude<Route, { page: 'missing' }>): void {
  const href = hrefOf(next);
  if (location.hash !== href) location.hash = href;
}

/** The inbox as it was left, with what is given changed. An entry is pointed at only when it is given. */
export const inboxRoute = (part: Partial<Inbox> = {}): Inbox => ({ ...lastInbox, entryId: null, ...part });
export const goInbox = (part: Partial<Inbox> = {}): void => go(inboxRoute(part));
export const goPerson = (customerId: string, entryId: string | null = null): void => {
  location.hash = personHref(customerId, entryId);
};
export const goSettings = (section: Section, ...rest: string[]): void => go({ page: 'settings', section, rest });
export const goSearch = (query: string): void => go({ page: 'search', query, filter: {}, show: 'people' });

/** The person on the screen, if one is. */
export const customerOf = (now: Route): string | null => (now.page === 'inbox' ? now.customerId : null);
