// What a visitor can make of a chat that others must bear: rows, pushes, and work for agents.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type ApiError, randomUUID, Server, type Socket, waitFor, endAll } from './harness.ts';

const ends: (() => Promise<void>)[] = [];
after(async () => {
  await endAll(ends.reverse());
});

describe('a visitor who does not stop', () => {
  let server: Server;
  let chat: string;
  let visitor: Socket;
  let token: string;
  before(async () => {
    server = await Server.start((fn) => ends.push(fn));
    chat = (await server.channel('chat', 'Shop chat')).id;
    visitor = await server.visitor();
    token = (await visitor.call('chat.hello', { channel_id: chat })).token;
    await visitor.call('chat.send', { client_id: randomUUID(), text: 'Hello' });
  });

  it('is somebody else only so many times: neither entries nor suggestions without end', async () => {
    const refusals: string[] = [];
    for (let i = 0; i < 100; i++)
      await visitor.call('chat.identify', { name: `N${i}`, email: `n${i}@many.example` }).catch((error: ApiError) => refusals.push(error.kind));
    assert.deepEqual(
      refusals,
      Array.from({ length: 40 }, () => 'rate_limited'),
    );
    assert.equal(Number(server.sql('SELECT COUNT(*) FROM entry')), 61);
    assert.ok(Number(server.sql('SELECT COUNT(*) FROM claim')) <= 60);
    await visitor.call('chat.send', { client_id: randomUUID(), text: 'And may still write' });
  });

  it("fills no agent's screen with typing, from however many tabs, and hears no error", async () => {
    const person = (await server.api('conversation.list', { view: 'all' })).conversations[0]?.customer_id ?? '';
    const agent = await server.agent();
    await agent.call('timeline.watch', { customer_id: person });
    // Told by itself: what comes within the same moment is one push, and all of a window's signs may come within one.
    await waitFor('the agent is told who is there', () => agent.pushed('presence').length > 0);
    const began = Date.now();
    while (Date.now() - began < 8000) {
      const socket = await server.visitor();
      await socket.call('chat.hello', { channel_id: chat, token });
      for (let i = 0; i < 200; i++) for (const typing of [true, false]) await socket.call('chat.typing', { typing });
      await socket.call('chat.typing', { typing: true });
      socket.close();
      await waitFor('it has gone', () => socket.closeCode !== null);
    }
    const shown = agent.pushed('presence').length,
      windows = Math.ceil((Date.now() - began) / 10_000) + 1;
    assert.ok(shown > 1, 'some are shown');
    assert.ok(shown <= 2 + windows * 11, `${shown} pushes`);
    await waitFor('the next one is shown when the flood is over', async () => {
      await visitor.call('chat.typing', { typing: true });
      return agent.pushed('presence').at(-1)?.visitor_typing;
    });
    agent.close();
  });

  it('notes what was seen only so often, without a word, and makes it good later', async () => {
    const person = (await server.api('conversation.list', { view: 'all' })).conversations[0]?.customer_id ?? '';
    const way = (await server.api('customer.reach', { customer_id: person })).ways.find((one) => one.medium === 'chat');
    const agent = await server.agent();
    const delivery = async (id: string) => (await server.api('entry.get', { id })).delivery;
    const id = await waitFor('one is dropped', async () => {
      for (let i = 0; i < 40; i++) await visitor.call('chat.seen', {});
      const { id } = await agent.call('message.send', {
        customer_id: person,
        identity_id: way?.identity_id ?? '',
        channel_id: way?.channel_id ?? '',
        client_id: randomUUID(),
        text: 'An answer',
      });
      await waitFor('it is delivered', async () => ['sent', 'delivered'].includes((await delivery(id)) ?? ''));
      await visitor.call('chat.seen', {});
      return (await delivery(id)) === 'read' ? null : id;
    });
    await waitFor('it is made good', async () => {
      await visitor.call('chat.seen', {});
      return (await delivery(id)) === 'read';
    });
    agent.close();
  });

  it('and is blocked, does not become somebody else by saying so', async () => {
    const fresh = await server.visitor();
    await fresh.call('chat.hello', { channel_id: chat });
    await fresh.call('chat.send', { client_id: randomUUID(), text: 'I am new' });
    const id = (await server.api('conversation.list', { view: 'all' })).conversations.find((one) => one.preview === 'I am new')?.id ?? '';
    await server.api('visitor.block', { conversation_ids: [id], address: false });
    await assert.rejects(fresh.call('chat.identify', { name: 'Somebody else' }), (error: ApiError) => error.kind === 'blocked');
    fresh.close();
  });

  it('and others like it are blocked all or none, and listed page by page', async () => {
    const many = await Promise.all(['x', 'y'].map(() => server.visitor()));
    for (const [i, one] of many.entries()) {
      await one.call('chat.hello', { channel_id: chat });
      await one.call('chat.send', { client_id: randomUUID(), text: `one of many ${i}` });
    }
    const ids = (await server.api('conversation.list', { view: 'all' })).conversations
      .filter((one) => one.preview?.startsWith('one of many'))
      .map((one) => one.id);
    const before = Number(server.sql('SELECT COUNT(*) FROM chat_block')),
      noted = () => Number(server.sql("SELECT COUNT(*) FROM audit WHERE action = (SELECT MAX(action) FROM audit WHERE subject LIKE 'Visitor%')"));
    const was = noted();
    await assert.rejects(
      server.api('visitor.block', { conversation_ids: [...ids, randomUUID()], address: false }),
      (error: ApiError) => error.kind === 'not_found',
    );
    assert.deepEqual([Number(server.sql('SELECT COUNT(*) FROM chat_block')), noted()], [before, was], 'nothing is left of it');
    const done = await server.api('visitor.block', { conversation_ids: [...ids, ...ids], address: false });
    assert.deepEqual([done.blocked, done.ids.length, noted() - was], [2, 2, 2]);
    server.sql("INSERT INTO chat_block (uuid, address, made_at) SELECT UNHEX(MD5(seq)), CONCAT('192.0.2.', seq), seq FROM seq_1_to_620");
    const seen: string[] = [];
    for (
      let page = await server.api('visitor.blocks', { limit: 200 });
      ;
      page = await server.api('visitor.blocks', { limit: 200, before_id: seen.at(-1) ?? null })
    ) {
      seen.push(...page.blocks.map(({ id }) => id));
      await server.api('visitor.unblock', { id: seen.at(-1) ?? '' }); // the last one of the page is there no more
      if (!page.more) break;
    }
    assert.deepEqual([seen.length, new Set(seen).size], [before + 622, before + 622]);
    for (const one of many) one.close();
  });
});
