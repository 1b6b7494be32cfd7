// Disks that are full: the database's, that of files and large inputs, that of the search index.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { composeMail, deliver, postmarkRequest, rfc822Request, type Mail, type ProviderRequest } from '../../agent-web/play/providers.ts';
import type { SearchResult } from '../../agent-web/protocol/src/generated.ts';
import { ApiError, randomUUID, waitFor } from '../system/harness.ts';
import { Disk, NO_MOUNT } from './disk.ts';
import { World, type WorldOptions } from './world.ts';

const TIMES = process.env['THROUGHLINE_FAULT'] === 'long' ? 10 : 1;
const DATABASE_MB = 160;
const STORE_MB = 24;
const MEMORY_GROWS_MB = 150;
/** The address sanitizer keeps what was freed so long that a leak could not be told from it. */
const SMALL_QUARANTINE = { ASAN_OPTIONS: `${process.env['ASAN_OPTIONS'] ?? ''}:quarantine_size_mb=16` };

async function world(t: TestContext, disk: Disk, options: WorldOptions): Promise<World> {
  const one = new World({ ...options, env: SMALL_QUARANTINE });
  t.after(async () => {
    disk.free();
    await one.end();
    disk.end();
  });
  await one.make();
  await one.begin();
  await one.more();
  return one;
}

describe('full disks', () => {
  it('says "later" and why while the disk of the database is full, and goes on alone when there is room', { timeout: 180_000 * TIMES }, async (t) => {
    const disk = Disk.make(DATABASE_MB);
    if (!disk) return t.skip(NO_MOUNT);
    const one = await world(t, disk, { databaseFolder: disk.folder });
    const before = one.server.rssKb();
    const customer = (await one.server.api('conversation.list', { view: 'all', limit: 1 })).conversations[0]?.customer_id ?? '';
    const agent = await one.server.agent();
    const took: number[] = [];
    for (let round = 0; round < TIMES; round++) {
      disk.fill();
      const large = 'x'.repeat(4000);
      const flood = (): Promise<number[]> => Promise.all(Array.from({ length: 20 }, (_, i) => deliver(one.lineRequest(`Uflood${i}`, [`${large.slice(i * 200)} ${randomUUID()}`]), 20_000).then((sent) => sent.status, () => 0)));
      const putOff = one.counts.putOff;
      await waitFor('it says later', async () => (await flood()).every((status) => status === 503) && one.counts.putOff > putOff + 20, 60_000);
      // InnoDB makes a table longer by 4 MB at once: where the journal is full, entries may have room for a while.
      const note = (): Promise<unknown> => agent.call('note.add', { customer_id: customer, text: 'x'.repeat(100_000), client_id: randomUUID() }).catch((error: unknown) => error);
      const told = async (): Promise<boolean> => {
        const answers = await Promise.all(Array.from({ length: 10 }, note));
        const failed = answers.find((answer) => answer instanceof ApiError);
        if (!failed) return false;
        assert.equal(failed.kind, 'unavailable');
        assert.match(failed.message, /free space/i);
        return true;
      };
      await waitFor('an agent is told the cure', told);
      one.database.abort(); // where a rollback finds no room, MariaDB ends itself
      await waitFor('an agent is told the cure again', told);
      const health = await fetch(`${one.server.url}/readyz`);
      assert.equal(health.status, 503);
      assert.match(await health.text(), /disk of the database is full.*free space/i);
      assert.equal(await one.server.metric('database_full'), 1);
      assert.equal((await fetch(`${one.server.url}/healthz`)).status, 200, 'it is alive');
      disk.free();
      const freed = Date.now();
      await one.more();
      took.push(Date.now() - freed);
      await waitFor('it is ready again', async () => (await fetch(`${one.server.url}/readyz`)).ok, 60_000);
    }
    const grown = (one.server.rssKb() - before) / 1024;
    assert.ok(grown < MEMORY_GROWS_MB, `memory stays bounded: it grew by ${grown.toFixed(0)} MB`);
    assert.match(one.server.log, /database full.*free space/);
    await one.check();
    t.diagnostic(`${one.report()}; back ${Math.max(...took)} ms after there was room; memory grew by ${grown.toFixed(0)} MB`);
  });

  it('puts off what needs a file while the disk of the files is full, and takes no half file for a whole one', { timeout: 180_000 * TIMES }, async (t) => {
    const disk = Disk.make(STORE_MB);
    if (!disk) return t.skip(NO_MOUNT);
    const files = join(disk.folder, 'blobs');
    const one = await world(t, disk, { config: { storage: { blob_dir: files } } });
    const server = one.server;
    const postmark = await server.channel('postmark', 'Mail', { user: 'p', password: 'secret', address: 'help@shop.example' });
    const raw = await server.channel('email', 'Raw mail', { address: 'raw@shop.example' });
    const mail = (): Mail => ({ from: 'ann@example.com', fromName: 'Ann', to: 'help@shop.example', subject: 'A picture', text: `See here ${randomUUID()}`, attachments: [{ name: 'cup.png', type: 'image/png', data: randomBytes(400_000) }] });
    for (let round = 0; round < TIMES; round++) {
      disk.fill(100_000); // a part of each still goes in
      const inputs: ProviderRequest[] = [
        postmarkRequest({ url: postmark.url, user: 'p', password: 'secret' }, mail()),
        rfc822Request({ url: raw.url, token: raw.secrets['token'] ?? '' }, await composeMail(mail())),
        postmarkRequest({ url: postmark.url, user: 'p', password: 'secret' }, { ...mail(), attachments: [{ name: 'large.bin', type: 'application/x-thing', data: randomBytes(3_000_000) }] }),
      ];
      for (const input of inputs) assert.equal((await deliver(input)).status, 503, 'it is put off');
      const picture = randomBytes(900_000);
      const refused = await upload(one, picture);
      assert.equal(refused.status, 503);
      assert.match(await refused.text(), /disk for files is full.*free space/i);
      const ready = await fetch(`${server.url}/readyz`);
      assert.deepEqual([ready.status, /disk for files is full/.test(await ready.text())], [503, true]);
      assert.equal(await server.metric('files_full'), 1);
      await one.more(5); // what needs no file goes on
      wholeFiles(files);
      disk.free();
      for (const input of inputs) assert.equal((await deliver(input)).status, 200, 'the same again is taken');
      const stored = await upload(one, picture);
      assert.equal(stored.status, 200);
      const { url } = (await stored.json()) as { url: string };
      const back = await fetch(`${server.url}${url}`, { headers: { authorization: `Bearer ${server.token}` } });
      assert.deepEqual(Buffer.from(await back.arrayBuffer()), picture);
      assert.ok((await fetch(`${server.url}/readyz`)).ok, 'it is ready as soon as a file has found room');
      assert.equal(await server.metric('files_full'), 0);
    }
    const kept = wholeFiles(files);
    const named = Number(server.sql('SELECT COUNT(DISTINCT sha256) FROM entry_blob'));
    assert.equal(named, 3 * TIMES, 'each attachment once');
    assert.match(server.log, /file store failed.*free space/);
    await one.check();
    t.diagnostic(`${one.report()}; ${kept} files whole, none half`);
  });

  it('finds what it knew while the disk of the search index is full, says that some is missing, and catches up', { timeout: 180_000 * TIMES }, async (t) => {
    const disk = Disk.make(STORE_MB);
    if (!disk) return t.skip(NO_MOUNT);
    const one = await world(t, disk, { config: { search: { index: join(disk.folder, 'search.index') } } });
    const find = (word: string) => one.server.api('search.query', { query: word });
    const says = async (word: string): Promise<void> => assert.ok(await one.insist(one.lineRequest('Usearch', [`${word} ${'filler '.repeat(500)} ${randomUUID()}`])));
    for (let round = 0; round < TIMES; round++) {
      await says(`before${round}`);
      await waitFor('it is found', async () => (await find(`before${round}`)).people.length === 1);
      disk.fill();
      for (let i = 0; i < 20; i++) await says(`during${round}`);
      let during: SearchResult | undefined;
      await waitFor('search says that some is missing', async () => !(during = await find(`before${round}`)).complete);
      assert.equal(during?.people.length, 1, 'what it knew is found');
      assert.equal(await one.server.metric('search_unwritten'), 1);
      await one.more(5);
      disk.free();
      await waitFor('it has caught up', async () => {
        const found = await find(`during${round}`);
        return found.complete && found.people.length === 1;
      });
    }
    assert.match(one.server.log, /search index full.*free space/);
    await one.check();
    t.diagnostic(one.report());
  });
});

function upload(one: World, data: Buffer): Promise<Response> {
  return fetch(`${one.server.url}/api/v1/attachments?name=cup.png`, { method: 'POST', headers: { authorization: `Bearer ${one.server.token}`, 'content-type': 'image/png' }, body: new Uint8Array(data) });
}

/** Every stored file holds what its name says, and nothing is left on its way; how many there are. */
function wholeFiles(folder: string): number {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  for (const file of paths) {
    const content = readFileSync(join(file.parentPath, file.name));
    assert.equal(createHash('sha256').update(content).digest('hex'), file.name, 'a file is not what its name says');
  }
  return paths.length;
}
