// Who may do and see what: files, channels that are closed later, log-ins, the audit of it, and strangers in the chat.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import type { AuditEvent, Conversation, Upload } from '../../agent-web/protocol/src/generated.ts';
import { ADMIN, ApiError, randomUUID, Server, type Socket, waitFor, endAll, refused } from './harness.ts';

const ends: (() => Promise<void>)[] = [];
after(async () => {
  await endAll(ends.reverse());
});

const put = (server: Server, channel_id: string, email: string, text: string, more: object = {}): Promise<unknown> =>
  server.api('entries.put', {
    channel_id,
    entries: [
      { identity: { kind: 'email', value: email, name: email.split('@')[0] }, external_id: randomUUID(), kind: 'message', direction: 'in', text, ...more },
    ],
  } as never);

const customerOf = async (server: Server, email: string): Promise<string> => (await server.api('customer.search', { query: email })).hits[0]?.id ?? '';

describe('channels', () => {
  let server: Server;
  let low: Socket;
  let high: Socket;
  before(async () => {
    server = await Server.start((fn) => ends.push(fn));
    low = await server.agent((await server.newAgent('Low')).cookie);
    high = await server.agent((await server.newAgent('High', 'supervisor')).cookie);
  });
  after(() => {
    low.close();
    high.close();
  });

  it('made for supervisors are closed to agents from the beginning', async () => {
    const saved = await server.api('channel.create', { type: 'email', name: 'Private', settings: { address: 'private@shop.example' }, readers: 'supervisor' });
    assert.equal(saved.channel?.readers, 'supervisor');
    await put(server, saved.channel?.id ?? '', 'kim@customer.example', 'for few eyes');
    const id = await customerOf(server, 'kim@customer.example');
    const seen = async (socket: Socket): Promise<string> => JSON.stringify((await socket.call('timeline.page', { customer_id: id })).entries);
    assert.ok(!(await seen(low)).includes('for few eyes'));
    assert.ok((await seen(high)).includes('for few eyes'));
  });

  it('closed later hide subjects and previews in the queue and in pushes', async () => {
    const channel = await server.channel('email', 'Later', { address: 'later@shop.example' });
    await put(server, channel.id, 'lena@customer.example', 'preview that is secret', { subject: 'subject that is secret' });
    const id = await customerOf(server, 'lena@customer.example');
    const row = async (socket: Socket): Promise<Conversation | undefined> =>
      (await socket.call('conversation.of_customer', { customer_id: id })).conversations[0];
    assert.equal((await row(low))?.preview, 'preview that is secret');
    low.pushes.length = 0;
    await server.api('channel.update', { id: channel.id, readers: 'supervisor' });
    const gone = await waitFor('it goes from the screens', () => low.pushed('conversation').find((one) => one.customer_id === id));
    assert.deepEqual([gone.subject, gone.preview], ['', '']);
    const hidden = await row(low);
    assert.deepEqual([hidden?.subject, hidden?.preview], ['', '']);
    assert.equal((await row(high))?.subject, 'subject that is secret');
    assert.ok(!JSON.stringify((await low.call('conversation.list', { view: 'all', limit: 200 })).conversations).includes('is secret'));
    low.pushes.length = 0;
    await high.call('conversation.set_priority', { id: hidden?.id ?? '', priority: 'high' });
    const push = await waitFor('the agent is told', () => low.pushed('conversation').find((one) => one.id === hidden?.id));
    assert.deepEqual([push.subject, push.preview], ['', '']);
    const open = await waitFor('the supervisor is told', () => high.pushed('conversation').find((one) => one.id === hidden?.id && one.priority === 'high'));
    assert.equal(open.preview, 'preview that is secret');
  });

  it('of a closed shop give no order number by search nor by evidence, and those of loyalty no points', async () => {
    const shop = await server.channel('email', 'Shop', { address: 'shop@shop.example' });
    const order = {
      external_id: 'o1',
      number: '#77001',
      state: 'paid',
      place: 'web',
      placed_at: '2026-01-02T00:00:00Z',
      updated_at: '2026-01-02T00:00:00Z',
      currency: 'SEK',
      total: '1.00',
      items: [],
    };
    await server.api('orders.put', {
      channel_id: shop.id,
      orders: [
        {
          identities: [
            { kind: 'email', value: 'olga@customer.example', name: 'Olga' },
            { kind: 'phone', value: '+46701112233' },
          ],
          order,
        },
      ],
    } as never);
    await put(server, shop.id, 'olga@customer.example', '', { kind: 'points', payload: { balance: 1200, tier: 'Gold' } });
    const id = await customerOf(server, 'olga@customer.example');
    const evidence = async (socket: Socket): Promise<string> =>
      (await socket.call('customer.get', { id })).identities.map((one) => JSON.stringify(one.evidence)).join();
    assert.match(await evidence(low), /77001/);
    assert.equal((await low.call('customer.search', { query: '77001' })).hits[0]?.id, id);
    assert.equal((await low.call('customer.get', { id })).points, 1200);
    await server.api('channel.update', { id: shop.id, readers: 'supervisor' });
    await waitFor('the channel is closed', async () => (await low.call('customer.search', { query: '77001' })).hits.length === 0);
    assert.doesNotMatch(await evidence(low), /77001/);
    assert.match(await evidence(high), /77001/);
    const seen = await low.call('customer.get', { id });
    assert.deepEqual([seen.points, seen.tier], [null, null]);
    assert.equal((await high.call('customer.get', { id })).points, 1200);
  });

  it('that one may not read cannot be written by', async () => {
    const channel = await server.channel('email', 'Board', { address: 'board@shop.example', smtp_url: 'smtp://127.0.0.1:9' });
    await put(server, channel.id, 'paul@customer.example', 'hello');
    const id = await customerOf(server, 'paul@customer.example');
    const way = (await high.call('customer.reach', { customer_id: id })).ways.find((one) => one.channel_id === channel.id);
    await server.api('channel.update', { id: channel.id, readers: 'supervisor' });
    const message = { customer_id: id, identity_id: way?.identity_id ?? '', channel_id: channel.id, client_id: randomUUID(), text: 'hi' };
    await waitFor(
      'it is closed to agents',
      async () => (await low.call('customer.reach', { customer_id: id })).ways.find((one) => one.channel_id === channel.id)?.closed === 'restricted',
    );
    await refused(low.call('message.send', message), 'forbidden', 'channel_id');
    assert.equal((await high.call('message.send', message)).text, 'hi');
  });
});

describe('files', () => {
  let server: Server;
  let mia: { cookie: string; id: string };
  let low: { cookie: string; id: string };
  let customer = '';
  const get = (hash: string, headers: Record<string, string>): Promise<number> =>
    fetch(`${server.url}/attachments/${hash}`, { headers }).then((response) => response.status);
  before(async () => {
    server = await Server.start((fn) => ends.push(fn));
    mia = await server.newAgent('Mia');
    low = await server.newAgent('Low');
    const channel = await server.channel('email', 'Mail', { address: 'help@shop.example', smtp_url: 'smtp://127.0.0.1:9' });
    await put(server, channel.id, 'nora@customer.example', 'hello');
    customer = await customerOf(server, 'nora@customer.example');
  });

  it('are read by who brought them, and by nobody who only knows the hash', async () => {
    const file = await server.upload('mine.txt', 'what only I have', { cookie: mia.cookie });
    assert.equal(await get(file.sha256, { cookie: mia.cookie }), 200);
    assert.equal(await get(file.sha256, { cookie: low.cookie }), 404);
    assert.equal(await get(file.sha256, { authorization: `Bearer ${server.token}` }), 404);
  });

  it('are named by their bringer alone, by the handle and not by the hash', async () => {
    const file = await server.upload('mine.txt', 'named by me', { cookie: mia.cookie });
    const [own, other] = [await server.agent(mia.cookie), await server.agent(low.cookie)];
    const note = (attachments: object[]): never => ({ customer_id: customer, client_id: randomUUID(), text: 'see', attachments }) as never;
    await refused(other.call('note.add', note([{ upload: file.upload, name: 'x' }])), 'invalid', 'attachments');
    await refused(other.call('note.add', note([{ upload: file.sha256, name: 'x' }])), 'invalid', 'attachments');
    await refused(own.call('note.add', note([{ sha256: file.sha256, name: 'x' }])), 'invalid', 'attachments[0].sha256');
    const entry = await own.call('note.add', note([{ upload: file.upload, name: 'x' }]));
    assert.equal(entry.attachments?.[0]?.size, 'named by me'.length);
    assert.equal(await get(file.sha256, { cookie: low.cookie }), 200, 'whoever may read the entry may read its file');
    for (const socket of [own, other]) socket.close();
  });

  it('of a message that is repeated after their handles have lapsed are the same', async () => {
    const file = await server.upload('late.txt', 'asked twice', { cookie: mia.cookie });
    const agent = await server.agent(mia.cookie);
    const note = { customer_id: customer, client_id: randomUUID(), text: 'twice', attachments: [{ upload: file.upload, name: 'x' }] };
    const first = await agent.call('note.add', note);
    const channel = await server.channel('chat', 'Twice');
    const visitor = await server.visitor();
    const { token } = await visitor.call('chat.hello', { channel_id: channel.id });
    const brought = await fetch(`${server.url}/chat/attachments?channel=${channel.id}&name=x.txt`, {
      method: 'POST',
      headers: { 'x-visitor-token': token },
      body: 'twice',
    });
    const message = { client_id: randomUUID(), text: 'twice', attachments: [{ upload: ((await brought.json()) as Upload).upload, name: 'x.txt' }] };
    const sent = await visitor.call('chat.send', message);
    server.sql('UPDATE upload SET expires_at = 1');
    assert.equal((await agent.call('note.add', note)).id, first.id);
    assert.equal((await visitor.call('chat.send', message)).id, sent.id);
    for (const socket of [agent, visitor]) socket.close();
  });

  it('of a channel that is closed are closed with it', async () => {
    const channel = await server.channel('chat', 'Closed chat');
    const visitor = await server.visitor();
    const { token } = await visitor.call('chat.hello', { channel_id: channel.id });
    const response = await fetch(`${server.url}/chat/attachments?channel=${channel.id}&name=x.txt`, {
      method: 'POST',
      headers: { 'x-visitor-token': token },
      body: 'from a visitor',
    });
    const file = (await response.json()) as Upload;
    await visitor.call('chat.send', { client_id: randomUUID(), text: 'a file', attachments: [{ upload: file.upload, name: 'x.txt' }] });
    assert.equal(await get(file.sha256, { cookie: low.cookie }), 200);
    await server.api('channel.update', { id: channel.id, readers: 'admin' });
    assert.equal(await get(file.sha256, { cookie: low.cookie }), 404);
    assert.equal(await get(file.sha256, { authorization: `Bearer ${server.token}` }), 200);
    visitor.close();
  });

  it("that agents note with a visitor are not the visitor's", async () => {
    const channel = await server.channel('chat', 'Notes');
    const visitor = await server.visitor();
    const { token } = await visitor.call('chat.hello', { channel_id: channel.id });
    await visitor.call('chat.send', { client_id: randomUUID(), text: 'who am I to you?' });
    const row = (await server.api('conversation.list', { view: 'all' })).conversations.find((one) => one.preview === 'who am I to you?');
    const file = await server.upload('file.txt', 'what we think', { cookie: mia.cookie });
    const agent = await server.agent(mia.cookie);
    await agent.call('note.add', {
      customer_id: row?.customer_id ?? '',
      client_id: randomUUID(),
      text: 'see',
      attachments: [{ upload: file.upload, name: 'x' }],
    });
    const got = await fetch(`${server.url}/chat/attachments/${file.sha256}?channel=${channel.id}`, { headers: { 'x-visitor-token': token } });
    assert.equal(got.status, 404);
    for (const socket of [agent, visitor]) socket.close();
  });

  it('of an export are for those who may export, and that they were fetched is audited', async () => {
    const task = await server.api('privacy.export', { customer_id: customer });
    const done = await waitFor('it is made', async () => ((now) => (now.state === 'done' ? now : null))(await server.api('task.get', { id: task.id })));
    const { sha256 } = done.result as unknown as { sha256: string };
    assert.equal(await get(sha256, { cookie: low.cookie }), 404);
    assert.equal(await get(sha256, { authorization: `Bearer ${server.token}` }), 200);
    const events = (await server.api('audit.list', { about: 'access' })).events;
    assert.ok(events.some((one) => one.action === 'export_read' && one.customer_id === customer));
  });

  it('lapse when nobody names them, and what an entry holds stays', async () => {
    const [lost, kept] = [
      await server.upload('lost.txt', 'nobody names me', { cookie: mia.cookie }),
      await server.upload('kept.txt', 'somebody names me', { cookie: mia.cookie }),
    ];
    const agent = await server.agent(mia.cookie);
    await agent.call('note.add', { customer_id: customer, client_id: randomUUID(), text: 'kept', attachments: [{ upload: kept.upload, name: 'x' }] });
    server.sql('UPDATE upload SET expires_at = 1');
    await refused(
      agent.call('note.add', { customer_id: customer, client_id: randomUUID(), text: 'late', attachments: [{ upload: lost.upload, name: 'x' }] }),
      'invalid',
      'attachments',
    );
    agent.close();
    assert.equal(await get(kept.sha256, { cookie: low.cookie }), 200);
    assert.equal(await get(lost.sha256, { cookie: mia.cookie }), 404);
  });
});

describe('the audit', () => {
  let server: Server;
  before(async () => {
    server = await Server.start((fn) => ends.push(fn));
  });
  const events = async (): Promise<AuditEvent[]> => (await server.api('audit.list', { about: 'access', limit: 200 })).events;
  const last = async (action: AuditEvent['action']): Promise<AuditEvent> => {
    const found = (await events()).find((one) => one.action === action);
    assert.ok(found, `${action} is not audited`);
    return found;
  };

  it('holds who made whom what, by what, from where, before and after, in the transaction and in the log', async () => {
    const kept = await server.agent();
    const made = await kept.call('agent.create', { email: 'new@example.com', name: 'New', role: 'agent', password: 'a very good password' });
    assert.deepEqual((await last('agent_create')).after, { name: 'New', role: 'agent', language: 'en', active: true });
    await kept.call('agent.update', { id: made.id, role: 'admin' });
    const raised = await last('agent_update');
    assert.deepEqual([(raised.before as { role: string }).role, (raised.after as { role: string }).role], ['agent', 'admin']);
    assert.deepEqual([raised.subject, raised.agent_name, raised.address], ['new@example.com', 'Ada Admin', '127.0.0.1']);
    assert.ok(raised.session_id);
    const cookie = await server.login('new@example.com', 'a very good password');
    await server.api('agent.update', { id: made.id, password: 'another very good one' });
    assert.ok((await last('password')).token_id, 'by the token');
    assert.deepEqual((await last('sessions_end')).after, { ended: 1 });
    assert.equal((await fetch(`${server.url}/api/v1/session.me`, { method: 'POST', headers: { cookie }, body: '{}' })).status, 401);
    const token = await server.api('token.create', { name: 'till', role: 'agent' });
    assert.equal((await last('token_create')).subject, 'till');
    await server.api('token.revoke', { id: token.token?.id ?? '' });
    assert.equal((await last('token_revoke')).subject, 'till');
    const channel = await server.api('channel.create', { type: 'line', name: 'LINE', settings: { channel_secret: 'sesame-1', access_token: 'sesame-2' } });
    await server.api('channel.update', { id: channel.channel?.id ?? '', active: 'no', readers: 'supervisor', settings: { access_token: 'sesame-3' } });
    const changed = await last('channel_update');
    assert.deepEqual([(changed.before as { active: boolean }).active, (changed.after as { active: boolean }).active], [true, false]);
    assert.equal((changed.after as { readers: string }).readers, 'supervisor');
    assert.equal((changed.after as { settings: string }).settings, 'access_token');
    await server.api('journal.list', {});
    assert.ok((await last('journal_read')).token_id);
    for (const event of [
      'agent_create',
      'agent_update',
      'password',
      'sessions_end',
      'token_create',
      'token_revoke',
      'channel_create',
      'channel_update',
      'journal_read',
      'login',
    ])
      assert.match(server.log, new RegExp(`security event=${event} by=`), event);
    assert.ok(!/sesame|very good/.test(server.log + JSON.stringify(await events())), 'a secret is told');
    kept.close();
  });

  it('holds log-ins that failed in rows that count, and never what was typed instead of a name', async () => {
    const login = (email: string, password: string): Promise<Response> =>
      fetch(`${server.url}/api/v1/session.login`, { method: 'POST', body: JSON.stringify({ email, password }) });
    const count = (): number => Number(server.sql('SELECT COUNT(*) FROM audit WHERE action = 14'));
    const before = count();
    for (let i = 0; i < 4; i++) assert.equal((await login(`typed-a-secret-${i}`, 'x')).status, 401);
    for (let i = 0; i < 3; i++) assert.equal((await login(ADMIN.email, `wrong ${i}`)).status, 401);
    assert.equal(count() - before, 2);
    const rows = (await events()).filter((one) => one.action === 'login_failed');
    assert.deepEqual(rows.map((one) => [one.subject, one.count, (one.after as { why: string }).why]).sort(), [
      ['', 4, 'unknown'],
      [ADMIN.email, 3, 'password'],
    ]);
    assert.ok(!(server.log + JSON.stringify(rows)).includes('typed-a-secret'));
    assert.match(server.log, /security event=login_failed by=agent:/);
  });

  it('of access is for administrators', async () => {
    const supervisor = await server.agent((await server.newAgent('Sue', 'supervisor')).cookie);
    await refused(supervisor.call('audit.list', { about: 'access' }), 'forbidden', 'about');
    assert.ok((await supervisor.call('audit.list', {})).events.every((one) => !one.action.startsWith('agent')));
    supervisor.close();
  });

  it('keeps one administrator when two demote each other at once', async () => {
    for (let round = 0; round < 5; round++) {
      server.sql(`UPDATE agent SET role = 2 WHERE email <> '${ADMIN.email}'`);
      const other = await server.api('agent.create', { email: `twin${round}@example.com`, name: 'Twin', role: 'admin', password: 'a very good password' });
      const ada = (await server.api('agent.list', {})).agents.find((one) => one.email === ADMIN.email)?.id ?? '';
      const results = await Promise.allSettled([ada, other.id].map((id) => server.api('agent.update', { id, role: 'agent' })));
      assert.equal(Number(server.sql('SELECT COUNT(*) FROM agent WHERE role = 4 AND active')), 1, JSON.stringify(results));
      server.sql(`UPDATE agent SET role = 4 WHERE email = '${ADMIN.email}'`);
    }
  });
});

describe('log-ins', () => {
  let server: Server;
  let twin: Server;
  before(async () => {
    server = await Server.start((fn) => ends.push(fn));
    twin = await server.twin((fn) => ends.push(fn));
  });
  const login = (email: string, password: string, headers: Record<string, string> = {}, at = server): Promise<Response> =>
    fetch(`${at.url}/api/v1/session.login`, { method: 'POST', headers, body: JSON.stringify({ email, password }) });

  it('let exactly as many wrong passwords through as they say, also at once and on several servers', async () => {
    await server.newAgent('Parallel');
    const tries = await Promise.all(
      Array.from({ length: 20 }, (_, i) => login('parallel@example.com', `wrong ${i}`, { 'x-forwarded-for': '198.51.100.7' }, i % 2 ? server : twin)),
    );
    const statuses = tries.map((one) => one.status);
    assert.equal(statuses.filter((status) => status === 401).length, 8, statuses.join());
    assert.equal(statuses.filter((status) => status === 429).length, 12, statuses.join());
    const wait = Number(tries.find((one) => one.status === 429)?.headers.get('retry-after'));
    assert.ok(wait >= 1 && wait <= 5, `Retry-After ${wait}`);
  });

  it('are slowed by the /64 and not by the address', async () => {
    await server.newAgent('Six');
    for (let i = 0; i < 8; i++) assert.equal((await login('six@example.com', 'wrong', { 'x-forwarded-for': `2001:db8:1:2::${i}` })).status, 401);
    assert.equal((await login('six@example.com', 'seven lamps on a wet quay', { 'x-forwarded-for': '2001:db8:1:2:ffff::9' })).status, 429);
    assert.equal((await login('six@example.com', 'seven lamps on a wet quay', { 'x-forwarded-for': '2001:db8:1:3::1' })).status, 200);
  });

  it('never lock out the owner on a device that is known', async () => {
    await server.newAgent('Owner');
    const first = await login('owner@example.com', 'seven lamps on a wet quay', { 'x-forwarded-for': '198.51.100.20' });
    assert.deepEqual(first.headers.getSetCookie().length, 1, 'a program that logs in keeps one cookie');
    const session = first.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const asks = (cookie: string) =>
      fetch(`${server.url}/api/v1/session.me`, { method: 'POST', headers: { cookie, 'content-type': 'application/json' }, body: '{}' });
    const device = /throughline_device=[^;]+/.exec((await asks(session)).headers.get('set-cookie') ?? '')?.[0] ?? '';
    assert.ok(device);
    assert.match((await asks(session)).headers.get('set-cookie') ?? '', new RegExp(device), 'asking again makes no other');
    assert.equal((await asks(`${session}; ${device}`)).headers.get('set-cookie'), null);
    for (let i = 0; i < 12; i++) await login('owner@example.com', 'wrong', { 'x-forwarded-for': '198.51.100.20' });
    assert.equal(
      (await login('owner@example.com', 'seven lamps on a wet quay', { 'x-forwarded-for': '198.51.100.20' })).status,
      429,
      'an unknown one is slowed',
    );
    assert.equal((await login('owner@example.com', 'seven lamps on a wet quay', { 'x-forwarded-for': '198.51.100.20', cookie: device })).status, 200);
    await server.newAgent('Second');
    for (let i = 0; i < 8; i++) await login('second@example.com', 'wrong', { 'x-forwarded-for': '198.51.100.21', cookie: device });
    assert.equal(
      (await login('second@example.com', 'seven lamps on a wet quay', { 'x-forwarded-for': '198.51.100.21', cookie: device })).status,
      429,
      'it is known for one account only',
    );
  });

  it('are not forgotten for anything that strangers do in the chat', async () => {
    await server.newAgent('Evicted');
    for (let i = 0; i < 8; i++) await login('evicted@example.com', 'wrong', { 'x-forwarded-for': '198.51.100.30' });
    const chat = await server.channel('chat', 'Noise');
    const socket = await server.visitor();
    await socket.call('chat.hello', { channel_id: chat.id });
    const many = Array.from({ length: 250 }, (_, i) => socket.call('chat.send', { client_id: randomUUID(), text: `noise ${i}` }).catch(() => null));
    await Promise.all(many.slice(0, 50));
    assert.equal((await login('evicted@example.com', 'seven lamps on a wet quay', { 'x-forwarded-for': '198.51.100.30' })).status, 429);
    socket.close();
  });

  it('do not hold up agents, and are looked at few at once', async () => {
    const agent = await server.agent();
    await agent.call('session.me', {});
    const flood = Promise.all(
      Array.from({ length: 150 }, (_, i) => login(`nobody${i}@example.com`, 'x', { 'x-forwarded-for': `203.0.113.${i}` }).then((one) => one.status)),
    );
    const began = Date.now();
    for (let i = 0; i < 10; i++) await agent.call('conversation.counts', {});
    const took = Date.now() - began;
    const statuses = await flood;
    const whole = Date.now() - began;
    assert.ok(took < whole / 2, `ten calls took ${took} ms of ${whole}`);
    assert.ok(statuses.includes(503), 'too many at once are told that it is busy');
    assert.ok(server.rssKb() < 900_000, `${server.rssKb()} kB`);
    agent.close();
  });
});

describe('strangers in the chat', () => {
  let server: Server;
  let chat: { id: string };
  before(async () => {
    server = await Server.start((fn) => ends.push(fn), {
      config: { limits: { chat_people_per_address: '5', chat_greetings_per_address: '200', chat_messages_per_address: '60' } },
    });
    chat = await server.channel('chat', 'Chat');
  });
  const count = (table: string): number => Number(server.sql(`SELECT COUNT(*) FROM ${table}`));
  const from = async (address: string): Promise<Socket> => {
    const { Socket: Opened } = await import('./harness.ts');
    return await Opened.open(`ws://127.0.0.1:${server.port}/ws/chat`, 'throughline-chat', { origin: 'http://shop.example', 'x-forwarded-for': address });
  };
  const send = (socket: Socket, text = 'hi') => socket.call('chat.send', { client_id: randomUUID(), text });

  it('make nobody by greeting nor by saying who they are, and the first message makes one person who is known so', async () => {
    const people = count('customer');
    const socket = await from('198.51.100.1');
    await socket.call('chat.hello', { channel_id: chat.id, language: 'sv-SE' });
    await socket.call('chat.identify', { email: 'silent@customer.example', name: 'Silent' });
    assert.equal(count('customer'), people);
    assert.equal(count('identity'), 0);
    await send(socket, 'now I speak');
    assert.equal(count('customer'), people + 1);
    const row = (await server.api('conversation.list', { view: 'all' })).conversations.find((one) => one.preview === 'now I speak');
    assert.equal(row?.customer_name, 'Silent');
    assert.equal((await server.api('customer.get', { id: row?.customer_id ?? '' })).language, 'sv-SE');
    socket.close();
  });

  it('make few new people by a socket, by an address and its /64', async () => {
    const one = await from('2001:db8:5:5::1');
    let made = 0;
    for (let i = 0; i < 20; i++) {
      await one.call('chat.hello', { channel_id: chat.id });
      made += await send(one).then(
        () => 1,
        (error: ApiError) => (assert.equal(error.kind, 'rate_limited'), 0),
      );
    }
    assert.equal(made, 3, 'by a socket');
    for (let i = 0; i < 20; i++) {
      const other = await from(`2001:db8:5:5::${i + 2}`);
      await other.call('chat.hello', { channel_id: chat.id });
      made += await send(other).then(
        () => 1,
        () => 0,
      );
      other.close();
    }
    assert.equal(made, 5, 'by the /64');
    const elsewhere = await from('2001:db8:5:6::1');
    await elsewhere.call('chat.hello', { channel_id: chat.id });
    assert.ok((await send(elsewhere)).id);
    for (const socket of [one, elsewhere]) socket.close();
  });

  it('cannot be read as an agent or as the shop', async () => {
    const socket = await from('198.51.100.2');
    await socket.call('chat.hello', { channel_id: chat.id });
    for (const name of ['Ada Admin', ' ADA  ADMIN ', 'Ａｄａ Admin', 'Ada\u200b Ádmin', 'Chat'])
      assert.equal((await socket.call('chat.identify', { name })).named, false, name);
    assert.equal((await socket.call('chat.identify', { name: 'Adam' })).named, true);
    const made = await server.api('agent.create', { email: 'renamed@example.com', name: 'Robin', role: 'agent', password: 'seven lamps on a wet quay' });
    assert.equal((await socket.call('chat.identify', { name: 'ROBIN' })).named, false, 'a new one at once');
    await server.api('agent.update', { id: made.id, name: 'Rowan' });
    assert.equal((await socket.call('chat.identify', { name: 'rowan' })).named, false, 'and by the new name');
    assert.equal((await socket.call('chat.identify', { name: 'Robin' })).named, true, 'and no more by the old one');
    assert.equal((await socket.call('chat.identify', { name: 'Adam' })).named, true);
    await send(socket, 'who am I');
    await socket.call('chat.identify', { name: 'Ada Admin', email: 'liar@customer.example' });
    const row = (await server.api('conversation.list', { view: 'all' })).conversations.find((one) => one.preview === 'who am I');
    assert.equal(row?.customer_name, 'Adam');
    socket.close();
  });

  it('are blocked by visitor and by address, told so, and let in again when it is undone', async () => {
    const socket = await from('198.51.100.9');
    const { token } = await socket.call('chat.hello', { channel_id: chat.id });
    await send(socket, 'spam spam');
    const row = (await server.api('conversation.list', { view: 'all' })).conversations.find((one) => one.preview === 'spam spam');
    const agent = await server.agent((await server.newAgent('Guard')).cookie);
    const ids = [row?.id ?? ''];
    assert.equal((await agent.call('visitor.block', { conversation_ids: ids, address: true, reason: 'spam' })).blocked, 2);
    assert.equal((await agent.call('conversation.resolve_many', { conversations: ids.map((id) => ({ id })) })).resolved, 1);
    await refused(send(socket), 'blocked');
    const again = await from('203.0.113.77');
    await refused(again.call('chat.hello', { channel_id: chat.id, token }), 'blocked');
    const neighbour = await from('198.51.100.9');
    await refused(neighbour.call('chat.hello', { channel_id: chat.id }), 'blocked');
    const upload = await fetch(`${server.url}/chat/attachments?channel=${chat.id}&name=x`, {
      method: 'POST',
      headers: { 'x-visitor-token': token },
      body: 'x',
    });
    assert.equal(upload.status, 403);
    const blocks = (await agent.call('visitor.blocks', {})).blocks;
    assert.equal(blocks.length, 2);
    for (const { id } of blocks) await agent.call('visitor.unblock', { id });
    assert.ok((await send(socket, 'sorry')).id);
    const audit = (await server.api('audit.list', { about: 'access', limit: 200 })).events.map((one) => one.action);
    assert.deepEqual([audit.filter((one) => one === 'block').length, audit.filter((one) => one === 'unblock').length], [2, 2]);
    for (const one of [socket, again, neighbour, agent]) one.close();
  });

  it('send only so much from one address, and are told when to go on', async () => {
    const socket = await from('198.51.100.50');
    await socket.call('chat.hello', { channel_id: chat.id });
    let refusedKind = '';
    for (let i = 0; i < 70 && !refusedKind; i++) await send(socket, `n ${i}`).catch((error: ApiError) => (refusedKind = error.kind));
    assert.equal(refusedKind, 'rate_limited');
    socket.close();
  });
});

describe('two who do the same', () => {
  let server: Server;
  before(async () => {
    server = await Server.start((fn) => ends.push(fn), { config: { limits: { searches_per_minute: '20' } } });
  });

  it('with a conversation: the second is told that another was first', async () => {
    const channel = await server.channel('email', 'Mail', { address: 'help@shop.example' });
    await put(server, channel.id, 'race@customer.example', 'who takes me?');
    const [mia, kim] = [await server.newAgent('Mia'), await server.newAgent('Kim')];
    const row = (await server.api('conversation.list', { view: 'all' })).conversations[0];
    assert.ok(row);
    const taking = [mia, kim].map(({ id }) => server.api('conversation.assign', { id: row.id, agent_id: id, version: row.version }));
    const results = await Promise.allSettled(taking);
    assert.deepEqual(results.map((one) => one.status).sort(), ['fulfilled', 'rejected']);
    const lost = results.find((one): one is PromiseRejectedResult => one.status === 'rejected')?.reason as ApiError;
    assert.deepEqual([lost.kind, lost.field], ['conflict', 'version']);
    const winner = results[0]?.status === 'fulfilled' ? mia : kim;
    assert.equal((await server.api('conversation.get', { id: row.id })).assignee_id, winner.id);
    await refused(server.api('conversation.set_tags', { id: row.id, tags: ['x'], version: row.version }), 'conflict', 'version');
    const person = await server.api('customer.get', { id: row.customer_id });
    await server.api('customer.update', { id: person.id, about: 'one', version: person.version });
    await refused(server.api('customer.update', { id: person.id, about: 'two', version: person.version }), 'conflict', 'version');
  });

  it('search: no agent more than the limit, and colleagues are not held up', async () => {
    const [one, other] = [await server.agent((await server.newAgent('Eager')).cookie), await server.agent((await server.newAgent('Calm')).cookie)];
    const kinds = await Promise.all(
      Array.from({ length: 30 }, () =>
        one.call('customer.search', { query: 'a' }).then(
          () => 'fine',
          (error: ApiError) => error.kind,
        ),
      ),
    );
    assert.equal(kinds.filter((kind) => kind === 'fine').length, 20);
    assert.equal(kinds.filter((kind) => kind === 'rate_limited').length, 10);
    await other.call('customer.search', { query: 'a' });
    for (const socket of [one, other]) socket.close();
  });
});

describe('every method', () => {
  type Schema = {
    $ref?: string;
    type?: string | string[];
    format?: string;
    enum?: string[];
    properties?: Record<string, Schema>;
    required?: string[];
    items?: Schema;
    minimum?: number;
    minItems?: number;
    minLength?: number;
    maxLength?: number;
  };
  const api = JSON.parse(readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8')) as {
    paths: Record<string, { post?: { requestBody?: { content: Record<string, { schema: Schema }> } } }>;
    components: { schemas: Record<string, Schema> };
  };
  const resolve = (schema: Schema): Schema => (schema.$ref ? resolve(api.components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}) : schema);

  /** A value that fits the schema, with `text` in place of every text. */
  function fill(given: Schema, text: string, depth = 0): unknown {
    const schema = resolve(given);
    const type = Array.isArray(schema.type) ? schema.type.find((one) => one !== 'null') : schema.type;
    if (schema.enum) return schema.enum.find((one) => one !== null);
    if (schema.format === 'uuid') return randomUUID();
    if (schema.format === 'date-time') return new Date().toISOString();
    if (type === 'string') return text.slice(0, Math.max(1, Math.floor((schema.maxLength ?? 100) / 4))).padEnd(schema.minLength ?? 0, 'あ');
    if (type === 'integer' || type === 'number') return Math.max(schema.minimum ?? 1, 1);
    if (type === 'boolean') return true;
    if (type === 'array') return Array.from({ length: Math.max(1, schema.minItems ?? 1) }, () => fill(schema.items ?? { type: 'string' }, text, depth + 1));
    if (schema.properties && depth < 6) return Object.fromEntries(Object.entries(schema.properties).map(([name, one]) => [name, fill(one, text, depth + 1)]));
    return {};
  }

  it('answers texts in any script without a fault of its own', async () => {
    const server = await Server.start((fn) => ends.push(fn));
    let asked = 0;
    for (const [path, { post }] of Object.entries(api.paths)) {
      const schema = post?.requestBody?.content['application/json']?.schema;
      if (!path.startsWith('/api/v1/') || !schema || /session\.|chat\./.test(path)) continue;
      for (const text of ['日本語のキー', 'schlüssel_ñ', '🍵😀', 'ключ', "'; -- \\ % _"]) {
        const response = await fetch(`${server.url}${path}`, {
          method: 'POST',
          headers: { authorization: `Bearer ${server.token}` },
          body: JSON.stringify(fill(schema, text)),
        });
        assert.notEqual(response.status, 500, `${path} with ${text}: ${await response.text()}`);
        asked++;
      }
    }
    assert.ok(asked > 200, `${asked} calls`);
    await refused(server.api('attribute.archive', { key: 'größe', archived: true }), 'not_found', 'key');
  });
});
