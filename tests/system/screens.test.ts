// What is pushed to many screens: about one system call each, and nothing torn when a screen stops reading for a while.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, it, type TestContext } from 'node:test';
import { deliver, lineRequest, lineTextEvent } from '../../agent-web/play/providers.ts';
import { randomUUID, Server, type Socket, waitFor, endAll } from './harness.ts';

const SECRET = 'line-secret';
const ID = '3f2b8c1e-0000-4000-8000-00000000000a';

describe('screens', () => {
  let server: Server;
  let cookie: string;
  const ends: (() => Promise<void>)[] = [];
  const sockets: Socket[] = [];

  before(async () => {
    server = await Server.start((fn) => ends.push(fn));
    cookie = await server.login();
    server.sql(`INSERT INTO customer (id, uuid, name, created_at, changed_at) VALUES (1, UNHEX('${ID.replaceAll('-', '')}'), 'Mia', 1, 1);
      INSERT INTO identity (id, uuid, kind, value, proof, first_at, last_at) VALUES (1, UNHEX(REPEAT('01', 16)), 1, 'mia@example.com', 2, 1, 1);
      INSERT INTO identity_link (identity_id, customer_id, from_at, rule) VALUES (1, 1, 1, 'first_contact')`);
  });
  after(async () => {
    for (const socket of sockets) socket.cut();
    await endAll(ends);
  });

  async function watcher(): Promise<Socket> {
    const socket = await server.agent(cookie);
    sockets.push(socket);
    await socket.call('timeline.watch', { customer_id: ID, limit: 1 });
    return socket;
  }

  const note = async (by: Socket, text: string): Promise<unknown> => await by.call('note.add', { customer_id: ID, client_id: randomUUID(), text });

  it('gives a screen that stood still everything, whole and in order', async () => {
    const [writer, still] = [await watcher(), await watcher()];
    // More than the kernel keeps for it, less than the server does: torn frames would end the connection.
    const texts = Array.from({ length: 120 }, (_, i) => `${i} ${'x'.repeat(i % 3 ? 90_000 : 40)}`);
    still.raw.pause();
    for (const text of texts) await note(writer, text);
    still.raw.resume();
    await waitFor('the last one has come', () => still.pushed('entry').length === texts.length);
    assert.deepEqual(
      still.pushed('entry').map((push) => push.entry.text),
      texts,
    );
    assert.equal(still.closeCode, null);
  });

  it('tells every screen what to read again when settings change', async () => {
    const other = await watcher();
    const told = (): string[] => other.pushed('reload').map(({ what }) => what);
    await server.api('attribute.put', { key: 'size', label: 'Size', type: 'text', version: 0 });
    await waitFor('the other screen is told of the new attribute', () => told().length === 1);
    await server.api('attribute.archive', { key: 'size', archived: true, version: 1 });
    await waitFor('and of its end', () => told().length === 2);
    await server.api('channel.create', { type: 'api', name: 'Till', settings: {} });
    await waitFor('and of a channel', () => told().length === 3);
    assert.deepEqual(told(), ['attributes', 'attributes', 'channels']);
  });

  /** The system calls of the loop meanwhile, by name; null where nobody may trace. */
  async function traced(t: TestContext, work: () => Promise<void>): Promise<Map<string, number> | null> {
    if (spawnSync('strace', ['-V']).status !== 0) return (t.skip('strace is not installed: ./dev packages test'), null);
    const tracer = spawn('strace', ['-c', '-U', 'name,calls', '-p', String(server.child?.pid)], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    tracer.stderr.on('data', (data: Buffer) => (said += data.toString()));
    const gone = once(tracer, 'exit');
    await waitFor('strace is attached', () => /attached|not permitted/.test(said) || tracer.exitCode !== null);
    if (!said.includes('attached')) return (t.skip(`this environment lets nobody trace a process: ${said.trim()}`), null);
    await work();
    tracer.kill('SIGINT');
    await gone;
    const calls = new Map([...said.matchAll(/^(\w+)\s+(\d+)$/gm)].map(([, name, n]) => [name ?? '', Number(n)]));
    calls.set(
      'total',
      [...calls].reduce((sum, [name, n]) => (name === 'total' ? sum : sum + n), 0),
    );
    return calls;
  }

  const counted = (calls: Map<string, number>): string => [...calls].map(([name, n]) => `${name} ${n}`).join(', ');

  it('spends about one system call for each message that it delivers', async (t) => {
    const [WATCHERS, NOTES] = [150, 20];
    while (sockets.length < WATCHERS) await watcher();
    const [writer] = sockets;
    assert.ok(writer);
    await note(writer, 'not counted');
    const calls = await traced(t, async () => {
      const before = sockets.map((socket) => socket.pushed('entry').length);
      for (let i = 0; i < NOTES; i++) await note(writer, `note ${i}`);
      await waitFor('all have come', () => sockets.every((socket, i) => socket.pushed('entry').length === (before[i] ?? 0) + NOTES));
    });
    if (!calls) return;
    const [delivered, total] = [NOTES * sockets.length, calls.get('total') ?? 0];
    t.diagnostic(`${total} system calls of the loop for ${delivered} messages: ${counted(calls)}`);
    assert.ok((calls.get('sendto') ?? 0) >= delivered, counted(calls));
    assert.ok(total <= delivered * 1.15, `${(total / delivered).toFixed(2)} system calls a message: ${counted(calls)}`);
  });

  it('writes once to each screen what one message from outside is to it: the entry and the row of the queue', async (t) => {
    const MESSAGES = 10;
    const { url } = await server.channel('line', 'LINE', { channel_secret: SECRET, access_token: 'x' });
    const write = async (text: string): Promise<void> => {
      const answer = await deliver(lineRequest({ url, channelSecret: SECRET }, [lineTextEvent('U1', text)]));
      assert.equal(answer.status, 200);
    };
    await write('not counted');
    const [row] = (await server.api('conversation.list', { view: 'all', limit: 1 })).conversations;
    for (const socket of sockets) await socket.call('timeline.watch', { customer_id: row?.customer_id ?? '', limit: 1 });
    const got = (socket: Socket, i: number): boolean =>
      socket.pushed('entry').at(-1)?.entry.text === `message ${i}` && socket.pushed('conversation').at(-1)?.preview === `message ${i}`;
    const calls = await traced(t, async () => {
      for (let i = 0; i < MESSAGES; i++) {
        await write(`message ${i}`);
        await waitFor('all have it', () => sockets.every((socket) => got(socket, i)));
      }
    });
    if (!calls) return;
    const screens = MESSAGES * sockets.length;
    t.diagnostic(`${calls.get('sendto')} writes for ${2 * screens} frames to ${sockets.length} screens`);
    assert.ok((calls.get('sendto') ?? 0) <= screens * 1.15, counted(calls));
  });
});
