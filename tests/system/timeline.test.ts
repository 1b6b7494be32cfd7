// One person by many channels in one timeline, live; and after a lost connection exactly what was missed.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { deliver, lineRequest, lineTextEvent, whatsAppRequest, whatsAppText } from '../../agent-web/play/providers.ts';
import type { Entry, Snapshot } from '../../agent-web/protocol/src/generated.ts';
import { randomUUID, Server, type Socket, waitFor, endAll } from './harness.ts';

describe('timeline', () => {
  let server: Server;
  let line: { id: string; url: string };
  const secret = 'line-secret';
  const ends: (() => Promise<void>)[] = [];

  before(async () => {
    server = await Server.start((fn) => ends.push(fn));
    line = await server.channel('line', 'LINE', { channel_secret: secret, access_token: 'x' });
  });
  after(async () => {
    await endAll(ends);
  });

  async function write(user: string, text: string): Promise<void> {
    const sent = await deliver(lineRequest({ url: line.url, channelSecret: secret }, [lineTextEvent(user, text)]));
    assert.equal(sent.status, 200, sent.text);
  }

  async function customerOf(text: string): Promise<string> {
    const page = await server.api('conversation.list', { view: 'all', limit: 200 });
    const row = page.conversations.find((one) => one.preview === text);
    assert.ok(row, `no conversation shows "${text}"`);
    return row.customer_id;
  }

  it('pushes a new entry to who watches, and the row to every agent', async () => {
    await write('U-push', 'first');
    const customer = await customerOf('first');
    const watcher = await server.agent();
    const other = await server.agent((await server.newAgent('Other One')).cookie);
    const snapshot = await watcher.call('timeline.watch', { customer_id: customer });
    await other.call('session.me', {});
    assert.deepEqual(
      snapshot.entries.map((entry) => entry.text),
      ['first'],
    );
    await write('U-push', 'second');
    const push = await waitFor('the entry is pushed', () => watcher.pushed('entry').find((one) => one.entry.text === 'second'));
    assert.equal(push.customer_id, customer);
    assert.equal(push.entry.version, 2);
    await waitFor('the row is pushed', () => other.pushed('conversation').find((row) => row.preview === 'second'));
    assert.equal(other.pushed('entry').length, 0, 'who does not watch is not told');
    watcher.close();
    other.close();
  });

  it('opens a person by one call, with all that the others tell, and leaves the one before', async () => {
    await write('U-one', 'of one');
    await write('U-two', 'of two');
    const one = await customerOf('of one');
    const two = await customerOf('of two');
    const socket = await server.agent();
    await socket.call('note.add', { customer_id: one, text: 'remember', client_id: randomUUID() });
    await waitFor('it is counted', async () => (await server.api('customer.journey', { customer_id: one })).days[0]?.in === 1);
    const opened = await socket.call('person.open', { customer_id: one });
    assert.deepEqual(opened.timeline, await socket.call('timeline.watch', { customer_id: one }));
    assert.deepEqual(opened.days, (await server.api('customer.journey', { customer_id: one })).days);
    assert.deepEqual(opened.ways, (await server.api('customer.reach', { customer_id: one })).ways);
    assert.deepEqual(opened.orders, []);
    assert.deepEqual(opened.suggestions, (await server.api('customer.suggestions', { customer_id: one })).suggestions);
    assert.deepEqual(opened.conversations, (await server.api('conversation.of_customer', { customer_id: one })).conversations);
    assert.deepEqual(opened.conversations[0]?.asked_on, ['line']);
    const entry = opened.timeline.entries.find(({ kind }) => kind === 'message');
    await server.api('entry.pin', { id: entry?.id ?? '', pinned: true });
    const have = opened.timeline.customer?.identities.map(({ id, version }) => ({ identity_id: id, version })) ?? [];
    const again = await socket.call('person.open', { customer_id: one, have });
    assert.deepEqual(
      again.pins.map(({ id }) => id),
      [entry?.id],
    );
    assert.deepEqual(
      again.timeline.entries.map(({ id }) => id),
      [entry?.id],
      'only what has changed',
    );
    await socket.call('person.open', { customer_id: two, leaving: one });
    const before = socket.pushed('entry').length;
    await write('U-one', 'nobody looks');
    await write('U-two', 'somebody looks');
    await waitFor('the one on the screen is told', () => socket.pushed('entry').some((push) => push.entry.text === 'somebody looks'));
    assert.deepEqual(
      socket
        .pushed('entry')
        .slice(before)
        .map(({ customer_id }) => customer_id),
      [two],
    );
    await assert.rejects(socket.call('person.open', { customer_id: randomUUID(), leaving: two }), { field: 'customer_id' });
    socket.close();
  });

  it('gives after a cut exactly what was missed, under traffic', async () => {
    await write('U-cut', 'start');
    const customer = await customerOf('start');
    const cookie = await server.login();
    const seen = new Map<string, Entry>();
    const versions = new Map<string, number>();
    const take = (entry: Entry): void => {
      const known = seen.get(entry.id);
      if (!known || (known.version ?? 0) < (entry.version ?? 0)) seen.set(entry.id, entry);
      const contiguous = versions.get(entry.identity_id) ?? 0;
      if (entry.version === contiguous + 1) versions.set(entry.identity_id, entry.version);
    };
    const begin = (snapshot: Snapshot): void => {
      snapshot.entries.forEach(take);
      for (const identity of snapshot.customer?.identities ?? []) versions.set(identity.id, identity.version ?? 0);
    };

    let stop = false;
    let written = 0;
    const traffic = (async () => {
      while (!stop) await write('U-cut', `message ${++written}`);
    })();
    let socket: Socket = await server.agent(cookie);
    begin(await socket.call('timeline.watch', { customer_id: customer }));
    for (let round = 0; round < 8; round++) {
      const until = written + 6;
      await waitFor('there is traffic', () => written > until);
      socket.pushed('entry').forEach((push) => take(push.entry));
      socket.cut();
      const during = written + 4;
      await waitFor('there is traffic while nobody listens', () => written > during);
      socket = await server.agent(cookie);
      const have = [...versions].map(([identity_id, version]) => ({ identity_id, version }));
      const snapshot = await socket.call('timeline.watch', { customer_id: customer, have });
      assert.equal(snapshot.complete, true);
      const missed = new Set(snapshot.entries.map((entry) => entry.version));
      for (const { identity_id, version } of have) {
        const now = snapshot.customer?.identities.find((one) => one.id === identity_id)?.version ?? 0;
        for (let v = version + 1; v <= now; v++) assert.ok(missed.has(v), `version ${v} was missed and is not told`);
        assert.equal([...missed].filter((v) => (v ?? 0) <= version).length, 0, 'nothing is told twice');
      }
      begin(snapshot);
    }
    stop = true;
    await traffic;
    await waitFor('the last one is pushed', () => socket.pushed('entry').some((push) => push.entry.text === `message ${written}`));
    socket.pushed('entry').forEach((push) => take(push.entry));

    const fresh: Entry[] = [];
    let before: Entry | undefined;
    for (;;) {
      const page = await server.api('timeline.page', {
        customer_id: customer,
        limit: 100,
        ...(before ? { before_at: before.occurred_at, before_id: before.id } : {}),
      });
      fresh.push(...page.entries);
      before = page.entries.at(-1);
      if (!page.more) break;
    }
    assert.equal(fresh.length, written + 1);
    assert.deepEqual([...seen.keys()].sort(), fresh.map((entry) => entry.id).sort());
    socket.close();
  });

  it('begins anew with a screen that knows more than there is, as after a restore', async () => {
    await write('U-restored', 'before the backup');
    const customer = await customerOf('before the backup');
    const socket = await server.agent();
    const first = await socket.call('timeline.watch', { customer_id: customer });
    const ahead = (first.customer?.identities ?? []).map((one) => ({ identity_id: one.id, version: (one.version ?? 0) + 1 }));
    const snapshot = await socket.call('timeline.watch', { customer_id: customer, have: ahead });
    assert.equal(snapshot.complete, false);
    assert.deepEqual(
      snapshot.entries.map((entry) => entry.text),
      ['before the backup'],
    );
    socket.close();
  });

  it('makes one person of one phone number in WhatsApp and on an order', async () => {
    const app = 'app-secret';
    const whatsapp = await server.channel('whatsapp', 'WhatsApp', { app_secret: app, access_token: 'x', phone_number_id: '100' });
    const shop = await server.channel('api', 'Till');
    const hook = { url: whatsapp.url, appSecret: app, phoneNumberId: '100', verifyToken: '' } as never;
    const sent = await deliver(whatsAppRequest(hook, [whatsAppText('819012345678', 'Aya', 'where is it?')]));
    assert.equal(sent.status, 200, sent.text);
    await server.api('orders.put', {
      channel_id: shop.id,
      orders: [
        {
          identities: [
            { kind: 'shop_customer', value: 'C-1' },
            { kind: 'phone', value: '090-1234-5678' },
          ],
          order: { external_id: '1', number: '#1', state: 'paid', place: 'web', placed_at: '2026-05-01T00:00:00Z', total: '12.50', currency: 'EUR' },
        },
      ],
    } as never);
    const customer = await customerOf('where is it?');
    const person = await server.api('customer.get', { id: customer });
    assert.deepEqual(person.identities.map((one) => one.kind).sort(), ['phone', 'shop_customer', 'whatsapp']);
    const shopper = person.identities.find((one) => one.kind === 'shop_customer');
    assert.equal(shopper?.rule, 'same_phone');
    assert.equal(shopper?.evidence[0]?.params.value, '+819012345678');
    const page = await server.api('timeline.page', { customer_id: customer });
    assert.deepEqual(page.entries.map((entry) => entry.kind).sort(), ['message', 'order']);
    const orders = await server.api('order.list', { customer_id: customer });
    assert.equal(orders.orders[0]?.state, 'paid');
  });

  it('keeps the newest state of an order, whatever order the snapshots come in', async () => {
    const shop = await server.channel('api', 'Shop');
    const snapshot = (state: string, updated_at: string): never =>
      ({
        channel_id: shop.id,
        orders: [
          {
            identities: [{ kind: 'email', value: 'Order@Example.com' }],
            order: { external_id: '9', number: '#9', state, updated_at, place: 'store', placed_at: '2026-05-01T00:00:00Z', total: '1', currency: 'JPY' },
          },
        ],
      }) as never;
    await server.api('orders.put', snapshot('shipped', '2026-05-02T00:00:00Z'));
    await server.api('orders.put', snapshot('paid', '2026-05-01T00:00:00Z'));
    const repeat = await server.api('orders.put', snapshot('shipped', '2026-05-02T00:00:00Z'));
    assert.deepEqual([repeat.created, repeat.repeated], [0, 1]);
    const hit = (await server.api('customer.search', { query: 'order@example.com' })).hits[0];
    assert.ok(hit);
    const orders = await server.api('order.list', { customer_id: hit.id });
    assert.deepEqual(
      orders.orders.map((one) => one.state),
      ['shipped'],
    );
    const entries = (await server.api('timeline.page', { customer_id: hit.id })).entries;
    assert.deepEqual(
      entries.map((entry) => (entry.payload as { state: string }).state),
      ['shipped', 'paid'],
    );
  });

  it('assigns, snoozes, resolves and reopens, and a new message reopens', async () => {
    await write('U-work', 'help');
    const agent = await server.newAgent('Work Er');
    const socket = await server.agent(agent.cookie);
    const row = (await socket.call('conversation.list', { view: 'unassigned' })).conversations.find((one) => one.preview === 'help');
    assert.ok(row?.waiting_since);
    const mine = await socket.call('conversation.assign', { id: row.id, agent_id: agent.id });
    assert.equal(mine.assignee_id, agent.id);
    assert.equal((await socket.call('conversation.counts', {})).mine, 1);
    await assert.rejects(socket.call('conversation.set_status', { id: row.id, status: 'snoozed', until: '2020-01-01T00:00:00Z' }), /to come/);
    const until = new Date(Date.now() + 3000).toISOString();
    const snoozed = await socket.call('conversation.set_status', { id: row.id, status: 'snoozed', until });
    assert.equal(snoozed.status, 'snoozed');
    await waitFor('it wakes by itself', () =>
      socket.pushed('conversation').find((one) => one.id === row.id && one.status === 'open' && (one.version ?? 0) > (snoozed.version ?? 0)),
    );
    assert.equal((await socket.call('conversation.set_status', { id: row.id, status: 'resolved' })).waiting_since, null);
    await write('U-work', 'once more');
    const again = await socket.call('conversation.get', { id: row.id });
    assert.equal(again.status, 'open');
    assert.equal(again.preview, 'once more');
    const page = await socket.call('timeline.page', { customer_id: row.customer_id });
    const actions = page.entries.filter((entry) => entry.kind === 'activity').map((entry) => (entry.payload as { action: string }).action);
    assert.deepEqual(actions.sort(), ['assigned', 'status', 'status', 'status']);
    socket.close();
  });

  it('adds a note once, whatever is repeated', async () => {
    await write('U-note', 'note me');
    const customer = await customerOf('note me');
    const socket = await server.agent();
    const note = { customer_id: customer, client_id: randomUUID(), text: 'likes green tea' };
    const first = await socket.call('note.add', note);
    const second = await socket.call('note.add', note);
    assert.equal(first.id, second.id);
    const page = await socket.call('timeline.page', { customer_id: customer });
    assert.equal(page.entries.filter((entry) => entry.kind === 'note').length, 1);
    const lines = await socket.call('conversation.list', { view: 'all', medium: 'line', limit: 200 });
    assert.ok(
      lines.conversations.some((row) => row.customer_id === customer),
      'a note is on no channel: the conversation stays in that of the person',
    );
    socket.close();
  });

  it('counts a long queue only so far', async () => {
    await write('U-long', 'the first of many');
    const opener = server.sql("SELECT id FROM identity WHERE value = 'U-long'").trim();
    const many = (status: number, n: number): void => {
      server.sql(
        `INSERT INTO conversation (uuid, opened_by, status, last_at, created_at) SELECT RANDOM_BYTES(16), ${opener}, ${status}, seq, seq FROM seq_1_to_${n}`,
      );
    };
    many(1, 999);
    assert.equal((await server.api('conversation.counts', {})).snoozed, 999);
    many(1, 500);
    many(0, 1500);
    assert.deepEqual(await server.api('conversation.counts', {}), { mine: 0, unassigned: 1000, open: 1000, snoozed: 1000 });
  });
});
