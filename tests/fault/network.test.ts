// Peers that stop reading, and peers that are gone without a word.
import assert from 'node:assert/strict';
import { connect, type Socket as NetSocket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { lineTextEvent } from '../../agent-web/play/providers.ts';
import { randomUUID, waitFor } from '../system/harness.ts';
import { World, type WorldOptions } from './world.ts';

const LONG = process.env['THROUGHLINE_FAULT'] === 'long';
const TIMES = LONG ? 10 : 1;
const MEMORY_GROWS_MB = 300;
const SMALL_QUARANTINE = { ASAN_OPTIONS: `${process.env['ASAN_OPTIONS'] ?? ''}:quarantine_size_mb=16` };
const LARGE = 'あ'.repeat(4900); // 15 kB
const PUSHES = 1500; // of these: more than the kernel's buffers and the server's queue hold
const SILENCE_MS = 70_000; // of web/internal.h

async function world(t: TestContext, options: WorldOptions): Promise<World> {
  const one = new World(options);
  t.after(() => one.end());
  await one.make();
  await one.begin();
  await one.more();
  return one;
}

describe('peers', { concurrency: 3 }, () => {
  it('ends screens that read nothing while thousands of pushes come, bounds its memory, and brings them up to date when they are back', { timeout: 180_000 * TIMES }, async (t) => {
    const one = await world(t, { env: SMALL_QUARANTINE });
    const before = one.server.rssKb();
    let pushed = 0;
    for (let round = 0; round < TIMES; round++) {
      await waitFor('all screens watch', async () => (await one.server.metric('timeline_watches')) >= one.screenCount);
      one.stallScreens();
      const sockets = await one.server.metric('agent_sockets');
      for (let i = 0; i < PUSHES; i += 25) {
        const events = Array.from({ length: 25 }, () => lineTextEvent('U0', `${LARGE} ${randomUUID()}`));
        assert.ok(await one.insist(one.lineEvents(events)));
        pushed += events.length;
      }
      await waitFor('who reads nothing is ended', async () => (await one.server.metric('agent_sockets')) < sockets);
      one.wakeScreens();
      await one.more();
    }
    const grown = (one.server.rssKb() - before) / 1024;
    assert.ok(grown < MEMORY_GROWS_MB, `memory stays bounded: it grew by ${grown.toFixed(0)} MB`);
    await one.check();
    t.diagnostic(`${one.report()}; ${pushed} pushes of ${Buffer.byteLength(LARGE)} bytes to screens that read nothing; memory grew by ${grown.toFixed(0)} MB`);
  });

  it('goes on when the connections to the database are lost and nobody is told', { timeout: 180_000 * TIMES }, async (t) => {
    const one = await world(t, {});
    const took: number[] = [];
    for (let round = 0; round < TIMES; round++) {
      one.database.lose();
      const lost = Date.now();
      await one.more(60);
      await waitFor('it is ready', async () => (await fetch(`${one.server.url}/readyz`)).ok, 30_000);
      took.push(Date.now() - lost);
    }
    await one.check();
    t.diagnostic(`${one.report()}; back after ${Math.max(...took)} ms`);
  });

  it('ends half-open WebSockets, and those that answer stay', { timeout: 300_000, skip: LONG ? false : 'takes 80 s: ./dev test --long fault' }, async (t) => {
    const one = await world(t, {});
    const live = await one.server.agent();
    const visitor = await one.server.visitor();
    const before = [await one.server.metric('agent_sockets'), await one.server.metric('visitor_sockets')];
    const cookie = await one.server.login();
    const gone = await Promise.all(Array.from({ length: 100 }, (_, i) => halfOpen(one, i % 2 ? { path: '/ws', protocol: 'throughline', cookie, origin: one.server.url } : { path: '/ws/chat', protocol: 'throughline-chat', cookie: '', origin: 'http://shop.example' })));
    t.after(() => gone.forEach((socket) => socket.destroy()));
    const now = [await one.server.metric('agent_sockets'), await one.server.metric('visitor_sockets')];
    assert.ok((now[0] ?? 0) + (now[1] ?? 0) >= (before[0] ?? 0) + (before[1] ?? 0) + 90, 'they are there');
    await waitFor('they are ended', async () => (await one.server.metric('agent_sockets')) + (await one.server.metric('visitor_sockets')) <= (before[0] ?? 0) + (before[1] ?? 0) + 5, SILENCE_MS + 20_000);
    assert.deepEqual([live.closeCode, visitor.closeCode], [null, null], 'who answers stays');
    await one.check();
    t.diagnostic(`${one.report()}; ${gone.length} half-open peers ended`);
  });

  it('ends who takes no answer and who sends a body drop by drop, and holds little for them', { timeout: 300_000, skip: LONG ? false : 'takes 70 s: ./dev test --long fault' }, async (t) => {
    const one = await world(t, { env: SMALL_QUARANTINE });
    const put = await fetch(`${one.server.url}/api/v1/attachments?name=large`, { method: 'POST', headers: { authorization: `Bearer ${one.server.token}` }, body: new Uint8Array(20_000_000) });
    const { sha256 } = (await put.json()) as { sha256: string };
    const before = [one.server.rssKb(), await one.server.metric('connections')];
    const ask = `GET /attachments/${sha256} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${one.server.token}\r\n\r\n`;
    const deaf = Array.from({ length: 100 }, () => connect(one.server.port, '127.0.0.1', function (this: NetSocket) { this.pause().write(ask); }).on('error', () => {}));
    const slow = Array.from({ length: 100 }, () => connect(one.server.port, '127.0.0.1', function (this: NetSocket) { this.write('POST /in/line/x HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n'); }).on('error', () => {}));
    const drops = setInterval(() => slow.forEach((socket) => socket.writable && socket.write('x')), 2000);
    t.after(() => {
      clearInterval(drops);
      for (const socket of [...deaf, ...slow]) socket.destroy();
    });
    await waitFor('they are there', async () => (await one.server.metric('connections')) >= (before[1] ?? 0) + 150);
    assert.ok(one.server.rssKb() - (before[0] ?? 0) < MEMORY_GROWS_MB * 1024, 'a piece of a file for each, not all of it');
    await waitFor('they are ended', async () => (await one.server.metric('connections')) < (before[1] ?? 0) + 20, 90_000);
    await one.check();
    t.diagnostic(one.report());
  });
});

/** A WebSocket whose peer vanishes after the handshake: no byte of it comes any more, not even a pong. */
async function halfOpen(one: World, { path, protocol, cookie, origin }: { path: string; protocol: string; cookie: string; origin: string }): Promise<NetSocket> {
  const socket = connect(one.server.port, '127.0.0.1').on('error', () => {});
  socket.write(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:${one.server.port}\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-version: 13\r\nsec-websocket-protocol: ${protocol}\r\norigin: ${origin}\r\n${cookie ? `cookie: ${cookie}\r\n` : ''}\r\n`);
  const answer = await new Promise<string>((resolve) => socket.once('data', (data: Buffer) => resolve(data.toString())));
  assert.match(answer, /^HTTP\/1\.1 101/);
  socket.pause();
  return socket;
}
