// What was acknowledged is there exactly once, whatever dies: load, hurt, recover, compare. Short by default;
// THROUGHLINE_FAULT=long hurts ten times as often (./dev test fault --long).
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, describe, it } from 'node:test';
import { deliver, lineTextEvent } from '../../agent-web/play/providers.ts';
import { randomUUID, waitFor } from '../system/harness.ts';
import { World } from './world.ts';

const TIMES = process.env['THROUGHLINE_FAULT'] === 'long' ? 10 : 1;
const MEMORY_GROWS_MB = 200; // with the sanitizers' own bookkeeping

let seed = Number(process.env['THROUGHLINE_SEED'] ?? 1);
/** mulberry32 */
function random(n: number): number {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * n);
}

describe('faults', () => {
  const worlds: World[] = [];
  after(async () => {
    for (const world of worlds) await world.end();
  });

  async function world(): Promise<World> {
    const one = new World();
    worlds.push(one);
    await one.make();
    await one.begin();
    await one.more();
    return one;
  }

  async function recovered(one: World): Promise<void> {
    await waitFor('it is ready again', async () => (await fetch(`${one.server.url}/readyz`)).ok, 60_000);
    await one.more();
  }

  it('survives kill -9 of the server, of the database, of both, at random moments', { timeout: 180_000 * TIMES }, async (t) => {
    const one = await world();
    for (let round = 0; round < 20 * TIMES; round++) {
      const what = random(3);
      if (what !== 1) await one.server.stop('SIGKILL');
      if (what !== 0) await one.database.kill();
      if (what !== 0) await one.database.start();
      if (what !== 1) await one.server.serve();
      await one.more(5 + random(25));
    }
    await one.check();
    t.diagnostic(one.report());
  });

  it('drains at SIGTERM under load, and goes on after', { timeout: 180_000 * TIMES }, async (t) => {
    const one = await world();
    for (let round = 0; round < 3 * TIMES; round++) {
      const begun = Date.now();
      assert.equal(await one.server.stop('SIGTERM'), 0);
      assert.ok(Date.now() - begun < 10_000, 'it ends within 10 s');
      await one.server.serve();
      await one.more();
    }
    await one.check();
    t.diagnostic(one.report());
  });

  it('says "later" while the database is frozen, and comes back alone', { timeout: 180_000 * TIMES }, async (t) => {
    const one = await world();
    const before = one.server.rssKb();
    for (let round = 0; round < TIMES; round++) {
      one.database.freeze();
      await waitFor('it is no longer ready', async () => (await fetch(`${one.server.url}/readyz`)).status === 503, 30_000);
      const health = await fetch(`${one.server.url}/healthz`);
      assert.equal(health.status, 200, 'it is alive');
      const flood = await Promise.all(Array.from({ length: 300 }, () => deliver(one.lineRequest('Uflood', [randomUUID()]), 20_000).then((sent) => sent.status, () => 0)));
      assert.ok(flood.every((status) => status === 503 || status === 0), `it says later: ${[...new Set(flood)].join()}`);
      one.database.thaw();
      await recovered(one);
    }
    const grown = (one.server.rssKb() - before) / 1024;
    assert.ok(grown < MEMORY_GROWS_MB, `memory stays bounded: it grew by ${grown.toFixed(0)} MB`);
    await one.check();
    t.diagnostic(one.report());
  });

  it('bears a slow database, cut connections and none left to open', { timeout: 180_000 * TIMES }, async (t) => {
    const one = await world();
    one.database.slow(150);
    await one.more(20);
    one.database.slow(0);
    for (let round = 0; round < 5 * TIMES; round++) {
      one.database.cut();
      await one.more(10);
    }
    const narrow = one.database.beside('SET GLOBAL max_connections = 10; SELECT SLEEP(7); SET GLOBAL max_connections = 151'); // who comes for that later may find none left either
    const hogs = Array.from({ length: 12 }, () => one.database.beside('SELECT SLEEP(6)'));
    one.database.cut();
    await Promise.all([narrow, ...hogs]);
    await recovered(one);
    await one.check();
    t.diagnostic(one.report());
  });

  it('bears deadlocks and locks that others hold too long', { timeout: 180_000 * TIMES }, async (t) => {
    const one = await world();
    const name = one.server.database;
    const quarrel = async (): Promise<void> => {
      for (let i = 0; i < 6 * TIMES; i++) {
        const [a, b] = [1 + random(6), 1 + random(6)];
        await one.database.beside(`USE ${name}; BEGIN; SELECT * FROM identity WHERE id = ${a} FOR UPDATE; DO SLEEP(0.05); SELECT * FROM identity WHERE id = ${b} FOR UPDATE; SELECT * FROM customer FOR UPDATE; DO SLEEP(0.05); COMMIT`);
      }
      await one.database.beside(`USE ${name}; BEGIN; SELECT * FROM identity WHERE id = 1 FOR UPDATE; DO SLEEP(4); COMMIT`);
    };
    await Promise.all([quarrel(), quarrel(), quarrel()]);
    await recovered(one);
    await one.check();
    t.diagnostic(one.report());
  });

  it('bears a bad network: silent peers, one byte at a time, cut frames, repeats and batches in any order', { timeout: 180_000 * TIMES }, async (t) => {
    const one = await world();
    const silent = Array.from({ length: 1000 * Math.min(TIMES, 3) }, () => connect(one.server.port, '127.0.0.1').on('error', () => {}));
    const bytes = Array.from({ length: 5 }, () => trickle(one));
    for (let round = 0; round < 10 * TIMES; round++) {
      one.cutScreens();
      await cutFrame(one);
      const events = Array.from({ length: 5 }, (_, i) => lineTextEvent('Ubatch', `batch ${round} ${i} ${randomUUID()}`));
      const requests = [one.lineEvents(events), one.lineEvents([...events].reverse())];
      await Promise.all([requests[0], requests[0], requests[1], requests[0]].map((request) => (request ? one.insist(request) : false)));
      await one.more(5);
    }
    await Promise.all(bytes);
    for (const socket of silent) socket.destroy();
    await one.check();
    t.diagnostic(one.report());
  });

  it('sends each answer once, whatever the provider says', { timeout: 180_000 * TIMES }, async (t) => {
    const one = await world();
    for (let round = 0; round < TIMES; round++)
      for (const mood of ['limit', 'fail', 'swallow', 'silent'] as const) {
        one.provider.mood = mood;
        const asked = one.provider.asked;
        await waitFor(`the provider is asked while it would ${mood}`, () => one.provider.asked > asked + 1, 60_000);
        one.provider.mood = 'accept';
        await one.more(20);
      }
    await one.check();
    t.diagnostic(one.report());
  });
});

/** A signed webhook, one byte at a time; it is taken, or the connection was ended for taking too long. */
async function trickle(one: World): Promise<void> {
  const request = one.lineRequest('Utrickle', [`byte by byte ${randomUUID()}`]);
  const head = Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`).join('\r\n');
  const url = new URL(request.url);
  const bytes = Buffer.concat([Buffer.from(`POST ${url.pathname} HTTP/1.1\r\nhost: ${url.host}\r\n${head}\r\ncontent-length: ${request.body.length}\r\nconnection: close\r\n\r\n`), request.body]);
  const socket = connect(one.server.port, '127.0.0.1').on('error', () => {});
  let answer = '';
  socket.on('data', (data) => (answer += String(data)));
  const closed = new Promise((resolve) => socket.once('close', resolve));
  for (const byte of bytes) {
    if (socket.destroyed) break;
    socket.write(Buffer.from([byte]));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await closed;
  assert.match(answer, /^(HTTP\/1\.1 200|HTTP\/1\.1 503|HTTP\/1\.1 408|)/);
}

/** A WebSocket that ends in the middle of a frame. */
async function cutFrame(one: World): Promise<void> {
  const socket = connect(one.server.port, '127.0.0.1').on('error', () => {});
  socket.write(`GET /ws/chat HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-version: 13\r\nsec-websocket-protocol: throughline-chat\r\norigin: http://shop.example\r\n\r\n`);
  await new Promise((resolve) => socket.once('data', resolve));
  socket.write(Buffer.from([0x81, 0xfe, 0x40]));
  socket.destroy();
}
