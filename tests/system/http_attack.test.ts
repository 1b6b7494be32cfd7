// HTTP under attack and in bad luck: what one stranger may take of the whole, files that change or cannot be opened, peers that go at any
// moment, names that want to be headers, and the end of the server with all of that under way.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Server, SLOWNESS, waitFor, endAll } from './harness.ts';
import { get, HOST, readAnswers, Wire } from './wire.ts';

const MB = 1024 * 1024;
const KEY = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n';
const CHAT = get('/ws/chat', `Connection: Upgrade\r\nUpgrade: websocket\r\n${KEY}Sec-WebSocket-Protocol: throughline-chat\r\n`);

describe('HTTP under attack', () => {
  let server: Server;
  let root = '';
  const ends: (() => Promise<void>)[] = [];

  before(async () => {
    server = await Server.start((fn) => ends.push(fn), { start: false, config: { server: { trusted_proxies: '127.0.0.5' } } });
    root = join(server.folder, 'web');
    for (const folder of ['console/dist/assets', 'widget/dist']) mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, 'console/dist/index.html'), 'the console');
    writeFileSync(join(root, 'secret.txt'), 'not for the public');
    symlinkSync('../../../secret.txt', join(root, 'console/dist/assets/link.txt'));
    symlinkSync('..', join(root, 'console/dist/assets/up'));
    writeFileSync(server.config, readFileSync(server.config, 'utf8').replace(/^web_root = .*$/m, `web_root = ${root}`));
    await server.serve();
  });
  after(async () => {
    await endAll(ends.reverse());
  });

  const asset = (name: string, bytes: Buffer): string => {
    writeFileSync(join(root, 'console/dist/assets', name), bytes);
    return `/assets/${name}`;
  };
  const one = async (bytes: string, from?: string): Promise<ReturnType<typeof readAnswers>[number]> => {
    const wire = new Wire(server.port, from).send(Buffer.from(bytes, 'latin1'));
    const [answer] = await wire.answered(1);
    wire.tcp.destroy();
    assert.ok(answer);
    return answer;
  };
  const upload = async (bytes: Buffer, query: string, to = server): Promise<{ sha256: string }> =>
    (await (
      await fetch(`${to.url}/api/v1/attachments?${query}`, { method: 'POST', headers: { authorization: `Bearer ${to.token}` }, body: new Uint8Array(bytes) })
    ).json()) as { sha256: string };

  it('lets nobody hold all the room for bodies', async () => {
    const chunk = Buffer.alloc(MB, 'x');
    const begin = (from: string): Wire => new Wire(server.port, from).send(`POST /in/line/x HTTP/1.1\r\n${HOST}Content-Length: ${40 * MB}\r\n\r\n`);
    const greedy = Array.from({ length: 5 }, () => begin('127.0.0.2'));
    for (let i = 0; i < 30; i++) for (const wire of greedy) wire.send(chunk);
    await waitFor('one is too many', () => greedy.some((wire) => wire.answers.length > 0));
    const refused = greedy.filter((wire) => wire.answers.length > 0);
    for (const wire of refused)
      assert.deepEqual(
        wire.answers.map((each) => [each.status, each.headers['retry-after'], each.headers['connection']]),
        [[503, '5', 'close']],
      );
    const small = (from: string): Promise<{ status: number }> =>
      one(`POST /in/line/x HTTP/1.1\r\n${HOST}Content-Length: ${2 * MB}\r\n\r\n${'x'.repeat(2 * MB)}`, from);
    assert.equal((await small('127.0.0.3')).status, 404, 'others are served');
    assert.equal((await small('127.0.0.5')).status, 404, 'a proxy of ours is not one stranger');
    for (const wire of greedy) wire.tcp.destroy();
    await waitFor('nothing is held', async () => (await server.metric('request_bytes')) === 0);
    assert.equal((await small('127.0.0.2')).status, 404, 'and so are they again');
  });

  it('says that it is short of descriptors, not that a file is missing', async () => {
    const at = asset('here.css', Buffer.from('a {}'));
    const pid = String(server.child?.pid);
    const wire = new Wire(server.port).send(get(at));
    await wire.answered(1);
    const limit = execFileSync('prlimit', ['--pid', pid, '--nofile', '--noheadings', '--output=SOFT'], { encoding: 'utf8' }).trim();
    const highest = Math.max(...readdirSync(`/proc/${pid}/fd`).map(Number));
    execFileSync('prlimit', ['--pid', pid, `--nofile=${highest + 1}:`]);
    const open = new Set(readdirSync(`/proc/${pid}/fd`).map(Number));
    const free = Array.from({ length: highest + 1 }, (_, i) => i).filter((i) => !open.has(i)).length;
    const fillers = Array.from({ length: free + 60 }, () => new Wire(server.port).send('GET /he'));
    const ask = async (): Promise<{ status: number; headers: Record<string, string> }> => {
      wire.forget();
      const [answer] = await wire.send(get(at)).answered(1);
      assert.ok(answer);
      return answer;
    };
    const short = await waitFor('there are none left', async () => {
      const answer = await ask();
      return answer.status === 200 ? null : answer;
    });
    assert.deepEqual([short.status, short.headers['retry-after']], [503, '5']);
    execFileSync('prlimit', ['--pid', pid, `--nofile=${limit}:`]);
    for (const each of fillers) each.tcp.destroy();
    await waitFor('it is served again', async () => (await ask()).status === 200);
    wire.tcp.destroy();
    await waitFor('it is ready again', async () => (await fetch(`${server.url}/readyz`)).ok);
  });

  it('sends a file that is replaced meanwhile as it was, and breaks off one that shrinks', async () => {
    const old = Buffer.alloc(30 * MB, 'o');
    const at = asset('large.js', old);
    const path = join(root, 'console/dist', at);
    const replaced = new Wire(server.port);
    replaced.tcp.pause();
    replaced.send(get(at));
    await waitFor('it has begun', () => server.metric('http_requests_total'));
    const probe = new Wire(server.port).send(get(at, 'Range: bytes=0-0\r\n'));
    await probe.answered(1);
    probe.tcp.destroy();
    writeFileSync(`${path}.new`, 'n'.repeat(100));
    renameSync(`${path}.new`, path);
    replaced.tcp.resume();
    const [answer] = await replaced.answered(1, 60_000);
    assert.ok(answer?.body.equals(old), 'all of the old one and nothing of the new');
    replaced.tcp.destroy();

    writeFileSync(path, old);
    const shrunk = new Wire(server.port);
    shrunk.tcp.pause();
    shrunk.send(get(at));
    const other = new Wire(server.port).send(get(at, 'Range: bytes=0-0\r\n'));
    assert.equal((await other.answered(1))[0]?.status, 206);
    truncateSync(path, 1000);
    shrunk.tcp.resume();
    await waitFor('it is ended', () => shrunk.ended || shrunk.closed);
    assert.equal(shrunk.answers.length, 0, 'whoever counts sees that it is not whole');
    const [, gone] = await other.send(get(at)).answered(2);
    assert.equal(gone?.body.length, 1000);
    for (const wire of [shrunk, other]) wire.tcp.destroy();
  });

  it('takes odd ranges for none, and no number for another', async () => {
    const at = asset('ranges.css', Buffer.from('0123456789'));
    const whole = [
      'bytes=',
      'bytes=-',
      'bytes=x-1',
      'bytes=1-x',
      'bytes=5-4',
      'bytes= 1-2',
      'bytes=1 -2',
      'bytes=+1-2',
      'bytes=--1',
      'bytes=1-2-3',
      'lines=1-2',
      'bytes',
      'bytes=0x1-2',
      'bytes=1-2,',
      `bytes=${'0-0,'.repeat(2000)}1-1`,
      `bytes=0-${'9'.repeat(30)}`,
      `bytes=-${'9'.repeat(30)}`,
      `bytes=${'9'.repeat(30)}-`,
      'bytes=18446744073709551616-18446744073709551617',
    ];
    for (const range of whole) {
      const answer = await one(get(at, `Range: ${range}\r\n`));
      assert.deepEqual([answer.status, answer.body.toString()], [200, '0123456789'], range.slice(0, 80));
    }
    for (const [range, body] of [
      ['bytes=0-0', '0'],
      ['BYTES=9-', '9'],
      ['bytes=-999999999999999999', '0123456789'],
      ['bytes=3-999999999999999999', '3456789'],
    ] as const) {
      const answer = await one(get(at, `Range: ${range}\r\n`));
      assert.deepEqual([answer.status, answer.body.toString()], [206, body], range);
    }
    for (const range of ['bytes=10-', 'bytes=-0', 'bytes=999999999999999999-']) assert.equal((await one(get(at, `Range: ${range}\r\n`))).status, 416, range);
    assert.equal((await one(get(at, 'Range: bytes=0-0\r\nIf-Range: Sat, 28 Nov 2026 00:00:00 GMT\r\n'))).status, 200, 'a date is no strong validator of ours');
    const { headers } = await one(get(at));
    assert.equal((await one(get(at, `Range: bytes=0-0\r\nIf-Range: W/${headers['etag']}\r\n`))).status, 200, 'nor is a weak tag');
    const empty = asset('empty.css', Buffer.alloc(0));
    assert.deepEqual([(await one(get(empty))).status, (await one(get(empty, 'Range: bytes=0-\r\n'))).status], [200, 416]);
  });

  it('opens nothing but what lies in its folders, however the path is written', async () => {
    const { sha256 } = await upload(Buffer.from('a file'), 'name=a');
    const paths = [
      '/assets/link.txt',
      '/assets/up/index.html',
      '/assets/..%2f..%2f..%2fsecret.txt',
      '/assets/%2e%2e/%2e%2e/%2e%2e/secret.txt',
      '/assets/..%5c..%5csecret.txt',
      '/assets/%2fetc/passwd',
      '/assets//etc/passwd',
      '/assets/%00',
      '/assets/a%00.css',
      '/assets/.%2e/x',
      '/assets/%252e%252e/secret.txt',
      '/assets/..;/secret.txt',
      '/%2e',
      '/assets/%c0%ae%c0%ae/secret.txt',
      `/assets/${'a/'.repeat(3000)}x`,
      `/assets/${'a'.repeat(5000)}`,
      `/attachments/..%2f..%2fsecret.key`,
      `/attachments/${sha256}%2f..`,
      `/attachments/${sha256}%00`,
      `/attachments/${sha256}/`,
      `/attachments/${sha256.slice(0, 63)}`,
      `/attachments/${sha256}0`,
      '/attachments/',
      '/attachments/%2e%2e',
      '/attachments/%5c',
    ];
    for (const at of paths) {
      const answer = await one(get(at, `Authorization: Bearer ${server.token}\r\n`));
      assert.ok([400, 404].includes(answer.status), `${at.slice(0, 100)}: ${answer.status}`);
      assert.ok(!answer.body.includes('not for the public'));
    }
  });

  it('makes no header of a name that a stranger chose', async () => {
    const { sha256 } = await upload(Buffer.from('<script>'), `name=${encodeURIComponent('a\r\nSet-Cookie: x=1')}`);
    for (const name of [
      'a%0d%0aSet-Cookie:%20x=1',
      'a%0aSet-Cookie:x',
      '%22;%20filename=%22evil.html',
      'a%00b',
      '%ff%fe',
      '%E2%80%AE%22',
      "a'b;c,d",
      'x'.repeat(3000),
    ])
      for (const type of ['text/html', 'text/plain%0d%0aX: y', 'image/svg%2bxml', 'text/plain']) {
        const answer = await one(get(`/attachments/${sha256}?name=${name}&type=${type.replaceAll(' ', '%20')}`, `Authorization: Bearer ${server.token}\r\n`));
        assert.equal(answer.status, 200, `${name} ${type}`);
        assert.equal(answer.headers['set-cookie'], undefined);
        assert.equal(answer.headers['x'], undefined);
        assert.match(answer.headers['content-disposition'] ?? '', /^(inline|attachment); filename="[^"\\\x00-\x1f\x7f-\uffff]*"; filename\*=UTF-8''[\w.%-]+$/);
        assert.ok(['text/plain', 'application/octet-stream'].includes(answer.headers['content-type'] ?? ''), answer.headers['content-type']);
        assert.match(answer.headers['content-security-policy'] ?? '', /sandbox/);
      }
  });

  it('upgrades two hundred at once, and serves who asks for another protocol', async () => {
    const wires = Array.from({ length: 200 }, () => new Wire(server.port).send(CHAT));
    await waitFor('all are upgraded', () => wires.every((wire) => wire.answers[0]?.status === 101));
    for (const wire of wires) wire.tcp.resetAndDestroy();
    await waitFor('all have gone', async () => (await server.metric('visitor_sockets')) === 0);
    const h2c = await one(get('/healthz', 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n'));
    assert.deepEqual([h2c.status, h2c.headers['upgrade']], [200, undefined]);
    assert.deepEqual(
      (await new Wire(server.port).send('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n').over()).map((each) => each.status),
      [400],
    );
    for (const [lines, status] of [
      ['Content-Length: 5\r\n', 400],
      ['Transfer-Encoding: chunked\r\n', 400],
    ] as const) {
      const wire = new Wire(server.port).send(CHAT.replace('\r\n\r\n', `\r\n${lines}\r\nhello${get('/healthz')}`));
      assert.deepEqual(
        (await wire.over()).map((each) => each.status),
        [status],
        'one answer, and nothing of what is behind it',
      );
    }
  });

  /** A peer in each state that a connection can be in. */
  const states = (large: string): [string, string][] => {
    const body = '{"x":1}';
    const slow = `POST /api/v1/session.login HTTP/1.1\r\n${HOST}Content-Length: ${body.length}\r\n\r\n${body}`;
    return [
      ['nothing sent', ''],
      ['half a head', 'GET /healthz HTTP/1.1\r\nHo'],
      ['a body', `POST /in/line/x HTTP/1.1\r\n${HOST}Content-Length: 5000000\r\n\r\n${'x'.repeat(1_500_000)}`],
      ['chunks', `POST /in/line/x HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n5\r\nhel`],
      ['an answer of a worker', slow],
      ['a pipeline', slow + get('/healthz').repeat(500) + slow],
      ['a file', get(large)],
      ['two files', get(large).repeat(2)],
      ['a refusal', 'GET / HTTP/1.1\r\n\r\nmore'],
      ['a WebSocket', CHAT],
      ['a body that nobody wants', `GET ${large} HTTP/1.1\r\n${HOST}Content-Length: 1000000\r\n\r\nxx`],
      ['100 Continue', `POST /in/line/x HTTP/1.1\r\n${HOST}Expect: 100-continue\r\nContent-Length: 5\r\n\r\n`],
    ];
  };

  it('survives peers that go in any state, by a reset, by a word, or half', async () => {
    const large = asset('leave.js', Buffer.alloc(3 * MB, 'l'));
    for (let round = 0; round < 6; round++) {
      const wires = states(large).flatMap(([, bytes]) => [0, 1, 2].map(() => new Wire(server.port).send(bytes)));
      if (round > 2) for (const wire of wires) wire.tcp.pause();
      const before = await server.metric('http_requests_total');
      if (round % 2) await waitFor('they are under way', async () => (await server.metric('http_requests_total')) > before);
      wires.forEach((wire, i) => (i % 3 === 0 ? wire.tcp.resetAndDestroy() : i % 3 === 1 ? wire.tcp.destroy() : wire.tcp.end()));
      for (const wire of wires) wire.tcp.resume();
      await waitFor('no body is left', async () => (await server.metric('request_bytes')) === 0);
      for (const wire of wires) wire.tcp.destroy();
    }
    assert.equal((await one(get('/healthz'))).status, 200);
  });

  it('holds little for who sends much and reads nothing', async () => {
    const calm = await Server.start((fn) => ends.push(fn), {
      config: { server: { web_root: root } },
      env: { ASAN_OPTIONS: `${process.env['ASAN_OPTIONS'] ?? ''}:quarantine_size_mb=1` },
    });
    const pid = String(calm.child?.pid);
    const large = asset('unread.js', Buffer.alloc(8 * MB, 'u'));
    const resident = (): number => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
    const before = resident();
    const wires = Array.from({ length: 200 }, () => {
      const wire = new Wire(calm.port);
      wire.tcp.pause();
      return wire.send(get(large).repeat(100) + get('/healthz').repeat(500));
    });
    await waitFor('all have begun', async () => (await calm.metric('http_requests_total')) > 200);
    const until = Date.now() + 2000;
    await waitFor('it stays so', () => resident() - before > 200 * 600 || Date.now() > until);
    assert.ok(resident() - before < 200 * 600, `${resident() - before} kB for 200`);
    for (const wire of wires) wire.tcp.destroy();
  });

  it('lets a download that has begun come to its end before its own', async () => {
    const last = await Server.start((fn) => ends.push(fn));
    const { sha256 } = await upload(Buffer.alloc(20 * MB, 'a'), 'name=a', last);
    const reader = new Wire(last.port);
    reader.tcp.pause();
    reader.send(`GET /attachments/${sha256} HTTP/1.1\r\n${HOST}Authorization: Bearer ${last.token}\r\n\r\n`);
    const idle = await last.metric('http_requests_total');
    await waitFor('it has begun', async () => (await last.metric('http_requests_total')) > idle && (await fetch(`${last.url}/readyz`)).ok);
    const child = last.child;
    const status = last.stop();
    const until = Date.now() + 1000;
    await waitFor('a while has passed', () => {
      assert.equal(child?.exitCode, null, 'it waits');
      return Date.now() > until;
    });
    reader.tcp.resume();
    assert.equal((await reader.answered(1, 60_000))[0]?.body.length, 20 * MB);
    assert.equal(await status, 0, last.log.slice(-3000));
    reader.tcp.destroy();
  });

  it('ends in time with all of that under way, whoever does not read', async () => {
    const last = await Server.start((fn) => ends.push(fn));
    const { sha256 } = await upload(Buffer.alloc(20 * MB, 'a'), 'name=a', last);
    const agent = await last.agent();
    const wires = states('/api/openapi.json').map(([, bytes]) => new Wire(last.port).send(bytes));
    const stuck = Array.from({ length: 5 }, () => {
      const wire = new Wire(last.port);
      wire.tcp.pause();
      return wire.send(`GET /attachments/${sha256} HTTP/1.1\r\n${HOST}Authorization: Bearer ${last.token}\r\n\r\n`);
    });
    await waitFor('they are under way', async () => (await last.metric('http_requests_total')) > 15);
    const begun = Date.now();
    assert.equal(await last.stop(), 0, last.log.slice(-3000));
    assert.ok(Date.now() - begun < 30_000 * SLOWNESS);
    for (const wire of [...wires, ...stuck]) wire.tcp.destroy();
    agent.cut();
  });
});
