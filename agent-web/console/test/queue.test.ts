// Which rows a view has, how counts follow what is pushed, and how seldom the server is asked.
import assert from 'node:assert/strict';
import { before, beforeEach, describe, it, mock } from 'node:test';
import type { Conversation, Medium } from '@throughline/protocol';
import { inboxRoute, route, type View } from '../src/app/route.ts';
import { client } from '../src/connection/client.ts';
import { startWords } from '../src/i18n/index.ts';
import { chosenOf, conversation as known, conversationsOf, learn } from '../src/queue/conversations.ts';
import { beforeOf, countsAfter, shownCount } from '../src/queue/counts.ts';
import { loadOlder, queue, retryQueue, startQueue, take } from '../src/queue/queue.ts';
import { belongs, isIn, joined, newestFirst, placed, type Shown } from '../src/queue/rows.ts';
import { session } from '../src/session/session.ts';
import { answering, conversation, page, tick, withPage } from './kit.ts';

startWords();
const ME = 'me';
const at = (minute: number) => `2026-03-10T12:${String(minute).padStart(2, '0')}:00.000Z`;
const row = (id: string, minute: number, part: Partial<Conversation> = {}) =>
  conversation({ id, last_at: at(minute), customer_id: `person of ${id}`, ...part });
const ids = (rows: readonly Conversation[]) => rows.map(({ id }) => id);

describe('rows of a view', () => {
  const shown = (part: Partial<Shown> = {}): Shown => ({
    view: 'open',
    medium: null,
    sort: 'newest',
    rows: [row('b', 20), row('a', 10)],
    more: false,
    ...part,
  });

  it('has each conversation where it belongs', () => {
    const mine = row('x', 1, { assignee_id: ME });
    const snoozed = row('x', 1, { status: 'snoozed', assignee_id: ME });
    const views = ['open', 'mine', 'unassigned', 'snoozed', 'resolved', 'all'] as const;
    assert.deepEqual(
      views.filter((view) => isIn(view, mine, ME)),
      ['open', 'mine', 'all'],
    );
    assert.deepEqual(
      views.filter((view) => isIn(view, snoozed, ME)),
      ['snoozed', 'all'],
    );
    assert.deepEqual(
      views.filter((view) => isIn(view, row('x', 1), ME)),
      ['open', 'unassigned', 'all'],
    );
    assert.deepEqual(
      views.filter((view) => isIn(view, row('x', 1, { status: 'resolved' }), null)),
      ['resolved', 'all'],
    );
    assert.equal(isIn('mine', row('x', 1), null), false, 'nobody is logged in: nobody’s is not mine');
  });

  it('is narrowed to the medium of the last entry', () => {
    assert.equal(belongs(row('x', 1), { view: 'open', medium: 'email' }, ME), false);
    assert.equal(belongs(row('x', 1, { last_medium: 'email' }), { view: 'open', medium: 'email' }, ME), true);
    assert.equal(belongs(row('x', 1, { last_medium: 'email', status: 'resolved' }), { view: 'open', medium: 'email' }, ME), false);
  });

  it('puts a new row in its place, moves one that has news, and lets one go', () => {
    assert.deepEqual(ids(placed(row('c', 15), shown(), ME)), ['b', 'c', 'a']);
    assert.deepEqual(ids(placed(row('a', 30), shown(), ME)), ['a', 'b']);
    assert.deepEqual(ids(placed(row('b', 20, { status: 'resolved' }), shown(), ME)), ['a']);
    const now = shown();
    assert.equal(placed(row('z', 5, { status: 'resolved' }), now, ME), now.rows, 'the same array: nothing is drawn again');
  });

  it('keeps the order that was asked for, as the server says where a row stands', () => {
    const rows = [row('long', 20, { wait_order: 5 }), row('short', 10, { wait_order: 9 })];
    assert.deepEqual(ids(placed(row('new', 30, { wait_order: 30 }), shown({ sort: 'waiting', rows }), ME)), ['long', 'short', 'new']);
    assert.deepEqual(ids(placed(row('longest', 1, { wait_order: 1 }), shown({ sort: 'waiting', rows }), ME)), ['longest', 'long', 'short']);
    assert.deepEqual(ids(placed(row('new', 30, { wait_order: 30 }), shown({ sort: 'waiting', rows, more: true }), ME)), ['long', 'short']);
    assert.deepEqual(ids(placed(row('fire', 1, { urgency_order: 0 }), shown({ sort: 'priority', rows }), ME))[0], 'fire');
  });

  it('does not show one alone behind a page that is not loaded', () => {
    assert.deepEqual(ids(placed(row('old', 5), shown({ more: true }), ME)), ['b', 'a']);
    assert.deepEqual(ids(placed(row('old', 5), shown(), ME)), ['b', 'a', 'old']);
    assert.deepEqual(ids(placed(row('new', 15), shown({ more: true }), ME)), ['b', 'new', 'a']);
  });

  it('orders those of one moment by id, as the server pages them', () => {
    assert.deepEqual(ids([row('a', 10), row('c', 10), row('b', 10)].sort(newestFirst)), ['c', 'b', 'a']);
    assert.equal(newestFirst(row('a', 10), row('a', 10)), 0);
  });

  it('takes of a further page what is not there', () => {
    const kept = row('a', 10, { preview: 'as pushed' });
    const all = joined([kept], [row('a', 10), row('z', 1)]);
    assert.deepEqual(ids(all), ['a', 'z']);
    assert.equal(all[0], kept);
  });
});

describe('counts', () => {
  const counts = { mine: 2, unassigned: 3, open: 10, snoozed: 1 };

  it('follow what a conversation was and is', () => {
    const free = row('x', 1);
    assert.deepEqual(countsAfter(counts, null, free, ME), { mine: 2, unassigned: 4, open: 11, snoozed: 1 });
    assert.deepEqual(countsAfter(counts, free, row('x', 1, { assignee_id: ME }), ME), { mine: 3, unassigned: 2, open: 10, snoozed: 1 });
    assert.deepEqual(countsAfter(counts, free, row('x', 1, { status: 'snoozed' }), ME), { mine: 2, unassigned: 2, open: 9, snoozed: 2 });
    assert.deepEqual(countsAfter(counts, free, row('x', 2), ME), counts);
  });

  it('stay where the server stopped counting, and above nothing', () => {
    const many = { ...counts, open: 1000, unassigned: 0 };
    const after = countsAfter(many, row('x', 1), row('x', 1, { status: 'resolved' }), ME);
    assert.deepEqual([after.open, after.unassigned], [1000, 0]);
    assert.deepEqual([shownCount(999), shownCount(1000), shownCount(100, 99)], ['999', '999+', '99+']);
  });

  it('know that a first version was not there before, and that of another nothing is known', () => {
    assert.equal(beforeOf(row('x', 1, { version: 1 }), null), null);
    assert.equal(beforeOf(row('x', 1, { version: 7 }), null), undefined);
    const seen = row('x', 1, { version: 6 });
    assert.equal(beforeOf(row('x', 1, { version: 7 }), seen), seen);
  });
});

describe('conversations that were seen', () => {
  it('are kept in their newest state, by person', () => {
    assert.equal(learn(row('k1', 1, { customer_id: 'kept', version: 2 })), null);
    assert.equal(learn(row('k1', 1, { customer_id: 'kept', version: 1, preview: 'old' })), undefined);
    assert.equal(learn(row('k1', 1, { customer_id: 'kept', version: 2, preview: 'twice' })), undefined);
    assert.equal(learn(row('k1', 1, { customer_id: 'kept', version: 3, preview: 'new' }))?.version, 2);
    assert.equal(known('k1')?.preview, 'new');
    assert.equal(conversationsOf('kept').get().length, 1);
  });

  it('go along with whom they belong to', () => {
    learn(row('m1', 1, { customer_id: 'from', version: 1 }));
    learn(row('m1', 1, { customer_id: 'into', version: 2 }));
    assert.deepEqual([conversationsOf('from').get().length, conversationsOf('into').get().length], [0, 1]);
    assert.equal(known('m1')?.customer_id, 'into');
  });

  it('do not stay for ever, and what has gone is forgotten altogether', () => {
    for (let i = 0; i < 600; i++) learn(row(`f${i}`, 1, { version: 5 }));
    assert.equal(known('f0'), null);
    assert.ok(known('f599'));
    assert.equal(learn(row('f0', 1, { version: 6 })), null);
  });

  it('are only told to those who watch that person', () => {
    let told = 0;
    conversationsOf('person of w1').subscribe(() => told++);
    learn(row('w2', 1));
    assert.equal(told, 0);
    learn(row('w1', 1));
    assert.equal(told, 1);
  });

  it('give the one in the address, else the newest that is not resolved', () => {
    const rows = [row('a', 1), row('b', 9), row('c', 30, { status: 'resolved' })];
    assert.equal(chosenOf(rows, 'a')?.id, 'a');
    assert.equal(chosenOf(rows, 'gone')?.id, 'b');
    assert.equal(chosenOf([rows[2]!], null)?.id, 'c');
    assert.equal(chosenOf([], 'a'), null);
  });
});

describe('the queue, with pushes', () => {
  let asked: { method: string }[];
  const counted = () => asked.filter(({ method }) => method === 'conversation.counts').length;
  const counts = () => queue.get().counts;

  beforeEach(() => {
    mock.timers.reset();
    mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    withPage();
    page.visibilityState = 'visible';
    asked = answering({
      'conversation.counts': () => ({ mine: 0, unassigned: 50, open: 50, snoozed: 0 }),
      'conversation.list': () => ({ conversations: [], more: false }),
    });
    session.set({
      phase: 'in',
      agent: { id: ME, email: '', name: 'Ada', role: 'agent', language: 'en', active: true, created_at: '2026-01-01T00:00:00.000Z', version: 1 },
      version: '',
      asOf: null,
    });
    queue.patch({ view: 'open', medium: null, rows: [], more: false, counts: { mine: 0, unassigned: 5, open: 5, snoozed: 0 } });
  });

  it('counts what it is told at once, and asks nobody', () => {
    take(row('q1', 1, { version: 1 }));
    assert.deepEqual(counts(), { mine: 0, unassigned: 6, open: 6, snoozed: 0 });
    take(row('q1', 1, { version: 2, assignee_id: ME }));
    assert.deepEqual(counts(), { mine: 1, unassigned: 5, open: 6, snoozed: 0 });
    take(row('q1', 1, { version: 2, assignee_id: ME }));
    take(row('q1', 1, { version: 1 }));
    assert.deepEqual(counts(), { mine: 1, unassigned: 5, open: 6, snoozed: 0 }, 'old news is not counted twice');
    mock.timers.tick(10_000);
    assert.equal(counted(), 0);
    mock.timers.tick(60_000);
  });

  it('asks once in a minute however much is pushed', async () => {
    for (let second = 0; second < 60; second++) {
      take(row('busy', second, { version: second + 1 }));
      mock.timers.tick(1000);
    }
    await tick();
    assert.equal(counted(), 1);
    assert.equal(counts()?.open, 50, 'what the server counts holds');
    mock.timers.tick(120_000);
    assert.equal(counted(), 1, 'and not again when nothing is pushed');
  });

  it('asks sooner, and still once, when it cannot know what a conversation was', () => {
    for (let i = 0; i < 100; i++) take(row(`unknown${i}`, 1, { version: 9 }));
    assert.equal(counts()?.open, 5, 'and does not guess');
    mock.timers.tick(4_000);
    assert.equal(counted(), 0);
    mock.timers.tick(2_000);
    assert.equal(counted(), 1);
    mock.timers.tick(120_000);
    assert.equal(counted(), 1);
  });

  it('does not ask while nobody looks, but as soon as somebody does', () => {
    startQueue();
    page.visibilityState = 'hidden';
    take(row('unseen', 1, { version: 9 }));
    mock.timers.tick(600_000);
    assert.equal(counted(), 0);
    page.visibilityState = 'visible';
    for (const listener of page.listeners) listener();
    assert.equal(counted(), 1);
    for (const listener of page.listeners) listener();
    assert.equal(counted(), 1);
  });

  it('lets a stale push put nothing back', () => {
    take(row('s1', 1, { version: 3, status: 'resolved' }));
    take(row('s1', 1, { version: 2 }));
    assert.deepEqual(ids(queue.get().rows), []);
  });

  it('lets a stale push put nothing back that is shown, though it has been forgotten elsewhere', () => {
    queue.patch({ rows: [row('shown', 1, { version: 7 })] });
    take(row('shown', 1, { version: 7, preview: 'the same' }));
    take(row('shown', 1, { version: 6, status: 'resolved' }));
    assert.equal(queue.get().rows[0]?.preview, null);
    take(row('shown', 1, { version: 8, status: 'resolved' }));
    assert.deepEqual(queue.get().rows, []);
    assert.deepEqual([counts()?.open, counts()?.unassigned], [4, 4], 'what was shown is known to have been');
  });
});

describe('the queue, asking', () => {
  const pages: { params: Record<string, unknown>; answer: (rows: Conversation[], more?: boolean) => void }[] = [];
  const go = (view: View, medium: Medium | null = null) => route.set(inboxRoute({ view, medium }));
  const settle = async () => {
    for (let i = 0; i < 4; i++) await tick();
  };

  before(() => mock.method(client, 'getState', () => ({ phase: 'live', since: 0, nextTry: null })));
  beforeEach(async () => {
    pages.length = 0;
    answering({
      'conversation.list': (params) =>
        new Promise((resolve) => pages.push({ params, answer: (conversations, more = false) => resolve({ conversations, more }) })),
    });
    queue.patch({ view: 'open', medium: null, rows: [row('before', 1)], more: false, loading: null, error: null });
    go('open');
    await settle();
    pages.length = 0;
  });

  it('shows nothing of the view that was left, and what is answered', async () => {
    go('all', 'email');
    assert.deepEqual([queue.get().rows, queue.get().loading], [[], 'first']);
    assert.deepEqual(pages[0]?.params, { view: 'all', limit: 60, medium: 'email' });
    pages[0]!.answer([row('mail', 2, { last_medium: 'email', status: 'resolved' })], true);
    await settle();
    assert.deepEqual([ids(queue.get().rows), queue.get().more, queue.get().loading], [['mail'], true, null]);
  });

  it('does not ask again for the view it has, nor for another page', () => {
    go('open');
    route.set({ page: 'duplicates' });
    assert.equal(pages.length, 0);
  });

  it('shows the view that was asked for last, whichever answer comes last', async () => {
    go('snoozed');
    go('resolved');
    pages[1]!.answer([row('done', 2, { status: 'resolved' })]);
    await settle();
    pages[0]!.answer([row('asleep', 2, { status: 'snoozed' })]);
    await settle();
    assert.deepEqual(ids(queue.get().rows), ['done']);
  });

  it('reads again as many as it shows, and keeps what was pushed while it asked', async () => {
    queue.patch({ rows: Array.from({ length: 90 }, (_, i) => row(`r${i}`, i % 60)) });
    retryQueue();
    assert.equal(pages[0]?.params['limit'], 90);
    assert.equal(queue.get().rows.length, 90, 'and shows them meanwhile');
    take(row('raced', 1, { version: 5, status: 'resolved' }));
    pages[0]!.answer([row('raced', 1, { version: 4 }), row('calm', 1)]);
    await settle();
    assert.deepEqual(ids(queue.get().rows), ['calm']);
    queue.patch({ rows: Array.from({ length: 500 }, (_, i) => row(`r${i}`, i % 60)) });
    retryQueue();
    assert.equal(pages[1]?.params['limit'], 200);
    pages[1]!.answer([]);
    await settle();
  });

  it('says why it could not', async () => {
    answering({});
    retryQueue();
    await settle();
    assert.ok(queue.get().error);
    assert.equal(queue.get().loading, null);
  });

  it('brings one older page at a time, from the last row on, while there are any', async () => {
    await loadOlder();
    assert.equal(pages.length, 0, 'there is nothing older');
    queue.patch({ rows: [row('b', 9), row('a', 5)], more: true });
    const first = loadOlder();
    await loadOlder();
    assert.equal(pages.length, 1);
    assert.deepEqual([pages[0]!.params['before_id'], pages[0]!.params['before_at'], queue.get().loading], ['a', at(5), 'older']);
    pages[0]!.answer([row('old', 1)]);
    await first;
    assert.deepEqual([ids(queue.get().rows), queue.get().more, queue.get().loading], [['b', 'a', 'old'], false, null]);
    queue.patch({ rows: [], more: true });
    await loadOlder();
    assert.equal(pages.length, 1);
  });

  it('does not add a page of a view that was left', async () => {
    queue.patch({ rows: [row('a', 5)], more: true });
    const older = loadOlder();
    go('all');
    pages[0]!.answer([row('late', 1)]);
    await older;
    assert.deepEqual([queue.get().rows, queue.get().loading], [[], 'first']);
    pages[1]!.answer([]);
    await settle();
  });
});
