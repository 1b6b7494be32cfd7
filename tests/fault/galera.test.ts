// Two servers on a Galera cluster of three: each has a node of its own and knows the others. Nodes die and come back under
// load; what two servers write at the same time conflicts and is written once.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Server, waitFor } from '../system/harness.ts';
import { Galera, whyNot } from './galera.ts';
import { Nats } from './nats.ts';
import { World } from './world.ts';

const TIMES = process.env['THROUGHLINE_FAULT'] === 'long' ? 5 : 1;

const ready = async (server: Server): Promise<boolean> => (await fetch(`${server.url}/readyz`)).ok;

describe('two servers on a Galera cluster', { skip: whyNot }, () => {
  const cluster = new Galera();
  let nats: Nats;
  let one: World;
  let a: Server;
  let b: Server;
  before(async () => {
    nats = await Nats.start();
    await cluster.ports();
    one = new World({ database: cluster, config: { bus: nats.config, database: cluster.hosts(0) }, twins: [{ database: cluster.hosts(1) }] });
    await one.make();
    a = one.server;
    b = one.at(1);
    for (const server of [a, b]) await waitFor('they hear each other', async () => (await server.metric('bus_peers')) === 1);
  });
  after(async () => {
    await one.end();
    await nats.end();
  });

  const conflicts = async (): Promise<number> => (await a.metric('database_conflicts_total')) + (await b.metric('database_conflicts_total'));
  const same = (): Promise<unknown> => waitFor('the three nodes hold the same', () => cluster.differences(a.database).length === 0).catch(() => assert.deepEqual(cluster.differences(a.database), [], 'the nodes differ'));

  it('reads at one node what another has committed, however far behind the node is', async () => {
    assert.ok(await one.insist(one.lineRequest('Ubehind', ['first']), 0));
    const row = await waitFor('the person is there', async () => (await b.api('conversation.list', { view: 'all' })).conversations[0]);
    const socket = await b.agent();
    await socket.call('timeline.watch', { customer_id: row.customer_id });
    const held = cluster.node(1).beside('FLUSH TABLES WITH READ LOCK; DO SLEEP(1.5); UNLOCK TABLES');
    await waitFor('node 2 applies nothing', () => cluster.node(1).status('wsrep_local_state_comment') !== 'Synced');
    assert.ok(await one.insist(one.lineRequest('Ubehind', ['second']), 0));
    await waitFor('the push has come', () => socket.pushed('entry').some(({ entry }) => entry.text === 'second'));
    const snapshot = await socket.call('timeline.watch', { customer_id: row.customer_id });
    assert.ok(snapshot.entries.some((entry) => entry.text === 'second'), 'the answer is not older than what was pushed');
    await held;
    socket.close();
  });

  it('writes once, and in order, what two servers write for one person at the same time', async (t) => {
    const before = await conflicts();
    const all: string[] = [];
    for (let round = 0; round < 50 * TIMES && (round < 20 * TIMES || (await conflicts()) === before); round++) {
      const calls = Array.from({ length: 12 }, (_, i) => [0, 1, 2, 3, 4].map((n) => `at once ${round} ${i} ${n}`));
      all.push(...calls.flat());
      assert.ok((await Promise.all(calls.map((texts, i) => one.insist(one.lineRequest('Uconflict', texts), i)))).every(Boolean));
    }
    const met = (await conflicts()) - before;
    assert.ok(met > 0, 'they got into conflict');
    const [n, distinct] = a.sql("SELECT COUNT(*), COUNT(DISTINCT text) FROM entry e JOIN identity i ON i.id = e.identity_id WHERE i.value = 'Uconflict' AND e.kind = 0").trim().split('\t');
    assert.equal(n, distinct, 'each is there once');
    const stored = new Set(a.sql('SELECT text FROM entry').trim().split('\n'));
    assert.deepEqual(all.filter((text) => !stored.has(text)), [], 'acknowledged, and not there');
    t.diagnostic(`${n} messages, ${met} transactions run again`);
    await same();
  });

  it('survives the death of nodes under load, and takes them back', { timeout: 600_000 }, async (t) => {
    await one.begin();
    await one.more();
    const times: string[] = [];
    for (let round = 0; round < 2 * TIMES; round++) {
      const node = cluster.node(round % 2);
      const begun = Date.now();
      await node.kill();
      await one.more(60);
      times.push(`${node.name} dead, served again after ${Date.now() - begun} ms`);
      await node.rejoin();
      await one.more(60);
    }
    for (const server of [a, b]) await waitFor('both are ready', () => ready(server));
    t.diagnostic(times.join('; '));
  });

  it('puts everything off while there is no quorum, and goes on when there is', { timeout: 300_000 }, async () => {
    await cluster.node(0).kill();
    await cluster.node(1).kill();
    for (const server of [a, b]) await waitFor('it is not ready', async () => !(await ready(server)), 30_000);
    await cluster.bootstrap();
    for (const server of [a, b]) await waitFor('it is ready again', () => ready(server), 30_000);
    await one.more();
  });

  it('has lost nothing, doubled nothing, and holds the same on all three', { timeout: 300_000 }, async (t) => {
    await one.check();
    await same();
    t.diagnostic(`${one.report()}; ${await conflicts()} transactions run again`);
  });
});
