// What a visitor can make of a chat that others must bear: rows, pushes, and work for agents.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type ApiError, randomUUID, Server, type Socket, waitFor } from './harness.ts';

const ends: (() => Promise<void>)[] = [];
after(async () => {
  for (const end of ends.reverse()) await end();
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
    assert.deepEqual(refusals, Array.from({ length: 40 }, () => 'rate_limited'));
    assert.equal(Number(server.sql('SELECT COUNT(*) FROM entry')), 61);
    assert.ok(Number(server.sql('SELECT COUNT(*) FROM claim')) <= 60);
    await visitor.call('chat.send', { client_id: randomUUID(), text: 'And may still write' });
  });

  it('fills no agent\'s screen with typing, from however many tabs, and hears no error', async () => {
    const person = (await server.api('conversation.list', { view: 'all' })).conversations[0]?.customer_id ?? '';
    const agent = await server.agent();
    await agent.call('timeline.watch', { customer_id: person });
    const began = Date.now();
    while (Date.now() - began < 8000) {
      const socket = await server.visitor();
      await socket.call('chat.hello', { channel_id: chat, token });
      for (let i = 0; i < 200; i++) for (const typing of [true, false]) await socket.call('chat.typing', { typing });
      await socket.call('chat.typing', { typing: true });
      socket.close();
      await waitFor('it has gone', () => socket.closeCode !== null);
    }
    const shown = agent.pushed('presence').length, windows = Math.ceil((Date.now() - began) / 10_000) + 1;
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
      const { id } = await agent.call('message.send', { customer_id: person, identity_id: way?.identity_id ?? '', channel_id: way?.channel_id ?? '', client_id: randomUUID(), text: 'An answer' });
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
});
