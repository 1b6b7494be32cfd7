// Files that webhooks only name and providers keep: fetched into the timeline, whatever the provider does meanwhile.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import {
  callStatus,
  deliver,
  type LineHook,
  lineRequest,
  lineUserId,
  newCall,
  twilioRequest,
  type WhatsAppHook,
  whatsAppRequest,
} from '../../agent-web/play/providers.ts';
import type { Attachment, Entry } from '../../agent-web/protocol/src/generated.ts';
import { type ApiError, endAll, randomUUID, Server, waitFor } from './harness.ts';
import { give, type Handler, Host, PICTURE, say } from './host.ts';

const MB = 1_000_000;

describe('files that providers keep', () => {
  let server: Server;
  let host: Host;
  let line: LineHook & { id: string };
  let shop: WhatsAppHook;
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
    shop = { url: whatsApp.url, appSecret: 'ws', phoneNumberId: '77' };
  });
  after(async () => {
    await endAll(ends.reverse());
  });

  let serial = 7000;
  const content = (id: string): string => `/v2/bot/message/${id}/content`;

  /** A message of LINE with a file; its id, and its entry once it is there. */
  async function lineFile(type: string, more: Record<string, unknown> = {}): Promise<{ id: string; entry: () => Promise<Entry> }> {
    const id = String(++serial),
      userId = lineUserId();
    const event = {
      type: 'message',
      mode: 'active',
      timestamp: Date.now(),
      source: { type: 'user', userId },
      webhookEventId: randomUUID(),
      replyToken: 'r',
      deliveryContext: { isRedelivery: false },
      message: { id, type, quoteToken: 'q', ...more },
    };
    assert.equal((await deliver(lineRequest(line, [event]))).status, 200);
    return { id, entry: () => entryOf(line.id, id) };
  }

  async function entryOf(channel: string, external: string): Promise<Entry> {
    return waitFor('the entry', async () => server.api('entry.get', { channel_id: channel, external_id: external }).catch(() => null));
  }

  const fileOf = async (read: () => Promise<Entry>): Promise<Attachment> => {
    const file = (await read()).attachments?.[0] as Attachment | undefined;
    assert.ok(file);
    return file;
  };
  const until = (read: () => Promise<Entry>, fetch: string | undefined): Promise<Attachment> =>
    waitFor(`the file is ${fetch ?? 'here'}`, async () => {
      const file = await fileOf(read);
      return (file.fetch ?? undefined) === fetch ? file : null;
    });
  const bytes = async (file: Attachment, token = server.token): Promise<{ status: number; type: string | null; data: Buffer }> => {
    const response = await fetch(`${server.url}${file.url}?type=${encodeURIComponent(file.type)}`, { headers: { authorization: `Bearer ${token}` } });
    return { status: response.status, type: response.headers.get('content-type'), data: Buffer.from(await response.arrayBuffer()) };
  };
  const again = async (read: () => Promise<Entry>): Promise<Entry> => server.api('entry.fetch', { id: (await read()).id });
  const waiting = async (): Promise<number> => Number(await server.sql('SELECT COUNT(*) FROM remote_file'));

  it('a picture by LINE is there when LINE has it ready, and screens learn of it', async () => {
    let ready = false;
    const id = String(serial + 1);
    host.at.set(content(id), (request, response) => (ready ? give(PICTURE)(request, response) : say(202)(request, response)));
    const { entry } = await lineFile('image', { contentProvider: { type: 'line' } });
    const before = await fileOf(entry);
    assert.deepEqual([before.fetch, before.sha256, before.url, before.type], ['waiting', null, null, 'image/jpeg']);
    const agent = await server.agent((await server.newAgent('Eva')).cookie);
    const conversation = await server.api('conversation.get', { id: (await entry()).conversation_id ?? '' });
    await agent.call('timeline.watch', { customer_id: conversation.customer_id });
    await waitFor('it was asked for', () => host.times(content(id)) > 0);
    ready = true;
    const after = await until(entry, undefined);
    assert.deepEqual([after.type, after.size, after.sha256], ['image/png', PICTURE.length, createHash('sha256').update(PICTURE).digest('hex')]);
    assert.deepEqual(await bytes(after), { status: 200, type: 'image/png', data: PICTURE });
    assert.equal(host.asked.find((one) => one.path === content(id))?.authorization, 'Bearer line-token');
    assert.equal(await waiting(), 0);
    await waitFor('the screen has it', () => JSON.stringify(agent.pushes).includes(after.sha256 ?? '?'));
    agent.close();
  });

  it('WhatsApp tells first where it is; what is not what Meta says it is is no file', async () => {
    const id = 'media-1',
      sha256 = createHash('sha256').update(PICTURE).digest('base64');
    let sent = Buffer.from('something else');
    host.at.set(`/v21.0/${id}`, say(200, { url: `${host.url}/lookaside?mid=1`, mime_type: 'image/png', sha256, file_size: PICTURE.length }));
    host.at.set('/lookaside?mid=1', (request, response) => give(sent)(request, response));
    const message = {
      from: '819033330001',
      id: 'wamid.media',
      timestamp: String(Math.floor(Date.now() / 1000)),
      type: 'document',
      document: { id, mime_type: 'image/png', sha256, filename: '../cup.png' },
    };
    assert.equal((await deliver(whatsAppRequest(shop, [{ contacts: [{ profile: { name: 'Wa' }, wa_id: '819033330001' }], messages: [message] }]))).status, 200);
    const channel = (await server.api('channel.list', {})).channels.find((one) => one.type === 'whatsapp')?.id ?? '';
    const entry = (): Promise<Entry> => entryOf(channel, 'wamid.media');
    assert.equal((await until(entry, 'damaged')).name, 'cup.png');
    sent = PICTURE;
    assert.equal(((await again(entry)).attachments?.[0] as Attachment).fetch, 'waiting');
    assert.deepEqual((await bytes(await until(entry, undefined))).data, PICTURE);
    assert.ok(host.asked.filter((one) => one.path === '/lookaside?mid=1').every((one) => one.authorization === 'Bearer wa-token'));
  });

  it('a recording at Twilio is heard here, by those who may read of the call', async () => {
    const phone = await server.channel('twilio_voice', 'Phone', { auth_token: 'tt', api_url: host.url });
    const call = newCall('+819012345678', '+81312345678'),
      AC = 'AC' + '0123456789abcdef'.repeat(2),
      sound = Buffer.from('ID3 sound');
    const path = `/2010-04-01/Accounts/${AC}/Recordings/RE77.mp3`;
    host.at.set(path, give(sound, 'audio/mpeg'));
    const parameters = {
      ...callStatus(call, 'completed', 3, 20),
      RecordingSid: 'RE77',
      RecordingStatus: 'completed',
      RecordingDuration: '18',
      RecordingUrl: 'http://127.0.0.1:1/elsewhere',
    };
    const callback: Record<string, string> = { ...parameters };
    delete callback['CallStatus'];
    assert.equal((await deliver(twilioRequest({ url: phone.url, authToken: 'tt' }, callback))).status, 200);
    const entry = (): Promise<Entry> => entryOf(phone.id, 'recording:RE77');
    const file = await until(entry, undefined);
    assert.deepEqual([(await bytes(file)).data.toString(), file.type, file.name], ['ID3 sound', 'audio/mpeg', 'RE77.mp3']);
    assert.equal(host.asked.find((one) => one.path === path)?.authorization, `Basic ${Buffer.from(`${AC}:tt`).toString('base64')}`);
    await server.api('channel.update', { id: phone.id, readers: 'supervisor' });
    const agent = await server.newAgent('Noa');
    const refused = await fetch(`${server.url}${file.url}`, { headers: { cookie: agent.cookie } });
    assert.equal(refused.status, 404);
  });

  it('what the provider has no more, what it refuses, and what is too large says so, and can be asked for again', async () => {
    const gone = await lineFile('video', { contentProvider: { type: 'line' } });
    assert.equal((await until(gone.entry, 'gone')).url, null);
    const conversation = await server.api('conversation.get', { id: (await gone.entry()).conversation_id ?? '' });
    const task = await server.api('privacy.export', { customer_id: conversation.customer_id, reason: 'asked for' });
    const done = await waitFor('the export is made', async () => {
      const now = await server.api('task.get', { id: task.id });
      return now.state === 'done' ? now : null;
    });
    const archive = await fetch(`${server.url}/attachments/${String((done.result as { sha256?: string }).sha256)}`, {
      headers: { authorization: `Bearer ${server.token}` },
    });
    const zip = join(server.folder, 'export.zip');
    writeFileSync(zip, Buffer.from(await archive.arrayBuffer()));
    const read = (name: string): string => execFileSync('unzip', ['-p', zip, name], { encoding: 'utf8' });
    assert.match(read('timeline.html'), /attachment\.mp4 \(kept by the provider, not here\)/);
    assert.match(read('timeline.json'), /"sha256":null,"path":null/);
    host.at.set(content(gone.id), give(PICTURE));
    await again(gone.entry);
    await until(gone.entry, undefined);
    await assert.rejects(again(gone.entry), (error: ApiError) => error.reason === 'nothing_to_fetch' || assert.fail(JSON.stringify(error)));

    const id = String(serial + 1);
    host.at.set(content(id), say(401));
    const refused = await lineFile('audio', { contentProvider: { type: 'line' } });
    await until(refused.entry, 'refused');
    host.at.set(content(id), give(PICTURE));
    await until(refused.entry, undefined); // by itself

    host.at.set(content(String(serial + 1)), (_, response) => void response.writeHead(200, { 'content-length': String(200 * MB) }).write('x'));
    const large = await lineFile('file', { fileName: 'film.mov', fileSize: 200 * MB });
    assert.equal((await until(large.entry, 'too_large')).name, 'film.mov');
    host.at.set(content(String(serial + 1)), (_, response) => {
      response.writeHead(200);
      const more = (): void => void (response.destroyed || response.write(Buffer.alloc(MB), more));
      more();
    });
    const endless = await lineFile('file', { fileName: 'endless.bin' });
    await until(endless.entry, 'too_large');
    await waitFor('nothing is left of what was broken off', () => readdirSync(join(server.folder, 'blobs/tmp')).length === 0);
  });

  it('an answer that breaks off is no file, and is asked for again', async () => {
    let whole = false;
    host.at.set(content(String(serial + 1)), (request, response) => {
      if (whole) return give(PICTURE)(request, response);
      response.writeHead(200, { 'content-length': String(PICTURE.length) });
      response.write(PICTURE.subarray(0, 10), () => response.destroy());
    });
    const { entry } = await lineFile('image', { contentProvider: { type: 'line' } });
    await until(entry, 'unreachable');
    whole = true;
    assert.equal((await until(entry, undefined)).size, PICTURE.length);
  });

  it('another host gets no password, and no address of a stranger is asked', async () => {
    const other = await Host.start(ends);
    other.at.set('/kept', give(PICTURE));
    host.at.set(content(String(serial + 1)), (_, response) => void response.writeHead(302, { location: `${other.url}/kept` }).end());
    const sent = await lineFile('image', { contentProvider: { type: 'line' } });
    await until(sent.entry, undefined);
    assert.deepEqual(other.asked, [{ path: '/kept', authorization: '' }]);
    host.at.set(content(String(serial + 1)), (_, response) => void response.writeHead(302, { location: 'http://10.0.0.1/inside' }).end());
    await until((await lineFile('image', { contentProvider: { type: 'line' } })).entry, 'unreachable');
    const strange = await lineFile('image', { contentProvider: { type: 'external', originalContentUrl: `${other.url}/secret` } });
    assert.equal((await strange.entry()).attachments ?? null, null);
    assert.equal(other.asked.length, 1);
  });

  it('what is erased, or filed elsewhere, while it is on its way', async () => {
    let go: (() => void)[] = [];
    const slow: Handler = (request, response) => void go.push(() => give(Buffer.from(`of ${request.url}`))(request, response));
    host.at.set(content(String(serial + 1)), slow);
    const erased = await lineFile('image', { contentProvider: { type: 'line' } });
    await waitFor('it is on its way', () => go.length === 1);
    await server.api('privacy.erase_entry', { entry_id: (await erased.entry()).id, reason: 'asked for' });
    const rows = await waiting();
    go.forEach((one) => one());
    go = [];
    host.at.set(content(String(serial + 1)), slow);
    const moved = await lineFile('image', { contentProvider: { type: 'line' } });
    await waitFor('it is on its way', () => go.length === 1);
    const hit = await waitFor('somebody else', async () => (await server.api('customer.search', { query: '+819033330001' })).hits[0]);
    const there = await server.api('entry.move', { entry_id: (await moved.entry()).id, customer_id: hit.id });
    host.at.set(content(moved.id), give(PICTURE));
    go.forEach((one) => one());
    await until(() => server.api('entry.get', { id: there.id }), undefined);
    assert.equal(((await erased.entry()).attachments ?? []).length, 0);
    const sha256 = createHash('sha256')
      .update(`of ${content(erased.id)}`)
      .digest('hex');
    await waitFor(
      'the content goes',
      () =>
        server.sql(`SELECT COUNT(*) FROM condemned_file WHERE sha256 = UNHEX('${sha256}')`).trim() === '1' ||
        !existsSync(join(server.folder, 'blobs', sha256.slice(0, 2), sha256.slice(2, 4), sha256)),
    );
    await waitFor('no file waits', async () => (await waiting()) < rows + 1);
  });

  it('a server that is killed in the middle leaves nothing out', async () => {
    let asked = 0;
    host.at.set(content(String(serial + 1)), (request, response) => {
      if (++asked > 1) return give(PICTURE)(request, response);
      response.writeHead(200).write('half');
      return undefined;
    });
    const { entry } = await lineFile('image', { contentProvider: { type: 'line' } });
    await waitFor('it is on its way', () => asked === 1);
    await server.stop('SIGKILL');
    await server.serve();
    assert.equal((await until(entry, undefined)).size, PICTURE.length);
  });

  it('a server that is stopped does not wait for a long film', async () => {
    let asked = 0;
    host.at.set(content(String(serial + 1)), (request, response) => {
      if (++asked > 1) return give(PICTURE)(request, response);
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'.repeat(5000)), 100);
      response.on('close', () => clearInterval(timer));
      return undefined;
    });
    const { entry } = await lineFile('video', { contentProvider: { type: 'line' } });
    await waitFor('it is on its way', () => asked === 1);
    assert.equal(await server.stop(), 0);
    await server.serve();
    await until(entry, undefined);
  });
});
