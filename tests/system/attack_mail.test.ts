// Mail servers that lie, flood and never end: what they cost is bounded, they are given up when they should be, and hold up nobody else.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { Box } from './box.ts';
import { endAll, Server, waitFor } from './harness.ts';
import { HostileImap } from './hostile_imap.ts';
import { TokenServer } from './oauth.ts';

const MB = 1024 * 1024;

describe('hostile mailboxes by IMAP', () => {
  let server: Server;
  let hostile: HostileImap;
  const ends: (() => unknown)[] = [];

  before(async () => {
    // The sanitizer keeps little of what was freed: memory is counted here.
    const env = { ASAN_OPTIONS: `${process.env['ASAN_OPTIONS'] ?? ''}:quarantine_size_mb=8` };
    server = await Server.start((fn) => ends.push(fn), { config: { server: { mailbox_seconds: '1' } }, env });
  });
  after(async () => {
    await endAll(ends.reverse());
  });

  /** Bytes of memory that the server has now, and the most that it has had. */
  function memory(): { now: number; most: number } {
    const status = readFileSync(`/proc/${server.child?.pid}/status`, 'utf8');
    const bytes = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) * 1024;
    return { now: bytes('VmRSS'), most: bytes('VmHWM') };
  }
  function countMemory(): (most: number) => void {
    writeFileSync(`/proc/${server.child?.pid}/clear_refs`, '5'); // the most counts from now on
    const before = memory().now;
    return (most) => {
      const more = memory().most - before;
      assert.ok(more < most, `${Math.round(more / MB)} MB more`);
    };
  }

  async function connect(name: string): Promise<Box> {
    hostile = await HostileImap.start(ends);
    const settings = { address: `${name}@shop.example`, imap_url: hostile.url, imap_user: name, imap_password: 'secret' };
    return Box.of(server, (await server.channel('imap', name, settings)).id);
  }

  const mail = (uid: number, text: string, size = text.length): string =>
    `* 1 FETCH (UID ${uid} RFC822.SIZE ${size} BODY[]<0> {${text.length}}\r\n${text})\r\n`;

  it('has memory for what one of them says, not for all that it ever says', async () => {
    const box = await connect('flood');
    await box.start();
    const PIECES = 4000;
    let said = 0;
    const counted = countMemory();
    const word = 'X'.repeat(60_000);
    hostile.script = async ({ text, say, tag }) => {
      if (!/^EXAMINE/.test(text) || said === PIECES) return false;
      said = 0;
      while (said < PIECES && (await say(`* ${word}\r\n`))) said++;
      await say(`* 0 EXISTS\r\n* OK [UIDVALIDITY 7] valid\r\n* OK [UIDNEXT 1] next\r\n${tag} OK done\r\n`);
      return true;
    };
    await waitFor('all was said', () => said === PIECES, 60_000);
    await box.looked();
    counted(100 * MB);
  });

  it('takes one content of a mail, however often it is sent', async () => {
    const box = await connect('again');
    const large = `From: again@customer.example\r\nSubject: again and again\r\n\r\n${`${'y'.repeat(98)}\r\n`.repeat(100_000)}`;
    let sent = 0;
    hostile.script = async ({ text, say, tag }) => {
      if (/^EXAMINE/.test(text)) return await say(`* 1 EXISTS\r\n* OK [UIDVALIDITY 7] valid\r\n* OK [UIDNEXT 2] next\r\n${tag} OK done\r\n`);
      if (!/^UID FETCH/.test(text)) return false;
      if (/HEADER.FIELDS/.test(text)) await say(`* 1 FETCH (UID 1 RFC822.SIZE ${large.length})\r\n`);
      else while (sent < 40 && (await say(mail(1, large)))) sent++;
      return await say(`${tag} OK done\r\n`);
    };
    const counted = countMemory();
    await box.start(new Date(0));
    assert.equal(box.count('again and again'), 1);
    counted(200 * MB);
  });

  it('believes no UID that cannot be', async () => {
    const box = await connect('far');
    const text = 'From: far@customer.example\r\nSubject: from afar\r\n\r\nhello\r\n';
    hostile.script = async ({ text: asked, say, tag }) => {
      if (/^EXAMINE/.test(asked)) return await say(`* 999999999999999999 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 999999999999999999] x\r\n${tag} OK done\r\n`);
      if (/^FETCH \*/.test(asked)) return await say(`* 1 FETCH (UID 3)\r\n* 2 FETCH (UID 888888888888888888)\r\n${tag} OK done\r\n`);
      if (/^UID FETCH \d+:\d+ .*HEADER.FIELDS/.test(asked)) return await say(`* 1 FETCH (UID 3 RFC822.SIZE ${text.length})\r\n${tag} OK done\r\n`);
      if (/^UID FETCH/.test(asked)) return await say(`${mail(3, text)}${tag} OK done\r\n`);
      return false;
    };
    await box.start(new Date(0));
    assert.equal(box.count('from afar'), 1);
  });

  it('is told of folders whose names nobody can keep', async () => {
    const box = await connect('names');
    const name = 'n'.repeat(900);
    let sent = 0;
    hostile.script = async ({ text: asked, say, tag }) => {
      if (/^LIST/.test(asked)) return await say(`* LIST (\\Sent) "/" "${name}"\r\n${tag} OK done\r\n`);
      if (/^APPEND/.test(asked)) sent++;
      return false;
    };
    await box.start();
    const text = 'From: names@customer.example\r\nMessage-ID: <n@customer.example>\r\nSubject: names\r\n\r\nhello\r\n';
    server.sql(`INSERT INTO mailbox_sent (channel_id, entry_id, raw, made_at) SELECT id, UNHEX(REPLACE(UUID(), '-', '')), '${text.replaceAll('\r\n', ' ')}', 1000 * UNIX_TIMESTAMP() FROM channel WHERE name = 'names'`);
    await server.api('mailbox.try', { channel_id: box.id });
    await waitFor('it is told', async () => sent || (await box.state()).sent_problem[0]?.code);
    await box.looked();
    const deep = await connect('deep');
    await server.api('channel.update', { id: deep.id, settings: { folder: 'f'.repeat(900) } });
    await deep.start();
  });

  it('is told of one that stops in the middle of a literal, or lies about its length', async () => {
    const box = await connect('short');
    const text = 'From: short@customer.example\r\nSubject: half\r\n\r\nhello\r\n';
    let turn = 0;
    hostile.script = async ({ text: asked, say, tag }) => {
      if (/^EXAMINE/.test(asked)) return await say(`* 1 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 2] x\r\n${tag} OK done\r\n`);
      if (/^UID FETCH \d+:\d+ .*HEADER.FIELDS/.test(asked)) return await say(`* 1 FETCH (UID 1 RFC822.SIZE 10)\r\n${tag} OK done\r\n`);
      if (!/^UID FETCH/.test(asked)) return false;
      if (turn++ === 0) return await say(`* 1 FETCH (UID 1 BODY[]<0> {999999999999999999}\r\n`);
      if (turn === 2) return await say(`* 1 FETCH (UID 1 BODY[]<0> {5}\r\n${text})\r\n${tag} OK done\r\n`);
      return await say(`${mail(1, text)}${tag} OK done\r\n`);
    };
    await server.api('mailbox.start', { channel_id: box.id, since: new Date(0).toISOString() });
    await waitFor('it is told', async () => (await box.state()).problem.length > 0);
    await server.api('mailbox.try', { channel_id: box.id });
    await box.came('half', 30_000);
  });
});

const PAGE = '/v1.0/me/mailFolders/inbox/messages/delta';

/** Graph, which answers as a test says. */
class HostileGraph {
  /** Of a page of the folder; of a mail. */
  page: (url: string) => { status?: number; headers?: Record<string, string>; body: unknown } = () => ({ body: { value: [], '@odata.deltaLink': `${this.url}${PAGE}?end` } });
  mail: (id: string) => { status: number; body: string | Buffer } = () => ({ status: 404, body: '{}' });
  readonly asked: string[] = [];
  private readonly http: HttpServer;

  private constructor(http: HttpServer) {
    this.http = http;
  }

  static async start(ends: (() => unknown)[]): Promise<HostileGraph> {
    const http = createServer((request, response) => {
      const url = request.url ?? '';
      graph.asked.push(url);
      const mail = /\/messages\/([^/]+)\/\$value/.exec(url)?.[1];
      if (mail !== undefined) {
        const { status, body } = graph.mail(decodeURIComponent(mail));
        return response.writeHead(status).end(body);
      }
      const { status = 200, headers = {}, body } = graph.page(url);
      return response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
    });
    const graph = new HostileGraph(http);
    await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
    ends.push(() => new Promise<void>((done) => (http.closeAllConnections(), http.close(() => done()))));
    return graph;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }
}

describe('hostile mailboxes by Graph', () => {
  let server: Server;
  let tokens: TokenServer;
  const ends: (() => unknown)[] = [];

  before(async () => {
    tokens = await TokenServer.start(ends);
    server = await Server.start((fn) => ends.push(fn), { config: { server: { mailbox_seconds: '1' } } });
  });
  after(async () => {
    await endAll(ends.reverse());
  });

  async function connect(name: string): Promise<{ box: Box; graph: HostileGraph }> {
    const graph = await HostileGraph.start(ends);
    const settings = { address: `${name}@shop.example`, graph_url: graph.url, ...tokens.settings, oauth_refresh_token: tokens.grant(name) };
    const box = Box.of(server, (await server.channel('graph', name, settings)).id);
    await box.start(new Date(0));
    return { box, graph };
  }
  const problem = (box: Box): Promise<unknown> => waitFor('it is told', async () => (await box.state()).problem[0]?.code);
  const raw = (subject: string): string => `From: g@customer.example\r\nSubject: ${subject}\r\n\r\nhello\r\n`;

  it('are told of, and not asked for ever, when a page leads to itself, elsewhere, or nowhere', async () => {
    const { box, graph } = await connect('round');
    const links: [string, unknown][] = [
      ['itself', { value: [], '@odata.nextLink': `${graph.url}${PAGE}?end` }],
      ['elsewhere', { value: [], '@odata.nextLink': `http://127.0.0.1:9${PAGE}` }],
      ['a name that begins the same', { value: [], '@odata.deltaLink': `${graph.url}.evil.example${PAGE}` }],
      ['as somebody', { value: [], '@odata.deltaLink': `${graph.url}@evil.example${PAGE}` }],
      ['too long', { value: [], '@odata.deltaLink': `${graph.url}${PAGE}?${'x'.repeat(70_000)}` }],
      ['nowhere', { value: [] }],
      ['deep', `${'{"value":['.repeat(10_000)}`],
      ['larger than any', `{"value":[],"x":"${'y'.repeat(2 * MB)}"}`],
    ];
    for (const [name, body] of links) {
      graph.page = () => ({ body });
      await server.api('mailbox.try', { channel_id: box.id });
      assert.equal(await problem(box).catch(() => null), 'mailbox_broken', name);
      graph.page = () => ({ body: { value: [], '@odata.deltaLink': `${graph.url}${PAGE}?end` } });
      await server.api('mailbox.try', { channel_id: box.id });
      await box.looked();
    }
  });

  it('lose no mail of a page that is longer than was asked for, whatever ids are made of', async () => {
    const { box, graph } = await connect('long');
    const odd = ['a/b?c#d', '../../users/other', 'é%00"\'<>', 'x'.repeat(3000)];
    const ids = [...odd, ...Array.from({ length: 2100 }, (_, i) => `n${i}`)];
    graph.mail = (id) => (odd.includes(id) || id === 'n2099' ? { status: 200, body: raw(`id ${ids.indexOf(id)}`) } : { status: 404, body: '{}' });
    let pages = 0;
    graph.page = () => ({ body: { value: pages++ ? [] : ids.map((id) => ({ id, receivedDateTime: '2026-01-01T00:00:00Z' })), '@odata.deltaLink': `${graph.url}${PAGE}?end` } });
    await box.came(`id ${ids.length - 1}`, 60_000);
    for (const id of odd) assert.equal(box.count(`id ${ids.indexOf(id)}`), 1, id);
  });

  it('are asked again within the hour, whatever pause they ask for', async () => {
    for (const [i, after] of ['9223372036854775807', '99999999', '-5', 'Fri, 31 Dec 9999 23:59:59 GMT', 'soon'].entries()) {
      const { box, graph } = await connect(`pause${i}`);
      graph.page = () => ({ status: 429, headers: { 'retry-after': after }, body: {} });
      const until = await waitFor('it is slowed', async () => (await box.state()).slowed_until);
      assert.ok(Date.parse(until) - Date.now() < 3_700_000, after);
      assert.ok(Date.parse(until) > Date.now() - 20_000, after);
    }
  });
});
