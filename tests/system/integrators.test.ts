// What integrators do by the API: putting what happened elsewhere, looking up, and being handed answers.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { deliver, rfc822Request } from '../../agent-web/play/providers.ts';
import type { Entry } from '../../agent-web/protocol/src/generated.ts';
import { ApiError, endAll, randomUUID, Server, type Socket, waitFor, refused } from './harness.ts';

const ends: (() => unknown)[] = [];
let server: Server;
before(async () => {
  server = await Server.start((fn) => ends.push(fn));
});
after(() => endAll(ends.reverse()));

const email = (value: string): object => ({ kind: 'email', value });

interface Put {
  created: number;
  updated: number;
  repeated: number;
  refused: number;
  items: { id: string | null; external_id: string; result: string; error: { message: string; data: { kind: string; field: string; reason: string } } | null }[];
}

describe('putting from outside', () => {
  let till: { id: string };
  before(async () => {
    till = await server.channel('api', 'Till');
  });
  const put = async (...entries: object[]): Promise<Put> => (await server.api('entries.put', { channel_id: till.id, entries } as never)) as never;
  const orders = async (...list: object[]): Promise<Put> => (await server.api('orders.put', { channel_id: till.id, orders: list } as never)) as never;
  const results = (answer: Put): string[] => answer.items.map((item) => item.result);

  it('tells of each what became of it, in their order: what is refused holds up no other', async () => {
    const entry = (external_id: string, text: string, more: object = {}): object => ({
      identity: email('each@people.example'),
      kind: 'message',
      external_id,
      text,
      ...more,
    });
    assert.deepEqual(results(await put(entry('e1', 'one'))), ['new']);
    const answer = await put(
      entry('e2', 'two'),
      entry('e1', 'one'),
      entry('e1', 'something else'),
      entry('e3', 'three', { identity: { kind: 'phone', value: 'no number' } }),
      entry('e4', 'four', { kind: 'order' }),
      entry('e2', 'two'),
      entry('e5', 'five', { also: [{ kind: 'visitor', value: 'x' }] }),
      entry('e6', 'six'),
    );
    assert.deepEqual(results(answer), ['new', 'unchanged', 'refused', 'refused', 'refused', 'unchanged', 'refused', 'new']);
    assert.deepEqual([answer.created, answer.updated, answer.repeated, answer.refused], [2, 0, 2, 4]);
    assert.deepEqual(
      answer.items.map((item) => item.external_id),
      ['e2', 'e1', 'e1', 'e3', 'e4', 'e2', 'e5', 'e6'],
    );
    assert.deepEqual(
      answer.items.map((item) => item.error?.data.reason),
      [undefined, undefined, 'id_used', 'put_value', 'cannot_put_kind', undefined, 'put_unproven', undefined],
    );
    assert.equal(answer.items[0]?.id, answer.items[5]?.id);
    for (const { id, result, external_id } of answer.items)
      if (result === 'refused') assert.equal(id, null);
      else assert.equal((await server.api('entry.get', { id: id ?? '' })).external_id, external_id);
  });

  it('takes a newer state of a call as the same entry, and an older one as none', async () => {
    const call = (state: string, updated_at?: string): object => ({
      identity: { kind: 'phone', value: '+81312345678' },
      kind: 'call',
      external_id: 'call-1',
      occurred_at: '2026-01-01T10:00:00Z',
      ...(updated_at ? { updated_at } : {}),
      payload: { state },
    });
    const ringing = await put(call('ringing', '2026-01-01T10:00:00Z'));
    const done = await put(call('completed', '2026-01-01T10:05:00Z'));
    const late = await put(call('in_progress', '2026-01-01T10:01:00Z'), call('ringing', '2026-01-01T10:00:00Z'), call('completed', '2026-01-01T10:05:00Z'));
    assert.deepEqual([ringing, done, late].map(results), [['new'], ['updated'], ['unchanged', 'unchanged', 'unchanged']]);
    const ids = new Set([ringing, done, late].flatMap((answer) => answer.items.map((item) => item.id)));
    assert.equal(ids.size, 1);
    const entry = await server.api('entry.get', { id: [...ids][0] ?? '' });
    assert.equal((entry.payload as { state: string }).state, 'completed');
    assert.equal(server.sql("SELECT COUNT(*) FROM entry WHERE external_id = 'call-1'").trim(), '1');
    const both = await put({ ...call('ringing'), external_id: 'call-2' }, { ...call('completed'), external_id: 'call-2' });
    assert.deepEqual(results(both), ['new', 'updated']);
    const wrong = await put({ identity: email('each@people.example'), kind: 'message', external_id: 'm1', text: 'hello', updated_at: '2026-01-01T10:00:00Z' });
    assert.deepEqual([results(wrong), wrong.items[0]?.error?.data.reason], [['refused'], 'put_without_course']);
  });

  it('points that were so before do not become the balance', async () => {
    const points = (balance: number, updated_at: string): object => ({
      identity: email('points@people.example'),
      kind: 'points',
      external_id: 'p1',
      updated_at,
      payload: { balance },
    });
    await put(points(10, '2026-01-01T10:00:00Z'));
    await put(points(30, '2026-01-03T10:00:00Z'));
    await put(points(20, '2026-01-02T10:00:00Z'));
    const id = (await server.api('customer.search', { query: 'points@people.example' })).hits[0]?.id ?? '';
    assert.equal((await server.api('customer.get', { id })).points, 30);
  });

  it('orders are told by the id of the order, new by their first state alone', async () => {
    const order = (external_id: string, state: string, day: number, who: object = email('order@people.example')): object => ({
      identities: [who],
      order: {
        external_id,
        number: `#${external_id}`,
        state,
        place: 'web',
        placed_at: '2026-01-01T00:00:00Z',
        updated_at: `2026-01-0${day}T00:00:00Z`,
        currency: 'EUR',
        total: '10.00',
      },
    });
    const answer = await orders(
      order('o1', 'placed', 1),
      order('o1', 'paid', 2),
      order('o2', 'placed', 1, email('nonsense')),
      order('o3', 'placed', 1),
      order('o1', 'paid', 2),
    );
    assert.deepEqual(results(answer), ['new', 'updated', 'refused', 'new', 'unchanged']);
    assert.deepEqual(results(await orders(order('o1', 'shipped', 3), order('o3', 'placed', 1))), ['updated', 'unchanged']);
    const customer_id = (await server.api('customer.search', { query: 'order@people.example' })).hits[0]?.id ?? '';
    const there = (await server.api('order.list', { customer_id })).orders;
    assert.deepEqual(there.map((one) => one.id).sort(), [answer.items[0]?.id, answer.items[3]?.id].sort());
    assert.equal(there.find((one) => one.id === answer.items[0]?.id)?.state, 'shipped');
    assert.deepEqual([answer.items[2]?.id, answer.items[2]?.external_id, answer.items[2]?.error?.data.reason], [null, 'o2', 'put_value']);
  });

  it('refuses the whole call for what it does not know, for too many, and for a channel that is not there', async () => {
    const entry = { identity: email('bad@people.example'), kind: 'message', external_id: 'x', text: 'x' };
    await refused(put({ ...entry, nonsense: 1 }), 'invalid', 'entries[0].nonsense');
    await refused(put(...Array.from({ length: 201 }, (_, i) => ({ ...entry, external_id: `x${i}` }))), 'invalid', 'entries');
    await refused(put({ ...entry, attachments: Array.from({ length: 11 }, () => ({ upload: 'x', name: 'x' })) }), 'invalid', 'entries[0].attachments');
    await refused(server.api('entries.put', { channel_id: randomUUID(), entries: [entry] } as never), 'not_found', 'channel_id');
    await refused(server.api('entries.put', { channel_id: 'ffffffff-ffff-ffff-ffff-fffffffffff', entries: [entry] } as never), 'invalid', 'channel_id');
  });

  it('brings files along by the handles of their uploads, and a repeat needs them no more', async () => {
    const { upload = '' } = await server.upload('receipt.txt', 'thank you', undefined, 'text/plain');
    const entry = (handle: string, external_id = 'f1'): object => ({
      identity: email('files@people.example'),
      kind: 'message',
      external_id,
      text: 'with a file',
      attachments: [{ upload: handle, name: 'receipt.txt', type: 'text/plain' }],
    });
    const first = await put(entry(upload));
    assert.deepEqual(results(first), ['new']);
    const files = (await server.api('entry.get', { id: first.items[0]?.id ?? '' })).attachments as unknown as { name: string; url: string }[];
    assert.equal(files[0]?.name, 'receipt.txt');
    server.sql('DELETE FROM upload');
    const again = await put(entry(upload), entry(upload, 'f2'));
    assert.deepEqual(results(again), ['unchanged', 'refused']);
    assert.deepEqual([again.items[1]?.error?.data.reason, again.items[0]?.id], ['file_gone', first.items[0]?.id]);
  });
});

describe('looking up', () => {
  it('an entry by its id, by its channel and its id there, and a mail by its Message-ID', async () => {
    const till = await server.channel('api', 'Looked up');
    const other = await server.channel('api', 'Another');
    const entry = { identity: email('lookup@people.example'), kind: 'message', external_id: 'L-1', text: 'found' };
    const { items } = (await server.api('entries.put', { channel_id: till.id, entries: [entry] } as never)) as unknown as Put;
    const id = items[0]?.id ?? '';
    assert.equal((await server.api('entry.get', { channel_id: till.id, external_id: 'L-1' } as never)).id, id);
    await refused(server.api('entry.get', { channel_id: other.id, external_id: 'L-1' } as never), 'not_found', 'id');
    await refused(server.api('entry.get', { channel_id: till.id, external_id: 'l-1' } as never), 'not_found', 'id');
    await refused(server.api('entry.get', { channel_id: randomUUID(), external_id: 'L-1' } as never), 'not_found', 'channel_id');
    for (const wrong of [{}, { id, message_id: 'x' }, { channel_id: till.id }, { external_id: 'L-1' }, { id, channel_id: till.id, external_id: 'L-1' }])
      await refused(server.api('entry.get', wrong as never), 'invalid', 'id');

    const mail = await server.channel('email', 'Desk', { address: 'desk@shop.example' });
    const raw = Buffer.from('From: mia@people.example\r\nMessage-ID: <One@people.example>\r\nSubject: hi\r\n\r\nby mail');
    assert.equal((await deliver(rfc822Request({ url: mail.url, token: mail.secrets['token'] ?? '' }, raw))).status, 200);
    for (const message_id of ['<One@people.example>', 'One@people.example'])
      assert.equal((await server.api('entry.get', { message_id } as never)).text, 'by mail');
    await refused(server.api('entry.get', { message_id: '<none@people.example>' } as never), 'not_found', 'id');
  });

  it('a person by exactly one identity, in the space where it is known', async () => {
    const shop = await server.channel('api', 'Numbers');
    const other = await server.channel('api', 'Other numbers');
    const entry = {
      identity: { kind: 'external', value: 'C-7' },
      also: [{ kind: 'phone', value: '+81 3-9999-0000' }],
      kind: 'message',
      external_id: 'N-1',
      text: 'x',
    };
    await server.api('entries.put', { channel_id: shop.id, entries: [entry] } as never);
    const find = (params: object) => server.api('customer.find', params as never);
    const { id } = await find({ kind: 'external', value: 'C-7', channel_id: shop.id });
    assert.equal((await find({ kind: 'phone', value: '+81399990000' })).id, id);
    await refused(find({ kind: 'external', value: 'C-7', channel_id: other.id }), 'not_found', 'value');
    await refused(find({ kind: 'external', value: 'C-7' }), 'invalid', 'channel_id');
    await refused(find({ kind: 'phone', value: '+8139999000' }), 'not_found', 'value'); // no prefix of it
    await refused(find({ kind: 'phone', value: 'nobody' }), 'invalid', 'value');
    await refused(find({ kind: 'phone', value: '+81399990000', channel_id: randomUUID() }), 'not_found', 'channel_id');
  });
});

describe('people of another system', () => {
  const create = (params: object) => server.api('customer.create', { client_id: randomUUID(), ...params } as never);

  it('are made with identities and a profile, once for each client_id', async () => {
    await server.api('attribute.put', { key: 'size', label: 'Size', type: 'number' });
    const client_id = randomUUID();
    const params = {
      client_id,
      identities: [
        { ...email('Ada@People.example'), name: 'A.' },
        { kind: 'phone', value: '+44 20 7946 0000' },
      ],
      name: 'Ada Byron',
      company: 'Engines',
      tags: ['vip'],
      attributes: { size: 38 },
    };
    const made = await create(params);
    assert.deepEqual(
      [made.id, made.name, made.company, made.tags, made.attributes, made.identities.map(({ value }) => value).sort()],
      [client_id, 'Ada Byron', 'Engines', ['vip'], { size: 38 }, ['+442079460000', 'ada@people.example']],
    );
    await server.api('customer.update', { id: client_id, name: 'Ada Lovelace' });
    assert.equal((await create(params)).name, 'Ada Lovelace');
    await refused(create({ ...params, identities: [email('other@people.example')] }), 'conflict', 'client_id');
    await refused(create({ identities: [email('new@people.example'), email('ada@people.example')] }), 'conflict', 'identities');
    await refused(server.api('customer.find', { kind: 'email', value: 'new@people.example' } as never), 'not_found', 'value');
  });

  it('are refused by name when something is wrong, and then nobody is made', async () => {
    const before = server.sql('SELECT COUNT(*) FROM customer');
    await refused(create({ identities: [] }), 'invalid', 'identities');
    await refused(create({ identities: Array.from({ length: 6 }, (_, i) => email(`n${i}@people.example`)) }), 'invalid', 'identities');
    await refused(create({ identities: [email('nonsense')] }), 'invalid', 'identity');
    await refused(create({ identities: [{ kind: 'external', value: '1' }] }), 'invalid', 'channel_id');
    await refused(create({ identities: [{ kind: 'visitor', value: '1' }] }), 'invalid', 'identity');
    await refused(create({ identities: [email('b@people.example')], channel_id: randomUUID() }), 'not_found', 'channel_id');
    await refused(create({ identities: [email('b@people.example')], attributes: { none: 1 } }), 'invalid', 'attributes');
    await refused(create({ identities: [email('b@people.example')], nonsense: 1 }), 'invalid', 'nonsense');
    for (const client_id of ['00000000-0000-0000-0000-000000000000', 'x', '{0192f0c1-7d5e-7cc3-98c4-dc0c0c07398f}', 7])
      await refused(create({ client_id, identities: [email('b@people.example')] }), 'invalid', 'client_id');
    assert.equal(server.sql('SELECT COUNT(*) FROM customer'), before);
  });

  it('are one person when two clients race with the same client_id, and one when they race with the same address', async () => {
    const client_id = randomUUID();
    const same = await Promise.all(Array.from({ length: 8 }, () => create({ client_id, identities: [email('race@people.example')], name: 'Race' })));
    assert.deepEqual([...new Set(same.map(({ id, name }) => `${id} ${name}`))], [`${client_id} Race`]);
    const others = await Promise.allSettled(Array.from({ length: 8 }, () => create({ identities: [email('race2@people.example')] })));
    assert.equal(others.filter(({ status }) => status === 'fulfilled').length, 1);
    for (const one of others) if (one.status === 'rejected') assert.equal((one.reason as ApiError).reason, 'exists_already');
    assert.equal(server.sql("SELECT COUNT(*) FROM customer WHERE name = 'Race'").trim(), '1');
  });

  it('are listed page by page, all of them once, and only what has changed since', async () => {
    for (const n of [1, 2, 3]) await create({ identities: [email(`page${n}@people.example`)] });
    const list = async (more: object): Promise<string[]> => {
      const ids: string[] = [];
      for (let after_id: string | undefined; ; after_id = ids.at(-1)) {
        const { customers, more: goesOn } = await server.api('customer.list', { ...more, limit: 2, ...(after_id ? { after_id } : {}) } as never);
        ids.push(...customers.map(({ id }) => id));
        if (!goesOn) return ids;
      }
    };
    const everybody = await list({});
    assert.equal(new Set(everybody).size, everybody.length);
    assert.equal(everybody.length, Number(server.sql('SELECT COUNT(*) FROM customer')));
    const { id } = await server.api('customer.find', { kind: 'email', value: 'page1@people.example' } as never);
    const { id: from_id } = await server.api('customer.find', { kind: 'email', value: 'page2@people.example' } as never);
    server.sql('UPDATE customer SET changed_at = changed_at - 10000000; UPDATE identity_link SET from_at = from_at - 10000000');
    const changed_since = new Date(Date.now() - 5_000_000).toISOString();
    assert.deepEqual(await list({ changed_since }), []);
    await server.api('customer.merge', { into_id: id, from_id, client_id: randomUUID(), reason: 'the same' } as never);
    assert.deepEqual(new Set(await list({ changed_since })), new Set([id, from_id]));
    await refused(server.api('customer.list', { limit: 201 } as never), 'invalid', 'limit');
    await refused(server.api('customer.list', { after_id: 'x' } as never), 'invalid', 'after_id');
  });
});

describe('the documents', () => {
  interface Schema {
    $ref?: string;
    type?: string | string[];
    enum?: (string | null)[];
    required?: string[];
    properties?: Record<string, Schema>;
    additionalProperties?: boolean;
    items?: Schema;
    allOf?: Schema[];
    oneOf?: Schema[];
    minLength?: number;
    maxLength?: number;
    minItems?: number;
  }
  interface Operation {
    tags: string[];
    security?: unknown[];
    requestBody?: { content: Record<string, { schema: Schema; example?: object }> };
    responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
  }
  interface Api {
    paths: Record<string, Record<string, Operation>>;
    components: { schemas: Record<string, Schema> };
    'x-websocket': {
      path: string;
      protocols: Record<string, string>;
      methods: Record<string, { params: Schema; result: Schema }>;
      notifications: Record<string, { params: Schema }>;
    };
  }
  let api: Api;
  before(async () => {
    const response = await fetch(`${server.url}/api/v1/openapi.json`);
    assert.deepEqual([response.status, response.headers.get('content-type')], [200, 'application/json']);
    api = (await response.json()) as Api;
  });
  const schemaOf = (schema: Schema): Schema =>
    schema.$ref
      ? (api.components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? assert.fail(schema.$ref))
      : (schema.allOf?.[0] ?? schema.oneOf?.[0] ?? schema);
  const params = (operation: Operation): { schema: Schema; example?: object } => operation.requestBody?.content['application/json'] ?? assert.fail();

  /** What of the value does not fit. */
  function misfits(given: Schema, value: unknown, at: string): string[] {
    let schema = given;
    while (schemaOf(schema) !== schema) schema = schemaOf(schema);
    if (schema.enum) return schema.enum.includes(value as string) ? [] : [`${at}: ${String(value)}`];
    if (typeof value === 'string')
      return value.length >= (schema.minLength ?? 0) && value.length <= (schema.maxLength ?? Infinity) ? [] : [`${at}: the length of ${value}`];
    if (Array.isArray(value))
      return [
        ...(value.length < (schema.minItems ?? 0) ? [`${at}: too few`] : []),
        ...value.flatMap((one, i) => misfits(schema.items ?? {}, one, `${at}[${i}]`)),
      ];
    if (typeof value !== 'object' || value === null || !schema.properties) return [];
    return [
      ...(schema.required ?? []).filter((name) => !(name in value)).map((name) => `${at}.${name} is missing`),
      ...Object.entries(value).flatMap(([name, one]) =>
        schema.properties?.[name] ? misfits(schema.properties[name], one, `${at}.${name}`) : [`${at}.${name} is unknown`],
      ),
    ];
  }

  it('are given to anybody: tags by noun, files, parameters that are strict and answers that are open', () => {
    assert.deepEqual(api.paths['/api/v1/customer.find']?.['post']?.tags, ['customer']);
    assert.equal(api.paths['/api/v1/attachments']?.['post']?.responses['200']?.content?.['application/json']?.schema.$ref, '#/components/schemas/Upload');
    assert.ok(api.paths['/attachments/{sha256}']?.['get']);
    assert.equal(api.components.schemas['EntriesPutParams']?.additionalProperties, false);
    assert.equal(api.components.schemas['PutEntry']?.additionalProperties, false);
    for (const [path, { post }] of Object.entries(api.paths).filter(([, { post }]) => post?.requestBody?.content['application/json'])) {
      const result = post?.responses['200']?.content?.['application/json']?.schema ?? assert.fail(path);
      assert.notEqual(schemaOf(result).additionalProperties, false, path);
    }
  });

  it('have an example of each call that fits its parameters, and those of integrators are taken', async () => {
    const calls = Object.entries(api.paths).filter(([, { post }]) => post?.requestBody?.content['application/json']);
    assert.ok(calls.length > 80);
    assert.deepEqual(
      calls.flatMap(([path, { post }]) => misfits(params(post as Operation).schema, params(post as Operation).example, path)),
      [],
    );
    const channel = await server.channel('api', 'By example');
    const example = (method: string): object => params(api.paths[`/api/v1/${method}`]?.['post'] as Operation).example ?? {};
    for (const method of ['entries.put', 'orders.put'] as const) {
      const answer = (await server.api(method, { ...example(method), channel_id: channel.id } as never)) as unknown as Put;
      assert.deepEqual(
        answer.items.map(({ result }) => result),
        ['new'],
        JSON.stringify(answer),
      );
    }
    const found = await server.api('customer.find', { ...example('customer.find'), channel_id: channel.id } as never);
    assert.equal(found.name, 'Mia Sato');
  });

  it('describe the WebSocket, which says in words what it misses', async () => {
    const socket = api['x-websocket'];
    assert.deepEqual([socket.path, Object.keys(socket.protocols)], ['/ws', ['throughline', 'throughline-chat']]);
    assert.ok(socket.methods['timeline.watch']?.params.$ref && socket.notifications['entry']?.params.$ref);
    for (const { params: schema } of [...Object.values(socket.methods), ...Object.values(socket.notifications)]) schemaOf(schema);
    for (const protocol of [undefined, 'graphql-ws']) {
      const refusal = await new Promise<string>((resolve, reject) => {
        const ws = new WebSocket(`ws://127.0.0.1:${server.port}/ws`, protocol ? [protocol] : [], { headers: { authorization: `Bearer ${server.token}` } });
        ws.on('open', () => reject(new Error('it was let in')));
        ws.on('error', () => {});
        ws.on('unexpected-response', (_request, response) => {
          let text = String(response.statusCode);
          response.on('data', (bytes) => (text += ` ${String(bytes)}`));
          response.on('end', () => resolve(text));
        });
      });
      assert.match(refusal, /^400 .*Sec-WebSocket-Protocol.*throughline/);
    }
  });
});

describe("a channel of one's own", () => {
  interface Taken {
    headers: Record<string, string | string[] | undefined>;
    body: string;
  }
  const taken: Taken[] = [];
  let answers: { status: number; body?: string; headers?: Record<string, string> }[] = [];
  let url: string;
  let closed: Server;
  before(async () => {
    const receiver = createServer((request, response) => {
      let body = '';
      request.on('data', (bytes) => (body += String(bytes)));
      request.on('end', () => {
        taken.push({ headers: request.headers, body });
        const { status, body: said, headers } = answers.shift() ?? { status: 204 };
        response.writeHead(status, headers).end(said);
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', () => resolve()));
    ends.push(() => receiver.close());
    url = `http://127.0.0.1:${(receiver.address() as { port: number }).port}/answers`;
    closed = await Server.start((fn) => ends.push(fn), { config: { outgoing: { networks: '127.0.0.2' } } });
  });

  /** Somebody who is known by a customer number there has written, and is answered. */
  async function answered(
    on: Server,
    settings: Record<string, string>,
    text: string,
  ): Promise<{ entry: Entry; channel: string; secret: string; agent: Socket }> {
    const channel = await on.channel('api', `Own ${text}`, settings);
    const number = `C-${randomUUID()}`;
    const entry = { identity: { kind: 'external', value: number, name: 'Mia' }, kind: 'message', external_id: randomUUID(), text: 'hello?' };
    const put = (await on.api('entries.put', { channel_id: channel.id, entries: [entry] } as never)) as unknown as Put;
    assert.equal((await on.api('entry.get', { id: put.items[0]?.id ?? '' })).medium, settings['medium'] ?? 'other');
    const { id: customer_id } = await on.api('customer.find', { kind: 'external', value: number, channel_id: channel.id } as never);
    const agent = await on.agent();
    const way = (await agent.call('customer.reach', { customer_id })).ways.find((one) => one.channel_id === channel.id && one.usable);
    assert.ok(way);
    const sent = await agent.call('message.send', {
      customer_id,
      identity_id: way.identity_id ?? '',
      channel_id: way.channel_id,
      client_id: randomUUID(),
      text,
    });
    return { entry: sent, channel: channel.id, secret: channel.secrets['signing_secret'] ?? '', agent };
  }
  const signed = ({ headers, body }: Taken, secret: string): string =>
    `v1,${createHmac('sha256', secret)
      .update(`${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`)
      .digest('base64')}`;
  const becomes = (agent: Socket, id: string, delivery: string): Promise<Entry> =>
    waitFor(`the answer is ${delivery}`, async () => {
      const now = await agent.call('entry.get', { id });
      return now.delivery === delivery ? now : null;
    });

  it('hands answers over, signed, and again with the same id until they are taken', async () => {
    answers = [{ status: 503 }, { status: 200, body: '{"id":"T-1"}' }];
    const { entry, secret, agent } = await answered(server, { delivery_url: url, medium: 'sms' }, 'on its way');
    const sent = await becomes(agent, entry.id, 'sent');
    assert.deepEqual([sent.external_id, sent.medium], ['T-1', 'sms']);
    const tries = taken.filter(({ headers }) => headers['webhook-id'] === entry.id);
    assert.equal(tries.length, 2);
    for (const one of tries) {
      assert.equal(one.headers['webhook-signature'], signed(one, secret));
      assert.ok(Math.abs(Number(one.headers['webhook-timestamp']) - Date.now() / 1000) < 300);
      const { type, data } = JSON.parse(one.body) as { type: string; data: { to: { kind: string; name: string }; text: string } };
      assert.deepEqual([type, data.to.kind, data.to.name, data.text], ['message.send', 'external', 'Mia', 'on its way']);
    }
  });

  it('follows no redirect, and says by the channel that something is wrong', async () => {
    answers = [{ status: 302, headers: { location: url } }];
    const { entry, channel, agent } = await answered(server, { delivery_url: url }, 'elsewhere');
    const problem = await waitFor(
      'the channel has a problem',
      async () => (await server.api('channel.list', {})).channels.find((one) => one.id === channel)?.problem?.[0],
    );
    assert.equal((problem as { code: string }).code, 'provider_refused');
    assert.equal((await agent.call('entry.get', { id: entry.id })).delivery, 'queued');
    assert.equal(taken.filter(({ headers }) => headers['webhook-id'] === entry.id).length, 1);
  });

  it('gives up what is refused for good', async () => {
    answers = [{ status: 422, body: 'no such customer' }];
    const { entry, agent } = await answered(server, { delivery_url: url }, 'to nobody');
    const failed = await becomes(agent, entry.id, 'failed');
    assert.match(JSON.stringify(failed.delivery_error), /no such customer/);
  });

  it('does not reach into the network unasked', async () => {
    const before = taken.length;
    const { entry } = await answered(closed, { delivery_url: url }, 'inside');
    const why = await waitFor('it was tried', () =>
      closed.sql(`SELECT error FROM outbox WHERE entry_id = UNHEX(REPLACE('${entry.id}', '-', '')) AND error IS NOT NULL`).trim(),
    );
    assert.match(why, /network_closed/);
    assert.equal(taken.length, before);
  });

  it('answers nobody without an address, and takes only what it knows as medium', async () => {
    const channel = await server.channel('api', 'Mute', {});
    await server.api('entries.put', {
      channel_id: channel.id,
      entries: [{ identity: { kind: 'external', value: 'M-1' }, kind: 'message', external_id: 'm', text: 'x' }],
    } as never);
    const { id: customer_id } = await server.api('customer.find', { kind: 'external', value: 'M-1', channel_id: channel.id } as never);
    assert.deepEqual(
      (await server.api('customer.reach', { customer_id })).ways.filter((one) => one.channel_id === channel.id),
      [],
    );
    for (const medium of ['none', 'fax', 'Email'])
      await refused(server.api('channel.create', { type: 'api', name: 'X', settings: { medium } }), 'invalid', 'medium');
    await refused(server.api('channel.create', { type: 'api', name: 'X', settings: { reaches: 'fax' } }), 'invalid', 'reaches');
    await refused(server.api('channel.create', { type: 'api', name: 'X', settings: { delivery_url: 'till' } }), 'invalid', 'delivery_url');
  });
});
