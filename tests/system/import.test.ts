// Imports: what a file becomes, what is refused and why, and that running it again, killing the server or starting two
// changes nothing about the outcome.
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import type { Said, Task } from '../../agent-web/protocol/src/generated.ts';
import { ApiError, Server, waitFor, endAll } from './harness.ts';

interface ImportResult {
  rows: number;
  created: number;
  changed: number;
  unchanged: number;
  refused: number;
  report: { line: number; field: string | null; said: Said[] }[];
  report_sha256: string | null;
}

const COUNTED = ['customer', 'identity', 'identity_link', 'entry', 'shop_order', 'conversation'];

async function upload(server: Server, body: string | Buffer): Promise<string> {
  const response = await fetch(`${server.url}/api/v1/attachments?name=rows.csv`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.token}`, 'content-type': 'text/csv' },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
  assert.equal(response.status, 200, await response.clone().text());
  return ((await response.json()) as { upload: string }).upload;
}

async function over(server: Server, id: string, withinMs = 60_000): Promise<Task> {
  return await waitFor(
    'the task is over',
    async () => {
      const task = await server.api('task.get', { id });
      return ['done', 'failed', 'cancelled'].includes(task.state) ? task : null;
    },
    withinMs,
  );
}

const resultOf = (task: Task): ImportResult => {
  assert.equal(task.state, 'done', JSON.stringify(task.error));
  return task.result as unknown as ImportResult;
};

const counts = (r: ImportResult): number[] => [r.rows, r.created, r.changed, r.unchanged, r.refused];

const rowsOf = (server: Server): string => COUNTED.map((table) => `${table}=${server.sql(`SELECT COUNT(*) FROM ${table}`).trim()}`).join(' ');

function orders(n: number, from = 1): string {
  const lines = ['number,email,name,placed_at,state,currency,total,item_1_name,item_1_quantity'];
  for (let i = from; i < from + n; i++)
    lines.push(`#${i},buyer${i % 500}@example.com,Buyer ${i % 500},2026-01-02 10:00:00,shipped,JPY,${i},Tea,${(i % 3) + 1}`);
  return `${lines.join('\r\n')}\r\n`;
}

describe('import', () => {
  const ends: (() => Promise<void>)[] = [];
  after(async () => {
    await endAll(ends.reverse());
  });
  const begin = async (): Promise<{ server: Server; shop: string; run: (body: string | Buffer, more?: object) => Promise<Task> }> => {
    const server = await Server.start((fn) => ends.push(fn));
    const shop = (await server.channel('api', 'Shop')).id;
    const run = async (body: string | Buffer, more: object = {}): Promise<Task> => {
      const handle = await upload(server, body);
      const task = await server.api('import.start', { upload: handle, what: 'orders', format: 'csv', channel_id: shop, dry_run: false, ...more });
      return await over(server, task.id);
    };
    return { server, shop, run };
  };

  it('makes orders, changes nothing the second time, and says beforehand what it would do', async () => {
    const { server, run } = await begin();
    const file = `${orders(250)}#9999,nobody,X,2026-01-02,shipped,JPY,1,Tea,1\r\n#9998,a@example.com,X,yesterday,shipped,JPY,1,Tea,1\r\n`;
    const before = rowsOf(server);

    const dry = resultOf(await run(file, { dry_run: true }));
    assert.equal(rowsOf(server), before);
    const real = resultOf(await run(file));
    assert.deepEqual(counts(real), [252, 250, 0, 0, 2]);
    assert.deepEqual(dry, real);
    const after = rowsOf(server);
    assert.match(after, /entry=250 shop_order=250/);

    assert.deepEqual(counts(resultOf(await run(file))), [252, 0, 0, 250, 2]);
    assert.equal(rowsOf(server), after);

    assert.deepEqual(
      real.report.map(({ line, field }) => [line, field]),
      [
        [252, 'email'],
        [253, 'placed_at'],
      ],
    );
    assert.deepEqual(real.report[1]?.said, [{ code: 'import_time', params: { value: 'yesterday' } }]);
    const report = await fetch(`${server.url}/attachments/${real.report_sha256}`, { headers: { authorization: `Bearer ${server.token}` } });
    assert.match(await report.text(), /^line,field,problem,said\r\n252,"email","/);

    const newer = orders(1).replace('shipped', 'delivered').replace('placed_at', 'placed_at,updated_at').replace('10:00:00,', '10:00:00,2026-01-05,');
    assert.deepEqual(counts(resultOf(await run(newer))), [1, 0, 1, 0, 0]);
    const hit = (await server.api('customer.search', { query: 'buyer1@example.com' })).hits[0];
    const list = await server.api('order.list', { customer_id: hit?.id ?? '' });
    assert.equal(list.orders[0]?.state, 'delivered');
  });

  it('reads what spreadsheets write: Shift_JIS, UTF-16, semicolons, quotation marks over lines; and JSON lines', async () => {
    const { server, run } = await begin();
    const japanese = Buffer.concat([
      Buffer.from('number,email,name,placed_at,state,currency,total,note\r\n#1,a@example.com,'),
      Buffer.from([0x8d, 0xb2, 0x93, 0xa1, 0x89, 0xd4, 0x8e, 0x71]), // 佐藤花子
      Buffer.from(',2026/1/2 10:00,paid,JPY,"\xa51,200",'.replace('\xa5', ''), 'latin1'),
      Buffer.from([0x95, 0x5c, 0x8e, 0xa6]), // 表示: its second byte is a backslash
      Buffer.from('\r\n'),
    ]);
    assert.deepEqual(counts(resultOf(await run(japanese))), [1, 1, 0, 0, 0]);
    const found = (await server.api('customer.search', { query: '佐藤' })).hits;
    assert.equal(found.length, 1);
    assert.match(server.sql('SELECT facts FROM shop_order'), /表示/);
    assert.equal(server.sql('SELECT total FROM shop_order').trim(), '1200');

    const wide = Buffer.from(
      `\ufeffnumber;email;placed_at;state;currency;total;note\n#2;b@example.com;2026-01-02;paid;EUR;1.234,50;"two\nlines; and ""more"""\n`,
      'utf16le',
    );
    assert.deepEqual(counts(resultOf(await run(wide))), [1, 1, 0, 0, 0]);
    assert.match(server.sql("SELECT facts FROM shop_order WHERE number = '#2'"), /two\\\\nlines; and \\\\"more\\\\"/);
    assert.equal(server.sql("SELECT total FROM shop_order WHERE number = '#2'").trim(), '1234.50');

    const json = `${JSON.stringify({ number: '#3', email: 'c@example.com', placed_at: '2026-01-02T00:00:00Z', state: 'paid', currency: 'SEK', total: 12.5, items: [{ name: 'Kanelbulle', quantity: 2 }] })}\n\nnonsense\n`;
    const result = resultOf(await run(json, { format: 'jsonl' }));
    assert.deepEqual(counts(result), [2, 1, 0, 0, 1]);
    assert.equal(result.report[0]?.line, 3);
    assert.match(server.sql("SELECT facts FROM shop_order WHERE number = '#3'"), /Kanelbulle/);
  });

  it('refuses unknown columns by name, and a line without an end costs one line', async () => {
    const { server, shop, run } = await begin();
    const handle = await upload(server, orders(1).replace('currency', 'curency'));
    await assert.rejects(
      server.api('import.start', { upload: handle, what: 'orders', format: 'csv', channel_id: shop, dry_run: false }),
      (error: ApiError) => error.kind === 'invalid' && /no column "curency"; the nearest is "currency"/.test(error.message),
    );
    const lines = orders(5).split('\r\n');
    lines.splice(3, 0, `#77,"open@example.com,X,2026-01-02,paid,JPY,1,Tea,1`);
    lines.splice(5, 0, `#78,${'x'.repeat(2_000_000)}`);
    const result = resultOf(await run(lines.join('\r\n')));
    assert.deepEqual(counts(result), [7, 5, 0, 0, 2]);
    assert.deepEqual(
      result.report.map(({ line }) => line),
      [4, 6],
    );
    assert.equal(result.report[1]?.said[0]?.code, 'line_long');
    const template = await server.api('import.template', { what: 'orders', format: 'csv' });
    assert.deepEqual(counts(resultOf(await run(template.text))), [1, 1, 0, 0, 0]);
  });

  it('brings customer numbers into the space of the channel, and takes any column that names a person for an order', async () => {
    const { server, run } = await begin();
    const [till, points] = [await server.channel('api', 'Till', { customer_space: 'shop' }), await server.channel('api', 'Points', { customer_space: 'shop' })];
    const ordered = resultOf(
      await run('order_id,telegram_id,customer_number,placed_at,state,currency,total\r\n1,T-7,C-7,2026-11-02,paid,EUR,1\r\n', { channel_id: till.id }),
    );
    assert.deepEqual(ordered.report, []);
    await run('name,customer_number\r\nSeven,C-7\r\n', { what: 'people', channel_id: points.id });
    const hits = (await server.api('customer.search', { query: 'C-7' })).hits;
    assert.deepEqual(
      hits.map((hit) => hit.name),
      ['Seven'],
    );
    const { identities } = await server.api('customer.get', { id: hits[0]?.id ?? '' });
    assert.deepEqual(identities.map((one) => one.kind).sort(), ['shop_customer', 'telegram']);
  });

  it('makes people with identities, tags, attributes, consent and points; again changes nothing; another list changes what differs', async () => {
    const { server, run } = await begin();
    await server.api('attribute.put', { key: 'size', label: 'Size', type: 'choice', choices: ['S', 'M', 'L'] });
    await server.api('attribute.put', { key: 'visits', label: 'Visits', type: 'number' });
    const people = { what: 'people' };
    const file =
      'name,email,email_2,phone,customer_number,language,company,tags,consent_email,attributes.size,attributes.visits,points,tier\r\n' +
      'Hanako Sato,hanako@example.com,h.sato@work.example,090-1234-5678,C-1,ja,Example K.K.,vip;wholesale,granted,M,12,1200,Gold\r\n' +
      'Erik Öberg,erik@example.com,,+46 70 123 45 67,C-2,sv,,,refused,,,,\r\n' +
      'Nobody,,,,,,,,,,,,\r\n' +
      'Wrong,wrong@example.com,,,,,,,perhaps,,,,\r\n' +
      'Wrong Too,wrong2@example.com,,,,,,,,XXL,,,\r\n';
    const before = rowsOf(server);
    const dry = resultOf(await run(file, { ...people, dry_run: true }));
    assert.equal(rowsOf(server), before);
    const real = resultOf(await run(file, people));
    assert.deepEqual(counts(real), [5, 2, 0, 0, 3]);
    assert.deepEqual(dry, real);
    assert.deepEqual(
      real.report.map(({ line, field }) => [line, field]),
      [
        [4, null],
        [5, 'consent_email'],
        [6, 'attributes.size'],
      ],
    );

    const hit = (await server.api('customer.search', { query: 'hanako@example.com' })).hits[0];
    const hanako = await server.api('customer.get', { id: hit?.id ?? '' });
    assert.equal(hanako.name, 'Hanako Sato');
    assert.deepEqual(hanako.identities?.map((i) => `${i.kind}:${i.value}:${i.consent}`).sort(), [
      'email:h.sato@work.example:granted',
      'email:hanako@example.com:granted',
      'external:C-1:unknown',
      'phone:+819012345678:unknown',
    ]);
    assert.deepEqual(
      [hanako.language, hanako.company, hanako.tags, hanako.attributes, hanako.points, hanako.tier],
      ['ja', 'Example K.K.', ['vip', 'wholesale'], { size: 'M', visits: 12 }, 1200, 'Gold'],
    );

    const dump = (): string =>
      ['customer', 'identity', 'identity_link', 'claim', 'entry', 'tag'].map((table) => server.sql(`SELECT * FROM ${table} ORDER BY 1, 2`)).join('');
    const whole = dump();
    assert.deepEqual(counts(resultOf(await run(file, people))), [5, 0, 0, 2, 3]);
    assert.equal(dump(), whole);

    const update = 'email,company,tags\nhanako@example.com,Other K.K.,vip;press\nerik@example.com,,\nnew@example.com,,\n';
    assert.deepEqual(counts(resultOf(await run(update, people))), [3, 1, 1, 1, 0]);
    const now = await server.api('customer.get', { id: hanako.id });
    assert.deepEqual([now.name, now.company, now.tags], ['Hanako Sato', 'Other K.K.', ['vip', 'wholesale', 'press']]);
  });

  it('reads amounts as their currency allows, and telephone numbers as the shop is in; refuses what may be another', async () => {
    const { server, run } = await begin();
    const amounts = [
      ['JPY', '1,200円'],
      ['KRW', '12,800원'],
      ['JPY', '1.200'],
      ['EUR', '(12,50)'],
      ['EUR', '12,50-'],
      ['EUR', '1.200'],
      ['JPY', '12.5'],
      ['ZZZ', '5'],
      ['EUR', 'twelve'],
    ];
    const file = [
      'order_id;email;placed_at;state;currency;total',
      ...amounts.map(([currency, total], i) => `A${i};amount@example.com;2026-11-02;paid;${currency};"${total}"`),
    ].join('\n');
    const read = resultOf(await run(`${file}\n`));
    assert.deepEqual(
      read.report.map(({ line, field, said }) => [line, field, said[0]?.code]),
      [
        [7, 'total', 'import_amount'],
        [8, 'total', 'import_amount'],
        [9, 'currency', 'no_currency'],
        [10, 'total', 'import_amount'],
      ],
    );
    assert.equal(server.sql("SELECT GROUP_CONCAT(total ORDER BY number SEPARATOR ' ') FROM shop_order").trim(), '1200 12800 1200 -12.50 -12.50');
    const priced = resultOf(
      await run('order_id,email,placed_at,state,currency,total,item_1_name,item_1_price\nB1,amount@example.com,2026-11-02,paid,JPY,900,Tea,"¥ 9.50"\n'),
    );
    assert.deepEqual(
      priced.report.map(({ line, field }) => [line, field]),
      [[2, 'item_1_price']],
    );

    const london = (await server.channel('api', 'London', { country: 'GB' })).id;
    const phones = 'name,phone\nA,020 7946 0123\nB,442079460124\nC,819012345678.0\nD,8.19012E+11\n\u200bE,\ufeff00819012345678\u202c\nF,312345678\n';
    const people = resultOf(await run(phones, { what: 'people', channel_id: london }));
    assert.deepEqual(
      people.report.map(({ line, field, said }) => [line, field, said[0]?.code]),
      [
        [4, 'phone', 'import_phone_rounded'],
        [5, 'phone', 'import_phone_rounded'],
        [7, 'phone', 'import_phone_unsure'],
      ],
    );
    assert.equal(
      server.sql("SELECT GROUP_CONCAT(value ORDER BY value SEPARATOR ' ') FROM identity WHERE kind = 2").trim(),
      '+442079460123 +442079460124 +819012345678',
    );
    await server.api('orders.put', {
      channel_id: london,
      orders: [
        {
          identities: [{ kind: 'phone', value: '020 7946 0125' }],
          order: { external_id: '1', number: '1', state: 'paid', place: 'web', placed_at: '2026-11-02T10:00:00Z', currency: 'GBP', total: '1' },
        },
      ],
    });
    assert.equal(server.sql("SELECT COUNT(*) FROM identity WHERE value = '+442079460125'").trim(), '1');
  });

  it('goes on where it was when the server is killed', async () => {
    const { server, shop } = await begin();
    const handle = await upload(server, orders(6000));
    const task = await server.api('import.start', { upload: handle, what: 'orders', format: 'csv', channel_id: shop, dry_run: false });
    await waitFor('some steps are done', () => Number(server.sql('SELECT COUNT(*) FROM shop_order')) > 500);
    await server.stop('SIGKILL');
    const left = Number(server.sql('SELECT COUNT(*) FROM shop_order'));
    assert.ok(left > 500 && left < 6000, `killed at ${left}`);
    assert.equal(left % 100, 0);

    await server.serve();
    const done = resultOf(await over(server, task.id));
    assert.deepEqual(counts(done), [6000, 6000, 0, 0, 0]);
    assert.equal(server.sql('SELECT COUNT(*) FROM shop_order').trim(), '6000');
    assert.equal(server.sql('SELECT COUNT(*) FROM entry').trim(), '6000');
  });

  it('is run once by two servers, and taken over when one of them dies', async () => {
    const { server, shop } = await begin();
    const second = await server.twin((fn) => ends.push(fn));
    const ids: string[] = [];
    for (let i = 0; i < 4; i++) {
      const handle = await upload(server, orders(3000, 1 + i * 3000));
      ids.push((await server.api('import.start', { upload: handle, what: 'orders', format: 'csv', channel_id: shop, dry_run: false })).id);
    }
    await waitFor('both are at work', () => server.log.includes('task id=') && second.log.includes('task id='));
    await second.stop('SIGKILL');
    for (const id of ids) assert.deepEqual(counts(resultOf(await over(server, id))), [3000, 3000, 0, 0, 0]);
    assert.equal(server.sql('SELECT COUNT(*), COUNT(DISTINCT external_id) FROM shop_order').trim(), '12000\t12000');
    assert.equal(server.sql('SELECT COUNT(*) FROM entry').trim(), '12000');
  });

  it('can be cancelled between two steps', async () => {
    const { server, shop } = await begin();
    const handle = await upload(server, orders(8000));
    const agent = await server.agent();
    const task = await server.api('import.start', { upload: handle, what: 'orders', format: 'csv', channel_id: shop, dry_run: false });
    await waitFor('some steps are done', () => Number(server.sql('SELECT COUNT(*) FROM shop_order')) > 200);
    await server.api('task.cancel', { id: task.id });
    const ended = await over(server, task.id);
    assert.equal(ended.state, 'cancelled');
    const result = ended.result as unknown as ImportResult;
    assert.equal(result.created, Number(server.sql('SELECT COUNT(*) FROM shop_order')));
    assert.ok(result.created < 8000);
    await waitFor('the end is pushed', () => agent.pushed('task').some((push) => push.id === task.id && push.state === 'cancelled'));
    await assert.rejects(server.api('task.cancel', { id: task.id }), (error: ApiError) => error.kind === 'conflict');
  });
});
