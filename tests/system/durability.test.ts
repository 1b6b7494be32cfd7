// What was acknowledged is there, exactly once, whatever dies. The server and the database are killed under load, at
// moments nobody chose; at the end everything acknowledged is counted.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, describe, it } from 'node:test';
import { deliver, lineRequest, lineTextEvent } from '../../agent-web/play/providers.ts';
import { Database } from '../fault/database.ts';
import { randomUUID, Server, waitFor, endAll } from './harness.ts';

const SECRET = 'line-secret';

describe('durability', () => {
  const ends: (() => Promise<void>)[] = [];
  after(async () => {
    await endAll(ends.reverse());
  });

  it('loses and doubles nothing that was acknowledged while server and database are killed', async (t) => {
    const database = new Database();
    ends.push(() => database.end());
    await database.install();
    const server = await Server.start((fn) => ends.push(fn), { databaseSocket: database.socket });
    const line = await server.channel('line', 'LINE', { channel_secret: SECRET, access_token: 'x' });

    const acknowledged = new Map<string, string>();
    let refused = 0;
    let repeated = 0;
    let stop = false;
    const sender = async (n: number): Promise<void> => {
      for (let i = 0; !stop; i++) {
        const text = `sender ${n} message ${i} ${randomUUID()}`;
        const request = lineRequest({ url: line.url, channelSecret: SECRET }, [lineTextEvent(`U${n}`, text)]);
        for (let tries = 0; ; tries++) {
          // as LINE does: the same bytes again until they are taken
          const { status, text: said } = await deliver(request, 5000).catch(() => ({ status: 0, text: '' }));
          if (status === 200) {
            acknowledged.set(text, `U${n}`);
            break;
          }
          assert.ok(status === 0 || status >= 500, `the answer ${status} would make LINE give up: ${said}\n${server.log.slice(-3000)}`);
          refused++;
          if (stop) return;
          await new Promise((resolve) => setTimeout(resolve, 25));
        }
        if (
          i % 5 === 0 &&
          (await deliver(request, 5000).then(
            (sent) => sent.status,
            () => 0,
          )) === 200
        )
          repeated++;
      }
    };
    ends.push(async () => {
      stop = true;
    });
    const senders = [0, 1, 2, 3, 4, 5].map(sender);
    const failed = Promise.all(senders).catch((error: unknown) => {
      stop = true;
      throw error;
    });
    failed.catch(() => {});
    const more = async (): Promise<void> => {
      const target = acknowledged.size + 15;
      await waitFor('messages are acknowledged again', () => stop || acknowledged.size >= target, 60_000);
      if (stop) await failed;
    };

    for (let round = 0; round < 6; round++) {
      await more();
      if (round % 3 !== 1) await server.stop('SIGKILL');
      if (round % 3 !== 0) await database.kill('SIGKILL');
      if (round % 3 === 1) {
        assert.equal((await fetch(`${server.url}/healthz`)).status, 200, 'the server stays up without its database');
        await waitFor('readiness says so', async () => (await fetch(`${server.url}/readyz`)).status === 503);
      }
      if (round % 3 !== 0) await database.start();
      if (round % 3 !== 1) await server.serve();
    }
    await more();
    stop = true;
    await failed;

    const rows = server
      .sql('SELECT e.text, i.value, COUNT(*) FROM entry e JOIN identity i ON i.id = e.identity_id GROUP BY 1, 2')
      .trim()
      .split('\n')
      .map((row) => row.split('\t'));
    const stored = new Map(rows.map(([text, value, n]) => [text, { value, n }]));
    const lost = [...acknowledged].filter(([text, user]) => stored.get(text)?.value !== user);
    const doubled = rows.filter(([, , n]) => n !== '1');
    t.diagnostic(`${acknowledged.size} acknowledged, ${refused} put off, ${repeated} repeats, ${rows.length} stored`);
    assert.deepEqual(lost, [], 'acknowledged and not there');
    assert.deepEqual(doubled, [], 'there more than once');
    const gaps = server
      .sql('SELECT i.value, i.version, COUNT(*), MAX(e.version) FROM identity i JOIN entry e ON e.identity_id = i.id GROUP BY 1, 2')
      .trim()
      .split('\n');
    for (const row of gaps) {
      const [value, version, n, highest] = row.split('\t');
      assert.deepEqual([version, version], [n, highest], `versions of ${value} have a gap`);
    }
    assert.equal(server.sql('SELECT COUNT(*) FROM journal').trim(), String(rows.length), 'one raw input for each entry');
  });

  it("answers in the provider's way to try again while the database is away, and recovers by itself", async () => {
    const database = new Database();
    ends.push(() => database.end());
    await database.install();
    const server = await Server.start((fn) => ends.push(fn), { databaseSocket: database.socket });
    const line = await server.channel('line', 'LINE', { channel_secret: SECRET, access_token: 'x' });
    const agent = await server.agent();
    await agent.call('session.me', {}); // it is let in while there is a database to ask
    await database.kill('SIGKILL');
    const request = lineRequest({ url: line.url, channelSecret: SECRET }, [lineTextEvent('U', 'while away')]);
    const away = await deliver(request);
    assert.equal(away.status, 503);
    await assert.rejects(agent.call('conversation.list', { view: 'open' }), /database/);
    await assert.rejects(
      server.api('conversation.list', { view: 'open' }),
      (error: { status: number; kind: string }) => error.status === 503 && error.kind === 'unavailable',
    );
    const forged = await deliver({ ...request, headers: { ...request.headers, 'x-line-signature': 'AAAA' } });
    assert.equal(forged.status, 401, 'what is forged is refused with or without a database');
    await database.start();
    await waitFor('it is taken', async () => (await deliver(request)).status === 200);
    assert.equal((await agent.call('conversation.list', { view: 'open' })).conversations[0]?.preview, 'while away');
    agent.close();
  });

  it('says so when the database does not answer, recovers, and ends all the same while a message is under way', async (t) => {
    const database = new Database();
    ends.push(() => database.end());
    await database.install();
    let asked = 0;
    const provider = createServer((_, response) => {
      asked++;
      setTimeout(() => response.end('{"sentMessages":[{"id":"1"}]}'), 1500);
    }).listen(0, '127.0.0.1');
    ends.push(async () => {
      provider.closeAllConnections();
      provider.close();
    });
    await waitFor('the provider listens', () => provider.address());
    const server = await Server.start((fn) => ends.push(fn), { databaseSocket: database.socket });
    ends.push(async () => database.thaw());
    const line = await server.channel('line', 'LINE', {
      channel_secret: SECRET,
      access_token: 'x',
      api_url: `http://127.0.0.1:${(provider.address() as AddressInfo).port}`,
    });
    const hook = { url: line.url, channelSecret: SECRET };
    assert.equal((await deliver(lineRequest(hook, [lineTextEvent('U', 'before')]))).status, 200);
    database.freeze();
    await waitFor('it is no longer ready', async () => (await fetch(`${server.url}/readyz`)).status === 503);
    assert.equal((await deliver(lineRequest(hook, [lineTextEvent('U', 'frozen')]))).status, 503);
    database.thaw();
    await waitFor('it is ready again', async () => (await fetch(`${server.url}/readyz`)).ok);
    const agent = await server.agent();
    const row = (await agent.call('conversation.list', { view: 'all' })).conversations[0];
    assert.ok(row);
    const way = (await agent.call('customer.reach', { customer_id: row.customer_id })).ways.find((one) => one.best);
    assert.ok(way);
    await agent.call('message.send', {
      customer_id: row.customer_id,
      identity_id: way.identity_id ?? '',
      channel_id: way.channel_id,
      client_id: randomUUID(),
      text: 'under way',
    });
    await waitFor('it is under way', () => asked === 1);
    database.freeze();
    const waiting = Array.from({ length: 100 }, () => deliver(lineRequest(hook, [lineTextEvent('U', randomUUID())])).catch(() => null));
    const begun = Date.now();
    assert.equal(await server.stop('SIGTERM'), 0);
    t.diagnostic(`ended after ${Date.now() - begun} ms`);
    assert.ok(Date.now() - begun < 30_000);
    await Promise.all(waiting);
    database.thaw();
    await server.serve();
    assert.equal(server.sql("SELECT COUNT(*) FROM entry WHERE text = 'under way'").trim(), '1');
    agent.close();
  });

  it('finishes acknowledged work at SIGTERM, tells sockets why, and ends within 10 s', async () => {
    const server = await Server.start((fn) => ends.push(fn));
    const agent = await server.agent();
    await agent.call('session.me', {});
    const begun = Date.now();
    assert.equal(await server.stop('SIGTERM'), 0);
    assert.ok(Date.now() - begun < 10_000);
    await waitFor('the socket is closed with a reason', () => agent.closeCode === 1001);
    await server.serve();
  });

  it('makes a new database by itself, and has nothing to complain of meanwhile', async () => {
    const server = await Server.start((fn) => ends.push(fn), { start: false });
    server.sql(`DROP DATABASE ${server.database}`, '');
    await server.serve();
    await waitFor('the index is there', () => server.log.includes('search index complete'));
    assert.doesNotMatch(server.log, /statement failed|error/i);
  });
});
