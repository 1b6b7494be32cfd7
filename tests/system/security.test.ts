// What strangers send: forged, malformed, huge, slow. Nothing of it gets in, nothing of it stops the server.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { connect, type Socket as Tcp } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { composeMail, deliver, lineRequest, lineTextEvent, rfc822Request } from '../../agent-web/play/providers.ts';
import { ADMIN, ApiError, randomUUID, Server, Socket, waitFor, endAll } from './harness.ts';

describe('security', () => {
  let server: Server;
  let line: { url: string; channelSecret: string };
  let mail: { url: string; token: string };
  const ends: (() => Promise<void>)[] = [];

  before(async () => {
    server = await Server.start((fn) => ends.push(fn));
    line = { url: (await server.channel('line', 'LINE', { channel_secret: 'ls', access_token: 'la' })).url, channelSecret: 'ls' };
    const post = await server.channel('email', 'Support', { address: 'help@shop.example' });
    mail = { url: post.url, token: post.secrets['token'] ?? '' };
  });
  after(async () => {
    await endAll(ends.reverse());
  });

  const count = (table: string): number => Number(server.sql(`SELECT COUNT(*) FROM ${table}`).trim());
  const signed = (body: string | Buffer): Parameters<typeof deliver>[0] => {
    const bytes = Buffer.from(body as string);
    return {
      url: line.url,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-line-signature': createHmac('sha256', 'ls').update(bytes).digest('base64') },
      body: bytes,
    };
  };

  it('refuses what is forged, and leaves nothing of it', async () => {
    const before = [count('journal'), count('entry'), count('identity')];
    const good = lineRequest(line, [lineTextEvent('U-forged', 'trust me')]);
    const variants = [
      { ...good, headers: { ...good.headers, 'x-line-signature': 'AAAA' } },
      { ...good, headers: { ...good.headers, 'x-line-signature': '' } },
      { ...good, headers: Object.fromEntries(Object.entries(good.headers).filter(([name]) => name !== 'x-line-signature')) },
      { ...good, headers: { ...good.headers, 'x-line-signature': '!'.repeat(3000) } },
      { ...good, body: Buffer.concat([good.body, Buffer.from(' ')]) },
      rfc822Request({ ...mail, token: 'wrong' }, Buffer.from('From: a@b.example\r\n\r\nx')),
    ];
    for (const variant of variants) assert.equal((await deliver(variant)).status, 401);
    assert.deepEqual([count('journal'), count('entry'), count('identity')], before);
    assert.equal((await deliver({ ...good, url: good.url.replace(/[^/]+$/, randomUUID()) })).status, 404);
    assert.equal((await deliver({ ...good, url: good.url.replace('/line/', '/whatsapp/') })).status, 404);
  });

  it('keeps what is signed but cannot be understood, counts it, shows it, and can try it again', async () => {
    const bad = ['', '{', 'null', '[]', '{"events":7}', `${'['.repeat(5000)}`, '{"events":[{"type":"message"}', Buffer.from([0xff, 0xfe, 0x00])];
    for (const body of bad) {
      const sent = await deliver(signed(body as string));
      assert.equal(sent.status, 200, `${String(body).slice(0, 20)}: ${sent.status}`);
    }
    const rows = (await server.api('journal.list', { status: 'failed' })).rows;
    assert.ok(rows.length >= 5, `${rows.length} rows`);
    assert.ok(rows.every((row) => row.error.length === 1));
    const channel = (await server.api('channel.list', {})).channels.find((one) => one.type === 'line');
    assert.equal(channel?.failures, rows.filter((row) => row.channel_id === channel?.id).length);
    const first = rows[0];
    assert.ok(first);
    const retried = await server.api('journal.retry', { id: first.id });
    assert.equal(retried.entries, 0);
    assert.equal(retried.row?.attempts, 2);
    assert.ok((await server.metric('ingest_failed_total')) >= rows.length);
  });

  it('takes odd but understandable input as it is meant', async () => {
    const event = (userId: string, text: string): object => lineTextEvent(userId, text);
    assert.equal((await deliver(signed('{"destination":"U","events":[]}'))).status, 200, "the console's own test");
    assert.equal((await deliver(signed(JSON.stringify({ destination: 'U', events: [event('U-nul', 'a\u0000b')] })))).status, 200);
    assert.equal(
      (
        await deliver(
          signed(
            JSON.stringify({
              destination: 'U',
              events: [
                { type: 'brandNew', mode: 'active', timestamp: 1, webhookEventId: 'X1', source: { type: 'user', userId: 'U-new' } },
                event('U-after', 'after the unknown'),
              ],
            }),
          ),
        )
      ).status,
      200,
    );
    const hostile = JSON.stringify({ destination: 'U', events: [event('U-dup', 'second')] }).replace('"second"', '"first","text":"second"');
    assert.equal((await deliver(signed(hostile))).status, 200);
    const raw = JSON.stringify({ destination: 'U', events: [{ ...event('U-utf', 'PLACE'), timestamp: 9007199254740993 }] });
    const broken = Buffer.concat([Buffer.from(raw.split('PLACE')[0] ?? ''), Buffer.from([0xc3, 0x28]), Buffer.from(raw.split('PLACE')[1] ?? '')]);
    assert.equal((await deliver(signed(broken))).status, 200);
    const texts = server
      .sql('SELECT HEX(text) FROM entry WHERE medium = 4')
      .trim()
      .split('\n')
      .map((hex) => Buffer.from(hex, 'hex').toString());
    assert.ok(texts.includes('a\ufffdb'));
    assert.ok(texts.includes('after the unknown'));
    assert.ok(texts.includes('second'));
    assert.ok(
      texts.some((text) => text.includes('\ufffd(')),
      'invalid UTF-8 is replaced, not lost',
    );
    const years = server.sql('SELECT MAX(occurred_at) FROM entry').trim();
    assert.ok(Number(years) < Date.now() + 86_400_000, 'no entry is from the far future');
  });

  it('takes mails without Message-ID or Date, and with absurd dates, once each', async () => {
    const raws = [
      'From: a@odd.example\r\nSubject: no id\r\n\r\nbody one',
      'From: b@odd.example\r\nDate: Mon, 99 Foo 9999 25:61:61 +9999\r\n\r\nbody two',
      'From: c@odd.example\nDate: Thu, 1 Jan 1970 00:00:00 +0000\n\nbody three',
    ];
    for (const raw of raws) for (let i = 0; i < 2; i++) assert.equal((await deliver(rfc822Request(mail, Buffer.from(raw)))).status, 200);
    const rows = server
      .sql("SELECT text, COUNT(*), MIN(occurred_at) FROM entry WHERE text LIKE 'body %' GROUP BY text")
      .trim()
      .split('\n')
      .map((row) => row.split('\t'));
    assert.equal(rows.length, 3);
    for (const [, n, at] of rows) assert.ok(n === '1' && Number(at) > Date.now() - 86_400_000);
  });

  it('takes a mail of 30 MB, keeps its file, and refuses what is larger', async () => {
    const data = Buffer.alloc(21 * 1024 * 1024, 'x');
    const big = await composeMail({
      from: 'big@odd.example',
      fromName: 'Big',
      to: 'help@shop.example',
      subject: 'big',
      text: 'see the file',
      attachments: [{ name: 'big.bin', type: 'application/octet-stream', data }],
    });
    assert.ok(big.length > 28 * 1024 * 1024, `${big.length}`);
    assert.equal((await deliver(rfc822Request(mail, big), 60_000)).status, 200);
    assert.equal(Number(server.sql("SELECT JSON_VALUE(attachments, '$[0].size') FROM entry WHERE subject = 'big'").trim()), data.length);
    const huge = await deliver(rfc822Request(mail, Buffer.alloc(45 * 1024 * 1024, 'y')), 60_000);
    assert.equal(huge.status, 413);
    assert.ok(server.rssKb() < 900_000, `resident memory is ${server.rssKb()} kB (with the sanitizers' own)`);
  });

  /** Sends raw bytes and gives what comes back until the peer closes or `until` matches. */
  async function raw(bytes: string[], until: RegExp): Promise<string> {
    const tcp: Tcp = connect(server.port, '127.0.0.1');
    let got = '';
    tcp.on('data', (data) => (got += data.toString('latin1')));
    tcp.on('error', () => {});
    for (const part of bytes) tcp.write(part);
    await waitFor(`an answer like ${until}`, () => until.test(got) || tcp.destroyed || tcp.readableEnded);
    tcp.destroy();
    return got;
  }

  it('asks for the signature of bodies in chunks and of none, and survives broken HTTP', async () => {
    const path = new URL(line.url).pathname;
    assert.match(await raw([`POST ${path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`], /HTTP/), /^HTTP\/1\.1 401/);
    assert.match(await raw([`POST ${path} HTTP/1.1\r\nHost: x\r\n\r\n`], /HTTP/), /^HTTP\/1\.1 401/);
    for (const junk of [
      '\r\n\r\n',
      'GET\r\n\r\n',
      `${'A'.repeat(100_000)}\r\n\r\n`,
      'GET / HTTP/9.9\r\n\r\n',
      `GET /in/../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n`,
      `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\nhello`,
      `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\nhello`,
      '\x16\x03\x01\x02\x00\x01\x00',
    ])
      await raw([junk], /HTTP|^$/).catch(() => '');
    assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
    const pipelined = `GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n`;
    const post = `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}`;
    await raw([post + post + post + pipelined], /HTTP/);
    assert.equal((await fetch(`${server.url}/healthz`)).status, 200, 'pipelined requests do not stop the server');
  });

  it('serves no file that is not meant for it', async () => {
    for (const path of [
      '/../package.json',
      '/%2e%2e/package.json',
      '/assets/..%2f..%2f..%2fpackage.json',
      '/attachments/../secret.key',
      '/attachments/' + 'a'.repeat(64),
      '/demo/../src/main.ts',
    ]) {
      const got = await raw([`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`], /\r\n\r\n/);
      assert.doesNotMatch(got, /HTTP\/1\.1 200[\s\S]*(workspaces|"private")/, path);
    }
  });

  it('sends the headers that keep browsers safe', async () => {
    const page = await fetch(`${server.url}/`);
    assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'self'/);
    assert.equal(page.headers.get('x-content-type-options'), 'nosniff');
    const login = await fetch(`${server.url}/api/v1/session.login`, { method: 'POST', body: JSON.stringify(ADMIN) });
    assert.match(login.headers.get('set-cookie') ?? '', /HttpOnly; SameSite=Lax/);
    assert.equal(login.headers.get('cache-control'), 'no-store');
  });

  it('lets in who logs in, throttles guessing, and lets nobody act from another site', async () => {
    const login = (email: string, password: string, headers = {}): Promise<Response> =>
      fetch(`${server.url}/api/v1/session.login`, { method: 'POST', headers, body: JSON.stringify({ email, password }) });
    await server.newAgent('Guess Me');
    for (let i = 0; i < 8; i++) assert.equal((await login('guessme@example.com', `wrong ${i}`)).status, 401);
    const throttled = await login('guessme@example.com', 'seven lamps on a wet quay');
    assert.equal(throttled.status, 429, 'even the right one, for a while');
    assert.ok(throttled.headers.get('retry-after'));
    const cookie = await server.login();
    const call = (headers: Record<string, string>): Promise<Response> =>
      fetch(`${server.url}/api/v1/session.me`, { method: 'POST', headers: { cookie, ...headers }, body: '{}' });
    assert.equal((await call({ origin: server.url })).status, 200);
    assert.equal((await call({ origin: 'http://evil.example' })).status, 403);
    await assert.rejects(Socket.open(`ws://127.0.0.1:${server.port}/ws`, 'throughline', { cookie, origin: 'http://evil.example' }));
    const nobody = await Socket.open(`ws://127.0.0.1:${server.port}/ws`, 'throughline', { origin: server.url });
    await waitFor('it is sent away', () => nobody.closeCode === 4401);
    const socket = await server.agent(cookie);
    await socket.call('session.me', {});
    assert.equal((await fetch(`${server.url}/api/v1/session.logout`, { method: 'POST', headers: { cookie }, body: '{}' })).status, 200);
    await waitFor('logging out ends the sockets', () => socket.closeCode === 4401);
    assert.equal((await call({})).status, 401);
  });

  it('checks roles by the table', async () => {
    const low = await server.api('token.create', { name: 'low', role: 'agent' });
    for (const [method, params] of [
      ['agent.create', { email: 'x@example.com', name: 'x', role: 'admin', password: 'long enough' }],
      ['channel.create', { type: 'api', name: 'x' }],
      ['token.list', {}],
      ['journal.list', {}],
      ['entries.put', { channel_id: randomUUID(), entries: [] }],
    ] as const)
      await assert.rejects(server.api(method, params as never, low.secret), (error: ApiError) => error.status === 403 && error.kind === 'forbidden');
    await assert.rejects(server.api('agent.list', {}, 'no such token'), (error: ApiError) => error.status === 401);
    await assert.rejects(server.api('agent.list', {}, ''), (error: ApiError) => error.status === 401);
    await server.api('token.revoke', { id: low.token?.id ?? '' });
    await assert.rejects(server.api('agent.list', {}, low.secret), (error: ApiError) => error.status === 401);
    const me = (await server.api('agent.list', {})).agents.find((one) => one.email === ADMIN.email);
    await assert.rejects(server.api('agent.update', { id: me?.id ?? '', role: 'agent' }), /last administrator/);
  });

  it('names the field that is wrong and what would be right', async () => {
    const cases: [string, object, string, RegExp][] = [
      ['conversation.list', { view: 'everything' }, 'view', /must be one of: open, mine/],
      ['conversation.list', {}, 'view', /missing/],
      ['conversation.list', { view: 'open', limit: 100000 }, 'limit', /1 to 200/],
      ['conversation.get', { id: 'x' }, 'id', /must be an id/],
      ['conversation.get', { id: randomUUID(), nope: 1 }, 'nope', /no field nope/],
      ['agent.create', { email: 'not an address', name: 'x', role: 'agent', password: 'long enough' }, 'email', /must be an address/],
      ['agent.create', { email: 'y@example.com', name: 'x', role: 'agent', password: 'short' }, 'password', /at least 10/],
      ['agent.create', { email: 'y@example.com', name: 'a\u0000b', role: 'agent', password: 'long enough' }, 'name', /control character U\+0000/],
      ['channel.create', { type: 'line', name: 'x', settings: { channel_secret: 's', typo: 1 } }, 'settings', /no setting typo/],
      ['channel.create', { type: 'line', name: 'x', settings: {} }, 'channel_secret', /missing/],
      ['entries.put', { channel_id: randomUUID(), entries: 7 }, 'entries', /must be a list/],
    ];
    for (const [method, params, field, text] of cases)
      await assert.rejects(server.api(method as 'agent.list', params as never), (error: ApiError) => {
        assert.equal(error.field, field, `${method}: ${error.message}`);
        assert.match(error.message, text);
        return true;
      });
    const post = (body: string | Buffer): Promise<Response> =>
      fetch(`${server.url}/api/v1/agent.list`, {
        method: 'POST',
        headers: { authorization: `Bearer ${server.token}` },
        body: new Uint8Array(Buffer.from(body as string)),
      });
    for (const body of ['{', '[]', '7', '{} {}', '"x"', '{"a":'.repeat(100), Buffer.from([0x7b, 0xff, 0x7d])])
      assert.ok([400, 422].includes((await post(body)).status), String(body).slice(0, 30));
    assert.equal((await fetch(`${server.url}/api/v1/no.such`, { method: 'POST', body: '{}' })).status, 404);
    assert.equal((await fetch(`${server.url}/api/v1/agent.list`)).status, 405);
  });

  it('shows no secret, in answers, in the database or in the log', async () => {
    await server.channel('line', 'Secret', { channel_secret: 'very-secret-value-1', access_token: 'very-secret-value-2' });
    assert.doesNotMatch(JSON.stringify(await server.api('channel.list', {})), /very-secret/);
    const dump =
      server.sql('SELECT * FROM channel') +
      server.sql('SELECT * FROM session') +
      server.sql('SELECT * FROM api_token') +
      server.sql('SELECT headers FROM journal');
    assert.doesNotMatch(dump, /very-secret/);
    assert.ok(!dump.includes(server.token) && !dump.includes(mail.token));
    assert.doesNotMatch(server.log, /very-secret|correct horse/);
    assert.ok(!server.log.includes(server.token) && !server.log.includes(mail.token));
    assert.doesNotMatch(server.sql('SELECT password_hash FROM agent'), /correct horse/);
    assert.match(server.sql('SELECT password_hash FROM agent LIMIT 1'), /^\$argon2id\$/);
  });

  it('closes sockets that send too much, and hears the others', async () => {
    const other = await server.agent();
    const loud = await server.agent();
    loud.raw.send(`{"jsonrpc":"2.0","id":1,"method":"session.me","params":{"x":"${'y'.repeat(400_000)}"}}`);
    await waitFor('the loud one is closed', () => loud.closeCode === 1009);
    const many = await server.agent();
    for (let i = 0; i < 500; i++) many.raw.send(JSON.stringify({ jsonrpc: '2.0', id: i, method: 'conversation.counts', params: {} }));
    await waitFor('the busy one is closed', () => many.closeCode === 1008);
    for (const junk of ['', '{', '[]', 'null', '{"jsonrpc":"1.0"}', '{"jsonrpc":"2.0","id":{"a":[1]},"method":"no.such"}', '{"jsonrpc":"2.0","method":7}'])
      other.raw.send(junk);
    assert.ok((await other.call('session.me', {})).agent);
    await assert.rejects(other.call('chat.send' as never, {} as never), /needs the role/);
    other.close();
  });
});
