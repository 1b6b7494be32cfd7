import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Timeline, type Customer, type Entry, type Snapshot } from '../src/index.ts';

function entry(id: string, at: string, version: number, part: Partial<Entry> = {}): Entry {
  return {
    id,
    identity_id: 'mail',
    version,
    occurred_at: `2026-01-${at}T00:00:00.000Z`,
    received_at: '2026-01-01T00:00:00.000Z',
    conversation_id: null,
    channel_id: null,
    medium: 'email',
    kind: 'message',
    direction: 'in',
    author_kind: 'customer',
    author_id: null,
    author_name: null,
    subject: null,
    text: id,
    html: null,
    payload: null,
    attachments: null,
    external_id: null,
    delivery: 'none',
    send_at: null,
    delivery_error: [],
    journal_id: null,
    moved_to: null,
    moved_from: null,
    pinned: false,
    erased_at: null,
    closed: false,
    ...part,
  };
}

const customer = (versions: Record<string, number>) =>
  ({ id: 'c', identities: Object.entries(versions).map(([id, version]) => ({ id, version })) }) as unknown as Customer;

const snapshot = (versions: Record<string, number>, entries: Entry[], part: Partial<Snapshot> = {}): Snapshot => ({
  customer: customer(versions),
  entries,
  complete: true,
  more: false,
  ...part,
});

function begun(more = false): Timeline {
  const timeline = new Timeline('c');
  timeline.take(snapshot({ mail: 2 }, [entry('b', '05', 2), entry('a', '03', 1)], { more }), false);
  return timeline;
}

const ids = (timeline: Timeline) => timeline.entries.map(({ id }) => id).join('');

test('A snapshot is put in the order of time', () => {
  assert.equal(ids(begun()), 'ab');
});

test('A push goes where its time belongs, and is told from old news', () => {
  const timeline = begun();
  assert.equal(timeline.push(entry('m', '04', 3)), null);
  assert.equal(timeline.push(entry('z', '09', 4)), null);
  assert.equal(ids(timeline), 'ambz');
  assert.equal(timeline.push(entry('z', '09', 4)), undefined);
});

test('The higher version of an entry stays, whatever comes last', () => {
  const timeline = begun();
  timeline.push(entry('b', '05', 4, { delivery: 'read' }));
  assert.equal(timeline.push(entry('b', '05', 3, { delivery: 'sent' })), undefined);
  assert.equal(timeline.get('b')?.delivery, 'read');
});

test('have() tells the highest version up to which nothing is missing', () => {
  const timeline = begun();
  timeline.push(entry('d', '07', 5));
  assert.deepEqual(timeline.have(), [{ identity_id: 'mail', version: 2 }]);
  assert.equal(timeline.hasGap(), true);
  timeline.push(entry('c', '06', 3));
  timeline.push(entry('e', '08', 4));
  assert.deepEqual(timeline.have(), [{ identity_id: 'mail', version: 5 }]);
  assert.equal(timeline.hasGap(), false);
});

test('Catching up merges what was missed', () => {
  const timeline = begun();
  timeline.take(snapshot({ mail: 4 }, [entry('c', '06', 4), entry('b', '05', 3, { delivery: 'read' })]), true);
  assert.equal(ids(timeline), 'abc');
  assert.equal(timeline.get('b')?.delivery, 'read');
  assert.deepEqual(timeline.have(), [{ identity_id: 'mail', version: 4 }]);
});

test('When too much was missed it starts anew', () => {
  const timeline = begun();
  timeline.take(snapshot({ mail: 900 }, [entry('x', '20', 900)], { complete: false, more: true }), true);
  assert.equal(ids(timeline), 'x');
  assert.equal(timeline.more, true);
});

test('A change of an entry older than all that is loaded leaves no hole, but counts', () => {
  const timeline = begun(true);
  timeline.push(entry('old', '01', 3));
  assert.equal(ids(timeline), 'ab');
  assert.deepEqual(timeline.have(), [{ identity_id: 'mail', version: 3 }]);
  timeline.addPage({ entries: [entry('old', '01', 3)], more: false });
  assert.equal(ids(timeline), 'oldab');
});

test('An identity that leaves takes its entries along; one that comes is told', () => {
  const timeline = new Timeline('c');
  timeline.take(snapshot({ mail: 1, line: 1 }, [entry('l', '02', 1, { identity_id: 'line' }), entry('m', '01', 1)]), false);
  assert.deepEqual(timeline.setCustomer(customer({ mail: 1, chat: 3 })), ['chat']);
  assert.equal(ids(timeline), 'm');
  assert.deepEqual(timeline.have(), [{ identity_id: 'mail', version: 1 }]);
});
