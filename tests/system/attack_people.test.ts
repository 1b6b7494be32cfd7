// What is done to one person by many at once, and what somebody who may not read a channel tries to learn of it.
import assert from 'node:assert/strict';
import { existsSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Entry } from '../../agent-web/protocol/src/generated.ts';
import { ApiError, randomUUID, Server, Socket, waitFor, endAll } from './harness.ts';

const SECRET = 'Hemligord';

describe('attack on people', () => {
  let server: Server;
  let shop: string;
  let boss: Socket;
  let cookie: string;
  const ends: (() => Promise<void>)[] = [];

  before(async () => {
    server = await Server.start((fn) => ends.push(fn), { config: { desk: { undo_seconds: '5' } } });
    shop = (await server.channel('api', 'Shop')).id;
    cookie = await server.login();
    boss = await server.agent(cookie);
  });
  after(async () => {
    await endAll(ends.reverse());
  });

  /** Somebody who has written; their id. */
  async function person(name: string, text = 'hello', channel = shop): Promise<string> {
    const identity = { kind: 'email' as const, value: `${name}@people.example`, name };
    await server.api('entries.put', {
      channel_id: channel,
      entries: [{ identity, kind: 'message', external_id: `${name}-1`, subject: `${text} subject`, text }],
    });
    return (await server.api('customer.search', { query: identity.value })).hits[0]?.id ?? '';
  }

  const timeline = async (customer_id: string): Promise<Entry[]> => (await server.api('timeline.page', { customer_id, limit: 200 })).entries;
  const message = async (customer_id: string): Promise<Entry> => (await timeline(customer_id)).find((entry) => entry.kind === 'message') as Entry;
  const settled = (calls: Promise<unknown>[]): Promise<string[]> =>
    Promise.all(
      calls.map((call) =>
        call.then(
          () => 'done',
          (error: ApiError) => error.kind,
        ),
      ),
    );

  it('moves an entry once, however many move it at once', async () => {
    const to = await Promise.all(['here', 'there', 'yonder', 'beyond'].map((name) => person(`move-${name}`)));
    for (let round = 0; round < 8; round++) {
      const entry = await message(await person(`moved${round}`, `moved ${round}`));
      const said = await settled(to.map((customer_id) => server.api('entry.move', { entry_id: entry.id, customer_id })));
      assert.equal(said.filter((one) => one === 'done').length, 1, said.join());
      assert.equal(Number(server.sql(`SELECT COUNT(*) FROM entry WHERE text = 'moved ${round}'`)), 2, 'where it came in, and where it is');
    }
  });

  it('does not bring back by a move what is erased that moment', async () => {
    const to = await person('wordless');
    for (let round = 0; round < 12; round++) {
      const entry = await message(await person(`erased${round}`, `${SECRET}${round}`));
      await settled([
        server.api('entry.move', { entry_id: entry.id, customer_id: to }),
        server.api('privacy.erase_entry', { entry_id: entry.id, reason: 'asked' }),
      ]);
      assert.equal(
        Number(server.sql(`SELECT COUNT(*) FROM entry WHERE text LIKE '%${SECRET}${round}' OR subject LIKE '%${SECRET}${round} %'`)),
        0,
        `round ${round}`,
      );
    }
  });

  it('says nothing more under a person who has been erased', async () => {
    const id = await person('gone', SECRET);
    const entry = await message(await person('stays'));
    const task = await server.api('privacy.erase_customer', { customer_id: id, reason: 'asked', confirm: 'gone' });
    await waitFor('the erasure is over', async () => (await server.api('task.get', { id: task.id })).state === 'done');
    const said = await settled([
      boss.call('note.add', { customer_id: id, client_id: randomUUID(), text: `${SECRET} again` }),
      server.api('entry.move', { entry_id: entry.id, customer_id: id }),
    ]);
    assert.deepEqual(said, ['conflict', 'conflict']);
    assert.equal(Number(server.sql(`SELECT COUNT(*) FROM entry WHERE text LIKE '${SECRET} again'`)), 0);
  });

  it('adds up orders whose totals no purse can hold', async () => {
    const identities = [{ kind: 'email' as const, value: 'rich@people.example' }];
    const orders = ['9'.repeat(32), `-${'9'.repeat(31)}`, '9223372036854775807.99', '1.50'].map((total, i) => ({
      identities,
      order: {
        external_id: `rich${i}`,
        number: `#rich${i}`,
        state: 'placed',
        place: 'web',
        placed_at: '2026-01-02T00:00:00Z',
        updated_at: '2026-01-02T00:00:00Z',
        currency: 'SEK',
        total,
        items: [],
      },
    }));
    await server.api('orders.put', { channel_id: shop, orders } as never);
    const customer_id = (await server.api('customer.search', { query: 'rich@people.example' })).hits[0]?.id ?? '';
    assert.equal((await server.api('customer.overview', { customer_id })).orders[0]?.count, 4);
  });

  it('keeps out numbers that no JSON can hold', async () => {
    const id = await person('numbers');
    await server.api('attribute.put', { key: 'size', label: 'Size', type: 'number' });
    for (const size of ['NaN', '-Infinity', 'Infinity', 'nan', '1e400', '-1e400']) {
      const headers = { authorization: `Bearer ${server.token}` };
      const said = await fetch(`${server.url}/api/v1/customer.update`, { method: 'POST', headers, body: `{"id":"${id}","attributes":{"size":${size}}}` });
      assert.ok([400, 422].includes(said.status), `${size}: ${said.status}`);
    }
    assert.deepEqual((await server.api('customer.update', { id, about: 'NaN \\ "Infinity" nan', attributes: { size: 1e300 } })).attributes, { size: 1e300 });
    assert.deepEqual((await server.api('customer.get', { id })).attributes, { size: 1e300 });
  });

  it('reads a file of stray quotation marks to its end', async () => {
    const upload = await fetch(`${server.url}/api/v1/attachments?name=stray.csv`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.token}`, 'content-type': 'text/csv' },
      body: `name,email\n${'"q,a@b\n'.repeat(25_000)}last,last@people.example\n`,
    });
    const { upload: handle } = (await upload.json()) as { upload: string };
    const task = await server.api('import.start', { upload: handle, what: 'people', format: 'csv' });
    const over = await waitFor('it is read', async () => ((now) => (now.state === 'done' ? now : null))(await server.api('task.get', { id: task.id })), 40_000);
    const { rows, created, refused } = over.result as { rows: number; created: number; refused: number };
    assert.deepEqual({ rows, created, refused }, { rows: 25_001, created: 1, refused: 25_000 });
  });

  it('gives files harmless names in an export', async () => {
    const customer_id = await person('hostile');
    const headers = { authorization: `Bearer ${server.token}`, 'content-type': 'text/plain' };
    const { upload } = await server.upload('x', 'a file', { cookie });
    const names = [
      '../../../../etc/cron.d/x',
      '/etc/passwd',
      'C:\\x\\..\\y',
      'same.txt',
      'same.txt',
      'gpj\u202eexe.cmd',
      '\u2066x',
      '..',
      ' ',
      'n'.repeat(240),
    ];
    await boss.call('note.add', { customer_id, client_id: randomUUID(), text: 'files', attachments: names.map((name) => ({ upload, name })) });
    const task = await server.api('privacy.export', { customer_id });
    const done = await waitFor('it is there', async () => ((now) => (now.state === 'done' ? now : null))(await server.api('task.get', { id: task.id })));
    const zip = await (await fetch(`${server.url}/attachments/${(done.result as { sha256: string }).sha256}`, { headers })).text();
    const directory = zip.slice(zip.indexOf('PK\u0001\u0002'));
    const paths = [...directory.matchAll(/attachments\/[^\u0000]*?(?=[\u0000-\u0008]|UT|PK)/g)].map(([path]) => path);
    assert.equal(new Set(paths).size, names.length, paths.join('\n'));
    for (const path of paths) assert.doesNotMatch(path.slice('attachments/'.length), /[/\\\u202a-\u202e\u2066-\u2069\u200e\u200f]/, path);
  });

  it('makes the search index anew when somebody spoils its file', async () => {
    const index = join(server.folder, 'search.index');
    const spoil: [string, () => void][] = [
      ['removed', () => rmSync(index)],
      ['replaced', () => (writeFileSync(`${index}.x`, 'no index'), renameSync(`${index}.x`, index))],
      ['cut', () => truncateSync(index, 100)],
      ['journal overwritten', () => writeFileSync(`${index}-wal`, Buffer.alloc(100_000, 9))],
    ];
    await person('aardvark', 'aardvark');
    for (const [n, [what, how]] of spoil.entries()) {
      await waitFor('the file is there', () => existsSync(index) && existsSync(`${index}-wal`));
      how();
      await person(`spoilt${n}`, `spoilt${n} word`);
      await waitFor(
        `${what}: all find the old and the new`,
        async () => {
          const found = await Promise.all(Array.from({ length: 24 }, (_, i) => server.api('search.query', { query: i % 2 ? 'aardvark' : `spoilt${n}` })));
          return found.every((one) => one.people.length > 0) && existsSync(index);
        },
        15_000,
      );
    }
  });

  describe('a closed channel', () => {
    let closed: string;
    let id: string;
    let low: Socket;
    let lowToken: string;

    before(async () => {
      closed = (await server.channel('email', 'Closed', { address: 'hr@people.example', smtp_url: 'smtp://127.0.0.1:1' })).id;
      await server.api('channel.update', { id: closed, readers: 'supervisor' });
      await waitFor('it is closed', async () => (await server.api('channel.list', {})).channels.find((one) => one.id === closed)?.readers === 'supervisor');
      id = await person('pat', SECRET, closed);
      low = await server.agent((await server.newAgent('Low')).cookie);
      lowToken = (await server.api('token.create', { name: 'low', role: 'agent' })).secret;
      const order = {
        external_id: 'c1',
        number: '#c1',
        state: 'placed',
        place: 'web',
        placed_at: '2026-01-02T00:00:00Z',
        updated_at: '2026-01-02T00:00:00Z',
        currency: 'SEK',
        total: '10',
        items: [{ name: SECRET, quantity: 1 }],
      };
      await server.api('orders.put', { channel_id: closed, orders: [{ identities: [{ kind: 'email', value: 'pat@people.example' }], order }] } as never);
    });

    it('tells an agent nothing, whatever is asked', async () => {
      const asked: [string, object][] = [
        ['order.find', { number: 'c1', at: new Date().toISOString() }],
        ['order.list', { customer_id: id }],
        ['customer.overview', { customer_id: id }],
        ['customer.journey', { customer_id: id }],
        ['conversation.list', { view: 'all' }],
        ['timeline.page', { customer_id: id }],
        ['timeline.page', { customer_id: id, query: SECRET }],
        ['timeline.page', { customer_id: id, order_number: 'c1' }],
        ['search.query', { query: SECRET }],
        ['search.query', { query: `${SECRET.slice(0, 4)}` }],
        ['customer.suggestions', { customer_id: id }],
        ['customer.get', { id }],
      ];
      for (const [method, params] of asked) {
        const told = JSON.stringify(await server.api(method as 'order.find', params as never, lowToken));
        assert.ok(!told.includes(SECRET) && !told.includes('"total":"10"'), `${method}: ${told}`);
      }
      assert.equal((await server.api('order.list', { customer_id: id })).orders.length, 1, 'and an administrator all');
    });

    it('takes no answer from who may not read it, and hands over no subject', async () => {
      const way = (await server.api('customer.reach', { customer_id: id })).ways.find((one) => one.channel_id === closed);
      const before = server.sql('SELECT COUNT(*) FROM outbox');
      await assert.rejects(
        low.call('message.send', { customer_id: id, identity_id: way?.identity_id ?? '', channel_id: closed, client_id: randomUUID(), text: 'mine' }),
        (error: ApiError) => error.kind === 'forbidden' && !error.message.includes(SECRET),
      );
      assert.equal(server.sql('SELECT COUNT(*) FROM outbox'), before);
    });

    it('is not taken back, moved back or shown by who may not read it', async () => {
      const way = (await server.api('customer.reach', { customer_id: id })).ways.find((one) => one.channel_id === closed);
      const hidden = await boss.call('message.send', {
        customer_id: id,
        identity_id: way?.identity_id ?? '',
        channel_id: closed,
        client_id: randomUUID(),
        text: SECRET,
      });
      await assert.rejects(low.call('message.cancel', { id: hidden.id }), (error: ApiError) => error.kind === 'forbidden');
      assert.notEqual((await server.api('entry.get', { id: hidden.id })).delivery, 'cancelled');
      const entry = (await timeline(id)).find((one) => one.direction === 'in' && one.kind === 'message') as Entry;
      const moved = await server.api('entry.move', { entry_id: entry.id, customer_id: await person('elsewhere') });
      await assert.rejects(low.call('entry.move_back', { entry_id: moved.id }), (error: ApiError) => error.kind === 'forbidden');
    });
  });
});
