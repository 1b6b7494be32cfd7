// What is asked for twice, because the answer to the first time was lost, is done once.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { allPut, ApiError, randomUUID, Server, endAll } from './harness.ts';

describe('once', () => {
  let server: Server;
  let shop: string;
  const ends: (() => Promise<void>)[] = [];
  before(async () => {
    server = await Server.start((fn) => ends.push(fn));
    shop = (await server.channel('api', 'Till')).id;
  });
  after(async () => {
    await endAll(ends);
  });

  let people = 0;
  async function person(): Promise<string> {
    const value = `p${++people}@example.com`;
    await server.api('entries.put', {
      channel_id: shop,
      entries: [{ kind: 'message', identity: { kind: 'email', value }, external_id: `m${people}`, text: `of ${value}` }],
    });
    return (await server.api('customer.search', { query: value })).hits[0]?.id ?? '';
  }
  const tasks = async (): Promise<number> => (await server.api('task.list', {})).tasks.length;

  it('starts one import, one export and one erasure, however often and at once they are asked for', async () => {
    const body = 'email,name\nx@example.com,X\n';
    const sent = await fetch(`${server.url}/api/v1/attachments?name=p.csv`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.token}`, 'content-type': 'text/csv' },
      body,
    });
    const { upload } = (await sent.json()) as { upload: string };
    const before = await tasks();
    const imported = { client_id: randomUUID(), upload, what: 'people' as const, format: 'csv' as const };
    const customer_id = await person();
    const exported = { client_id: randomUUID(), customer_id };
    const starts = await Promise.all([
      ...Array.from({ length: 4 }, () => server.api('import.start', imported)),
      ...Array.from({ length: 4 }, () => server.api('privacy.export', exported)),
    ]);
    assert.deepEqual(new Set(starts.map((one) => one.id)), new Set([imported.client_id, exported.client_id]));
    assert.equal(await tasks(), before + 2);
    await assert.rejects(
      server.api('privacy.export', { ...exported, customer_id: await person() }),
      (error) => error instanceof ApiError && error.field === 'client_id',
    );
    const noted = (await server.api('audit.list', { customer_id })).events.filter((one) => one.action === 'export');
    assert.equal(noted.length, 1);
    const confirm = (await server.api('customer.get', { id: customer_id })).name ?? '';
    const erased = { client_id: randomUUID(), customer_id, reason: 'asked for', confirm: confirm || 'p1@example.com' };
    const [first, second] = [await server.api('privacy.erase_customer', erased), await server.api('privacy.erase_customer', erased)];
    assert.equal(first.id, second.id);
  });

  it('takes two states of an order in one second as two, and each of them once', async () => {
    const order = (state: 'placed' | 'paid') => ({
      order: {
        external_id: 'o1',
        number: '#1',
        state,
        place: 'web' as const,
        placed_at: '2026-01-01T10:00:00Z',
        updated_at: '2026-01-01T10:00:00Z',
        currency: 'JPY',
        total: '1200',
        items: [],
      },
      identities: [{ kind: 'email' as const, value: 'buyer@example.com' }],
    });
    const put = async (state: 'placed' | 'paid') => await server.api('orders.put', { channel_id: shop, orders: [order(state)] });
    assert.equal((await put('placed')).created, 1);
    assert.equal((await put('paid')).created, 1);
    assert.equal((await put('paid')).repeated, 1);
    assert.equal((await put('placed')).repeated, 1);
    const customer_id = (await server.api('customer.search', { query: 'buyer@example.com' })).hits[0]?.id ?? '';
    assert.deepEqual(
      (await server.api('order.list', { customer_id })).orders.map((one) => one.state),
      ['paid'],
    );
  });

  it('refuses other words under the id of what was put before, naming the field, and takes what a call became', async () => {
    const identity = { kind: 'email' as const, value: 'caller@example.com' };
    const put = async (entry: object) =>
      allPut(await server.api('entries.put', { channel_id: shop, entries: [{ identity, external_id: 'x1', ...entry } as never] }));
    await put({ kind: 'message', text: 'one' });
    assert.equal((await put({ kind: 'message', text: 'one' })).repeated, 1);
    await assert.rejects(
      put({ kind: 'message', text: 'two' }),
      (error) => error instanceof ApiError && error.kind === 'conflict' && error.field === 'external_id',
    );
    await put({ kind: 'call', external_id: 'c1', payload: { state: 'ringing' } });
    await put({ kind: 'call', external_id: 'c1', payload: { state: 'missed' } });
    const customer_id = (await server.api('customer.search', { query: 'caller@example.com' })).hits[0]?.id ?? '';
    const calls = (await server.api('timeline.page', { customer_id })).entries.filter((one) => one.kind === 'call');
    assert.deepEqual(
      calls.map((one) => one.payload?.['state']),
      ['missed'],
    );
  });

  it('merges and splits once, and gives the same operation to who asks again', async () => {
    const [into_id, from_id, third] = [await person(), await person(), await person()];
    const merge = { client_id: randomUUID(), into_id, from_id };
    const done = await Promise.all(Array.from({ length: 4 }, () => server.api('customer.merge', merge)));
    assert.deepEqual(new Set(done.map((one) => one.id)), new Set([merge.client_id]));
    assert.equal((await server.api('customer.operations', { customer_id: into_id })).operations.length, 1);
    const other = await server.newAgent('Other Agent');
    const socket = await server.agent(other.cookie);
    await assert.rejects(socket.call('customer.merge', { ...merge, from_id: third }), (error) => error instanceof ApiError && error.field === 'client_id');
    socket.close();
    const identity = (await server.api('customer.get', { id: into_id })).identities.at(-1)?.id ?? '';
    const split = { client_id: randomUUID(), customer_id: into_id, identity_ids: [identity] };
    const [one, two] = [await server.api('customer.split', split), await server.api('customer.split', split)];
    assert.deepEqual([one.id, two.id], [split.client_id, split.client_id]);
  });
});
