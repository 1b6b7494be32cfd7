// Small copies of pictures: made when somebody wants to see one, in a process of its own, kept, and gone with their content.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { crc32, deflateSync } from 'node:zlib';
import { onePerson } from './desk.ts';
import { endAll, randomUUID, Server, type Socket, waitFor } from './harness.ts';

const SAMPLES = new URL('../data/pictures/', import.meta.url);
const sample = (name: string): Buffer => readFileSync(new URL(name, SAMPLES));

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(data.length);
  const tail = Buffer.alloc(4);
  tail.writeUInt32BE(crc32(body));
  return Buffer.concat([head, body, tail]);
}

/** Of one grey; of a bomb as many rows as are given. */
function png(width: number, height: number, rows = height): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width);
  head.writeUInt32BE(height, 4);
  head.writeUInt8(8, 8);
  const data = deflateSync(Buffer.alloc((width + 1) * rows, 0));
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

/** Width and height of a WebP. */
function sizeOf(webp: Buffer): [number, number] {
  assert.equal(webp.toString('latin1', 0, 4) + webp.toString('latin1', 8, 12), 'RIFFWEBP');
  if (webp.toString('latin1', 12, 16) === 'VP8X') return [webp.readUIntLE(24, 3) + 1, webp.readUIntLE(27, 3) + 1];
  assert.equal(webp.toString('latin1', 12, 16), 'VP8 ');
  return [webp.readUInt16LE(26) & 0x3fff, webp.readUInt16LE(28) & 0x3fff];
}

describe('small copies of pictures', () => {
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

  /** In a note, so that every agent may read it. */
  async function held(data: Buffer, type = 'image/jpeg'): Promise<{ sha: string; entry: string }> {
    const { upload, sha256 } = await server.upload('picture', new Uint8Array(data), { cookie }, type);
    const note = await agent.call('note.add', { customer_id: customer, client_id: randomUUID(), text: 'x', attachments: [{ upload, name: 'p', type }] });
    return { sha: sha256, entry: note.id };
  }
  async function small(
    sha: string,
    query = 'size=small',
    headers: Record<string, string> = { cookie },
  ): Promise<{ status: number; response: Response; data: Buffer; reason: string | null }> {
    const response = await fetch(`${server.url}/attachments/${sha}?${query}`, { headers });
    const data = Buffer.from(await response.arrayBuffer());
    const reason = response.ok ? null : ((JSON.parse(data.toString()) as { error: { data: { reason: string } } }).error.data.reason ?? null);
    return { status: response.status, response, data, reason };
  }
  const kept = (sha: string, size = 'small'): string => join(server.folder, 'blobs/thumbs', sha.slice(0, 2), sha.slice(2, 4), `${sha}.${size}`);

  it('of every kind are WebP, upright, and hold nothing of what a camera has written', async () => {
    for (const name of readdirSync(SAMPLES)) {
      const { sha } = await held(sample(name));
      const { status, response, data } = await small(sha);
      assert.equal(status, 200, name);
      assert.deepEqual(sizeOf(data), [240, 160], name);
      assert.ok(!/Exif|Secret/i.test(data.toString('latin1')), name);
      const { headers } = response;
      assert.equal(headers.get('content-type'), 'image/webp');
      assert.match(headers.get('content-disposition') ?? '', /^inline/);
      assert.match(headers.get('content-security-policy') ?? '', /sandbox/);
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
    }
    assert.match(sample('turned.jpg').toString('latin1'), /Secret camera/);
  });

  it('are as large as is asked for, never larger than the picture, and made once', async () => {
    const { sha } = await held(png(5000, 1000), 'image/png');
    assert.deepEqual(sizeOf((await small(sha)).data), [480, 96]);
    const made = await server.metric('thumbnails_made_total');
    assert.deepEqual(sizeOf((await small(sha, 'size=large')).data), [2000, 400]);
    assert.equal((await small(sha)).status, 200);
    assert.equal((await small(sha, 'size=large')).status, 200);
    assert.equal(await server.metric('thumbnails_made_total'), made + 1);
    assert.ok(existsSync(kept(sha)) && existsSync(kept(sha, 'large')));
    const part = await small(sha, 'size=small', { cookie, range: 'bytes=0-3' });
    assert.deepEqual([part.status, part.data.toString()], [206, 'RIFF']);
    const wrong = await small(sha, 'size=huge');
    assert.deepEqual([wrong.status, wrong.reason], [422, 'one_of']);
  });

  it('are for those who may read the file', async () => {
    const { sha256 } = await server.upload('own', new Uint8Array(png(30, 30)), undefined, 'image/png');
    assert.equal((await small(sha256, 'size=small', { authorization: `Bearer ${server.token}` })).status, 200);
    assert.deepEqual([(await small(sha256)).status, (await small(sha256)).reason], [404, 'no_file']);
    assert.equal((await small(sha256, 'size=small', {})).status, 401);
    assert.equal((await small(createHash('sha256').update('nothing').digest('hex'))).reason, 'no_file');
  });

  it('are made for no visitor, who has the picture itself', async () => {
    const channel = (await server.channel('chat', 'Chat')).id;
    const visitor = await server.visitor();
    const { token } = await visitor.call('chat.hello', { channel_id: channel });
    const headers = { 'x-visitor-token': token ?? '', 'content-type': 'image/png' };
    const data = new Uint8Array(png(200, 200));
    const brought = await fetch(`${server.url}/chat/attachments?channel=${channel}&name=p.png`, { method: 'POST', headers, body: data });
    const { sha256, upload } = (await brought.json()) as { sha256: string; upload: string };
    await visitor.call('chat.send', { client_id: randomUUID(), text: '', attachments: [{ upload, name: 'p.png', type: 'image/png' }] });
    const made = await server.metric('thumbnails_made_total');
    const got = await fetch(`${server.url}/chat/attachments/${sha256}?channel=${channel}&type=image/png&size=small`, { headers: { 'x-visitor-token': token ?? '' } });
    assert.deepEqual([got.status, (await got.arrayBuffer()).byteLength], [200, data.length]);
    assert.equal(await server.metric('thumbnails_made_total'), made);
    visitor.close();
  });

  it('of what is no picture, is cut or would not fit into the memory there are none, and that is known from then on', async () => {
    const begun = Date.now();
    for (const data of [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), Buffer.from('GIF89a'), png(30_000, 30_000, 10), png(31_999, 31_999, 1)]) {
      const { sha } = await held(data, 'image/png');
      const none = await server.metric('thumbnails_none_total');
      for (let i = 0; i < 2; i++) assert.deepEqual([(await small(sha)).status, (await small(sha)).reason], [404, 'no_thumbnail']);
      assert.equal(await server.metric('thumbnails_none_total'), none + 1);
      assert.equal(statSync(kept(sha)).size, 0);
    }
    assert.ok(Date.now() - begun < 10_000, 'none was read');
    const { sha } = await held(sample('turned.jpg').subarray(0, 900));
    assert.ok([200, 404].includes((await small(sha)).status), 'what is cut gives what there is');
  });

  it('many that are wanted at once all come', async () => {
    const all = await Promise.all(Array.from({ length: 30 }, (_, i) => held(png(600 + i, 400), 'image/png')));
    const got = await Promise.all(all.map(({ sha }) => small(sha)));
    assert.deepEqual([...new Set(got.map((one) => one.status))], [200]);
    assert.equal(await server.metric('thumbnails_waiting'), 0);
  });

  it('go with their content', async () => {
    const { sha, entry } = await held(png(321, 123), 'image/png');
    assert.equal((await small(sha)).status, 200);
    assert.equal((await small(sha, 'size=large')).status, 200);
    server.sql(`DELETE FROM upload`);
    await server.api('privacy.erase_entry', { entry_id: entry, reason: 'test' });
    await waitFor('they are gone', () => !existsSync(kept(sha)) && !existsSync(kept(sha, 'large')), 60_000);
    assert.equal((await small(sha)).reason, 'no_file');
  });
});
