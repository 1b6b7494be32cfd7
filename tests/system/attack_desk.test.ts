// What is tried at the desk by agents, programs and visitors who mean no good: words given along with a conversation, formatted answers, what a
// visitor's page says of itself, searches that are kept.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Entry } from '../../agent-web/protocol/src/generated.ts';
import { type ApiError, endAll, randomUUID, Server, type Socket, waitFor } from './harness.ts';

const SECRET = 'Hemligord';

describe('attack on the desk', () => {
  const ends: (() => Promise<void>)[] = [];
  let server: Server;
  let shop: string;
  let closed: string;
  let boss: Socket;
  let low: Socket;
  let lowId: string;

  before(async () => {
    server = await Server.start((fn) => ends.push(fn));
    shop = (await server.channel('api', 'Shop')).id;
    closed = (await server.channel('email', 'Closed', { address: 'hr@people.example', smtp_url: 'smtp://127.0.0.1:1' })).id;
    await close(closed);
    boss = await server.agent();
    const agent = await server.newAgent('Low');
    lowId = agent.id;
    low = await server.agent(agent.cookie);
  });
  after(() => endAll(ends.reverse()));

  async function close(id: string): Promise<void> {
    await server.api('channel.update', { id, readers: 'supervisor' });
    await waitFor('it is closed', async () => (await server.api('channel.list', {})).channels.find((one) => one.id === id)?.readers === 'supervisor');
  }
  /** Somebody who has written: their id, and that of the conversation. */
  async function person(name: string, text = 'hello', channel = shop): Promise<{ id: string; conversation: string }> {
    const identity = { kind: 'email' as const, value: `${name}@desk.example`, name };
    await server.api('entries.put', {
      channel_id: channel,
      entries: [{ identity, kind: 'message', external_id: `${name}-1`, subject: `${text} subject`, text }],
    });
    const id = (await server.api('customer.search', { query: identity.value })).hits[0]?.id ?? '';
    const conversation = (await server.api('conversation.of_customer', { customer_id: id })).conversations[0]?.id ?? '';
    return { id, conversation };
  }
  const timeline = async (customer_id: string): Promise<Entry[]> => (await server.api('timeline.page', { customer_id, limit: 200 })).entries;
  const kindOf = (call: Promise<unknown>): Promise<string> =>
    call.then(
      () => 'done',
      (error: ApiError) => error.kind,
    );

  describe('a word with an assignment', () => {
    it('is not read by who may not read the conversation', async () => {
      const { id, conversation } = await person('pat', 'closed talk', closed);
      await low.call('timeline.watch', { customer_id: id });
      await boss.call('conversation.assign', { id: conversation, agent_id: lowId, note: `${SECRET} note` });
      await waitFor('it is told', () => low.pushed('entry').some(({ customer_id, entry }) => customer_id === id && entry.kind === 'activity'));
      assert.ok(!JSON.stringify(low.pushes).includes(SECRET), `pushed ${JSON.stringify(low.pushes.find((push) => JSON.stringify(push).includes(SECRET)))}`);
      await waitFor('it is found', async () => (await boss.call('search.query', { query: SECRET })).people.length > 0);
      const asked: [string, object][] = [
        ['timeline.page', { customer_id: id }],
        ['search.query', { query: SECRET }],
        ['search.conversations', { query: SECRET }],
        ['conversation.list', { view: 'all' }],
        ['person.open', { customer_id: id }],
      ];
      for (const [method, params] of asked) {
        const told = JSON.stringify(await low.call(method as 'timeline.page', params as never));
        assert.ok(!told.includes(SECRET), `${method}: ${told.slice(0, 2000)}`);
      }
    });

    it('is taken back by who gave it, with that conversation, and nothing else is', async () => {
      const { id, conversation } = await person('quin');
      const other = await person('rolf');
      const [mine, his, elsewhere] = [randomUUID(), randomUUID(), randomUUID()];
      await low.call('conversation.assign', { id: other.conversation, agent_id: lowId, note: 'elsewhere', client_id: elsewhere });
      await boss.call('conversation.assign', { id: conversation, agent_id: lowId, note: 'by the boss', client_id: his });
      const texts = async (customer: string): Promise<(string | null | undefined)[]> =>
        (await timeline(customer)).filter((e) => e.kind === 'activity').map((e) => e.text);
      for (const takes_back of [his, elsewhere, randomUUID()]) {
        const before = (await server.api('conversation.get', { id: conversation })).assignee_id;
        assert.equal(await kindOf(low.call('conversation.assign', { id: conversation, agent_id: null, takes_back })), 'not_found');
        assert.equal((await server.api('conversation.get', { id: conversation })).assignee_id, before, 'refused as a whole');
      }
      assert.deepEqual(await texts(id), ['by the boss']);
      assert.deepEqual(await texts(other.id), ['elsewhere']);
      await low.call('conversation.assign', { id: conversation, agent_id: null, note: 'mine', client_id: mine });
      await low.call('conversation.assign', { id: conversation, agent_id: lowId, takes_back: mine });
      assert.ok(!(await texts(id)).includes('mine'));
    });

    it('is no way for a program to empty what others have said', async () => {
      const { id, conversation } = await person('sara');
      const [one, other] = await Promise.all(['one', 'other'].map(async (name) => (await server.api('token.create', { name, role: 'agent' })).secret));
      const note = randomUUID();
      await server.api('conversation.assign', { id: conversation, agent_id: lowId, note: 'by a program', client_id: note }, one);
      assert.equal(await kindOf(server.api('conversation.assign', { id: conversation, agent_id: null, takes_back: note }, other)), 'not_found');
      assert.equal((await timeline(id)).find((e) => e.id === note)?.text, 'by a program');
    });

    it('does not come under the id of something else', async () => {
      const { id, conversation } = await person('tess');
      const note = randomUUID();
      await boss.call('note.add', { customer_id: id, client_id: note, text: 'a note' });
      const said = await kindOf(boss.call('conversation.assign', { id: conversation, agent_id: lowId, note: 'lost word', client_id: note }));
      const now = await server.api('conversation.get', { id: conversation });
      assert.ok(said !== 'done' && !now.assignee_id, `${said} ${now.assignee_id}`);
      assert.equal((await timeline(id)).find((e) => e.id === note)?.text, 'a note');
    });
  });

  describe('kept searches', () => {
    const names = async (): Promise<string[]> => (await low.call('search.saved', {})).searches.map(({ name }) => name);

    it('stay when somebody is erased whose name is a part of their words', async () => {
      for (const [name, query] of [
        ['Late parcels', 'parcel an'],
        ['An', 'hello'],
        ['Ann Ek', 'Ann Ek refund'],
      ] as const)
        await low.call('search.save', { name, query });
      const { id } = await person('A');
      const task = await server.api('privacy.erase_customer', { customer_id: id, reason: 'asked', confirm: 'A' });
      await waitFor('the erasure is over', async () => (await server.api('task.get', { id: task.id })).state === 'done');
      assert.deepEqual(await names(), ['An', 'Ann Ek', 'Late parcels']);
    });

    it('go with whom they name, also as agents have called them', async () => {
      const { id } = await person('bosse.berg');
      const now = await server.api('customer.get', { id });
      await server.api('customer.update', { id, name: 'Greta Gran', version: now.version } as never);
      await low.call('search.save', { name: 'by name', query: 'refund of greta gran' });
      await low.call('search.save', { name: 'Bosse.Berg?', query: 'x' });
      await low.call('search.save', { name: 'by address', query: 'bosse.berg@desk.example' });
      const task = await server.api('privacy.erase_customer', { customer_id: id, reason: 'asked', confirm: 'Greta Gran' });
      await waitFor('the erasure is over', async () => (await server.api('task.get', { id: task.id })).state === 'done');
      assert.deepEqual(await names(), ['An', 'Ann Ek', 'Late parcels']);
    });

    it('are never more than their limit, however many are kept at once', async () => {
      const { cookie } = await server.newAgent('Race');
      const sockets = await Promise.all(Array.from({ length: 6 }, () => server.agent(cookie)));
      const said = await Promise.all(Array.from({ length: 300 }, (_, i) => kindOf(sockets[i % 6]!.call('search.save', { name: `race ${i}`, query: 'x' }))));
      const count = Number(server.sql("SELECT COUNT(*) FROM saved_search WHERE name LIKE 'race %'"));
      const by: Record<string, number> = {};
      for (const one of said) by[one] = (by[one] ?? 0) + 1;
      assert.equal(count, 100, JSON.stringify(by));
      for (const one of sockets) one.close();
    });
  });

  describe('a visitor', () => {
    let chat: string;
    before(async () => {
      chat = (await server.channel('chat', 'Chat', { typing_preview: 'true' })).id;
    });
    async function visitor(text: string, more: object = {}): Promise<{ socket: Socket; customer: string; token: string }> {
      const socket = await server.visitor();
      const { token } = await socket.call('chat.hello', { channel_id: chat, ...more });
      await socket.call('chat.send', { client_id: randomUUID(), text });
      const customer = (await server.api('conversation.list', { view: 'all' })).conversations.find((one) => one.preview === text)?.customer_id ?? '';
      assert.ok(customer);
      return { socket, customer, token };
    }

    it('is told of with what may be a link, and that alone', async () => {
      const { socket, customer } = await visitor('links', {
        page_url: 'javascript:alert(1)',
        before_url: 'data:text/html,x',
        referrer: 'https://search.example/?q=secret#x',
        page_title: '<script>alert(1)</script>\u202ex',
        time_zone: "'; DROP TABLE",
        language: 'sv<b>',
      });
      await low.call('timeline.watch', { customer_id: customer });
      const push = await waitFor('it is told', () => low.pushed('presence').find((p) => p.customer_id === customer && p.visit));
      assert.deepEqual(
        [push.visit?.url, push.visit?.before_url, push.visit?.referrer, push.visit?.time_zone, push.visit?.language],
        [null, null, 'https://search.example/', null, null],
      );
      socket.close();
    });

    it('types a thousand times a second, and agents are told a few times', async () => {
      const { socket, customer } = await visitor('types');
      await low.call('timeline.watch', { customer_id: customer });
      const shown = (): (string | null | undefined)[] =>
        low.pushed('presence').flatMap((p) => (p.customer_id === customer && p.visitor_text ? [p.visitor_text] : []));
      for (let i = 0; i < 1000; i++)
        socket.raw.send(JSON.stringify({ jsonrpc: '2.0', id: 1000 + i, method: 'chat.typing', params: { typing: true, text: `word ${i}` } }));
      await waitFor('the last is shown', () => shown().at(-1) === 'word 999');
      assert.ok(shown().length <= 100, `${shown().length} pushes`);
      socket.close();
    });

    it('who goes from page to page on one connection is seen to', async () => {
      const { socket, customer, token } = await visitor('walks', { page_url: 'https://shop.example/one' });
      await low.call('timeline.watch', { customer_id: customer });
      await socket.call('chat.hello', { channel_id: chat, token, page_url: 'https://shop.example/two' });
      await waitFor('the other page is shown', () =>
        low.pushed('presence').some((p) => p.customer_id === customer && p.visit?.url === 'https://shop.example/two'),
      );
      socket.close();
    });

    it('is shown no more to who may not read the channel any more', async () => {
      const { socket, customer } = await visitor('page', { page_url: 'https://shop.example/hemlig' });
      await close(chat);
      const before = low.pushes.length;
      await low.call('timeline.watch', { customer_id: customer });
      await socket.call('chat.typing', { typing: true, text: SECRET });
      await waitFor('it is told', () => low.pushed('presence').some((p) => p.customer_id === customer && p.visitor_typing));
      const told = JSON.stringify(low.pushes.slice(before));
      assert.ok(!told.includes('hemlig') && !told.includes(SECRET), told);
      socket.close();
    });
  });

  describe('a formatted answer', () => {
    let mail: { customer_id: string; identity_id: string; channel_id: string };
    before(async () => {
      const channel_id = (await server.channel('email', 'Mail', { address: 'help@desk.example', smtp_url: 'smtp://127.0.0.1:1' })).id;
      const { id: customer_id } = await person('ulla');
      const { ways } = await server.api('customer.reach', { customer_id });
      mail = { customer_id, channel_id, identity_id: ways.find((one) => one.channel_id === channel_id)?.identity_id ?? '' };
    });
    const send = (text: string): Promise<Entry> => low.call('message.send', { ...mail, client_id: randomUUID(), format: 'markdown', text });

    it('is no longer than an answer may be, however few characters make it', async () => {
      const deep = '999999999. '.repeat(8);
      for (const text of [
        `${deep}a\n${'a\n'.repeat(45_000)}`,
        `[a]: https://a.example/${'x'.repeat(1900)}\n\n${'[a] '.repeat(20_000)}`,
        `${'> '.repeat(10_000)}a`,
        '['.repeat(100_000),
        `${'- '.repeat(8)}a\n${'a\n'.repeat(45_000)}`,
      ]) {
        const entry = await send(text).catch((error: ApiError) => error);
        if (entry instanceof Error) assert.match(entry.message, /characters/, entry.message);
        else
          assert.ok(
            (entry.text ?? '').length <= 100_000 && (entry.html ?? '').length < 1_000_000,
            `${text.slice(0, 30)} ${entry.text?.length} ${entry.html?.length}`,
          );
      }
    });

    it('is no answer where nothing is left of it', async () => {
      for (const text of ['[]()', '![](https://a.example/x.png)', '[a]: https://a.example', '&#32;']) assert.equal(await kindOf(send(text)), 'invalid', text);
    });
  });

  describe('a contact that is logged', () => {
    it('is refused where it cannot be', async () => {
      const { id } = await person('vera');
      const other = await person('walt');
      const note = randomUUID();
      await boss.call('note.add', { customer_id: other.id, client_id: note, text: 'walt note' });
      const log = (more: object): Promise<string> =>
        kindOf(low.call('contact.log', { customer_id: id, client_id: randomUUID(), direction: 'in', text: 'x', ...more } as never));
      const file = await server.upload('boss.txt', 'boss file');
      const said = {
        media: await log({ medium: 'email' }),
        another: await log({ client_id: note }),
        file: await log({ attachments: [{ upload: file.upload, name: 'x' }] }),
        early: await log({ occurred_at: '1970-01-01T00:00:01Z' }),
        y1970: await log({ occurred_at: '1970-01-01T00:00:00Z' }),
        y9999: await log({ occurred_at: '9999-12-31T23:59:59Z' }),
        identity: await log({ identity_id: (await server.api('customer.get', { id: other.id })).identities[0]?.id }),
        duration: await log({ duration_s: 86401 }),
        nobody: await log({ customer_id: randomUUID() }),
      };
      assert.deepEqual(said, {
        media: 'invalid',
        another: 'conflict',
        file: 'invalid',
        early: 'invalid',
        y1970: 'invalid',
        y9999: 'invalid',
        identity: 'not_found',
        duration: 'invalid',
        nobody: 'not_found',
      });
      assert.equal((await timeline(other.id)).find((e) => e.id === note)?.text, 'walt note');
    });
  });

  describe('who is here', () => {
    it('is not told of the erased, nor of too many at once', async () => {
      const channel_id = (await server.channel('chat', 'Open chat', { typing_preview: 'true' })).id;
      const socket = await server.visitor();
      await socket.call('chat.hello', { channel_id, page_url: 'https://shop.example/hemlig' });
      await socket.call('chat.send', { client_id: randomUUID(), text: 'soon erased' });
      const row = (await server.api('conversation.list', { view: 'all' })).conversations.find((one) => one.preview === 'soon erased');
      const id = row?.customer_id ?? '';
      assert.deepEqual((await low.call('visitor.here', { customer_ids: [id, randomUUID()] })).customer_ids, [id]);
      assert.equal(await kindOf(low.call('visitor.here', { customer_ids: Array.from({ length: 201 }, () => id) })), 'invalid');
      assert.equal(await kindOf(low.call('customer.hints', { customer_ids: Array.from({ length: 5000 }, () => id) })), 'invalid');
      const task = await server.api('privacy.erase_customer', {
        customer_id: id,
        reason: 'asked',
        confirm: (await server.api('customer.get', { id })).identities[0]?.value ?? '',
      });
      await waitFor('the erasure is over', async () => (await server.api('task.get', { id: task.id })).state === 'done');
      const before = low.pushes.length;
      await low.call('timeline.watch', { customer_id: id });
      await socket.call('chat.typing', { typing: true, text: 'typed after' });
      assert.deepEqual((await low.call('visitor.here', { customer_ids: [id] })).customer_ids, []);
      assert.deepEqual((await low.call('customer.hints', { customer_ids: [id] })).hints, []);
      await socket.call('chat.send', { client_id: randomUUID(), text: 'after it' });
      const anew = await waitFor('the new conversation', async () =>
        (await low.call('conversation.list', { view: 'all' })).conversations.find((one) => one.preview === 'after it'),
      );
      assert.notEqual(anew.customer_id, id);
      await waitFor(
        'they are here as somebody new',
        async () => (await low.call('visitor.here', { customer_ids: [anew.customer_id] })).customer_ids.length > 0,
      );
      const told = JSON.stringify(low.pushes.slice(before).filter((push) => push.method === 'presence'));
      assert.ok(!told.includes('hemlig') && !told.includes('typed after'), told);
      socket.close();
    });
  });
});
