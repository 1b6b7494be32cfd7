// A text of a person's profile is one row (CUSTOMER_PROFILE in server/store/customer.h). They are walked as the documents list
// them: whoever adds one has it edited, read, imported, merged, exported and erased, or fails here.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Customer, Task } from '../../agent-web/protocol/src/generated.ts';
import { endAll, Server, waitFor } from './harness.ts';

interface Member {
  type: string | string[];
  format?: string;
}
const OPENAPI = fileURLToPath(new URL('../../docs/openapi.json', import.meta.url));
const schemas = (JSON.parse(readFileSync(OPENAPI, 'utf8')) as { components: { schemas: Record<string, { properties: Record<string, Member> }> } }).components
  .schemas;
/** The texts that agents may change of a person. */
const FIELDS = Object.entries(schemas['CustomerUpdateParams']?.properties ?? {})
  .filter(([, { type, format }]) => [type].flat().includes('string') && !format)
  .map(([name]) => name);

/** Those whose row says so; the documents do not. */
const SEARCHED = ['name', 'company', 'about'];

/** Short, and of no other field. */
const value = (field: string, of: string): string => `${of}${FIELDS.indexOf(field)}vqx`;
const profile = (of: string): Record<string, string> => Object.fromEntries(FIELDS.map((field) => [field, value(field, of)]));
const said = (customer: Customer): Record<string, unknown> =>
  Object.fromEntries(FIELDS.map((field) => [field, (customer as unknown as Record<string, unknown>)[field]]));

describe('profile', () => {
  let server: Server;
  let shop: string;
  const ends: (() => Promise<void>)[] = [];
  before(async () => {
    server = await Server.start((fn) => ends.push(fn));
    shop = (await server.channel('api', 'Shop')).id;
  });
  after(async () => {
    await endAll(ends);
  });

  async function person(email: string): Promise<string> {
    await server.api('entries.put', {
      channel_id: shop,
      entries: [{ identity: { kind: 'email', value: email }, kind: 'message', external_id: email, text: 'hello' }],
    } as never);
    return (await server.api('customer.search', { query: email })).hits[0]?.id ?? '';
  }

  const over = (id: string): Promise<Task> =>
    waitFor(
      'the task is over',
      async () => {
        const task = await server.api('task.get', { id });
        return ['done', 'failed', 'cancelled'].includes(task.state) ? task : null;
      },
      60_000,
    );

  const get = (id: string): Promise<Customer> => server.api('customer.get', { id });

  it('there are some, and the answer has them all', () => {
    assert.ok(FIELDS.length >= 5, FIELDS.join());
    for (const field of FIELDS) assert.ok(schemas['Customer']?.properties[field], field);
  });

  it('each is changed by itself, cleared by an empty text, and found where it is searched', async () => {
    const id = await person('edit@example.com');
    await server.api('customer.update', { id, ...profile('e') });
    assert.deepEqual(said(await get(id)), profile('e'));
    for (const field of FIELDS) {
      await server.api('customer.update', { id, [field]: 'alone' });
      assert.deepEqual(said(await get(id)), { ...profile('e'), [field]: 'alone' }, field);
      await server.api('customer.update', { id, [field]: '' });
      assert.ok(!said(await get(id))[field], field);
      await server.api('customer.update', { id, [field]: value(field, 'e') });
    }
    for (const field of SEARCHED)
      await waitFor(`${field} is found`, async () =>
        (await server.api('search.query', { query: value(field, 'e') })).people.some((found) => JSON.stringify(found).includes(id)),
      );
  });

  it('a list of people may hold each, and an empty cell changes nothing', async () => {
    const file = (row: Record<string, string>): string => `email,${FIELDS.join()}\r\nlist@example.com,${FIELDS.map((field) => row[field] ?? '').join()}\r\n`;
    const run = async (body: string): Promise<void> => {
      const { upload } = await server.upload('people.csv', body);
      const task = await over((await server.api('import.start', { upload, what: 'people', format: 'csv', channel_id: shop, dry_run: false })).id);
      assert.equal(task.state, 'done', JSON.stringify(task.error));
      assert.equal((task.result as { refused?: number } | null)?.refused, 0, JSON.stringify(task.result));
    };
    await run(file(profile('i')));
    const id = (await server.api('customer.search', { query: 'list@example.com' })).hits[0]?.id ?? '';
    assert.deepEqual(said(await get(id)), profile('i'));
    await run(file({}));
    assert.deepEqual(said(await get(id)), profile('i'));
    const template = (await server.api('import.template', { what: 'people', format: 'csv' })).text;
    for (const field of FIELDS) assert.ok(template.split('\r\n')[0]?.split(',').includes(field), field);
  });

  it('a merge asks where both have one, takes what is chosen, and its undoing gives back', async () => {
    const [into, from] = [await person('into@example.com'), await person('from@example.com')];
    await server.api('customer.update', { id: into, ...profile('a') });
    await server.api('customer.update', { id: from, ...profile('b') });
    const { conflicts } = await server.api('customer.merge_preview', { into_id: into, from_id: from });
    assert.deepEqual(conflicts.map(({ field }) => field).sort(), [...FIELDS].sort());
    const operation = await server.api('customer.merge', { into_id: into, from_id: from, take: FIELDS });
    assert.deepEqual(said(await get(into)), profile('b'));
    await server.api('customer.unmerge', { operation_id: operation.id });
    assert.deepEqual(said(await get(into)), profile('a'));
  });

  it('an export holds each, and an erasure leaves none', async () => {
    const id = await person('gone@example.com');
    await server.api('customer.update', { id, ...profile('g') });
    const task = await over((await server.api('privacy.export', { customer_id: id, reason: 'asked for' })).id);
    const { sha256 } = task.result as { sha256: string };
    const archive = await fetch(`${server.url}/attachments/${sha256}`, { headers: { authorization: `Bearer ${server.token}` } });
    const zip = join(server.folder, 'profile.zip');
    writeFileSync(zip, Buffer.from(await archive.arrayBuffer()));
    const exported = JSON.parse(execFileSync('unzip', ['-p', zip, 'person.json'], { encoding: 'utf8' })) as Customer;
    assert.deepEqual(said(exported), profile('g'));
    writeFileSync(zip, '');
    const confirm = value('name', 'g');
    await over((await server.api('privacy.erase_customer', { customer_id: id, reason: 'asked for', confirm })).id);
    for (const field of FIELDS) {
      assert.ok(!said(await get(id))[field], field);
      const word = value(field, 'g');
      const columns = server
        .sql(
          `SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = '${server.database}' AND data_type IN ('varchar', 'text', 'mediumtext')`,
          'information_schema',
        )
        .trim()
        .split('\n')
        .map((line) => line.split('\t') as [string, string]);
      const left = columns.filter(([table, column]) => Number(server.sql(`SELECT COUNT(*) FROM \`${table}\` WHERE LOCATE('${word}', \`${column}\`) > 0`)) > 0);
      assert.deepEqual(left, [], word);
    }
  });
});
