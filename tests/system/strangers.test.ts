// What a visitor can make of a chat that others must bear: rows, pushes, and work for agents.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type ApiError, randomUUID, Server, type Socket } from './harness.ts';

const ends: (() => Promise<void>)[] = [];
after(async () => {
  for (const end of ends.reverse()) await end();
});

describe('a visitor who does not stop', () => {
  let server: Server;
  let chat: string;
  let visitor: Socket;
  before(async () => {
    server = await Server.start((fn) => ends.push(fn));
    chat = (await server.channel('chat', 'Shop chat')).id;
    visitor = await server.visitor();
    await visitor.call('chat.hello', { channel_id: chat });
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
