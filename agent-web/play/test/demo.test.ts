// The demo shop's year and the stories of simulate, without a server.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeDoubles } from '../demo/doubles.ts';
import { makeHistory, type History } from '../demo/history.ts';
import { random } from '../demo/random.ts';
import type { DemoChannels } from '../demo/state.ts';
import { STORIES } from '../stories.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const AGENTS = [
  { email: 'mia@aoyama-finch.example', name: 'Mia Lindqvist' },
  { email: 'kenji@aoyama-finch.example', name: 'Kenji Mori' },
];
const history: History = makeHistory(NOW, AGENTS);
const all = [...history.entries, ...history.open];

test('the same seed and moment give the same year', () => {
  assert.deepEqual(makeHistory(NOW, AGENTS), history);
  assert.notDeepEqual(makeHistory(NOW, AGENTS, 7).entries, history.entries);
});

test('about 200 people and 3,000 entries, orders among them, in seven languages', () => {
  assert.equal(history.people.length, 200);
  assert.ok(Math.abs(all.length + history.orders.length - 3000) < 400);
  assert.equal(new Set(history.people.map((person) => person.language)).size, 7);
  assert.ok(history.people.filter((person) => person.language === 'ja').length >= 50);
});

test('everything lies in the last year, and nothing in the future', () => {
  for (const entry of all) {
    const at = Date.parse(entry.occurred_at);
    assert.ok(at <= NOW && at > NOW - 400 * 86_400_000, entry.occurred_at);
  }
});

test('external ids are unique, so that a second load makes nothing new', () => {
  assert.equal(new Set(all.map((entry) => entry.external_id)).size, all.length);
  const snapshots = history.orders.map(({ order }) => `${order.external_id} ${order.updated_at} ${order.state}`);
  assert.equal(new Set(snapshots).size, snapshots.length);
});

test('no placeholder is left in a text', () => {
  const left = all.filter((entry) => /\{\w+\}/.test(`${entry.subject} ${entry.text} ${entry.html}`));
  assert.deepEqual(left, []);
});

test('order numbers rise with time, totals are the sum of their items', () => {
  const first = new Map(history.orders.map(({ order }) => [order.number, order]));
  const sorted = [...first.values()].sort((a, b) => Number(a.number.slice(1)) - Number(b.number.slice(1)));
  for (const [i, order] of sorted.entries()) {
    if (i > 0) assert.ok(order.placed_at >= sorted[i - 1]!.placed_at);
    const sum = order.items.reduce((total, item) => total + Number(item.price) * item.quantity, 0);
    assert.ok(Math.abs(sum - Number(order.total)) < 0.005, order.number);
  }
});

test('points only grow, person by person', () => {
  const balances = new Map<string, number>();
  for (const entry of all.filter((one) => one.kind === 'points')) {
    const before = balances.get(entry.identity.value) ?? 0;
    const { delta, balance } = entry.payload as { delta: number; balance: number };
    assert.equal(balance, before + delta);
    balances.set(entry.identity.value, balance);
  }
});

test('about 25 conversations are open, and most of them wait for an answer', () => {
  const last = new Map(history.open.map((entry) => [entry.also[0]!.value + entry.identity.name, entry]));
  assert.ok(last.size >= 20 && last.size <= 25, String(last.size));
  const waiting = [...last.values()].filter((entry) => entry.direction === 'in').length;
  assert.ok(waiting >= 8 && waiting < last.size, String(waiting));
});

test('duplicates, shared identifiers and long lives come from the seed as well', () => {
  const doubles = makeDoubles(history.people, NOW);
  assert.deepEqual(makeDoubles(history.people, NOW), doubles);
  const known = new Set(history.people.map((person) => person.email));
  assert.ok(doubles.claims.length > 0 && doubles.claims.every(({ email }) => known.has(email)), 'a claim is of a known address');
  const seconds = new Set(
    doubles.entries.filter(({ identity }) => !known.has(identity.value) && identity.kind === 'email').map(({ identity }) => identity.name),
  );
  assert.ok(seconds.size >= 6, 'people with a second address');
  for (const { value, members } of doubles.shared) {
    assert.ok(members.length >= 3 && members.every((member) => known.has(member.value)));
    assert.ok(
      doubles.late.some((entry) => entry.identity.value === value),
      'somebody has used it',
    );
  }
  const times = doubles.entries.map((entry) => Date.parse(entry.occurred_at));
  assert.ok(Math.min(...times) < NOW - 7 * 365 * 86_400_000 && Math.max(...times) <= NOW);
  assert.ok(doubles.entries.length > 500, String(doubles.entries.length));
  const ids = [...doubles.entries, ...doubles.late, ...all].map((entry) => entry.external_id);
  assert.equal(new Set(ids).size, ids.length);
  assert.deepEqual(
    doubles.entries.filter((entry) => /\{\w+\}/.test(`${entry.subject} ${entry.text}`)),
    [],
  );
});

const url = 'http://127.0.0.1:1/hook';
const CHANNELS: DemoChannels = {
  email: { id: '1', url, token: 't', address: 'support@aoyama-finch.example' },
  postmark: { id: '2', url, user: 'u', password: 'p', address: 'orders@aoyama-finch.example' },
  chat: { id: '3', identitySecret: 'chat secret' },
  phone: { id: '4', url, authToken: 'a', number: '+442071838750' },
  line: { id: '5', url, channelSecret: 's' },
  whatsapp: { id: '6', url, appSecret: 's', phoneNumberId: '1' },
  shop: { id: '7', url, secret: 's' },
  loyalty: { id: '8' },
  market: { id: '9' },
};

for (const [name, story] of Object.entries(STORIES))
  test(`story ${name}: every step is a request, for everybody whom it fits`, async () => {
    const people = history.people.filter((person) => story.fits(person));
    assert.ok(people.length > 20);
    for (const [serial, person] of people.slice(0, 40).entries()) {
      for (const step of story.steps({ person, channels: CHANNELS, rnd: random(serial), serial, desk: { url, token: 't' } })) {
        assert.ok(!/\{\w+\}/.test(step.what), step.what);
        if (!('request' in step)) continue;
        const request = await step.request();
        assert.equal(request.url, url);
        assert.ok(request.body.length > 20);
      }
    }
  });
