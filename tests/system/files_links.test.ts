// What a stored file is given out as, and links to it for somebody who has no account.
import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { PICTURE } from './host.ts';
import { onePerson } from './desk.ts';
import { type ApiError, endAll, randomUUID, Server, type Socket, waitFor } from './harness.ts';

interface Got {
  status: number;
  text: string;
  headers: Headers;
  reason: string | null;
}

describe('files as they are given out', () => {
  let server: Server;
  let agent: Socket;
  let cookie: string;
  let customer: string;
  const ends: (() => Promise<void>)[] = [];
  before(async () => {
    server = await Server.start((fn) => ends.push(fn));
    customer = await onePerson(server);
    cookie = (await server.newAgent('Eva')).cookie;
    agent = await server.agent(cookie);
  });
  after(async () => {
    agent.close();
    await endAll(ends.reverse());
  });

  async function got(url: string, headers: Record<string, string> = {}): Promise<Got> {
    const response = await fetch(url, { headers });
    const text = await response.text();
    const json = response.headers.get('content-type') === 'application/json' && !response.ok;
    const reason = json ? (JSON.parse(text) as { error: { data: { reason: string } } }).error.data.reason : null;
    return { status: response.status, text, headers: response.headers, reason };
  }
  async function held(name: string, content: string | Uint8Array<ArrayBuffer>, type: string): Promise<{ entry: string; sha: string }> {
    const { upload, sha256 } = await server.upload(name, content, { cookie }, type);
    const note = await agent.call('note.add', { customer_id: customer, client_id: randomUUID(), text: name, attachments: [{ upload, name, type }] });
    return { entry: note.id, sha: sha256 };
  }

  it('only what cannot run anything is shown in place, whatever it is called; the rest is saved as bytes', async () => {
    const { sha256 } = await server.upload('x', '<script>alert(1)</script>', { cookie });
    const types: [string, boolean][] = [
      ['image/png', true],
      ['image/webp', true],
      ['application/pdf', true],
      ['text/plain', true],
      ['audio/mpeg', true],
      ['text/html', false],
      ['image/svg+xml', false],
      ['application/xhtml+xml', false],
      ['text/xml', false],
      ['application/javascript', false],
      ['text/plain\r\nX-Evil: 1', true],
      ['', false],
      ['x', false],
    ];
    for (const [type, shown] of types) {
      const { headers, status } = await got(`${server.url}/attachments/${sha256}?${new URLSearchParams({ type, name: 'a.html' })}`, { cookie });
      assert.equal(status, 200);
      assert.equal(headers.get('content-type'), shown ? type.split('\r')[0] : 'application/octet-stream', type);
      assert.match(headers.get('content-disposition') ?? '', shown ? /^inline;/ : /^attachment;/, type);
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.equal(headers.get('content-security-policy'), "default-src 'none'; sandbox");
      assert.equal(headers.get('x-evil'), null);
    }
  });

  it('has its name in any script, and another for those who know ASCII alone', async () => {
    const { sha256 } = await server.upload('x', 'x', { cookie });
    for (const [name, plain] of [
      ['cup.png', 'cup.png'],
      ['お茶 1.png', '__ 1.png'],
      ['naïve “quotes”.txt', 'na_ve _quotes_.txt'],
      ['a"b\\c;d.txt', 'a_b_c_d.txt'],
      ['чашка.pdf', '_____.pdf'],
      ['🍵.txt', '_.txt'],
      ['%41%0d.txt', '_41_0d.txt'],
    ] as const) {
      const { headers } = await got(`${server.url}/attachments/${sha256}?${new URLSearchParams({ name })}`, { cookie });
      const [, ascii, encoded] = /^attachment; filename="([ -~]*)"; filename\*=UTF-8''([!-~]+)$/.exec(headers.get('content-disposition') ?? '') ?? [];
      assert.deepEqual([ascii, decodeURIComponent(encoded ?? '')], [plain, name]);
    }
  });

  it('by a link is had by whoever has that, with its type but without what anybody calls it, in part too', async () => {
    const { entry, sha } = await held('お茶.png', new Uint8Array(PICTURE), 'image/png');
    const { url, until } = await agent.call('file.link', { entry_id: entry, sha256: sha });
    assert.match(url, new RegExp(`^${server.url}/files/${sha}\\.\\d+\\.[0-9a-f]{64}$`));
    assert.ok(Math.abs(Date.parse(until ?? '') - Date.now() - 24 * 3_600_000) < 60_000);
    const { status, headers } = await got(url);
    assert.deepEqual([status, headers.get('content-type'), headers.get('cache-control')], [200, 'image/png', 'no-store']);
    assert.equal(headers.get('content-disposition'), 'inline; filename="file.png"; filename*=UTF-8\'\'file.png');
    assert.equal(headers.get('content-security-policy'), "default-src 'none'; sandbox");
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    const part = await fetch(url, { headers: { range: 'bytes=1-3' } });
    assert.deepEqual([part.status, await part.text()], [206, 'PNG']);
    assert.equal((await fetch(url, { method: 'HEAD' })).headers.get('content-length'), String(PICTURE.length));
    const renamed = await got(`${url}?name=evil.exe&type=text/html&size=small`);
    assert.equal(renamed.headers.get('content-type'), 'image/png', 'what stands behind it counts for nothing');
    assert.match(server.log, new RegExp(`event=file_link .*subject="${sha}"`));
  });

  it('is bound to its content, its time and its purpose', async () => {
    const { entry, sha } = await held('one.txt', 'one', 'text/plain');
    const other = await held('two.txt', 'two', 'text/plain');
    const { url } = await agent.call('file.link', { entry_id: entry, sha256: sha, hours: 168 });
    const [, , until, mac] = /files\/(\w+)\.(\d+)\.(\w+)$/.exec(url) ?? [];
    const at = (text: string): string => `${server.url}/files/${text}`;
    const upper = (mac ?? '').toUpperCase();
    const key = readFileSync(join(server.folder, 'secret.key'));
    const derived = createHmac('sha256', key).update('throughline file link').digest();
    const signed = (purpose: string, named: string, by = derived): string =>
      `${named}.${createHmac('sha256', by).update(`${purpose}\n${named}`).digest('hex')}`;
    const past = Math.floor(Date.now() / 1000) - 1;
    for (const [why, text] of [
      ['other content', `${other.sha}.${until}.${mac}`],
      ['later', `${sha}.${Number(until) + 1}.${mac}`],
      ['cut', `${sha}.${until}.${mac?.slice(0, -1)}`],
      ['longer', `${sha}.${until}.${mac}0`],
      ['upper case', /[a-f]/.test(mac ?? '') ? `${sha}.${until}.${upper}` : 'x'],
      ['without a time', `${sha}.${mac}`],
      ['alone', sha],
      ['nothing', ''],
      ['dots', '...'],
      ['another purpose', signed('messenger', `${sha}.${until}`)],
      ['the key itself', signed('person', `${sha}.${until}`, key)],
      ['over', signed('person', `${sha}.${past}`)],
      ['an odd time', signed('person', `${sha}.-1`)],
      ['a huge time', signed('person', `${sha}.${'9'.repeat(30)}`)],
      ['no content', signed('person', `${'x'.repeat(64)}.${until}`)],
      ['content that nobody holds', signed('person', `${createHash('sha256').update('nobody').digest('hex')}.${until}`)],
    ] as const) {
      const { status, reason } = await got(at(text));
      assert.ok(status === 404 && (reason === 'no_file' || reason === null || reason === undefined), `${why}: ${status} ${reason}`);
    }
    assert.equal((await got(at(signed('person', `${sha}.${until}`)))).text, 'one', 'as the page says that it is made');
    assert.equal((await got(url)).text, 'one');
  });

  it('is given by who may read the entry that holds the file, for a week at most', async () => {
    const { entry, sha } = await held('three.txt', 'three', 'text/plain');
    const refused = (params: object, field: string | null) =>
      assert.rejects(agent.call('file.link', params as never), (error: ApiError) => error.field === field);
    await refused({ entry_id: randomUUID(), sha256: sha }, 'entry_id');
    await refused({ entry_id: entry, sha256: createHash('sha256').update('x').digest('hex') }, 'sha256');
    await refused({ entry_id: entry, sha256: sha, hours: 169 }, 'hours');
    await refused({ entry_id: entry, sha256: sha, hours: 0 }, 'hours');
    const till = await server.api('channel.create', { type: 'api', name: 'Till', readers: 'admin', settings: { medium: 'shop' } });
    const mine = await server.upload('secret.txt', 'secret');
    await server.api('entries.put', {
      channel_id: till.channel?.id ?? '',
      entries: [
        {
          kind: 'message',
          direction: 'in',
          identity: { kind: 'email', value: 'a@example.com' },
          external_id: 'c1',
          text: 'closed',
          attachments: [{ upload: mine.upload, name: 'secret.txt' }],
        },
      ],
    } as never);
    const closed = await server.api('entry.get', { channel_id: till.channel?.id ?? '', external_id: 'c1' });
    await refused({ entry_id: closed.id, sha256: mine.sha256 }, 'entry_id');
    assert.ok((await server.api('file.link', { entry_id: closed.id, sha256: mine.sha256 })).url);
  });

  it('is over with its content', async () => {
    const { entry, sha } = await held('four.txt', 'four', 'text/plain');
    const { url } = await agent.call('file.link', { entry_id: entry, sha256: sha });
    assert.equal((await got(url)).status, 200);
    await server.api('privacy.erase_entry', { entry_id: entry, reason: 'test' });
    assert.equal((await got(url)).reason, 'no_file', 'at once');
    await waitFor('the audit knows of it', async () =>
      (await server.api('audit.list', { about: 'access' } as never)).events.some((one) => one.action === 'file_link' && one.subject === sha),
    );
  });
});
