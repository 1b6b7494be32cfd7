// What two administrators edit at once: whoever is second learns of it, and nothing of the first is lost.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ApiError, Server, endAll } from './harness.ts';

const ends: (() => Promise<void>)[] = [];
after(async () => {
  await endAll(ends.reverse());
});

const conflict = (promise: Promise<unknown>): Promise<void> =>
  assert.rejects(promise, (error: unknown) => {
    assert.ok(error instanceof ApiError, String(error));
    assert.deepEqual([error.kind, error.field, error.message], ['conflict', 'version', 'It has changed since you looked at it; look again.']);
    return true;
  });

describe('versions of what administrators edit', () => {
  let server: Server;
  before(async () => {
    server = await Server.start((fn) => ends.push(fn));
  });

  const channel = async (id: string) => (await server.api('channel.list', {})).channels.find((one) => one.id === id)!;
  const attribute = async (key: string) => (await server.api('attribute.list', {})).attributes.find((one) => one.key === key)!;

  it('a channel: the second of two saves is refused, and one without a version is taken', async () => {
    const { id } = await server.channel('chat', 'Shop');
    const { version } = await channel(id);
    const { channel: first } = await server.api('channel.update', { id, name: 'Shop A', version });
    assert.ok(first!.version! > version!);
    await conflict(server.api('channel.update', { id, name: 'Shop B', version }));
    await conflict(server.api('channel.rotate_secret', { id, setting: 'identity_secret', version }));
    assert.deepEqual([(await channel(id)).name, (await channel(id)).version], ['Shop A', first!.version]);
    await server.api('channel.rotate_secret', { id, setting: 'identity_secret', version: first!.version! });
    await server.api('channel.update', { id, name: 'Shop C' });
    assert.equal((await channel(id)).name, 'Shop C');
  });

  it("a channel: what the couriers note of it is nobody's edit", async () => {
    const { id } = await server.channel('email', 'Post', { address: 'post@shop.example', smtp_url: 'smtp://127.0.0.1:9' });
    const { version } = await channel(id);
    server.sql(`UPDATE channel SET problem = 'refused', changed_at = changed_at + 1 WHERE name = 'Post'`);
    await server.api('channel.update', { id, name: 'Mail', version });
  });

  it('an attribute: the second of two saves is refused, also against one that was put away meanwhile', async () => {
    await server.api('attribute.put', { key: 'size', label: 'Size', type: 'text', version: 0 });
    const { version } = await attribute('size');
    await conflict(server.api('attribute.put', { key: 'size', label: 'Another', type: 'number', version: 0 }));
    await server.api('attribute.put', { key: 'size', label: 'Shoe size', type: 'text', version });
    await conflict(server.api('attribute.put', { key: 'size', label: 'Hat size', type: 'text', version }));
    await conflict(server.api('attribute.archive', { key: 'size', archived: true, version }));
    const { version: now } = await attribute('size');
    await server.api('attribute.archive', { key: 'size', archived: true, version: now });
    await conflict(server.api('attribute.put', { key: 'size', label: 'Size', type: 'text', version: now }));
    assert.deepEqual([(await attribute('size')).label, (await attribute('size')).archived], ['Shoe size', true]);
    await conflict(server.api('attribute.put', { key: 'none', label: 'None', type: 'text', version: 3 }));
  });

  it('an account: the second of two saves is refused', async () => {
    const made = await server.api('agent.create', { email: 'kim@example.com', name: 'Kim', role: 'agent', password: 'seven lamps on a wet quay' });
    const first = await server.api('agent.update', { id: made.id, role: 'supervisor', version: made.version });
    await conflict(server.api('agent.update', { id: made.id, name: 'Kimberly', role: 'agent', version: made.version }));
    assert.equal((await server.api('agent.list', {})).agents.find((one) => one.id === made.id)?.role, 'supervisor');
    await server.api('agent.update', { id: made.id, name: 'Kimberly', version: first.version });
  });

  it('of many who save at the same moment with one version, exactly one is first', async () => {
    const { id } = await server.channel('chat', 'Race');
    const made = await server.api('agent.create', { email: 'race@example.com', name: 'Race', role: 'agent', password: 'seven lamps on a wet quay' });
    const { version } = await channel(id);
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const won = async (calls: Promise<unknown>[]): Promise<number> => (await Promise.allSettled(calls)).filter((one) => one.status === 'fulfilled').length;
    assert.equal(await won(names.map((name) => server.api('channel.update', { id, name, version }))), 1);
    assert.equal(await won(names.map((name) => server.api('agent.update', { id: made.id, name, role: 'supervisor', version: made.version }))), 1);
    assert.equal(await won(names.map((label) => server.api('attribute.put', { key: 'race', label, type: 'text', version: 0 }))), 1);
  });
});
