// HTTP as it is on the wire: where a request ends, what is refused, in which order answers come, how long anything may take.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { lineRequest, lineTextEvent } from '../../agent-web/play/providers.ts';
import { endAll, Server, Socket, waitFor } from './harness.ts';
import { type Answer, get, HOST, readAnswers, Wire } from './wire.ts';

describe('http', () => {
  let server: Server;
  let line: { url: string; channelSecret: string };
  let path = '';
  const ends: (() => Promise<void>)[] = [];

  before(async () => {
    server = await Server.start((fn) => ends.push(fn), { config: { server: { log_level: 'debug' } } });
    line = { url: (await server.channel('line', 'LINE', { channel_secret: 'ls', access_token: 'la' })).url, channelSecret: 'ls' };
    path = new URL(line.url).pathname;
  });
  after(async () => {
    await endAll(ends.reverse());
  });

  const call = (method: string, params: object, headers = ''): string => {
    const body = JSON.stringify(params);
    return `POST /api/v1/${method} HTTP/1.1\r\n${HOST}Authorization: Bearer ${server.token}\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`;
  };
  const one = async (bytes: string | Buffer, port = server.port): Promise<Answer> => {
    const wire = new Wire(port).send(bytes);
    const [answer] = await wire.answered(1);
    wire.tcp.destroy();
    assert.ok(answer);
    return answer;
  };

  it('takes what stands behind a head for its body, whatever the names of the headers', async () => {
    const inner = get('/metrics');
    for (const name of ['X', 'A', 'C', 'Co', 'H', 'X-A', 'Content-Lengt', 'Transfer-Encodin', 'U']) {
      for (const headers of [`${name}: a\r\nContent-Length: ${inner.length}\r\n`, `Content-Length: ${inner.length}\r\n${name}: a\r\n`]) {
        const answers = await new Wire(server.port).send(`GET /healthz HTTP/1.1\r\n${HOST}${headers}\r\n${inner}`).over();
        assert.deepEqual(
          answers.map((each) => each.status),
          [200],
          name,
        );
        assert.equal(answers[0]?.headers['connection'], 'close', 'a body that nobody reads ends the connection');
        const posted = await new Wire(server.port).send(`POST /api/v1/session.me HTTP/1.1\r\n${HOST}${headers}\r\n${inner}${get('/healthz')}`).answered(2);
        assert.match(posted[0]?.body.toString() ?? '', /"error"/, name);
        assert.match(posted[1]?.body.toString() ?? '', /alive/, `${name}: the next request is the next request`);
      }
    }
  });

  it('refuses what could be read in two ways, once, and reads nothing behind it', async () => {
    const heads = [
      `POST ${path} HTTP/1.1\r\n${HOST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n`,
      `POST ${path} HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n`,
      `POST ${path} HTTP/1.1\r\n${HOST}Transfer-Encoding: xchunked\r\n\r\n`,
      `POST ${path} HTTP/1.1\r\n${HOST}Content-Length: 5\r\nContent-Length: 6\r\n\r\n`,
      `POST ${path} HTTP/1.1\r\n${HOST}Content-Length: 5, 5\r\n\r\n`,
      `POST ${path} HTTP/1.1\r\n${HOST}Content-Length : 5\r\n\r\n`,
      `POST ${path} HTTP/1.1\r\n${HOST}X: a\r\n Content-Length: 5\r\n\r\n`,
      `POST ${path} HTTP/1.0\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n`,
      `GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n`,
      `GET /healthz HTTP/1.1\r\n\r\n`,
      `GET /healthz HTTP/1.1\nHost: a\n\n`,
      `GET  /healthz HTTP/1.1\r\n${HOST}\r\n`,
      `GET /healthz HTTP/2.0\r\n${HOST}\r\n`,
      `GET /healthz HTTP/1.1\r\n${HOST}X: \0\r\n\r\n`,
      `CONNECT desk.example:443 HTTP/1.1\r\n${HOST}\r\n`,
      '\x16\x03\x01\x02\x00\x01\x00',
    ];
    for (const head of heads) {
      const answers = await new Wire(server.port).send(Buffer.from(head + get('/healthz'), 'latin1')).over();
      assert.deepEqual(
        answers.map((each) => each.status),
        [400],
        head,
      );
      assert.equal(answers[0]?.headers['connection'], 'close');
    }
  });

  it('answers pipelined requests in their order, also where some answers come late', async () => {
    const requests = Array.from({ length: 60 }, (_, i) => [get('/healthz'), call('agent.list', {}), call('no.such', {}), get('/nowhere')][i % 4] ?? '');
    const expected = ['alive', '"agents"', '"unknown_method"', '"not_found"'];
    for (const size of [1_000_000, 100]) {
      const wire = new Wire(server.port);
      const bytes = requests.join('');
      for (let at = 0; at < bytes.length; at += size) wire.send(bytes.slice(at, at + size));
      const answers = await wire.answered(requests.length);
      answers.forEach((answer, i) => assert.ok(answer.body.toString().includes(expected[i % 4] ?? '?'), `${i}: ${answer.body.toString()}`));
      wire.tcp.destroy();
    }
  });

  it('holds back who sends far ahead, and answers all of it', async () => {
    const n = 3000;
    const wire = new Wire(server.port).send(call('agent.list', {}) + get('/healthz', `X: ${'x'.repeat(200)}\r\n`).repeat(n));
    const answers = await wire.answered(n + 1);
    assert.ok(answers.every((each) => each.status === 200));
    wire.tcp.destroy();
  });

  it('takes a body in chunks as the bytes that were signed', async () => {
    const { headers, body } = lineRequest(line, [lineTextEvent('U-chunked', 'in chunks')]);
    const head = `POST ${path}?a=%2B%20&b HTTP/1.1\r\n${HOST}${Object.entries(headers)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')}Transfer-Encoding: chunked\r\n\r\n`;
    let chunks = '';
    for (let at = 0; at < body.length; at += 50)
      chunks += `${body.subarray(at, at + 50).length.toString(16)};x="y"\r\n${body.subarray(at, at + 50).toString('latin1')}\r\n`;
    const wire = new Wire(server.port);
    for (const byte of Buffer.from(`${head}${chunks}0\r\nDigest: none\r\n\r\n${get('/healthz')}`, 'latin1')) wire.send(Buffer.from([byte]));
    const [first, second] = await wire.answered(2);
    assert.equal(first?.status, 200, first?.body.toString());
    assert.match(second?.body.toString() ?? '', /alive/);
    assert.equal(server.sql("SELECT COUNT(*) FROM entry WHERE text = 'in chunks'").trim(), '1');
    wire.tcp.destroy();
  });

  it('leaves the query as it was signed, however it is written', async () => {
    const voice = await server.channel('twilio_voice', 'Phone', { auth_token: 'tt' });
    for (const [i, query] of ['From=%2b81901234567&note=a%20b+c', 'x=~%7E%7e&&y', 'a=1?b=2/%2F&=', 'note=|{}'].entries()) {
      const params = { CallSid: `CA${String(i).repeat(32)}`, CallStatus: 'ringing', Direction: 'inbound', From: '+81901234567', To: '+81312345678' };
      const text = `${voice.url}?${query}${Object.entries(params)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .flat()
        .join('')}`;
      const body = new URLSearchParams(params).toString();
      const answer = await one(
        `POST ${new URL(voice.url).pathname}?${query} HTTP/1.1\r\n${HOST}Content-Type: application/x-www-form-urlencoded\r\nX-Twilio-Signature:${createHmac('sha1', 'tt').update(text).digest('base64')}  \r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
      assert.equal(answer.status, 200, `${query}: ${answer.body.toString()}`);
    }
  });

  it('reads cookies that stand in several lines', async () => {
    const cookie = await server.login();
    const answer = await one(
      `POST /api/v1/session.me HTTP/1.1\r\n${HOST}Cookie: other=1\r\nCookie: ${cookie}\r\nCookie: more=2\r\nContent-Length: 2\r\n\r\n{}`,
    );
    assert.equal(answer.status, 200, answer.body.toString());
  });

  it('ends a body in chunks at its limit, and keeps nothing of it', async () => {
    const chunk = `100000\r\n${'x'.repeat(0x100000)}\r\n`;
    const wire = new Wire(server.port).send(`POST /api/v1/agent.list HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n`);
    for (let i = 0; i < 9; i++) wire.send(chunk);
    wire.send('0\r\n\r\n');
    const answers = await wire.over();
    assert.deepEqual(
      answers.map((each) => each.status),
      [413],
    );
    assert.equal(await server.metric('request_bytes'), 0);
  });

  it('says 100 Continue to who waits for it, and refuses at once what it would not take', async () => {
    const { headers, body } = lineRequest(line, [lineTextEvent('U-continue', 'asked before')]);
    const head = (length: number, expect: string): string =>
      `POST ${path} HTTP/1.1\r\n${HOST}x-line-signature: ${headers['x-line-signature']}\r\nContent-Length: ${length}\r\nExpect: ${expect}\r\n\r\n`;
    const wire = new Wire(server.port).send(head(body.length, '100-continue'));
    assert.equal((await wire.answered(1))[0]?.status, 100);
    wire.send(body);
    assert.deepEqual(
      (await wire.answered(2)).map((each) => each.status),
      [100, 200],
    );
    wire.tcp.destroy();
    assert.deepEqual(
      (await new Wire(server.port).send(head(100_000_000, '100-continue')).over()).map((each) => each.status),
      [413],
    );
    assert.deepEqual(
      (await new Wire(server.port).send(head(5, 'something-else')).over()).map((each) => each.status),
      [417],
    );
  });

  it('is heard when it refuses: a body that is too large, a head that is too large', async () => {
    const large = new Wire(server.port).send(`POST /api/v1/agent.list HTTP/1.1\r\n${HOST}Content-Length: 30000000\r\n\r\n`);
    for (let i = 0; i < 30; i++) large.send(Buffer.alloc(1_000_000, 'x'));
    assert.deepEqual(
      (await large.over()).map((each) => each.status),
      [413],
    );
    const long = new Wire(server.port).send(`GET / HTTP/1.1\r\n${HOST}X: ${'x'.repeat(200_000)}\r\n\r\n`);
    assert.deepEqual(
      (await long.over()).map((each) => each.status),
      [431],
    );
    const many = new Wire(server.port).send(`GET / HTTP/1.1\r\n${HOST}${'X: y\r\n'.repeat(100)}\r\n`);
    assert.deepEqual(
      (await many.over()).map((each) => each.status),
      [431],
    );
    assert.equal((await one(get('/healthz', 'X: y\r\n'.repeat(99)))).status, 200);
  });

  it('answers who has said all and still reads', async () => {
    for (const request of [call('agent.list', {}), get('/healthz'), get('/healthz') + call('agent.list', {})]) {
      const wire = new Wire(server.port).send(request);
      wire.tcp.end();
      const answers = await wire.over();
      assert.equal(answers.length, request.split('HTTP/1.1').length - 1);
      assert.ok(answers.every((each) => each.status === 200));
    }
  });

  it('goes on or ends after an answer as HTTP/1.0 and 1.1 say', async () => {
    const ends = await new Wire(server.port).send(`GET /healthz HTTP/1.0\r\n\r\n${get('/healthz')}`).over();
    assert.equal(ends.length, 1);
    const closes = await new Wire(server.port).send(get('/healthz', 'Connection: close\r\n') + get('/healthz')).over();
    assert.equal(closes.length, 1);
    const kept = new Wire(server.port).send('GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n');
    assert.equal((await kept.answered(1))[0]?.headers['connection'], 'keep-alive');
    assert.equal((await kept.send(get('/healthz')).answered(2))[1]?.headers['connection'], undefined);
    kept.tcp.destroy();
  });

  it('ends who sends a head slowly', async () => {
    const slow = new Wire(server.port).send('GET /healthz HTTP/1.1\r\n');
    const silent = new Wire(server.port);
    const begun = Date.now();
    const drip = setInterval(() => slow.send('X: y\r\n'), 500);
    await waitFor('both are ended', () => slow.closed && silent.ended, 30_000).finally(() => clearInterval(drip));
    assert.ok(Date.now() - begun > 8000, 'not before their time');
    assert.equal(slow.answers.length, 0);
    silent.tcp.destroy();
  });

  it('serves odd targets as they are meant, or not at all', async () => {
    assert.equal((await one(`GET http://other.example/healthz HTTP/1.1\r\n${HOST}\r\n`)).status, 200);
    assert.equal((await one(`GET /%68ealthz?x=/../ HTTP/1.1\r\n${HOST}\r\n`)).status, 200);
    assert.equal((await one(`OPTIONS * HTTP/1.1\r\n${HOST}\r\n`)).status, 204);
    for (const target of [
      '/%00',
      '/a/../healthz',
      '/%2e%2e/healthz',
      '/a/..%2fhealthz',
      '/./healthz',
      '/%',
      '/healthz%0d%0aX:y',
      'healthz',
      '/healthz#x',
      '/\x80',
    ])
      assert.equal((await one(Buffer.from(`GET ${target} HTTP/1.1\r\n${HOST}\r\n`, 'latin1'))).status, 400, target);
    assert.equal((await one(get('//desk.example/healthz'))).status, 404);
    assert.equal((await one(get('/healthz/'))).status, 404);
  });

  it('says which methods a path takes', async () => {
    const methods = async (method: string, at: string): Promise<string | undefined> => {
      const answer = await one(`${method} ${at} HTTP/1.1\r\n${HOST}Content-Length: 0\r\n\r\n`);
      assert.equal(answer.status, 405, `${method} ${at}`);
      return answer.headers['allow'];
    };
    assert.equal(await methods('DELETE', '/healthz'), 'GET, HEAD');
    assert.equal(await methods('GET', '/api/v1/agent.list'), 'POST');
    assert.equal(await methods('get', '/healthz'), 'GET, HEAD');
    assert.equal(await methods('PUT', '/in/line/x'), 'POST, GET, HEAD');
  });

  it('keeps metrics and the demo from the public, and all else from the listener for metrics', async () => {
    assert.equal((await one(get('/metrics'))).status, 404);
    assert.equal((await one(get('/demo/'))).status, 404);
    assert.equal((await one(get('/demo'))).status, 404);
    assert.match((await one(get('/metrics'), server.metricsPort)).body.toString(), /throughline_http_requests_total \d/);
    for (const known of ['/healthz', '/readyz']) assert.equal((await one(get(known), server.metricsPort)).status, 200);
    for (const other of ['/', '/widget.js', '/api/openapi.json']) assert.equal((await one(get(other), server.metricsPort)).status, 404, other);
    assert.equal((await one(call('agent.list', {}), server.metricsPort)).status, 404);
  });

  it('sends a part of a stored file to who asks for a part', async () => {
    const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, i) => i % 251));
    const put = await fetch(`${server.url}/api/v1/attachments?name=a.bin`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.token}` },
      body: new Uint8Array(bytes),
    });
    const { sha256 } = (await put.json()) as { sha256: string };
    const ask = (headers: string, method = 'GET'): string =>
      `${method} /attachments/${sha256} HTTP/1.1\r\n${HOST}Authorization: Bearer ${server.token}\r\n${headers}\r\n`;
    const whole = await one(ask(''));
    assert.equal(whole.status, 200);
    assert.deepEqual(whole.body, bytes);
    assert.equal(whole.headers['accept-ranges'], 'bytes');
    const etag = whole.headers['etag'] ?? '';
    for (const [range, from, to] of [
      ['0-0', 0, 1],
      ['70000-139999', 70_000, 140_000],
      ['199990-', 199_990, 200_000],
      ['-10', 199_990, 200_000],
      ['100-900000', 100, 200_000],
    ] as const) {
      const part = await one(ask(`Range: bytes=${range}\r\n`));
      assert.equal(part.status, 206, range);
      assert.deepEqual(part.body, bytes.subarray(from, to), range);
      assert.equal(part.headers['content-range'], `bytes ${from}-${to - 1}/200000`);
    }
    const outside = await one(ask('Range: bytes=200000-\r\n'));
    assert.equal(outside.status, 416);
    assert.equal(outside.headers['content-range'], 'bytes */200000');
    assert.equal((await one(ask(`Range: bytes=0-0\r\nIf-Range: ${etag}\r\n`))).status, 206);
    assert.equal((await one(ask('Range: bytes=0-0\r\nIf-Range: "another"\r\n'))).status, 200);
    assert.equal((await one(ask('Range: bytes=0-0,5-6\r\n'))).status, 200);
    const known = await one(ask(`If-None-Match: "x", ${etag}\r\n`));
    assert.equal(known.status, 304);
    assert.equal(known.headers['etag'], etag);
    const wire = new Wire(server.port).send(ask('Connection: close\r\n', 'HEAD'));
    await waitFor('it ends', () => wire.ended);
    const [head] = readAnswers(wire.got, true);
    assert.equal(head?.headers['content-length'], '200000');
    assert.match(wire.got.toString('latin1'), /\r\n\r\n$/, 'a head and nothing else');
    wire.tcp.destroy();
    assert.match(whole.headers['content-security-policy'] ?? '', /sandbox/);
  });

  it('checks a WebSocket before it hands it over', async () => {
    const ask = (at: string, headers: string): string => get(at, `Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n${headers}`);
    const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
    const fine = `${key}Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: other, throughline-chat\r\n`;
    const agent = `${key}Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: throughline\r\n`;
    assert.equal((await one(ask('/ws/chat', fine))).status, 101);
    const old = await one(ask('/ws/chat', fine.replace('13', '8')));
    assert.equal(old.status, 426);
    assert.equal(old.headers['sec-websocket-version'], '13');
    assert.equal((await one(ask('/ws/chat', fine.replace('bXBs', '?!')))).status, 400);
    assert.equal((await one(ask('/ws/chat', fine.replace('throughline-chat', 'chat')))).status, 400);
    assert.equal((await one(ask('/ws/chat', `${fine}Content-Length: 5\r\n`) + 'hello')).status, 400);
    assert.equal((await one(ask('/ws', `${agent}Cookie: throughline=${'x'.repeat(5000)}\r\n`))).status, 431);
    assert.equal((await one(ask('/ws', `${agent}Cookie: other=${'x'.repeat(9000)}; throughline=x\r\n`))).status, 101, 'cookies of others do not count');
    for (const origin of [server.url.slice(0, -1), 'http://127.0.0.1', 'http', `${server.url}0`, `${server.url}.evil.example`, 'null'])
      assert.equal((await one(ask('/ws', `${agent}Origin: ${origin}\r\n`))).status, 403, origin);
    assert.equal((await one(ask('/ws', `${agent}Origin: ${server.url}\r\n`))).status, 101);
    assert.equal((await one(ask('/ws', `X: a\r\n${agent}`))).status, 101, 'a short name swallows nothing');
  });

  it('lets no page act whose site is only the beginning of our own', async () => {
    const cookie = await server.login();
    const me = (origin: string): Promise<Response> => fetch(`${server.url}/api/v1/session.me`, { method: 'POST', headers: { cookie, origin }, body: '{}' });
    for (const origin of [server.url.slice(0, -1), 'http://127.0.0.1', 'http:', 'h']) assert.equal((await me(origin)).status, 403, origin);
    assert.equal((await me(server.url)).status, 200);
  });

  it('keeps frames that came with the handshake, behind other requests', async () => {
    const frame = (text: string): Buffer => {
      const bytes = Buffer.from(text);
      const head = bytes.length < 126 ? Buffer.from([0x81, 0x80 | bytes.length]) : Buffer.from([0x81, 0xfe, bytes.length >> 8, bytes.length & 255]);
      return Buffer.concat([head, Buffer.alloc(4), bytes]);
    };
    const chat = await server.channel('chat', 'Early');
    const hello = JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'chat.hello', params: { channel_id: chat.id } });
    const ask = get(
      '/ws/chat',
      'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: throughline-chat\r\n',
    );
    const large = hello.padEnd(60_000);
    const wire = new Wire(server.port).send(
      Buffer.concat([
        Buffer.from(call('agent.list', {}) + get('/healthz') + ask),
        frame(hello),
        frame(large.replace('"id":7', '"id":8')),
        frame(hello.replace('"id":7', '"id":9')),
      ]),
    );
    await waitFor('all three are answered', () => /"id":7[^]*"id":8[^]*"id":9/.test(wire.got.toString('latin1')));
    assert.deepEqual(
      wire.answers.slice(0, 3).map((each) => each.status),
      [200, 200, 101],
    );
    wire.tcp.destroy();
  });

  it('believes the address of a client from trusted proxies alone, also for WebSockets', async () => {
    const untrusting = await Server.start((fn) => ends.push(fn), { config: { server: { trusted_proxies: '127.0.0.5', log_level: 'debug' } } });
    const forwarded = { 'x-forwarded-for': '198.51.100.1, 203.0.113.9' };
    for (const each of [server, untrusting])
      (await Socket.open(`ws://127.0.0.1:${each.port}/ws/chat`, 'throughline-chat', { origin: 'http://shop.example', ...forwarded })).close();
    await waitFor('both are told of', () => [server, untrusting].every((each) => /socket opened/.test(each.log)));
    assert.match(server.log, /socket opened serial=\d+ address=203\.0\.113\.9\n/);
    assert.match(untrusting.log, /socket opened serial=\d+ address=127\.0\.0\.1\n/);
    assert.doesNotMatch(untrusting.log, /203\.0\.113\.9|198\.51/);
    const from5 = new Wire(untrusting.port, '127.0.0.5').send(
      get(
        '/ws/chat',
        'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: throughline-chat\r\nX-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 203.0.113.77\r\n',
      ),
    );
    await waitFor("the last line is the proxy's", () => /address=203\.0\.113\.77\n/.test(untrusting.log));
    from5.tcp.destroy();
    const chain = new Wire(server.port).send(
      get(
        '/ws/chat',
        'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: throughline-chat\r\nX-Forwarded-For: 6.6.6.6, 203.0.113.78:99\r\nX-Forwarded-For: 127.0.0.1\r\n',
      ),
    );
    await waitFor('each proxy has added a line, and all are believed as far as they are ours', () => /address=203\.0\.113\.78\n/.test(server.log));
    chain.tcp.destroy();
  });

  it('bounds the connections of one address, and lets others in', async () => {
    const strict = await Server.start((fn) => ends.push(fn), { config: { server: { trusted_proxies: '127.0.0.5' } } });
    const wires = Array.from({ length: 1100 }, () => new Wire(strict.port));
    await waitFor('those above the limit are closed', () => wires.filter((wire) => wire.closed || wire.ended).length >= 70);
    assert.equal((await strict.metric('http_refused_total')) > 0, true);
    const other = new Wire(strict.port, '127.0.0.2').send(get('/healthz'));
    assert.equal((await other.answered(1))[0]?.status, 200);
    assert.ok(strict.log.split('connection refused').length <= 3, strict.log.slice(-2000));
    for (const wire of [...wires, other]) wire.tcp.destroy();
    await waitFor('they are counted no more', async () => {
      const again = new Wire(strict.port).send(get('/healthz'));
      await waitFor('it is decided', () => again.answers.length > 0 || again.ended || again.closed);
      const fine = again.answers.length > 0;
      again.tcp.destroy();
      return fine;
    });
  });

  it('waits without a word and without work while there are no descriptors, and goes on when there are', async () => {
    const poor = await Server.start((fn) => ends.push(fn));
    const pid = String(poor.child?.pid);
    const descriptors = (): number => Number(execFileSync('sh', ['-c', `ls /proc/${pid}/fd | wc -l`], { encoding: 'utf8' }));
    const cpuTicks = (): number => {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      return Number(fields[11]) + Number(fields[12]);
    };
    for (const spare of [5, 60]) {
      const lines = poor.log.length;
      execFileSync('prlimit', ['--pid', pid, `--nofile=${descriptors() + spare}:`]);
      const begun = cpuTicks();
      const wires = Array.from({ length: 300 }, () => new Wire(poor.port).send(get('/healthz').slice(0, -2)));
      if (spare === 5) await waitFor('the log says so', () => /connections wait/.test(poor.log.slice(lines)));
      else await waitFor('whoever looks is told', async () => (await fetch(`http://127.0.0.1:${poor.metricsPort}/readyz`)).status === 503);
      if (spare > 5) assert.equal((await fetch(`http://127.0.0.1:${poor.metricsPort}/healthz`)).status, 200, 'it is alive all the same');
      const until = Date.now() + 3000;
      await waitFor('a while has passed', () => Date.now() > until);
      assert.ok(cpuTicks() - begun < 100, `${cpuTicks() - begun} ticks of 10 ms in 3 s`);
      assert.ok(poor.log.slice(lines).split('\n').length < 20, poor.log.slice(lines, lines + 2000));
      for (const wire of wires) wire.tcp.destroy();
      await waitFor('it is ready again', async () => (await fetch(`${poor.url}/readyz`)).ok);
    }
  });
});

describe('static files', () => {
  let server: Server;
  const ends: (() => Promise<void>)[] = [];
  const text = `<!doctype html><title>Desk</title>${'<p>all of it</p>'.repeat(500)}`;

  before(async () => {
    server = await Server.start((fn) => ends.push(fn), { start: false });
    const root = join(server.folder, 'web');
    for (const folder of ['console/dist/assets', 'widget/dist', 'widget/demo']) mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, 'secret.txt'), 'not for the public');
    writeFileSync(join(root, 'console/dist/index.html'), text);
    writeFileSync(join(root, 'console/dist/index.html.gz'), gzipSync(text));
    writeFileSync(join(root, 'console/dist/index.html.br'), brotliCompressSync(text));
    writeFileSync(join(root, 'console/dist/assets/a-1234.js'), 'export {};');
    writeFileSync(join(root, 'console/dist/large.css'), 'x'.repeat(3_000_000));
    symlinkSync(join(root, 'secret.txt'), join(root, 'console/dist/link.txt'));
    writeFileSync(join(root, 'widget/dist/widget.js'), '(() => {})();');
    writeFileSync(join(root, 'widget/demo/index.html'), 'the demo shop');
    writeFileSync(
      server.config,
      readFileSync(server.config, 'utf8')
        .replace(/^web_root = .*$/m, `web_root = ${root}\ndemo = true`)
        .replace(/^public_url = .*$/m, 'public_url = https://desk.example'),
    );
    await server.serve();
  });
  after(async () => {
    await endAll(ends.reverse());
  });

  const ask = async (at: string, headers = '', method = 'GET'): Promise<Answer> => {
    const wire = new Wire(server.port).send(`${method} ${at} HTTP/1.1\r\n${HOST}Connection: close\r\n${headers}\r\n`);
    await wire.over();
    const [answer] = readAnswers(wire.got, method === 'HEAD');
    assert.ok(answer, wire.got.toString('latin1'));
    return answer;
  };

  it('sends the page, compressed to who takes that', async () => {
    const plain = await ask('/');
    assert.equal(plain.body.toString(), text);
    assert.equal(plain.headers['content-type'], 'text/html; charset=utf-8');
    assert.equal(plain.headers['vary'], 'Accept-Encoding');
    assert.equal(plain.headers['content-encoding'], undefined);
    const small = await ask('/', 'Accept-Encoding: gzip\r\n');
    assert.equal(small.headers['content-encoding'], 'gzip');
    assert.equal(small.headers['content-type'], 'text/html; charset=utf-8');
    assert.ok(small.body.length < text.length / 5);
    assert.equal(gunzipSync(small.body).toString(), text);
    assert.notEqual(small.headers['etag'], plain.headers['etag']);
    const smallest = await ask('/', 'Accept-Encoding: gzip, deflate, br\r\n');
    assert.equal(smallest.headers['content-encoding'], 'br');
    assert.equal(brotliDecompressSync(smallest.body).toString(), text);
    assert.equal(new Set([plain, small, smallest].map(({ headers }) => headers['etag'])).size, 3);
    assert.equal((await ask('/assets/a-1234.js', 'Accept-Encoding: br, gzip\r\n')).headers['content-encoding'], undefined, 'there is none beside it');
    assert.equal((await ask('/', 'Accept-Encoding: gzip;q=0\r\n')).headers['content-encoding'], undefined);
    assert.equal((await ask('/large.css', 'Accept-Encoding: gzip\r\n')).body.length, 3_000_000);
  });

  it('sends nothing twice to who has it', async () => {
    const first = await ask('/');
    assert.equal(first.headers['cache-control'], 'no-cache');
    const again = await ask('/', `If-None-Match: ${first.headers['etag']}\r\n`);
    assert.equal(again.status, 304);
    assert.equal(again.body.length, 0);
    assert.equal((await ask('/', 'If-None-Match: "other"\r\n')).status, 200);
    assert.match((await ask('/assets/a-1234.js')).headers['cache-control'] ?? '', /immutable/);
    const head = await ask('/large.css', '', 'HEAD');
    assert.deepEqual([head.status, head.headers['content-length'], head.headers['content-type']], [200, '3000000', 'text/css; charset=utf-8']);
    const part = await ask('/large.css', 'Range: bytes=1-3\r\n');
    assert.deepEqual([part.status, part.body.toString()], [206, 'xxx']);
  });

  it('serves no file outside of its folder', async () => {
    assert.equal((await ask('/link.txt')).status, 404);
    for (const at of ['/../../secret.txt', '/..%2f..%2fsecret.txt', '/assets/..%2f..%2f..%2fsecret.txt', '/%2e%2e/%2e%2e/secret.txt'])
      assert.equal((await ask(at)).status, 400, at);
    for (const at of ['/nothing', '/assets', '/assets//a-1234.js/', '//etc/passwd', '/assets//etc/passwd', '/index.html/'])
      assert.notEqual((await ask(at)).status, 200, at);
  });

  it('sends a browser on without a word of the Host that it was asked for', async () => {
    const moved = await ask('/demo');
    assert.equal(moved.status, 301);
    assert.equal(moved.headers['location'], '/demo/');
    assert.equal((await ask('/demo/')).body.toString(), 'the demo shop');
  });

  it('sends the headers that keep browsers safe with every answer', async () => {
    const answers = [
      await ask('/'),
      await ask('/nothing'),
      await ask('/api/v1/session.me', '', 'POST'),
      await ask('/widget.js'),
      await ask('/chat/attachments/x'),
      await ask('/%00'),
      await ask('/healthz', '', 'DELETE'),
    ];
    for (const { headers, status } of answers) {
      assert.equal(headers['x-content-type-options'], 'nosniff', String(status));
      assert.equal(headers['referrer-policy'], 'no-referrer');
      assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
      assert.match(headers['permissions-policy'] ?? '', /camera=\(\)/);
      assert.match(headers['content-security-policy'] ?? '', /default-src/);
      assert.equal(headers['strict-transport-security'], 'max-age=31536000');
      assert.equal(headers['server'], undefined);
    }
    assert.deepEqual(
      answers.map((each) => each.headers['cross-origin-resource-policy']),
      ['same-origin', 'same-origin', 'same-origin', 'cross-origin', 'cross-origin', 'same-origin', 'same-origin'],
    );
    assert.equal(answers[3]?.headers['access-control-allow-origin'], '*');
  });
});
