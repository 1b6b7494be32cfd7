// Files that providers keep, against providers that answer anything, and everything else that happens to an entry meanwhile.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { createServer as createTcp, type Socket as TcpSocket } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { deliver, type LineHook, lineRequest, lineTextEvent, lineUserId, type WhatsAppHook, whatsAppRequest } from '../../agent-web/play/providers.ts';
import type { Attachment, Entry } from '../../agent-web/protocol/src/generated.ts';
import { ApiError, endAll, Server, waitFor } from './harness.ts';
import { give, type Handler, Host, PICTURE, say } from './host.ts';

const MB = 1_000_000;

describe('files of providers under attack', () => {
  let server: Server;
  let host: Host;
  let line: LineHook & { id: string };
  let shop: WhatsAppHook & { id: string };
  const ends: (() => Promise<void>)[] = [];

  before(async () => {
    host = await Host.start(ends);
    server = await Server.start((fn) => ends.push(fn));
    const made = await server.channel('line', 'LINE', { channel_secret: 'ls', access_token: 'line-token', api_url: host.url });
    line = { id: made.id, url: made.url, channelSecret: 'ls' };
    const whatsApp = await server.channel('whatsapp', 'WhatsApp', {
      app_secret: 'ws',
      access_token: 'wa-token',
      phone_number_id: '77',
      api_url: `${host.url}/v21.0`,
    });
    shop = { id: whatsApp.id, url: whatsApp.url, appSecret: 'ws', phoneNumberId: '77' };
  });
  after(async () => {
    await endAll(ends.reverse());
  });

  interface Sent {
    id: string;
    user: string;
    entry: () => Promise<Entry>;
  }
  let serial = 9000;
  const content = (id: string | number): string => `/v2/bot/message/${id}/content`;
  const sha = (data: Buffer | string): string => createHash('sha256').update(data).digest('hex');
  const entryOf = (channel: string, external: string): Promise<Entry> =>
    waitFor('the entry', () => server.api('entry.get', { channel_id: channel, external_id: external }).catch(() => null));

  async function lineFile(handler: Handler, type = 'image', more: Record<string, unknown> = {}): Promise<Sent> {
    const id = String(++serial),
      user = lineUserId();
    host.at.set(content(id), handler);
    const event = lineTextEvent(user, '', { message: { id, type, quoteToken: 'q', contentProvider: { type: 'line' }, ...more } });
    assert.equal((await deliver(lineRequest(line, [event]))).status, 200);
    return { id, user, entry: () => entryOf(line.id, id) };
  }
  async function whatsAppFile(where: Handler, part: Record<string, unknown> = {}, type = 'document'): Promise<Sent> {
    const id = `media-${++serial}`,
      user = `8190${String(serial).padStart(8, '0')}`;
    host.at.set(`/v21.0/${id}`, where);
    const message = { from: user, id: `wamid.${id}`, timestamp: String(Math.floor(Date.now() / 1000)), type, [type]: { id, mime_type: 'image/png', ...part } };
    assert.equal((await deliver(whatsAppRequest(shop, [{ contacts: [{ profile: { name: 'Wa' }, wa_id: user }], messages: [message] }]))).status, 200);
    return { id, user, entry: () => entryOf(shop.id, `wamid.${id}`) };
  }
  const fileOf = async (sent: Sent): Promise<Attachment | null> => ((await sent.entry()).attachments?.[0] as Attachment | undefined) ?? null;
  const until = (sent: Sent, fetch: string | undefined, withinMs?: number): Promise<Attachment> =>
    waitFor(
      `the file is ${fetch ?? 'here'}`,
      async () => {
        const file = await fileOf(sent);
        return file && (file.fetch ?? undefined) === fetch ? file : null;
      },
      withinMs,
    );
  const again = async (sent: Sent): Promise<Entry> => server.api('entry.fetch', { id: (await sent.entry()).id });
  const blob = (hex: string): string => join(server.folder, 'blobs', hex.slice(0, 2), hex.slice(2, 4), hex);
  const goes = (hex: string): boolean =>
    server.sql(`SELECT COUNT(*) FROM condemned_file WHERE sha256 = UNHEX('${hex}')`).trim() === '1' || !existsSync(blob(hex));
  const rowsOf = async (sent: Sent): Promise<number> =>
    Number(server.sql(`SELECT COUNT(*) FROM remote_file WHERE entry_id = UNHEX(REPLACE('${(await sent.entry()).id}', '-', ''))`));
  const redirect =
    (to: string): Handler =>
    (_, response) =>
      void response.writeHead(302, { location: to }).end();

  it('what its author takes back is here no more, nor comes later', async () => {
    const data = Buffer.from('a picture that was not meant');
    const here = await lineFile(give(data));
    await until(here, undefined);
    const unsend = (sent: Sent): Record<string, unknown> =>
      lineTextEvent(sent.user, '', { type: 'unsend', message: undefined, unsend: { messageId: sent.id } });
    assert.equal((await deliver(lineRequest(line, [unsend(here)]))).status, 200);
    assert.deepEqual(
      await waitFor('it is taken back', async () => {
        const e = await here.entry();
        return (e.payload as { taken_back_at?: string } | null)?.taken_back_at ? [await fileOf(here)] : null;
      }),
      [null],
    );
    assert.ok(goes(sha(data)), 'the content goes');
    let go: () => void = () => assert.fail('nobody asked');
    const late = Buffer.from('another that was not meant');
    const away = await lineFile((request, response) => void (go = () => give(late)(request, response)));
    await waitFor('it is on its way', () => host.times(content(away.id)) === 1);
    await deliver(lineRequest(line, [unsend(away)]));
    await waitFor('it is taken back', async () => ((await away.entry()).payload as { taken_back_at?: string } | null)?.taken_back_at);
    go();
    await waitFor('it is not waited for', async () => (await rowsOf(away)) === 0 && (await fileOf(away)) === null);
    await waitFor('the content goes', () => goes(sha(late)));

    const sha256 = createHash('sha256').update(PICTURE).digest('base64');
    host.at.set('/lookaside?mid=back', give(PICTURE));
    const card = await whatsAppFile(say(200, { url: `${host.url}/lookaside?mid=back`, sha256 }), { sha256 });
    await until(card, undefined);
    const revoke = {
      from: card.user,
      id: 'wamid.revoke',
      timestamp: String(Math.floor(Date.now() / 1000)),
      type: 'revoke',
      revoke: { original_message_id: `wamid.${card.id}` },
    };
    assert.equal((await deliver(whatsAppRequest(shop, [{ messages: [revoke] }]))).status, 200);
    await waitFor('it is gone', async () => (await fileOf(card)) === null);
  });

  it('the content that is in the store before its entry knows of it is condemned until then', async () => {
    const data = Buffer.from('known by nobody yet');
    let go: () => void = () => assert.fail('nobody asked');
    let asked = 0;
    const sent = await lineFile((request, response) => (asked++ ? say(404)(request, response) : void (go = () => give(data)(request, response))));
    await waitFor('it is on its way', () => asked === 1);
    const entry = await sent.entry();
    const locker = spawn('mariadb', ['--no-defaults', '-uroot', `-S${server.databaseSocket}`, '-N', '-n', server.database], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let out = '';
    locker.stdout.on('data', (more) => (out += String(more)));
    locker.stdin.write(
      `BEGIN; SELECT id FROM identity WHERE id = (SELECT identity_id FROM entry WHERE id = UNHEX(REPLACE('${entry.id}', '-', ''))) FOR UPDATE;\n`,
    );
    await waitFor('locked', () => out.length > 0);
    go();
    await waitFor('it is in the store', () => existsSync(blob(sha(data))));
    await server.stop('SIGKILL');
    locker.stdin.end('ROLLBACK;\n');
    await new Promise((done) => locker.once('exit', done));
    const condemned = goes(sha(data));
    await server.serve();
    assert.ok(condemned);
    await until(sent, 'gone');
    await server.api('privacy.erase_entry', { entry_id: entry.id, reason: 'asked for' });
    assert.ok(goes(sha(data)));
    assert.equal(await rowsOf(sent), 0);
  });

  it('an answer that says nothing is no word that the file is gone', async () => {
    let where: Handler = (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Back soon</html>');
    const sent = await whatsAppFile((request, response) => where(request, response));
    await until(sent, 'unreachable');
    host.at.set('/lookaside?mid=nothing', give(PICTURE));
    where = say(200, { url: `${host.url}/lookaside?mid=nothing` });
    await until(sent, undefined); // by itself
    for (const body of ['x'.repeat(3 * MB), `${'['.repeat(200_000)}`, `{"url":"${host.url}/${'a'.repeat(MB)}"}`, '{"url":7}', '[]', '']) {
      const strange = await whatsAppFile((_, response) => void response.writeHead(200).end(body));
      await until(strange, 'unreachable');
    }
  });

  it('where Meta sends us is encrypted, or below the address of the settings', async () => {
    const evil = await Host.start(ends);
    const port = new URL(evil.url).port;
    for (const url of [
      evil.url + '/x',
      `${host.url}@127.0.0.1:${port}/x`,
      `${host.url}.evil.example/x`,
      `http://127.0.0.1:${port}/${host.url}/`,
      `file:///etc/passwd`,
      `gopher://127.0.0.1:${port}/x`,
      `https://127.0.0.1:${port}/x`,
      `https://wa@127.0.0.1:${port}/x\r\nX: y`,
      `HTTP://127.0.0.1:${port}/x`,
      ` ${evil.url}/x`,
      `//127.0.0.1:${port}/x`,
    ]) {
      const sent = await whatsAppFile(say(200, { url }));
      assert.ok(await waitFor(url, async () => ['gone', 'unreachable'].includes((await fileOf(sent))?.fetch ?? '')));
    }
    assert.deepEqual(evil.asked, []);
  });

  it('a limit that is reached is no word that the file is gone', async () => {
    let where: Handler = say(400, { error: { message: '(#80007) Rate limit issues', code: 80007, type: 'OAuthException' } });
    const sent = await whatsAppFile((request, response) => where(request, response));
    await waitFor('it was asked', () => host.times(`/v21.0/${sent.id}`) > 0);
    await until(sent, 'unreachable');
    host.at.set('/lookaside?mid=limit', give(PICTURE));
    where = say(200, { url: `${host.url}/lookaside?mid=limit` });
    await until(sent, undefined);
    const unknown = await whatsAppFile(
      say(400, { error: { message: 'Unsupported get request. Object with ID does not exist', code: 100, error_subcode: 33 } }),
    );
    await until(unknown, 'gone');
    const expired = await whatsAppFile(say(400, { error: { message: 'Error validating access token', code: 190, type: 'OAuthException' } }));
    await until(expired, 'refused');
  });

  it('an empty answer is no file', async () => {
    let empty = true;
    const sent = await lineFile((request, response) =>
      empty ? void response.writeHead(200, { 'content-type': 'image/jpeg' }).end() : give(PICTURE)(request, response),
    );
    await waitFor('it was asked', () => host.times(content(sent.id)) > 0);
    await until(sent, 'unreachable');
    empty = false;
    await until(sent, undefined);
  });

  it('a type that says nothing takes none away', async () => {
    for (const type of ['application/octet-stream', 'binary/octet-stream', 'x'.repeat(100_000), '/', 'image/', '']) {
      const sent = await lineFile(give(PICTURE, type));
      assert.equal((await until(sent, undefined)).type, 'image/jpeg', type.slice(0, 40));
    }
  });

  it('nothing that is fetched runs in the place of the console', async () => {
    for (const type of ['text/html', 'image/svg+xml', 'application/xhtml+xml', 'text/xml', 'application/javascript', 'text/html; charset=utf-8']) {
      const file = await until(await lineFile(give(Buffer.from(`<svg onload="alert(1)"/>${type}`), type)), undefined);
      const response = await fetch(`${server.url}${file.url}?type=${encodeURIComponent(file.type)}`, { headers: { authorization: `Bearer ${server.token}` } });
      await response.arrayBuffer();
      assert.equal(response.headers.get('content-type'), 'application/octet-stream');
      assert.match(response.headers.get('content-disposition') ?? '', /^attachment/);
      assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
      assert.match(response.headers.get('content-security-policy') ?? '', /default-src 'none'; sandbox/);
    }
  });

  it('hosts that answer anything', async () => {
    const tcp = async (speak: (socket: TcpSocket) => void): Promise<string> => {
      const sockets = new Set<TcpSocket>();
      const listener = createTcp((socket) => {
        sockets.add(socket);
        socket.on('error', () => {}).once('data', () => speak(socket));
      });
      await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done));
      ends.push(
        () =>
          new Promise((done) => {
            sockets.forEach((socket) => socket.destroy());
            listener.close(() => done());
          }),
      );
      return `http://127.0.0.1:${(listener.address() as { port: number }).port}/`;
    };
    const other = await Host.start(ends);
    const back = `${host.url}/loop`;
    host.at.set('/loop', redirect(back));
    const endless = await tcp((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const more = (error?: Error | null): void => void (error || socket.destroyed || socket.write('X-More: yes\r\n'.repeat(1000), more));
      more();
    });
    const long = await tcp((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nX-Long: ');
      const more = (error?: Error | null): void => void (error || socket.destroyed || socket.write('y'.repeat(50_000), more));
      more();
    });
    const nonsense = await tcp((socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\nabc'));
    const huge = await tcp((socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\nabc'));
    const lying = await tcp((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nabc'));
    const closing = await tcp((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n'));
    const old = await tcp((socket) => socket.end('just words'));
    const hints = await tcp((socket) => socket.end(`${'HTTP/1.1 100 Continue\r\n\r\n'.repeat(50)}HTTP/1.1 500 No\r\n\r\n`));
    const statuses = [204, 206, 301, 304, 418, 500, 503].map((status): [string, Handler] => [
      `a ${status}`,
      (_, response) => void response.writeHead(status).end(),
    ]);
    const strange: [string, Handler][] = [
      ['round and round', redirect(back)],
      ['file', redirect('file:///etc/passwd')],
      ['gopher', redirect(`gopher://127.0.0.1:${new URL(other.url).port}/x`)],
      ['smtp', redirect(`smtp://127.0.0.1:${new URL(other.url).port}/x`)],
      ['metadata', redirect('http://169.254.169.254/latest/meta-data')],
      ['metadata of IPv6', redirect('http://[fe80::1]/x')],
      ['mapped', redirect('http://[::ffff:10.0.0.1]/x')],
      ['decimal', redirect('http://167772161/x')],
      ['empty', redirect('')],
      ['to nowhere', redirect('http://')],
      ...[endless, long, nonsense, huge, lying, closing, old, hints].map((url): [string, Handler] => [url, redirect(url)]),
      ...statuses,
      ['wait a year', (_, response) => void response.writeHead(429, { 'retry-after': '31536000' }).end()],
      ['wait until', (_, response) => void response.writeHead(503, { 'retry-after': 'Fri, 31 Dec 2199 23:59:59 GMT' }).end()],
    ];
    for (const [what, handler] of strange) {
      const sent = await lineFile(handler);
      await waitFor(what, async () => (await fileOf(sent))?.fetch === 'unreachable', 45_000);
    }
    assert.deepEqual(other.asked, []);
    const far = Number(server.sql('SELECT MAX(at) FROM due WHERE what = 6'));
    assert.ok(far < Date.now() + 2 * 3600_000, 'nobody waits for a year');
    await waitFor('nothing is left of what was broken off', () => readdirSync(join(server.folder, 'blobs/tmp')).length === 0);
    assert.doesNotMatch(server.log, /line-token|wa-token|169\.254|passwd/);
  });

  it('a bomb is no larger than what it is when it is packed', async () => {
    const { gzipSync } = await import('node:zlib');
    const bomb = gzipSync(Buffer.alloc(300 * MB));
    const sent = await lineFile((_, response) => void response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'image/png' }).end(bomb));
    const file = await waitFor('the end', async () => {
      const one = await fileOf(sent);
      return one && one.fetch !== 'waiting' ? one : null;
    });
    assert.ok(file.fetch === 'too_large' || file.size === bomb.length, JSON.stringify(file));
  });

  it('what another host may not learn', async () => {
    const other = await Host.start(ends);
    other.at.set('/x', give(PICTURE));
    await until(await lineFile(redirect(`${other.url}/x`)), undefined);
    await until(await lineFile(redirect(`${other.url.replace('127.0.0.1', '127.0.0.2')}/x`)), 'unreachable'); // nobody is there
    assert.ok(other.asked.every((one) => one.authorization === ''));
  });

  it('a message id is no path, a name is no trick', async () => {
    for (const id of ['../../evil', 'a/b', 'a%2fb', 'ａ', '', ' ', 'x'.repeat(201), '9?x=1', '9#x', "9'", '..']) {
      const event = lineTextEvent(lineUserId(), '', { message: { id, type: 'image', contentProvider: { type: 'line' } } });
      const status = (await deliver(lineRequest(line, [event]))).status;
      assert.ok(status < 500, `${id}: ${status}`);
    }
    assert.equal(Number(server.sql("SELECT COUNT(*) FROM remote_file WHERE handle LIKE '%evil%' OR handle LIKE '%/%' OR handle LIKE '%\\%%'")), 0);
    const names: [string, RegExp][] = [
      ['../../../etc/passwd', /^passwd$/],
      ['C:\\x\\evil.exe', /^evil\.exe$/],
      ['gpj.\u202eexe', /^[^\u202e]*$/],
      ['a\nb\tc\u0000d', /^[^\n\t\u0000]*$/],
      ['x'.repeat(2000), /^.{1,250}$/],
      ['', /./],
      ['漢'.repeat(2000), /^漢{1,250}$/],
      ['///', /^[^/]*$/],
    ];
    for (const [name, like] of names) {
      const sent = await lineFile(give(PICTURE), 'file', { fileName: name, fileSize: 10 });
      assert.match((await until(sent, undefined)).name ?? '', like, name);
    }
    for (const sha256 of ['short', 'A'.repeat(44), '=', 'x'.repeat(5000), createHash('sha512').update('x').digest('base64')]) {
      host.at.set(`/lookaside?mid=hash${serial}`, give(PICTURE));
      const sent = await whatsAppFile(say(200, { url: `${host.url}/lookaside?mid=hash${serial}` }), { sha256 });
      const file = await waitFor('the end', async () => {
        const one = await fileOf(sent);
        return one && one.fetch !== 'waiting' ? one : null;
      });
      assert.ok([undefined, null, 'damaged'].includes(file.fetch as never), sha256);
    }
  });

  it('thousands of pictures in one webhook, and one picture twice', async () => {
    const before = Number(server.sql('SELECT COUNT(*) FROM entry'));
    const events = Array.from({ length: 3000 }, (_, i) => ({
      type: 'message',
      mode: 'active',
      timestamp: Date.now(),
      source: { type: 'user', userId: `U${String(i % 50).padStart(32, '0')}` },
      webhookEventId: `w${i}`,
      message: { id: `5${i}`, type: 'image', contentProvider: { type: 'line' } },
    }));
    assert.equal((await deliver(lineRequest(line, events))).status, 200);
    assert.equal((await deliver(lineRequest(line, events))).status, 200);
    await waitFor('all are there', () => Number(server.sql('SELECT COUNT(*) FROM entry')) >= before + 3000, 60_000);
    await waitFor('all are asked for', () => Number(server.sql("SELECT COUNT(*) FROM entry WHERE attachments LIKE '%waiting%'")) === 0, 120_000);
    assert.equal(Number(server.sql('SELECT COUNT(*) FROM remote_file WHERE handle LIKE "5%" AND LENGTH(handle) > 3')), 2900);
  });

  it('who may have it fetched again', async () => {
    const sent = await lineFile(say(404));
    await until(sent, 'gone');
    const id = (await sent.entry()).id;
    const reason = async (call: Promise<unknown>): Promise<string> =>
      call.then(
        () => 'fine',
        (error: ApiError) => error.reason ?? error.kind,
      );
    const read = await server.api('token.create', { name: 'reads', role: 'agent', scopes: ['read'] } as never);
    assert.notEqual(await reason(server.api('entry.fetch', { id }, read.secret ?? '')), 'fine');
    assert.notEqual(await reason(server.api('entry.fetch', { id }, '')), 'fine');
    assert.equal(await reason(server.api('entry.fetch', { id: '01900000-0000-7000-8000-000000000000' })), 'no_entry');
    await server.api('channel.update', { id: line.id, readers: 'supervisor' });
    const closed = await lineFile(say(404));
    await until(closed, 'gone');
    const agent = await server.agent((await server.newAgent('Nia')).cookie);
    assert.equal(await reason(agent.call('entry.fetch', { id: (await closed.entry()).id })), 'channel_closed');
    await server.api('channel.update', { id: line.id, readers: 'agent' });
    agent.close();
    await server.api('privacy.erase_entry', { entry_id: (await closed.entry()).id, reason: 'asked' });
    assert.equal(await reason(again(closed)), 'nothing_to_fetch');
    host.at.set(content(sent.id), give(PICTURE));
    const all = await Promise.all(Array.from({ length: 200 }, () => reason(server.api('entry.fetch', { id }))));
    assert.ok(all.includes('fine'));
    assert.deepEqual(
      [...new Set(all)].filter((one) => one !== 'fine' && one !== 'nothing_to_fetch'),
      [],
    );
    await until(sent, undefined);
    assert.equal(await rowsOf(sent), 0);
  });

  it('what came to one of the two places of a moved entry is in both', async () => {
    const other = await lineFile(give(PICTURE));
    const sent = await lineFile(say(404));
    await until(sent, 'gone');
    const to = (await server.api('conversation.get', { id: (await other.entry()).conversation_id ?? '' })).customer_id;
    const original = await sent.entry();
    const copy = await server.api('entry.move', { entry_id: original.id, customer_id: to, reason: 'theirs' } as never);
    const data = Buffer.from('of both');
    const there: Sent = { ...sent, entry: () => server.api('entry.get', { id: copy.id }) };
    await until(there, 'gone');
    host.at.set(content(sent.id), give(data));
    await again(there);
    await until(there, undefined);
    host.at.set(content(sent.id), say(404));
    await server.api('entry.move_back', { entry_id: copy.id } as never);
    const file = await until({ ...sent, entry: () => server.api('entry.get', { id: original.id }) }, undefined);
    assert.equal(file.sha256, sha(data));
    assert.equal(await rowsOf(sent), 0);
  });

  it('a channel that is switched off, or has another token, meanwhile', async () => {
    let status = 401;
    const sent = await lineFile((request, response) =>
      request.headers.authorization === 'Bearer second' ? give(PICTURE)(request, response) : say(status)(request, response),
    );
    await until(sent, 'refused');
    status = 403;
    await server.api('channel.update', { id: line.id, settings: { access_token: 'second' } } as never);
    await until(sent, undefined);
    await server.api('channel.update', { id: line.id, settings: { access_token: 'line-token' } } as never);
    const off = await lineFile(say(503));
    await until(off, 'unreachable');
    await server.api('channel.update', { id: line.id, active: 'no' } as never);
    const before = host.times(content(off.id));
    await again(off);
    const due = `SELECT d.at > ${Date.now()} + 200000 FROM due d JOIN remote_file f ON f.id = d.noun_key JOIN entry e ON e.id = f.entry_id WHERE d.what = 6 AND e.external_id = '${off.id}'`;
    await waitFor('it waits for the channel', () => server.sql(due).trim() === '1');
    assert.equal(host.times(content(off.id)), before, 'it is not asked for by a channel that is off');
    await until(off, 'waiting');
    await server.api('channel.update', { id: line.id, active: 'yes' } as never);
    host.at.set(content(off.id), give(PICTURE));
    await again(off);
    await until(off, undefined);
  });

  it('a server that is stopped does not wait for a host that does not say where a file is', async () => {
    let asked = 0;
    const sent = await whatsAppFile((request, response) => {
      if (asked++) say(404)(request, response);
    });
    await waitFor('it is on its way', () => asked === 1);
    const from = server.log.length;
    assert.equal(await server.stop(), 0);
    assert.doesNotMatch(server.log.slice(from), /stopped without/);
    await server.serve();
    await until(sent, 'gone');
  });

  it('memory stays flat while large films come, of two servers at once', async () => {
    const twin = await server.twin((fn) => ends.push(fn));
    const mb = Buffer.alloc(MB, 'x');
    const rss = [server.rssKb(), twin.rssKb()];
    const films: Sent[] = [];
    for (let i = 0; i < 12; i++) {
      films.push(
        await lineFile((_, response) => {
          response.writeHead(200, { 'content-type': 'video/mp4' });
          let n = 0;
          const more = (): void =>
            void (n++ < 50 ? response.write(n === 1 ? Buffer.concat([Buffer.from(String(i)), mb.subarray(1 + Number(i > 9))]) : mb, more) : response.end());
          more();
        }, 'video'),
      );
    }
    let most = 0;
    for (const film of films) {
      const file = await until(film, undefined, 120_000);
      assert.equal(file.size, 50 * MB);
      most = Math.max(most, server.rssKb() - rss[0]!, twin.rssKb() - rss[1]!);
    }
    assert.ok(most < 400_000, /* of 600 MB, with what sanitizers keep of what was freed */ `${most} kB more`);
    await waitFor('nothing is left of what was broken off', () => readdirSync(join(server.folder, 'blobs/tmp')).length === 0);
    await twin.stop();
  });

  it('and at the end nothing is left that nobody knows of', async () => {
    await waitFor('nothing is fetched', () => server.sql("SELECT COUNT(*) FROM entry WHERE attachments LIKE '%waiting%'").trim() === '0', 60_000);
    const known = new Set(
      server
        .sql(
          'SELECT LOWER(HEX(sha256)) FROM entry_blob UNION SELECT LOWER(HEX(sha256)) FROM condemned_file UNION SELECT LOWER(HEX(body_sha256)) FROM journal WHERE body_sha256 IS NOT NULL UNION SELECT LOWER(HEX(sha256)) FROM upload',
        )
        .split('\n'),
    );
    const kept = readdirSync(join(server.folder, 'blobs'), { recursive: true, encoding: 'utf8' })
      .map((path) => path.split('/').at(-1) ?? '')
      .filter((name) => name.length === 64);
    assert.deepEqual(
      kept.filter((name) => !known.has(name)),
      [],
    );
    assert.doesNotMatch(server.log, /line-token|wa-token|Bearer/);
  });
});
