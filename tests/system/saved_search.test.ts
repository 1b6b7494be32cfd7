// Searches that agents keep: each has their own, and nobody sees another's.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { endAll, Server, type Socket, waitFor } from './harness.ts';

describe('saved searches', () => {
  const ends: (() => Promise<void>)[] = [];
  let server: Server;
  let mine: Socket;
  let hers: Socket;

  before(async () => {
    server = await Server.start((fn) => ends.push(fn));
    [mine, hers] = [await server.agent(), await server.agent((await server.newAgent('Hana')).cookie)];
  });
  after(() => endAll(ends));

  const kept = async (who: Socket): Promise<unknown[][]> =>
    (await who.call('search.saved', {})).searches.map(({ name, query, filters }) => [name, query, filters]);

  it('are kept under a name, replaced by it, and forgotten', async () => {
    const first = await mine.call('search.save', { name: 'Refunds', query: 'refund' });
    await mine.call('search.save', { name: 'A week of parcels', query: 'parcel', filters: 'days=week' });
    const again = await mine.call('search.save', { name: 'Refunds', query: 'refund', filters: 'status=open' });
    assert.equal(again.id, first.id);
    assert.deepEqual(await kept(mine), [
      ['A week of parcels', 'parcel', 'days=week'],
      ['Refunds', 'refund', 'status=open'],
    ]);
    assert.deepEqual(await kept(hers), []);
    await assert.rejects(hers.call('search.forget', { id: first.id }), /no such search/);
    await mine.call('search.forget', { id: first.id });
    assert.deepEqual(await kept(mine), [['A week of parcels', 'parcel', 'days=week']]);
  });

  it('are bounded, and not a token’s', async () => {
    for (let i = 0; i < 100; i++) await hers.call('search.save', { name: `search ${i}`, query: 'x' });
    await assert.rejects(hers.call('search.save', { name: 'one more', query: 'x' }), /At most 100/);
    await hers.call('search.save', { name: 'search 7', query: 'changed' });
    assert.equal((await kept(hers)).length, 100);
    await assert.rejects(hers.call('search.save', { name: ' ', query: 'x' }), /name is missing/);
    await assert.rejects(hers.call('search.save', { name: 'long', query: 'q'.repeat(401) }), /query/);
    await assert.rejects(server.api('search.save', { name: 'a', query: 'x' }), /for agents/);
    assert.deepEqual((await server.api('search.saved', {})).searches, []);
  });

  it('go with a person who is erased, where they name them, and not where the name is in other words', async () => {
    const channel = (await server.channel('api', 'Shop')).id;
    const erase = async (name: string, value: string): Promise<void> => {
      await server.api('entries.put', {
        channel_id: channel,
        entries: [
          {
            identity: { kind: 'email', value, name },
            external_id: value,
            occurred_at: '2026-01-01T00:00:00Z',
            kind: 'message',
            direction: 'in',
            text: 'hello',
          },
        ],
      } as never);
      const id = (await server.api('customer.search', { query: value })).hits[0]?.id ?? '';
      const task = await server.api('privacy.erase_customer', { customer_id: id, reason: 'asked for', confirm: name });
      await waitFor('they are erased', async () => (await server.api('task.get', { id: task.id })).state === 'done');
    };
    const searches = ['billing', 'bill (refund)', 'from:bill.a@customer.example', '田中さんの返金', 'C++'];
    for (const query of searches) await mine.call('search.save', { name: query.toUpperCase(), query });
    await erase('Bill', 'bill.a@customer.example');
    await erase('田中', 'tanaka@customer.example');
    await erase('C', 'c@customer.example');
    const left = (await kept(mine)).map(([, query]) => query);
    assert.deepEqual(
      searches.filter((query) => left.includes(query)),
      ['billing'],
    );
  });
});
