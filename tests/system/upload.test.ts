// Files that are brought in odd ways: cut off midway, by many at once, named twice, fetched in thousands of pieces.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { onePerson } from './desk.ts';
import { type ApiError, endAll, randomUUID, Server, waitFor } from './harness.ts';
import { get, HOST, Wire } from './wire.ts';

const MB = 1024 * 1024;

describe('files', () => {
  let server: Server;
  let twin: Server;
  let customer: string;
  const ends: (() => Promise<void>)[] = [];
  before(async () => {
    server = await Server.start((fn) => ends.push(fn));
    twin = await server.twin((fn) => ends.push(fn));
    customer = await onePerson(server);
  });
  after(async () => {
    await endAll(ends.reverse());
  });

  const authorization = (): string => `Authorization: Bearer ${server.token}\r\n`;
  const stored = (): string[] =>
    readdirSync(join(server.folder, 'blobs'), { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile())
      .map((one) => one.name);
  const uploads = (): number => Number(server.sql('SELECT COUNT(*) FROM upload'));

  it('that are cut off midway leave nothing, by a length or in chunks, however many', async () => {
    const before = [stored().length, uploads()];
    const head = (more: string): string => `POST /api/v1/attachments?name=cut HTTP/1.1\r\n${HOST}${authorization()}${more}\r\n`;
    const wires = Array.from({ length: 60 }, (_, i) => {
      const wire = new Wire(server.port).send(head(i % 2 ? 'Transfer-Encoding: chunked\r\n' : 'Content-Length: 5000000\r\n'));
      const part = randomBytes(i % 3 ? 2 * MB : 100_000);
      return wire.send(i % 2 ? Buffer.concat([Buffer.from(`${(4 * MB).toString(16)}\r\n`), part]) : part);
    });
    await waitFor('they are under way', async () => (await server.metric('request_bytes')) > 60 * MB);
    wires.forEach((wire, i) => (i % 4 === 0 ? wire.tcp.resetAndDestroy() : i % 4 === 1 ? wire.tcp.end() : wire.tcp.destroy()));
    await waitFor('all is given back', async () => (await server.metric('request_bytes')) === 0);
    for (const wire of wires) wire.tcp.destroy();
    assert.deepEqual([stored().length, uploads()], before);
  });

  it('that are the same and come at once are stored once, and each has a handle of its own', async () => {
    const same = randomBytes(300_000);
    const sha256 = createHash('sha256').update(same).digest('hex');
    const all = await Promise.all(Array.from({ length: 24 }, (_, i) => (i % 2 ? server : twin).upload(`same${i}`, new Uint8Array(same))));
    assert.deepEqual([...new Set(all.map((one) => one.sha256))], [sha256]);
    assert.equal(new Set(all.map((one) => one.upload)).size, all.length);
    assert.equal(stored().filter((name) => name === sha256).length, 1);
  });

  it("are held by every message that names their handle, at once and at both servers, and by nobody else's", async () => {
    const { cookie } = await server.newAgent('Bringer');
    const other = await server.agent((await server.newAgent('Other')).cookie);
    const file = await server.upload('shared', 'by many messages', { cookie });
    const agents = await Promise.all([server.agent(cookie), twin.agent(cookie)]);
    const note = (as: typeof other, upload: string): Promise<unknown> =>
      as.call('note.add', { customer_id: customer, client_id: randomUUID(), text: 'with a file', attachments: [{ upload, name: 'x' }] });
    await Promise.all(Array.from({ length: 20 }, (_, i) => note(agents[i % 2] as typeof other, file.upload)));
    assert.equal(Number(server.sql(`SELECT COUNT(*) FROM entry_blob WHERE sha256 = UNHEX('${file.sha256}')`)), 20);
    for (const handle of [file.upload, file.sha256, file.upload.toUpperCase(), `${file.upload} `, file.upload.slice(0, -1), '', '%', 'x'.repeat(100)])
      await assert.rejects(note(other, handle), (error: ApiError) => error.kind === 'invalid' && /^attachments/.test(error.field ?? ''), handle);
    for (const one of [...agents, other]) one.close();
  });

  it('are given whole to who asks for a thousand pieces of them', async () => {
    const content = randomBytes(200_000);
    const { sha256 } = await server.upload('pieces', new Uint8Array(content));
    const ranges = [
      Array.from({ length: 1000 }, (_, i) => `${i}-${i}`).join(),
      '0-,0-,0-,0-,0-',
      '0-199999,0-199999',
      '5-1,0-0',
      '-1,-2,-3',
      `0-0,${' '.repeat(2000)}1-1`,
    ];
    for (const range of ranges) {
      const wire = new Wire(server.port).send(get(`/attachments/${sha256}`, `${authorization()}Range: bytes=${range}\r\n`));
      const [answer] = await wire.answered(1);
      assert.deepEqual([answer?.status, answer?.body.length], [200, content.length], range.slice(0, 60));
      wire.tcp.destroy();
    }
    const flood = new Wire(server.port).send(
      Array.from({ length: 60 }, (_, i) => get(`/attachments/${sha256}`, `${authorization()}Range: bytes=${i}-${i}\r\n`)).join(''),
    );
    const pieces = await flood.answered(60);
    assert.ok(pieces.every((one, i) => one.status === 206 && one.body[0] === content[i]));
    flood.tcp.destroy();
  });

  it('have names of one line, without what turns the direction of a text', async () => {
    const names = [
      'cup\u202egnp.exe',
      'a\r\nX: y',
      'a"b',
      '\u2066x\u2069.pdf',
      'あ'.repeat(1500),
      '../../etc/passwd',
      '\u0000',
      ' ',
      '.',
      '\u200f\u200e',
      'a\u0085b',
    ];
    for (const name of names) {
      const { name: kept } = await server.upload(name, 'x');
      assert.ok(
        kept && kept.length <= 255 && !/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/.test(kept),
        `${JSON.stringify(name.slice(0, 40))} became ${JSON.stringify(kept)}`,
      );
    }
    const cookie = await server.login();
    const agent = await server.agent(cookie);
    const { upload } = await server.upload('x', 'x', { cookie });
    const entry = await agent.call('note.add', {
      customer_id: customer,
      client_id: randomUUID(),
      text: 'see',
      attachments: [{ upload, name: 'cup\u202egnp.exe' }],
    });
    assert.equal(entry.attachments?.[0]?.name, 'cup_gnp.exe');
    agent.close();
  });
});
