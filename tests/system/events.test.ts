// What happened, read by number from outside: each change once, a person's in order, nothing lost to transactions that overtake
// each other, and nothing told to whom it is closed.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { deliver, lineRequest, lineTextEvent } from '../../agent-web/play/providers.ts';
import type { Event, EventListParams, EventPage } from '../../agent-web/protocol/src/generated.ts';
import { type ApiError, endAll, Server, waitFor } from './harness.ts';

describe('events', () => {
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
    assert.equal((await deliver(lineRequest({ url: line.url, channelSecret: secret }, [lineTextEvent(user, text)]))).status, 200);
  }

  const page = (params: EventListParams): Promise<EventPage> => server.api('event.list', params);

  /** From a number to where there is no more. */
  async function follow(from: number, params: EventListParams = {}): Promise<{ events: Event[]; next: number }> {
    const events: Event[] = [];
    let next = from;
    for (;;) {
      const some = await page({ ...params, after: next });
      events.push(...some.events);
      assert.ok(some.next >= next);
      next = some.next;
      if (!some.more) return { events, next };
    }
  }

  const end = async (): Promise<number> => (await follow((await page({ limit: 1 })).next)).next;
  const said = (events: Event[]): string[] =>
    events.map(({ type, what, entry }) => `${type}${what === 'new' ? '+' : ''}${entry ? ` ${entry.text ?? entry.kind}` : ''}`);

  it('tells a first message as a person, an entry and a conversation, all under one number; and each only once', async () => {
    const from = await end();
    await write('E-first', 'hello');
    const { events, next } = await follow(from);
    assert.deepEqual(said(events).sort(), ['conversation+', 'customer+', 'entry+ hello']);
    assert.equal(new Set(events.map(({ seq }) => seq)).size, 1);
    const customer = events[0]?.customer_id;
    assert.ok(customer && events.every((one) => one.customer_id === customer), 'all of one person');
    assert.equal(events.find(({ conversation }) => conversation)?.conversation?.preview, 'hello');
    assert.deepEqual((await follow(next)).events, []);
    assert.deepEqual((await follow(from)).events, events, 'asked again it is told again');
  });

  it('keeps a person’s order, page by page, and tells what changed besides', async () => {
    const from = await end();
    for (let i = 0; i < 30; i++) await write('E-order', `line ${i}`);
    const { events } = await follow(from, { types: ['entry'], limit: 7 });
    assert.deepEqual(
      events.map(({ entry }) => entry?.text),
      Array.from({ length: 30 }, (_, i) => `line ${i}`),
    );
    assert.ok(events.every(({ type }) => type === 'entry'));
    const conversation = (await server.api('conversation.list', { view: 'open' })).conversations[0];
    const before = await end();
    await server.api('conversation.set_status', { id: conversation?.id ?? '', status: 'resolved' });
    const resolved = (await follow(before)).events;
    assert.deepEqual(
      said(resolved).filter((one) => !one.startsWith('entry')),
      ['conversation'],
    );
    assert.equal(resolved.find(({ conversation: c }) => c)?.conversation?.status, 'resolved');
  });

  it('tells merges, changed profiles and erased entries', async () => {
    await write('E-one', 'one');
    await write('E-two', 'two');
    const rows = (await server.api('conversation.list', { view: 'open' })).conversations;
    const [one, two] = ['one', 'two'].map((text) => rows.find(({ preview }) => preview === text)?.customer_id ?? '');
    let from = await end();
    await server.api('customer.merge', { from_id: two ?? '', into_id: one ?? '', reason: 'same' });
    assert.deepEqual(new Set((await follow(from, { types: ['customer'] })).events.map(({ customer_id }) => customer_id)), new Set([one, two]));
    from = await end();
    await server.api('customer.update', { id: one ?? '', company: 'Example' });
    assert.deepEqual(
      (await follow(from)).events.map(({ type, customer_id }) => [type, customer_id]),
      [['customer', one]],
    );
    const entry = (await server.api('timeline.page', { customer_id: one ?? '' })).entries.find(({ text }) => text === 'one');
    from = await end();
    await server.api('privacy.erase_entry', { entry_id: entry?.id ?? '', reason: 'asked for' });
    const erased = await waitFor('the erasure is told', async () => (await follow(from, { types: ['entry'] })).events[0]);
    assert.equal(erased.entry?.text, null);
    assert.equal(erased.what, 'erased');
  });

  it('tells by whom, and because of what', async () => {
    const told = async (from: number, type: Event['type']): Promise<Event> => {
      const event = (await follow(from, { types: [type] })).events.at(-1);
      assert.ok(event);
      return event;
    };
    let from = await end();
    await write('E-by', 'by whom');
    const all = (await follow(from)).events;
    assert.deepEqual(new Set(all.map(({ type }) => type)), new Set(['entry', 'conversation', 'customer']));
    for (const event of all) assert.deepEqual([event.by, event.because], [{ type: 'channel', id: line.id }, null]);
    const customer = all[0]?.customer_id ?? '';
    const conversation = all.find(({ conversation: c }) => c)?.conversation?.id ?? '';

    const { id, cookie } = await server.newAgent('Eva');
    const eva = await server.agent(cookie);
    from = await end();
    await eva.call('conversation.set_status', { id: conversation, status: 'snoozed', until: new Date(Date.now() + 500).toISOString() });
    const agent = { type: 'agent', id };
    assert.deepEqual((await told(from, 'conversation')).by, agent);
    from = await end();
    await eva.call('customer.update', { id: customer, company: 'Example' });
    assert.deepEqual((await told(from, 'customer')).by, agent);
    assert.deepEqual(await eva.call('event.list', { after: from }), await page({ after: from }), 'the same on the WebSocket');
    eva.close();
    const woken = await waitFor('the snooze ends', async () => (await follow(from, { types: ['conversation'] })).events.at(-1));
    assert.deepEqual(
      [woken.by, woken.because],
      [
        { type: 'system', id: null },
        { type: 'schedule', id: null },
      ],
    );

    from = await end();
    await server.api('customer.update', { id: customer, company: 'By a program' });
    const program = (await told(from, 'customer')).by;
    assert.equal(program?.type, 'token');
    from = await end();
    await write('E-by-two', 'the same');
    const other = (await told(from, 'entry')).customer_id ?? '';
    from = await end();
    const merged = await server.api('customer.merge', { from_id: other, into_id: customer, reason: 'same' });
    assert.deepEqual((await told(from, 'customer')).because, { type: 'operation', id: merged.id });
    from = await end();
    const { identities } = await server.api('customer.get', { id: customer });
    const erasure = await server.api('privacy.erase_customer', { customer_id: customer, reason: 'asked for', confirm: identities[0]?.value ?? '' });
    const gone = await waitFor('the erasure is told', async () => (await follow(from, { types: ['customer'] })).events.find(({ what }) => what === 'erased'));
    assert.deepEqual([gone.by, gone.because], [program, { type: 'task', id: erasure.id }]);
  });

  it('says of what an earlier version wrote that it is not known, and of nothing else', async () => {
    assert.equal(server.sql("SELECT COUNT(*) FROM change_log WHERE changes NOT REGEXP '^([a-z][+-]?[0-9]+(:[0-9]+)?@[a-z][0-9]*[^ ]* ?)+$'").trim(), '0');
    const from = await end();
    server.sql("INSERT INTO change_log (changes, made_at) SELECT CONCAT('c', MIN(id)), UNIX_TIMESTAMP() * 1000 FROM customer");
    const event = (await follow(from)).events.find(({ by }) => by === null); // the erasure may still go on
    assert.deepEqual([event?.what, event?.because], ['changed', null]);
  });

  it('of what changed twice only the last is told; a number that was never used holds nothing up for long', async () => {
    await write('E-twice', 'twice');
    const customer = (await server.api('conversation.list', { view: 'open' })).conversations.find(({ preview }) => preview === 'twice')?.customer_id ?? '';
    const from = await end();
    server.sql("INSERT INTO change_log (changes, made_at) SELECT 'i1', UNIX_TIMESTAMP() * 1000 - 3600000");
    server.sql('DELETE FROM change_log WHERE seq = (SELECT m FROM (SELECT MAX(seq) AS m FROM change_log) x)'); // as if undone
    await server.api('customer.update', { id: customer, company: 'A' });
    const waiting = await page({ after: from });
    assert.deepEqual([waiting.events.length, waiting.next, waiting.more], [0, from, false], 'a transaction may be on its way');
    server.sql('UPDATE change_log SET made_at = made_at - 60000');
    assert.deepEqual(
      (await follow(from)).events.map(({ customer_id }) => customer_id),
      [customer],
    );
  });

  it('waits for a transaction that was overtaken', async () => {
    await write('E-late', 'late');
    const from = await end();
    // A number is taken, and its row becomes visible after that of the next.
    server.sql('ALTER TABLE change_log AUTO_INCREMENT = ' + String(from + 2));
    await write('E-late', 'quicker');
    assert.deepEqual((await page({ after: from })).events, []);
    server.sql(`INSERT INTO change_log (seq, changes, made_at) SELECT ${from + 1}, CONCAT('c', MIN(id)), UNIX_TIMESTAMP() * 1000 FROM customer`);
    const { events } = await follow(from);
    assert.deepEqual(events.map(({ type }) => type).slice(0, 1), ['customer']);
    assert.ok(events.some(({ entry }) => entry?.text === 'quicker'));
  });

  it('says when it is too late, names what is wrong, and closes what the caller may not read', async () => {
    const secretChannel = await server.channel('line', 'For supervisors', { channel_secret: secret, access_token: 'x' });
    await server.api('channel.update', { id: secretChannel.id, readers: 'supervisor' });
    const from = await end();
    assert.equal((await deliver(lineRequest({ url: secretChannel.url, channelSecret: secret }, [lineTextEvent('E-closed', 'confidential')]))).status, 200);
    const agent = await server.agent((await server.newAgent('Just Agent')).cookie);
    const seen = await agent.call('event.list', { after: from });
    agent.close();
    assert.doesNotMatch(JSON.stringify(seen), /confidential/);
    assert.equal(seen.events.find(({ entry }) => entry)?.entry?.closed, true);
    assert.match(JSON.stringify(await page({ after: from })), /confidential/);
    for (const [params, field] of [
      [{ types: ['orders'] }, 'types'],
      [{ limit: 0 }, 'limit'],
      [{ limit: 501 }, 'limit'],
      [{ after: -1 }, 'after'],
    ] as const)
      await assert.rejects(page(params as unknown as EventListParams), (error: ApiError) => error.kind === 'invalid' && error.field === field);
    server.sql('DELETE FROM change_log WHERE seq <= 3');
    await assert.rejects(page({ after: 1 }), (error: ApiError) => error.kind === 'not_found' && error.field === 'after');
    assert.equal((await page({})).oldest, 4);
    assert.ok((await page({ after: 3 })).next > 3, 'the last that was read before the oldest is still good');
  });

  it('begins a new log at its beginning, also when the first to commit was not the first to take a number', async () => {
    server.sql('TRUNCATE TABLE change_log');
    const row = (seq: number): void =>
      void server.sql(`INSERT INTO change_log (seq, changes, made_at) SELECT ${seq}, CONCAT('c', MIN(id)), UNIX_TIMESTAMP() * 1000 FROM customer`);
    assert.deepEqual(await page({}), { events: [], next: 0, oldest: 0, more: false });
    row(2);
    assert.deepEqual(await page({}), { events: [], next: 0, oldest: 2, more: false });
    assert.deepEqual((await page({ after: 0 })).events, []);
    row(1);
    assert.deepEqual(
      (await page({ after: 0 })).events.map(({ seq }) => seq),
      [1, 2],
    );
    assert.deepEqual(
      (await page({})).events.map(({ seq }) => seq),
      [1, 2],
    );
    server.sql('DELETE FROM change_log WHERE seq = 1');
    server.sql('UPDATE change_log SET made_at = made_at - 8 * 86400000'); // swept: what follows is as old as what is gone
    await assert.rejects(page({ after: 0 }), (error: ApiError) => error.kind === 'not_found' && error.field === 'after');
    assert.deepEqual(
      (await page({})).events.map(({ seq }) => seq),
      [2],
    );
  });
});
