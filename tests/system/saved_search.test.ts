// Searches that agents keep: each has their own, and nobody sees another's.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { endAll, Server, type Socket } from './harness.ts';

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

  const kept = async (who: Socket): Promise<unknown[][]> => (await who.call('search.saved', {})).searches.map(({ name, query, filters }) => [name, query, filters]);

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
});
