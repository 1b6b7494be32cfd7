// What a determined stranger, or an agent whose rights have ended, tries; and what two at once do to each other.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { composeMail, deliver, lineRequest, lineTextEvent, rfc822Request } from '../../agent-web/play/providers.ts';
import { ADMIN, randomUUID, Server, Socket, waitFor, endAll } from './harness.ts';

/** Sends bytes as they are; what came back until `enough`, or the peer closed. */
function raw(port: number, text: string, enough: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let got = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    const end = (): void => {
      clearTimeout(late);
      socket.destroy();
      resolve(got);
    };
    const late = setTimeout(() => {
      socket.destroy();
      reject(new Error(`no answer in time, only: ${got}`));
    }, 10_000);
    socket.on('data', (data: Buffer) => {
      got += data.toString('latin1');
      if (enough.test(got)) end();
    });
    socket.on('close', end);
    socket.on('error', end);
  });
}

describe('attack', () => {
  let server: Server;
  let line: { url: string; channelSecret: string };
  const ends: (() => Promise<void>)[] = [];

  before(async () => {
    server = await Server.start((fn) => ends.push(fn), { config: { desk: { undo_seconds: '5' } } });
    line = { url: (await server.channel('line', 'LINE', { channel_secret: 'ls', access_token: 'la' })).url, channelSecret: 'ls' };
  });
  after(async () => {
    await endAll(ends.reverse());
  });

  it('takes messages in pieces of any size, with pings between, and of every size up to its limit', async () => {
    const chat = await server.channel('chat', 'Pieces');
    const visitor = await server.visitor();
    const answers = new Set<number>();
    visitor.raw.on('message', (data) => answers.add((JSON.parse(String(data)) as { id: number }).id));
    const hello = (id: number, size = 0): string => JSON.stringify({ jsonrpc: '2.0', id, method: 'chat.hello', params: { channel_id: chat.id } }).padEnd(size);
    const answered = async (id: number): Promise<boolean> => await waitFor(`${id} is answered`, () => answers.has(id), 10_000);
    const bytes = [...Buffer.from(hello(1000))];
    visitor.raw.send('', { fin: false });
    for (const [i, byte] of bytes.entries()) {
      visitor.raw.send(Buffer.from([byte]), { binary: false, fin: i === bytes.length - 1 });
      if (i % 20 === 0) visitor.raw.ping('here');
    }
    await answered(1000);
    const PIECE = 1024; // what the server reads at once
    const sizes = [PIECE - 8, PIECE - 4, PIECE - 1, PIECE, PIECE + 1, PIECE + 4, PIECE + 8, 2 * PIECE, 65_535, 65_536, 262_144];
    for (const [i, size] of sizes.entries()) {
      visitor.raw.send(hello(2000 + i, size));
      await answered(2000 + i);
    }
    visitor.raw.send(hello(3000, 262_145));
    await waitFor('one that is larger ends it', () => visitor.closeCode === 1009);
  });

  it('counts a body only as it comes, and gives all of it back', async () => {
    await raw(server.port, 'GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n', /alive/);
    await waitFor('nothing is counted for a GET', async () => (await server.metric('request_bytes')) === 0);
    const idle = Array.from({ length: 20 }, () =>
      connect(server.port, '127.0.0.1', function (this: { write(text: string): void }) {
        this.write('POST /in/line/x HTTP/1.1\r\nHost: x\r\nContent-Length: 41000000\r\n\r\nsome');
      }),
    );
    for (const one of idle) one.on('error', () => {});
    await waitFor('they have begun', async () => (await server.metric('request_bytes')) === 20 * 4);
    const response = await fetch(`${server.url}/api/v1/attachments?name=large`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.token}` },
      body: new Uint8Array(24_000_000),
    });
    assert.equal(response.status, 200, "who announces much and sends nothing takes nobody's place");
    for (const one of idle) one.destroy();
    await waitFor('all is given back', async () => (await server.metric('request_bytes')) === 0);
  });

  it('keeps a connection through answers that do not leave in one piece', async () => {
    const { id } = await server.channel('api', 'Long');
    const entries = Array.from({ length: 200 }, (_, i) => ({
      identity: { kind: 'email' as const, value: 'long@x.example' },
      kind: 'message' as const,
      external_id: `long-${i}`,
      text: 'x'.repeat(20_000),
    }));
    await server.api('entries.put', { channel_id: id, entries });
    const person = (await server.api('customer.search', { query: 'long@x.example' })).hits[0]?.id;
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ports = new Set<number | undefined>();
    /** The answer's length; the reader is slow, as on a far network. */
    const post = (body: string): Promise<number> =>
      new Promise((resolve, reject) => {
        const headers = { authorization: `Bearer ${server.token}`, 'content-length': body.length };
        const sent = request({ agent, port: server.port, method: 'POST', path: '/api/v1/timeline.page', headers }, (answer) => {
          let n = 0;
          ports.add(answer.socket.localPort);
          answer.pause();
          setTimeout(() => answer.resume(), 100);
          answer
            .on('data', (data: Buffer) => (n += data.length))
            .on('end', () => resolve(n))
            .on('error', reject);
        });
        sent.on('error', reject).end(body);
      });
    for (const limit of [200, 1, 200, 200, 3, 50, 200]) assert.ok((await post(JSON.stringify({ customer_id: person, limit }))) > limit * 20_000);
    agent.destroy();
    assert.equal(ports.size, 1, 'one connection for all');
  });

  it('takes nothing of a body in chunks for a request', async () => {
    const inner = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n';
    const chunked = `POST /api/v1/session.me HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n`;
    for (const size of [1000, 7, 1]) {
      const socket = connect(server.port, '127.0.0.1', () => {
        const bytes = chunked + inner;
        for (let at = 0; at < bytes.length; at += size) socket.write(bytes.slice(at, at + size));
      }).setNoDelay();
      let got = '';
      socket.on('data', (data: Buffer) => (got += data.toString('latin1')));
      socket.on('error', () => {});
      socket.on('end', () => socket.end());
      await new Promise((resolve) => socket.on('close', resolve));
      assert.match(got, /^HTTP\/1\.1 400/);
      assert.equal(got.match(/HTTP\/1\.1 \d/g)?.length, 1, 'one answer');
      assert.doesNotMatch(got, /alive/);
    }
  });

  it('says so when it cannot keep a body, and works again when it can', async () => {
    const send = (): Promise<Response> =>
      fetch(`${server.url}/api/v1/attachments?name=large`, {
        method: 'POST',
        headers: { authorization: `Bearer ${server.token}` },
        body: new Uint8Array(5_000_000).fill(7),
      });
    const spool = join(server.folder, 'blobs/tmp');
    rmSync(spool, { recursive: true }); // as a full disk, for somebody who writes there
    const refused = await send();
    assert.equal(refused.status, 503);
    assert.equal(((await refused.json()) as { error: { data: { kind: string } } }).error.data.kind, 'busy');
    assert.equal(await server.metric('request_bytes'), 0);
    mkdirSync(spool);
    assert.equal((await send()).status, 200);
  });

  it('serves a request that offers HTTP/2 as HTTP/1.1', async () => {
    const offer = 'Host: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n';
    assert.match(await raw(server.port, `GET /healthz HTTP/1.1\r\n${offer}\r\n`, /alive/), /^HTTP\/1\.1 200 [^]*alive/);
    const posted = await raw(
      server.port,
      `POST /api/v1/agent.list HTTP/1.1\r\n${offer}Authorization: Bearer ${server.token}\r\nContent-Length: 2\r\n\r\n{}`,
      /\}\]\}/,
    );
    assert.match(posted, /^HTTP\/1\.1 200 [^]*Ada Admin/);
  });

  it('lets no other site act for an agent, however long its name', async () => {
    const cookie = await server.login();
    const origin = `https://${['a', 'b', 'c', 'd'].map((letter) => letter.repeat(60)).join('.')}.example.com:8443`;
    await assert.rejects(Socket.open(`ws://127.0.0.1:${server.port}/ws`, 'throughline', { cookie, origin }));
    const login = (from: string): Promise<Response> =>
      fetch(`${server.url}/api/v1/session.login`, { method: 'POST', headers: { 'content-type': 'text/plain', origin: from }, body: JSON.stringify(ADMIN) });
    const foreign = await login('https://evil.example');
    assert.equal(foreign.status, 403, "nobody is logged in as somebody else by another site's form");
    assert.equal(foreign.headers.get('set-cookie'), null);
    assert.equal((await login(server.url)).status, 200);
  });

  it('ends the sockets of a log-in that has ended, and of no other', async () => {
    const open = async (authorization: string): Promise<Socket> => {
      const socket = await Socket.open(`ws://127.0.0.1:${server.port}/ws`, 'throughline', { authorization });
      await socket.call('agent.list', {});
      return socket;
    };
    const made = await server.api('token.create', { name: 'to be revoked', role: 'admin' });
    const revoked = await open(`Bearer ${made.secret}`);
    const other = await open(`Bearer ${server.token}`);
    const first = await server.agent();
    const second = await server.agent();
    const lapsed = await server.agent();
    for (const socket of [first, second, lapsed]) await socket.call('session.me', {});
    await server.api('token.revoke', { id: made.token?.id ?? '' });
    await waitFor('the revoked token is out', () => revoked.closeCode === 4401);
    server.sql('UPDATE session SET expires_at = 1 ORDER BY created_at DESC LIMIT 1');
    await first.call('session.logout', {});
    await waitFor('who logged out is out', () => first.closeCode === 4401);
    await waitFor('one of the two others has lapsed', () => [second, lapsed].filter((socket) => socket.closeCode === 4401).length === 1);
    await server.api('session.logout', {}, server.token);
    const stays = second.closeCode === null ? second : lapsed;
    assert.ok((await stays.call('session.me', {})).agent, 'the other session goes on');
    assert.ok((await other.call('agent.list', {})).agents?.length, 'and the other token');
    for (const socket of [stays, other]) socket.close();
  });

  it('takes input whose address or headers are no UTF-8', async () => {
    const texts = ['query bytes', 'header bytes', 'a character cut in two'];
    const [query, header, cut] = texts.map((text) => lineRequest(line, [lineTextEvent('U-bytes', text)]));
    assert.ok(query && header && cut);
    assert.equal((await deliver({ ...query, url: `${query.url}?x=%FF%C0` })).status, 200);
    assert.equal((await deliver({ ...header, headers: { ...header.headers, 'content-type': 'application/json; x=\xff\xfe' } })).status, 200);
    assert.equal((await deliver({ ...cut, url: `${cut.url}?x=y${encodeURIComponent('あ'.repeat(900))}` })).status, 200);
    for (const text of texts) assert.equal(server.sql(`SELECT COUNT(*) FROM entry WHERE text = '${text}'`).trim(), '1');
  });

  it('keeps the names of files as they are', async () => {
    for (const name of ['a&b.txt', 'a+b.txt', '100%41.txt', 'a=b;c.txt', '請求書 #7.pdf', `${'長'.repeat(190)}.txt`]) {
      const response = await fetch(`${server.url}/api/v1/attachments?name=${encodeURIComponent(name)}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${server.token}` },
        body: 'x',
      });
      const file = (await response.json()) as { name: string; sha256: string };
      assert.equal(file.name, name);
      const got = await fetch(`${server.url}/attachments/${file.sha256}?type=text/plain&name=${encodeURIComponent(name)}`, {
        headers: { authorization: `Bearer ${server.token}` },
      });
      assert.equal(got.headers.get('content-type'), 'text/plain');
      assert.equal(decodeURIComponent((got.headers.get('content-disposition') ?? '').replace(/^inline; filename="[ -~]*"; filename\*=UTF-8''/, '')), name);
    }
  });

  it('verifies a call whose address has parameters that are encoded', async () => {
    const voice = await server.channel('twilio_voice', 'Phone', { auth_token: 'tt' });
    const url = `${voice.url}?From=%2B81901234567&note=a%26b`;
    const params = {
      CallSid: `CA${'1'.repeat(32)}`,
      RecordingSid: `RE${'2'.repeat(32)}`,
      RecordingStatus: 'completed',
      RecordingUrl: 'https://api.twilio.com/x',
      RecordingDuration: '3',
    };
    const text =
      url +
      Object.entries(params)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .flat()
        .join('');
    const signature = createHmac('sha1', 'tt').update(text).digest('base64');
    const sent = await deliver({
      url,
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signature },
      body: Buffer.from(new URLSearchParams(params).toString()),
    });
    assert.equal(sent.status, 200, sent.text);
  });

  it('does not call cancelled what may have left already', async () => {
    const post = await server.channel('email', 'Support', { address: 'help@shop.example', smtp_url: 'smtp://127.0.0.1:9' });
    const sent = await deliver(
      rfc822Request(
        { url: post.url, token: post.secrets['token'] ?? '' },
        await composeMail({ from: 'lea@customer.example', fromName: '', to: 'help@shop.example', subject: 'Where is it?', text: 'Where?' }),
      ),
    );
    assert.ok(sent.status < 300, sent.text);
    const agent = await server.agent();
    const row = (await agent.call('conversation.list', { view: 'all' })).conversations.find((one) => one.subject === 'Where is it?');
    assert.ok(row);
    const way = (await agent.call('customer.reach', { customer_id: row.customer_id })).ways.find((one) => one.best);
    assert.ok(way);
    const entry = await agent.call('message.send', {
      customer_id: row.customer_id,
      identity_id: way.identity_id ?? '',
      channel_id: way.channel_id,
      client_id: randomUUID(),
      text: 'Here.',
    });
    const reminder = `what = 0 AND noun_key = (SELECT id FROM outbox WHERE entry_id = UNHEX(REPLACE('${entry.id}', '-', '')))`;
    server.sql(`UPDATE due SET holder = -1, at = at + 600000 WHERE ${reminder}`); // a server died while it was being sent
    await assert.rejects(agent.call('message.cancel', { id: entry.id }), /left/);
    server.sql(`UPDATE due SET holder = 0 WHERE ${reminder}`);
    assert.equal((await agent.call('message.cancel', { id: entry.id })).delivery, 'cancelled');
    agent.close();
  });

  it('forgets the visitor that a socket was when it becomes another', async () => {
    const chat = await server.channel('chat', 'Chat');
    const visitor = await server.visitor();
    const hello = await visitor.call('chat.hello', { channel_id: chat.id });
    await visitor.call('chat.send', { client_id: randomUUID(), text: 'from the first' });
    const again = await visitor.call('chat.hello', { channel_id: chat.id });
    assert.notEqual(again.token, hello.token);
    assert.deepEqual(again.messages ?? [], []);
    const old = await server.visitor();
    await old.call('chat.hello', { channel_id: chat.id, token: hello.token });
    await old.call('chat.send', { client_id: randomUUID(), text: 'a secret of the first' });
    await old.call('chat.typing', { typing: false });
    await visitor.call('chat.send', { client_id: randomUUID(), text: 'from the second' });
    assert.ok(!visitor.pushed('chat.message').some((one) => one.text === 'a secret of the first'));
    const names = server.sql(`SELECT DISTINCT i.name FROM entry e JOIN identity i ON i.id = e.identity_id WHERE e.text LIKE 'from the %'`).trim().split('\n');
    assert.equal(names.length, 2);
    for (const name of names) assert.match(name, /^Visitor /);
    for (const socket of [visitor, old]) socket.close();
  });
});
