// The people who have been opened, and a stretch of one's timeline: kept true by pushes, and not kept for ever.
import assert from 'node:assert/strict';
import { before, beforeEach, describe, it, mock } from 'node:test';
import type { Customer, Entry, Snapshot } from '@throughline/protocol';
import { inboxRoute, route } from '../src/app/route.ts';
import { client } from '../src/connection/client.ts';
import { startWords } from '../src/i18n/index.ts';
import { personStore, startPeople, takeCustomer, takeEntry, watchedId } from '../src/timeline/person.ts';
import { announcement } from '../src/timeline/announce.ts';
import { NO_FILTER } from '../src/timeline/filter.ts';
import { extend, showFiltered, showMoment, startStretch, stretch } from '../src/timeline/stretch.ts';
import { travel } from '../src/timeline/travel.ts';
import type { Row } from '../src/timeline/rows.ts';
import { answering, entry, tick, way, withPage } from './kit.ts';

type Push = (params: unknown) => void;
const resyncs: (() => unknown)[] = [];
const pushes = new Map<string, Push[]>();
const push = (name: string, params: unknown) => pushes.get(name)?.forEach((handler) => handler(params));
let asked: { method: string; params: Record<string, unknown> }[] = [];
const questions = (method: string) => asked.filter((one) => one.method === method).map(({ params }) => params);

const customer = (id: string, identities = ['i']): Customer =>
  ({ id, name: id, moved_to: [], identities: identities.map((one) => ({ id: one, version: 1 })) }) as unknown as Customer;
const at = (minute: number, part: Partial<Entry> = {}) =>
  entry({ id: `m${minute}`, occurred_at: `2026-03-10T12:${String(minute).padStart(2, '0')}:00.000Z`, ...part });
const opened = (timeline: Partial<Snapshot>, part: object = {}) => ({
  timeline: { entries: [], more: false, complete: true, ...timeline },
  ...{ days: [], orders: [], order_sums: [], pins: [], ways: [], conversations: [], more_conversations: false, suggestions: [], draft_version: 0 },
  ...part,
});
const goTo = async (customerId: string | null) => {
  route.set(inboxRoute({ customerId }));
  for (let i = 0; i < 6; i++) await tick();
};
const idsOf = (entries: readonly Entry[] | undefined) => entries?.map(({ id }) => id);

before(() => {
  withPage();
  startWords();
  mock.timers.enable({ apis: ['setTimeout'] });
  mock.method(client, 'getState', () => ({ phase: 'live', since: 0, nextTry: null }));
  mock.method(client, 'on', (name: string, handler: Push) => pushes.set(name, [...(pushes.get(name) ?? []), handler]));
  mock.method(client, 'onOpen', (resync: () => unknown) => resyncs.push(resync));
  startPeople();
  startStretch();
});

beforeEach(async () => {
  stretch.set(null);
  asked = answering({
    'person.open': ({ customer_id }) => opened({ customer: customer(String(customer_id)), entries: [at(1)] }),
    'timeline.unwatch': () => ({}),
    'timeline.page': ({ before_at, after_at }) => ({ entries: before_at ? [at(5)] : after_at ? [at(50)] : [at(30), at(20)], more: true }),
    'customer.get': ({ id }) => customer(String(id)),
  });
  await goTo(null);
  asked.length = 0;
});

describe('a person', () => {
  it('is watched while on the screen, and no longer', async () => {
    await goTo('anna');
    assert.equal(watchedId(), 'anna');
    assert.deepEqual(questions('person.open'), [{ customer_id: 'anna', limit: 60 }]);
    assert.equal(asked.length, 1, 'one call for one act');
    assert.deepEqual(idsOf(personStore('anna').get().entries), ['m1']);
    asked.length = 0;
    await goTo('bert');
    assert.deepEqual(asked, [{ method: 'person.open', params: { customer_id: 'bert', limit: 60, leaving: 'anna' } }]);
    asked.length = 0;
    await goTo(null);
    assert.deepEqual(asked, [{ method: 'timeline.unwatch', params: { customer_id: 'bert' } }]);
  });

  it('who is opened again is asked for what was missed alone', async () => {
    await goTo('again');
    await goTo('other');
    asked.length = 0;
    await goTo('again');
    assert.deepEqual(questions('person.open'), [{ customer_id: 'again', have: [{ identity_id: 'i', version: 1 }], leaving: 'other' }]);
  });

  it('asks nothing for a message that is pushed: what it changes beside the timeline follows from it', async () => {
    const written = way({ best: true, window_ms: 3_600_000, window_until: '2026-03-10T12:30:00.000Z' });
    asked = answering({ 'person.open': ({ customer_id }) => opened({ customer: customer(String(customer_id)) }, { ways: [written] }) });
    await goTo('pia');
    asked.length = 0;
    push('entry', { customer_id: 'pia', entry: at(2, { version: 2, channel_id: 'ch', pinned: true }) });
    mock.timers.tick(5000);
    assert.deepEqual(asked, []);
    const { days, pins, ways } = personStore('pia').get();
    assert.deepEqual(days, [{ day: '2026-03-10', medium: 'line', in: 1, out: 0, other: 0 }]);
    assert.deepEqual(idsOf(pins), ['m2']);
    assert.equal(ways?.[0]?.window_until, '2026-03-10T13:02:00.000Z');
    push('entry', { customer_id: 'pia', entry: at(2, { version: 3, channel_id: 'ch', moved_to: { entry_id: 'x', customer_id: 'y' } }) });
    assert.deepEqual(personStore('pia').get().days, [], 'it counts where it has gone to');
    assert.deepEqual(personStore('pia').get().pins, []);
    assert.deepEqual(asked, []);
  });

  it('was last heard of when a pushed entry happened, by the identity that it is filed under', async () => {
    const [before, then] = ['2026-03-01T00:00:00.000Z', '2026-03-02T00:00:00.000Z'];
    const known = customer('lea', ['i', 'other']);
    const heard = { ...known, first_at: before, last_at: then, identities: known.identities.map((one) => ({ ...one, first_at: before, last_at: then })) };
    asked = answering({ 'person.open': () => opened({ customer: heard }) });
    await goTo('lea');
    push('entry', { customer_id: 'lea', entry: at(2, { version: 2 }) });
    const now = personStore('lea').get().customer!;
    assert.deepEqual([now.first_at, now.last_at], [before, at(2).occurred_at]);
    assert.deepEqual(
      now.identities.map(({ last_at }) => last_at),
      [at(2).occurred_at, then],
    );
  });

  it('has days counted from the entries that are here: the server counts them a moment after it has pushed them', async () => {
    const day = (date: string, n: number) => ({ day: date, medium: 'line', in: n, out: 0, other: 0 });
    const of = (date: string, id: string) => entry({ id, occurred_at: `${date}T12:00:00.000Z` });
    const days = [day('2026-03-01', 7), day('2026-03-08', 5)];
    const entries = [of('2026-03-10', 'new'), of('2026-03-08', 'old')];
    asked = answering({ 'person.open': ({ customer_id }) => opened({ customer: customer(String(customer_id)), entries, more: true }, { days }) });
    await goTo('dea');
    assert.deepEqual(personStore('dea').get().days, [...days, day('2026-03-10', 1)]);
    asked = answering({ 'person.open': ({ customer_id }) => opened({ customer: customer(String(customer_id)), entries }, { days: [] }) });
    await goTo('all');
    assert.deepEqual(personStore('all').get().days, [day('2026-03-08', 1), day('2026-03-10', 1)]);
  });

  it('keeps the window as it is for what is no word of the person there', async () => {
    const written = way({ best: true, window_ms: 3_600_000, window_until: '2026-03-10T12:30:00.000Z' });
    asked = answering({ 'person.open': ({ customer_id }) => opened({ customer: customer(String(customer_id)) }, { ways: [written] }) });
    await goTo('wim');
    const others: Partial<Entry>[] = [{ kind: 'call' }, { author_kind: 'system' }, { moved_from: { entry_id: 'x', customer_id: 'y' } }];
    others.forEach((part, n) => push('entry', { customer_id: 'wim', entry: at(2 + n, { version: 2 + n, channel_id: 'ch', ...part }) }));
    assert.equal(personStore('wim').get().ways?.[0]?.window_until, written.window_until);
  });

  it('asks once for what only the server knows: an order, a way that opens, something older than all that is there', async () => {
    for (const entry of [at(3, { version: 2, kind: 'order' }), at(3, { version: 2, channel_id: 'ch' }), at(0, { version: 2 })]) {
      asked = answering({
        'person.open': ({ customer_id }) => opened({ customer: customer(String(customer_id)), entries: [at(1)], more: true }, { ways: [way()] }),
      });
      await goTo(`who ${entry.id} ${entry.kind} ${entry.channel_id}`);
      asked.length = 0;
      for (let i = 0; i < 3; i++) push('entry', { customer_id: watchedId(), entry: { ...entry, version: 2 + i } });
      mock.timers.tick(1000);
      await tick();
      assert.deepEqual(
        asked.map(({ method }) => method),
        ['person.open'],
      );
    }
  });

  it('is announced to have written when that is new, not when something further back has changed', async () => {
    asked = answering({ 'person.open': ({ customer_id }) => opened({ customer: customer(String(customer_id)), entries: [at(1)], more: true }) });
    await goTo('ann');
    announcement.set('');
    push('entry', { customer_id: 'ann', entry: at(0, { version: 2, text: 'edited' }) });
    assert.equal(announcement.get(), '');
    push('entry', { customer_id: 'ann', entry: at(2, { version: 3, text: 'fresh' }) });
    assert.match(announcement.get(), /fresh/);
  });

  it('gets what is pushed, once; whoever has not been opened gets nothing', async () => {
    await goTo('carl');
    push('entry', { customer_id: 'carl', entry: at(2, { version: 2 }) });
    push('entry', { customer_id: 'carl', entry: at(2, { version: 2 }) });
    takeEntry('carl', at(2, { version: 2 }));
    assert.deepEqual(idsOf(personStore('carl').get().entries), ['m1', 'm2']);
    push('entry', { customer_id: 'stranger', entry: at(2) });
    assert.deepEqual(personStore('stranger').get().entries, []);
  });

  it('loses entries with the identity they belong to', async () => {
    await goTo('dora');
    takeCustomer(customer('dora', ['other']));
    assert.deepEqual(personStore('dora').get().entries, []);
  });

  it('is forgotten when many others have been opened since, unless somebody still watches', async () => {
    await goTo('first');
    const store = personStore('first');
    await goTo('watched');
    const end = personStore('watched').subscribe(() => undefined);
    for (let i = 0; i < 20; i++) await goTo(`p${i}`);
    assert.notEqual(personStore('first'), store);
    assert.equal(personStore('first').get().customer, null);
    assert.equal(personStore('watched').get().customer?.name, 'watched');
    end();
  });

  it('is read as often as one likes without changing anything', async () => {
    await goTo('erna');
    const store = personStore('erna');
    for (let i = 0; i < 50; i++) personStore(`looked at ${i}`).get();
    assert.equal(personStore('erna'), store);
    assert.equal(asked.filter(({ params }) => String(params['customer_id']).startsWith('looked')).length, 0);
  });
});

describe('a stretch', () => {
  it('meets at the moment from both sides', async () => {
    await showMoment('s', Date.parse('2026-03-10T12:10:00Z'));
    const [older, newer] = questions('timeline.page');
    assert.equal(older?.['before_at'], newer?.['after_at']);
    assert.equal(older?.['before_id'], newer?.['after_id']);
    assert.deepEqual(idsOf(stretch.get()?.entries), ['m5', 'm50']);
    assert.equal(stretch.get()?.loading, null);
  });

  it('grows at the side that is asked for, once at a time', async () => {
    await showMoment('s', 0);
    asked.length = 0;
    const first = extend('older');
    await extend('older');
    await first;
    assert.equal(questions('timeline.page').length, 1);
    assert.equal(questions('timeline.page')[0]?.['before_id'], 'm5');
    await extend('newer');
    assert.equal(questions('timeline.page')[1]?.['after_id'], 'm50');
  });

  it('with a filter leaves it to the server what fits', async () => {
    await showFiltered('f', { ...NO_FILTER, query: 'tea' });
    assert.deepEqual(idsOf(stretch.get()?.entries), ['m20', 'm30']);
    asked.length = 0;
    for (let i = 0; i < 10; i++) push('entry', { customer_id: 'f', entry: at(40, { id: `new${i}` }) });
    mock.timers.tick(1000);
    await tick();
    assert.deepEqual(questions('timeline.page'), [{ customer_id: 'f', limit: 30, query: 'tea' }], 'one question for many pushes');
    push('entry', { customer_id: 'f', entry: at(20, { version: 2, text: 'changed' }) });
    assert.equal(stretch.get()?.entries[0]?.text, 'changed', 'what is shown changes at once');
  });

  it('with a filter that was left takes no answer to it', async () => {
    await showFiltered('f', { ...NO_FILTER, query: 'tea' });
    push('entry', { customer_id: 'f', entry: at(40, { id: 'new' }) });
    stretch.set((now) => now && { ...now, newer: true });
    asked.length = 0;
    mock.timers.tick(1000);
    assert.deepEqual(asked, [], 'its newest end is not shown any more');
    stretch.set((now) => now && { ...now, newer: false });
    let answer: (page: unknown) => void = () => undefined;
    asked = answering({ 'timeline.page': () => new Promise((resolve) => (answer = resolve)) });
    push('entry', { customer_id: 'f', entry: at(40, { id: 'new' }) });
    mock.timers.tick(1000);
    stretch.set((now) => now && { ...now, key: 'another' });
    answer({ entries: [at(41)], more: false });
    await tick();
    assert.deepEqual(idsOf(stretch.get()?.entries), ['m20', 'm30']);
  });

  it('takes nothing of others, and ends with a filter that lets everything through', async () => {
    await showFiltered('f', { ...NO_FILTER, query: 'tea' });
    const shown = stretch.get();
    push('entry', { customer_id: 'somebody', entry: at(20, { version: 9 }) });
    assert.equal(stretch.get(), shown);
    await showFiltered('f', NO_FILTER);
    assert.equal(stretch.get(), null);
  });

  it('shows the answer to what was asked last, not the one that comes last', async () => {
    const answers: ((entries: Entry[]) => void)[] = [];
    asked = answering({ 'timeline.page': () => new Promise((resolve) => answers.push((entries) => resolve({ entries, more: false }))) });
    const slow = showFiltered('f', { ...NO_FILTER, query: 'slow' });
    const fast = showFiltered('f', { ...NO_FILTER, query: 'fast' });
    answers[1]!([at(2)]);
    answers[0]!([at(1)]);
    await Promise.all([slow, fast]);
    assert.deepEqual(idsOf(stretch.get()?.entries), ['m2']);
  });

  it('at its live end takes what comes, and elsewhere does not', async () => {
    asked = answering({
      'timeline.around': () => ({ entries: [at(30), at(20)], more_older: true, more_newer: false }),
      'person.open': ({ customer_id }) => opened({ customer: customer(String(customer_id)) }),
    });
    route.set(inboxRoute({ customerId: 'linked', entryId: 'm20' }));
    for (let i = 0; i < 4; i++) await tick();
    assert.deepEqual([idsOf(stretch.get()?.entries), stretch.get()?.target], [['m20', 'm30'], 'm20']);
    assert.equal(questions('timeline.around').length, 1);
    route.set(inboxRoute({ customerId: 'linked', entryId: 'm20', view: 'all' }));
    assert.equal(questions('timeline.around').length, 1, 'it is there already');
    push('entry', { customer_id: 'linked', entry: at(40) });
    assert.deepEqual(idsOf(stretch.get()?.entries), ['m20', 'm30', 'm40']);
    stretch.set((now) => now && { ...now, newer: true });
    push('entry', { customer_id: 'linked', entry: at(45) });
    assert.deepEqual(idsOf(stretch.get()?.entries), ['m20', 'm30', 'm40'], 'it would stand behind a hole');
    push('entry', { customer_id: 'linked', entry: at(30, { version: 0, text: 'older' }) });
    assert.equal(stretch.get()?.entries[1]?.text, 'words');
    route.set(inboxRoute({ customerId: 'somebody else' }));
    assert.equal(stretch.get(), null, 'it goes with the person');
  });

  it('is read again at a link, and at a filter, when the connection is back', async () => {
    await goTo('back');
    await showFiltered('back', { ...NO_FILTER, query: 'tea' });
    asked.length = 0;
    for (const resync of resyncs) void resync();
    await tick();
    assert.equal(questions('timeline.page')[0]?.['query'], 'tea');
    stretch.set((now) => now && { ...now, customerId: 'not on the screen' });
    asked.length = 0;
    for (const resync of resyncs) void resync();
    await tick();
    assert.deepEqual(questions('timeline.page'), []);
  });

  it('loses entries with the identity they belong to', async () => {
    await goTo('f');
    await showFiltered('f', { ...NO_FILTER, query: 'tea' });
    takeCustomer(customer('f', ['i']));
    push('customer', { customer_id: 'f' });
    const before = stretch.get();
    mock.timers.tick(2000);
    assert.equal(stretch.get(), before, 'nothing has gone');
    await tick();
    takeCustomer(customer('f', ['other']));
    push('customer', { customer_id: 'f' });
    mock.timers.tick(2000);
    assert.deepEqual(stretch.get()?.entries, []);
  });

  it('keeps its filter when a moment is gone to, and its rows while another word is typed', async () => {
    await showFiltered('f', { ...NO_FILTER, query: 'tea' });
    const typing = showFiltered('f', { ...NO_FILTER, query: 'teapot' });
    assert.deepEqual(idsOf(stretch.get()?.entries), ['m20', 'm30']);
    await typing;
    asked.length = 0;
    await showMoment('f', 0);
    assert.deepEqual(
      questions('timeline.page').map(({ query }) => query),
      ['teapot', 'teapot'],
    );
    const other = showFiltered('g', { ...NO_FILTER, query: 'tea' });
    assert.deepEqual(stretch.get()?.entries, [], 'not those of somebody else');
    await other;
    asked.length = 0;
    await showMoment('f', 0);
    assert.equal(questions('timeline.page')[0]?.['query'], undefined);
  });

  it('is left for a moment that lies outside of what is shown, and only then', async () => {
    const shown = { entries: [at(20), at(30)], older: true, newer: true };
    const rows = shown.entries.map((one): Row => ({ type: 'entry', key: one.id, entry: one, joined: false, stretch: null, at: Date.parse(one.occurred_at!) }));
    const leaves = (minute: number, part: Partial<typeof shown> = {}) => {
      asked.length = 0;
      let index: number | null = null;
      travel('t', Date.parse(at(minute).occurred_at!), { ...shown, ...part }, rows, (found) => (index = found));
      assert.equal(index === null, asked.length > 0);
      return index === null;
    };
    assert.deepEqual(
      [10, 20, 25, 30, 40].map((minute) => leaves(minute)),
      [true, false, false, false, true],
    );
    assert.deepEqual(
      [10, 40].map((minute) => leaves(minute, { older: false, newer: false })),
      [false, false],
    );
    assert.deepEqual(
      [leaves(25, { entries: [], newer: false }), leaves(25, { entries: [], older: false }), leaves(25, { entries: [], older: false, newer: false })],
      [true, true, false],
    );
    for (let i = 0; i < 4; i++) await tick();
  });
});
