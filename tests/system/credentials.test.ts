// What lets somebody in: API tokens and what each may do, sessions, passwords, cookies, signatures of a site.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ADMIN, ApiError, randomUUID, Server, signedBySite, Socket, waitFor, endAll } from './harness.ts';

const ends: (() => Promise<void>)[] = [];
after(async () => {
  await endAll(ends.reverse());
});

const refused = (promise: Promise<unknown>, kind: string, field: string | null = null): Promise<void> =>
  assert.rejects(promise, (error: unknown) => {
    assert.ok(error instanceof ApiError, String(error));
    assert.deepEqual([error.kind, error.field], [kind, field], error.message);
    return true;
  });

type Scope = 'put' | 'read' | 'send' | 'administer';

/** What a token may call that does not administer. All else is closed to it: a new method too, until it stands here. */
const OPEN: Record<Exclude<Scope, 'administer'>, string[]> = {
  put: ['entries.put', 'orders.put'],
  send: ['contact.log', 'conversation.set_status', 'entry.files', 'message.send', 'note.add'],
  read: [
    'agent.list',
    'attribute.list',
    'tag.list',
    'channel.types',
    'channel.list',
    'conversation.list',
    'conversation.counts',
    'conversation.get',
    'conversation.of_customer',
    'customer.get',
    'customer.find',
    'customer.list',
    'customer.search',
    'customer.reach',
    'customer.overview',
    'customer.journey',
    'customer.merge_preview',
    'customer.operations',
    'customer.suggestions',
    'customer.distinctions',
    'suggestion.list',
    'import.template',
    'order.list',
    'order.find',
    'privacy.accesses',
    'audit.list',
    'search.query',
    'search.conversations',
    'customer.hints',
    'visitor.here',
    'task.get',
    'task.list',
    'timeline.watch',
    'person.open',
    'timeline.unwatch',
    'timeline.page',
    'timeline.around',
    'entry.get',
    'entry.open_mail',
    'outbox.list',
    'event.list',
    'file.scanner',
    'mail_key.list',
    'reader.list',
    'visitor.blocks',
  ],
};

describe('API tokens', () => {
  let server: Server;
  let till: { id: string };
  let other: { id: string };
  before(async () => {
    server = await Server.start((fn) => ends.push(fn));
    till = await server.channel('api', 'Till');
    other = await server.channel('api', 'Other till');
  });

  const make = async (scopes: Scope[], more: object = {}): Promise<string> =>
    (
      await server.api('token.create', {
        name: `for ${scopes.join(' ')}`,
        scopes,
        ...(scopes.includes('put') ? { channels: [till.id] } : {}),
        ...more,
      } as never)
    ).secret;

  /** The error's kind and whether it was the scopes that said no; calls without parameters do no harm. */
  const tried = async (method: string, token: string): Promise<'forbidden' | 'let in'> => {
    const response = await fetch(`${server.url}/api/v1/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: '{"no_such_field":1}',
    });
    const { error } = (await response.json()) as { error: { message: string; data: { kind: string } } };
    // What is let in is refused for its parameters, so nothing is done.
    if (error.data.kind === 'invalid') return 'let in';
    assert.equal(error.data.kind, 'forbidden', `${method}: ${error.message}`);
    return 'forbidden';
  };

  it('of each scope may call what the table says, and nothing else: every method is tried with every scope', async () => {
    const methods = [...server.run(['describe']).matchAll(/^\| `([a-z_]+\.[a-z_]+)` \| (\w+) \| ([^|]+) \| [^|]+ \| [^|]+ \| (.*) \|$/gm)].map(
      ([, name = '', role = '', scopes = '', help = '']) => ({ name, role, scopes, socketOnly: help.endsWith('WebSocket only.') }),
    );
    assert.ok(methods.length >= 85, String(methods.length));
    const tokens = {
      put: await make(['put']),
      read: await make(['read'], { role: 'admin' }),
      send: await make(['send'], { role: 'admin' }),
      administer: await make(['administer'], { role: 'admin' }),
    };
    for (const scope of ['put', 'read', 'send'] as const) {
      assert.deepEqual(
        methods
          .filter((one) => one.scopes.split(', ').includes(scope))
          .map((one) => one.name)
          .sort(),
        [...OPEN[scope]].sort(),
        `the methods of ${scope}`,
      );
    }
    for (const { name, role, socketOnly } of methods) {
      if (socketOnly || name === 'session.login') continue;
      for (const scope of ['put', 'read', 'send', 'administer'] as const) {
        const may = role !== 'visitor' && (scope === 'administer' || OPEN[scope].includes(name));
        assert.equal(await tried(name, tokens[scope]), may ? 'let in' : 'forbidden', `${name} with ${scope}`);
      }
    }
  });

  it('that read do not read more than their role', async () => {
    const low = await make(['read']);
    assert.equal(await tried('audit.list', low), 'forbidden');
    assert.equal(await tried('customer.get', low), 'let in');
  });

  it('a till puts entries and orders into its channel, and can do nothing else', async () => {
    const token = await make(['put']);
    const entry = (channel_id: string): Promise<unknown> =>
      server.api(
        'entries.put',
        {
          channel_id,
          entries: [{ identity: { kind: 'phone', value: '+819012345678' }, external_id: randomUUID(), kind: 'visit', text: 'at the till' }],
        } as never,
        token,
      );
    const order = (channel_id: string): Promise<unknown> =>
      server.api(
        'orders.put',
        {
          channel_id,
          orders: [
            {
              identities: [{ kind: 'phone', value: '+819012345678' }],
              order: {
                external_id: randomUUID(),
                number: 'T-1',
                placed_at: new Date().toISOString(),
                state: 'paid',
                place: 'store',
                total: '500',
                currency: 'JPY',
              },
            },
          ],
        } as never,
        token,
      );
    await entry(till.id);
    await order(till.id);
    await refused(entry(other.id), 'forbidden', 'channel_id');
    await refused(order(other.id), 'forbidden', 'channel_id');
    await refused(entry(randomUUID()), 'forbidden', 'channel_id'); // what there is is not told
    const upload = await fetch(`${server.url}/api/v1/attachments?name=x`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'text/plain' },
      body: 'x',
    });
    assert.equal(upload.status, 200); // for what it puts; what is there it does not read
    const read = await fetch(`${server.url}/attachments/${((await upload.json()) as { sha256: string }).sha256}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    assert.equal(read.status, 403);
    const socket = await Socket.open(`ws://127.0.0.1:${server.port}/ws`, 'throughline', { authorization: `Bearer ${token}` });
    await waitFor('the socket is closed', () => socket.closeCode !== null);
    assert.equal(socket.closeCode, 4403);
  });

  it("a password that is a proxy's own takes no cookie's place, by HTTP or by WebSocket", async () => {
    const cookie = await server.login();
    const headers = { cookie, authorization: `Basic ${Buffer.from('shop:secret').toString('base64')}` };
    const me = await fetch(`${server.url}/api/v1/session.me`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: '{}',
    });
    assert.equal(me.status, 200, await me.text());
    const socket = await Socket.open(`ws://127.0.0.1:${server.port}/ws`, 'throughline', { ...headers, origin: server.url });
    assert.ok(await socket.call('session.me', {}));
    socket.close();
  });

  it('a bot answers under its own name', async () => {
    await server.api('entries.put', {
      channel_id: till.id,
      entries: [{ identity: { kind: 'email', value: 'kim@customer.example' }, external_id: randomUUID(), kind: 'message', text: 'hello?' }],
    } as never);
    const bot = (await server.api('token.create', { name: 'Night owl', scopes: ['read', 'send'] } as never)).secret;
    const customer = (await server.api('customer.search', { query: 'kim@customer.example' }, bot)).hits[0]?.id ?? '';
    const note = await server.api('note.add', { customer_id: customer, client_id: randomUUID(), text: 'We open at nine.' } as never, bot);
    assert.equal(note.author_name, 'Night owl');
    const email = await server.channel('email', 'Shop mail', { address: 'help@shop.example', smtp_url: 'smtp://127.0.0.1:9' });
    const identity = (await server.api('customer.get', { id: customer }, bot)).identities[0]?.id;
    const sent = await server.api(
      'message.send',
      { customer_id: customer, identity_id: identity, channel_id: email.id, client_id: randomUUID(), text: 'At nine.', subject: 'Hours' } as never,
      bot,
    );
    assert.deepEqual([sent.author_name, sent.author_kind, sent.direction], ['Night owl', 'bot', 'out']);
    await refused(server.api('customer.update', { id: customer, name: 'X' }, bot), 'forbidden');
    await refused(server.api('note.add', { customer_id: customer, client_id: randomUUID(), text: 'nameless' } as never), 'forbidden');
  });

  it('end when their time is over', async () => {
    const secret = (await server.api('token.create', { name: 'short', scopes: ['read'], expires_at: new Date(Date.now() + 3600_000).toISOString() } as never))
      .secret;
    await server.api('customer.search', { query: 'kim' }, secret);
    server.sql("UPDATE api_token SET expires_at = 1 WHERE name = 'short'");
    await refused(server.api('customer.search', { query: 'kim' }, secret), 'unauthenticated');
    await refused(server.api('token.create', { name: 'late', scopes: ['read'], expires_at: '2020-01-01T00:00:00Z' } as never), 'invalid', 'expires_at');
  });

  it('are not made with scopes that make no sense', async () => {
    await refused(make(['put'], { channels: [] }), 'invalid', 'channels');
    await refused(make(['read'], { channels: [till.id] }), 'invalid', 'channels');
    await refused(make(['put'], { channels: [randomUUID()] }), 'invalid', 'channels');
    await refused(make(['read', 'administer'], { role: 'admin' }), 'invalid', 'scopes');
    await refused(make(['everything' as Scope]), 'invalid', 'scopes');
    await refused(make(['administer']), 'invalid', 'role');
  });

  it('tell when and from where they were used last, and the audit what they may', async () => {
    const made = await server.api('token.create', { name: 'watched', scopes: ['put'], channels: [till.id] } as never);
    const row = async () => (await server.api('token.list', {})).tokens.find((one) => one.id === made.token?.id);
    assert.equal((await row())?.used_at, null);
    await refused(server.api('customer.search', { query: 'x' }, made.secret), 'forbidden');
    const used = await row();
    assert.ok(used?.used_at && Math.abs(Date.parse(used.used_at) - Date.now()) < 60_000, String(used?.used_at));
    assert.equal(used.used_address, '127.0.0.1');
    const event = (await server.api('audit.list', { about: 'access' })).events.find((one) => one.action === 'token_create' && one.subject === 'watched');
    assert.deepEqual((event?.after as { scopes: string; channels: string }).scopes, 'put');
    assert.equal((event?.after as { channels: string }).channels, till.id);
  });

  it('write down their use at most once a minute', async () => {
    const made = await server.api('token.create', { name: 'busy', scopes: ['read'] } as never);
    const at = async () => (await server.api('token.list', {})).tokens.find((one) => one.id === made.token?.id)?.used_at;
    await server.api('customer.search', { query: 'x' }, made.secret);
    const first = await at();
    for (let i = 0; i < 20; i++) await server.api('customer.search', { query: 'x' }, made.secret);
    assert.equal(await at(), first);
  });

  it('are made on the command line with scopes, channels and days', async () => {
    const secret = server.run(['token', 'add', '--name', 'cli till', '--scope', 'put', '--channel', till.id, '--days', '30']).trim();
    assert.equal(await tried('orders.put', secret), 'let in');
    assert.equal(await tried('customer.get', secret), 'forbidden');
    const row = (await server.api('token.list', {})).tokens.find((one) => one.name === 'cli till');
    assert.deepEqual([row?.scopes, row?.channels, row?.role], [['put'], [till.id], 'agent']);
    assert.ok(Math.abs(Date.parse(row?.expires_at ?? '') - Date.now() - 30 * 86_400_000) < 60_000);
    for (const wrong of [
      ['--scope', 'put'],
      ['--scope', 'all'],
      ['--channel', till.id],
      ['--scope', 'read', '--days', '0'],
    ])
      assert.throws(() => server.run(['token', 'add', '--name', 'x', ...wrong]));
  });
});

describe('sessions', () => {
  let server: Server;
  before(async () => {
    server = await Server.start((fn) => ends.push(fn), { config: { desk: { session_idle_hours: '5' } } });
  });

  const as = async <T = never>(cookie: string, method: string, params: object = {}): Promise<T> => {
    const response = await fetch(`${server.url}/api/v1/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie },
      body: JSON.stringify(params),
    });
    const text = await response.text();
    if (!response.ok) throw new ApiError(response.status, (JSON.parse(text) as { error: never }).error);
    return JSON.parse(text) as T;
  };
  interface Sessions {
    sessions: { id: string; browser: string | null; system: string | null; address: string; current: boolean; used_at: string; created_at: string }[];
  }

  it('are listed with browser, address and time, and one says which it is', async () => {
    const mia = await server.newAgent('Mia');
    const response = await fetch(`${server.url}/api/v1/session.login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0' },
      body: JSON.stringify({ email: 'mia@example.com', password: 'seven lamps on a wet quay' }),
    });
    const second = (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const { sessions } = await as<Sessions>(second, 'session.list');
    assert.equal(sessions.length, 2);
    const own = sessions.find((one) => one.current);
    assert.deepEqual([own?.browser, own?.system, own?.address], ['Firefox', 'Windows', '127.0.0.1']);
    assert.ok(Math.abs(Date.parse(own?.used_at ?? '') - Date.now()) < 60_000);
    await as(mia.cookie, 'session.me');
  });

  it('are ended one by one, or all others; their sockets close at once', async () => {
    const bo = await server.newAgent('Bo');
    const first = await server.agent(bo.cookie);
    const secondCookie = await server.login('bo@example.com', 'seven lamps on a wet quay');
    const second = await server.agent(secondCookie);
    await first.call('conversation.counts', {});
    await second.call('conversation.counts', {});
    const { sessions } = await as<Sessions>(secondCookie, 'session.list');
    await as(secondCookie, 'session.end', { id: sessions.find((one) => !one.current)?.id });
    await waitFor('the first socket is closed', () => first.closeCode !== null, 5000);
    assert.equal(first.closeCode, 4401);
    assert.equal(second.closeCode, null);
    await refused(as(bo.cookie, 'session.me'), 'unauthenticated');
    await refused(as(secondCookie, 'session.end', { id: sessions.find((one) => !one.current)?.id }), 'not_found', 'id');
    await server.login('bo@example.com', 'seven lamps on a wet quay');
    assert.deepEqual(await as(secondCookie, 'session.end_others'), { ended: 1 });
    assert.equal((await as<Sessions>(secondCookie, 'session.list')).sessions.length, 1);
    second.close();
  });

  it("of others are an administrator's business alone", async () => {
    const low = await server.newAgent('Lou');
    const victim = await server.newAgent('Vic');
    await refused(as(low.cookie, 'session.list', { agent_id: victim.id }), 'forbidden', 'agent_id');
    await refused(as(low.cookie, 'session.end_others', { agent_id: victim.id }), 'forbidden', 'agent_id');
    const { sessions } = (await server.api('session.list' as never, { agent_id: victim.id } as never)) as unknown as Sessions;
    // Somebody else's session is not found among one's own.
    await refused(as(low.cookie, 'session.end', { id: sessions[0]?.id }), 'not_found', 'id');
    await server.api('session.end_others' as never, { agent_id: victim.id } as never);
    await refused(as(victim.cookie, 'session.me'), 'unauthenticated');
  });

  it('end when they are not used, and sockets with them', async () => {
    const idle = await server.newAgent('Idle');
    await as(idle.cookie, 'session.me');
    server.sql("UPDATE session s JOIN agent g ON g.id = s.agent_id SET s.used_at = (UNIX_TIMESTAMP() - 4 * 3600) * 1000 WHERE g.email = 'idle@example.com'");
    await as(idle.cookie, 'session.me');
    server.sql("UPDATE session s JOIN agent g ON g.id = s.agent_id SET s.used_at = (UNIX_TIMESTAMP() - 6 * 3600) * 1000 WHERE g.email = 'idle@example.com'");
    await refused(as(idle.cookie, 'session.me'), 'unauthenticated');
  });

  it('go on after an upgrade: those from before have been used just now', async () => {
    const old = await server.newAgent('Old');
    server.sql('UPDATE session SET used_at = 0; DELETE FROM schema_migration WHERE version >= 14');
    server.run(['migrate']);
    await as(old.cookie, 'session.me');
  });

  it('a new password of the own account needs the old one and ends all other sessions', async () => {
    const kai = await server.newAgent('Kai');
    const other = await server.login('kai@example.com', 'seven lamps on a wet quay');
    const socket = await server.agent(other);
    await socket.call('conversation.counts', {});
    await refused(as(kai.cookie, 'agent.update', { id: kai.id, password: 'plum and cobalt river' }), 'invalid', 'old_password');
    await refused(as(kai.cookie, 'agent.update', { id: kai.id, password: 'plum and cobalt river', old_password: 'wrong' }), 'invalid', 'old_password');
    await as(kai.cookie, 'agent.update', { id: kai.id, password: 'plum and cobalt river', old_password: 'seven lamps on a wet quay' });
    await waitFor('the other socket is closed', () => socket.closeCode === 4401, 5000);
    await refused(as(other, 'session.me'), 'unauthenticated');
    await as(kai.cookie, 'session.me');
    await server.login('kai@example.com', 'plum and cobalt river');
  });

  it('that are stolen cannot try the old password for ever', async () => {
    const pat = await server.newAgent('Pat');
    const kinds: string[] = [];
    for (let i = 0; i < 12; i++)
      kinds.push(
        await as(pat.cookie, 'agent.update', { id: pat.id, password: 'plum and cobalt river', old_password: `guess ${i}` }).then(
          () => 'done',
          (error: ApiError) => error.kind,
        ),
      );
    assert.deepEqual([kinds[0], kinds.at(-1)], ['invalid', 'rate_limited'], kinds.join(' '));
    await server.login('pat@example.com', 'seven lamps on a wet quay'); // the door is not closed by it
  });

  it('weak passwords are refused with the reason, wherever one is set', async () => {
    const reason = async (promise: Promise<unknown>): Promise<string> =>
      promise.then(
        () => 'taken',
        (error: ApiError) => error.reason ?? error.message,
      );
    const create = (password: string): Promise<string> =>
      reason(server.api('agent.create', { email: `p${randomUUID()}@example.com`, name: 'Paula Weber', role: 'agent', password }));
    assert.equal(await create('xkT9#pLq2'), 'password_short');
    assert.equal(await create('Password123!'), 'password_common');
    assert.equal(await create('weber xkT9#pLq2'), 'password_personal');
    assert.equal(await create('my throughline xkT9'), 'password_personal');
    const zoe = await server.newAgent('Zoe Miller');
    assert.equal(await reason(server.api('agent.update', { id: zoe.id, password: 'qwertyuiop12' })), 'password_common');
    assert.equal(
      await reason(as(zoe.cookie, 'agent.update', { id: zoe.id, password: 'zoemiller xkT9#p', old_password: 'seven lamps on a wet quay' })),
      'password_personal',
    );
    assert.throws(() => server.run(['agent', 'add', '--email', 'x@example.com', '--name', 'X'], 'password1234\n'), /guessed soon/);
  });

  it('the present password is refused as a new one, whoever sets it, and costs no try', async () => {
    const same = 'seven lamps on a wet quay';
    const max = await server.newAgent('Max');
    const saidSame = (promise: Promise<unknown>): Promise<void> =>
      assert.rejects(promise, (error: ApiError) => {
        assert.deepEqual([error.kind, error.field, error.reason], ['invalid', 'password', 'password_same'], error.message);
        return true;
      });
    for (let i = 0; i < 12; i++) await saidSame(as(max.cookie, 'agent.update', { id: max.id, password: same, old_password: same }));
    await saidSame(server.api('agent.update', { id: max.id, password: same }));
    await as(max.cookie, 'session.me'); // nothing has ended
    await as(max.cookie, 'agent.update', { id: max.id, password: 'plum and cobalt river', old_password: same });
    await server.api('agent.update', { id: max.id, password: same });
  });

  it('come from the command line with the same words in the audit as from the API', async () => {
    const till = await server.channel('api', 'Audited till');
    server.run(['token', 'add', '--name', 'Audited', '--scope', 'put', '--channel', till.id, '--days', '30']);
    const row = (await server.api('audit.list', { about: 'access' })).events.find((one) => one.subject === 'Audited');
    const { scopes, channels, expires_at, by } = row?.after as Record<string, string>;
    assert.deepEqual([scopes, channels, by], ['put', till.id, 'command line']);
    assert.ok(Math.abs(Date.parse(expires_at ?? '') - Date.now() - 30 * 86_400_000) < 600_000);
  });

  it('are not so strict that ./dev run cannot make the demo log-ins', () => {
    const shell = readFileSync(join(import.meta.dirname, '../lib/run.sh'), 'utf8');
    const password = /^DEMO_PASSWORD=(\S+)$/m.exec(shell)?.[1];
    const logins = [...shell.matchAll(/^ {4}"([^|"]+)\|([^|"]+)\|(\w+)"$/gm)];
    assert.equal(logins.length, 5);
    for (const [, email, name, role] of logins)
      server.run(['agent', 'add', '--email', `demo.${email}`, '--name', String(name), '--role', String(role), '--password-stdin'], `${password}\n`);
  });
});

describe('the session cookie', () => {
  const call = (server: Server, cookie: string): Promise<Response> =>
    fetch(`${server.url}/api/v1/session.me`, { method: 'POST', headers: { 'content-type': 'application/json', cookie }, body: '{}' });

  it('has a name that no other site can set when the server is reached by https; who is logged in stays so', async () => {
    const server = await Server.start((fn) => ends.push(fn), { start: false });
    await server.serve();
    const before = await server.login();
    assert.match(before, /^throughline=/);
    await server.stop();
    server.configure('server', 'public_url', 'https://desk.example');
    await server.serve();
    const fresh = await fetch(`${server.url}/api/v1/session.login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(ADMIN),
    });
    const cookie = fresh.headers.getSetCookie()[0] ?? '';
    assert.match(cookie, /^__Host-throughline=[^;]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+; Secure$/);
    assert.equal((await call(server, cookie.split(';')[0] ?? '')).status, 200);
    // The same token under the plain name, as a neighbour under the domain could set it, is nobody's.
    assert.equal((await call(server, (cookie.split(';')[0] ?? '').replace('__Host-', ''))).status, 401);

    const upgraded = await call(server, before);
    assert.equal(upgraded.status, 200);
    const [better = '', gone = ''] = upgraded.headers.getSetCookie();
    assert.match(better, /^__Host-throughline=[^;]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+; Secure$/);
    assert.match(gone, /^throughline=; .*Max-Age=0/);
    assert.equal((await call(server, better.split(';')[0] ?? '')).status, 200);
    assert.equal((await call(server, before)).status, 401);
  });
});

describe("a site's signature", () => {
  let server: Server;
  let chat: { id: string; secrets: Record<string, string> };
  const secret = (): string => chat.secrets['identity_secret'] ?? '';
  const inSeconds = (s: number): number => Math.floor(Date.now() / 1000) + s;
  before(async () => {
    server = await Server.start((fn) => ends.push(fn));
    chat = await server.channel('chat', 'Chat');
  });

  const say = async (who: object, channel_id = chat.id): Promise<boolean> => {
    const socket = await server.visitor();
    try {
      await socket.call('chat.hello', { channel_id });
      return (await socket.call('chat.identify', who as never)).proven;
    } finally {
      socket.close();
    }
  };
  const no = (who: object, channel_id?: string): Promise<void> => refused(say(who, channel_id), 'unauthenticated', 'signature');

  it('is good for its channel, its kind and its time, and for nothing else', async () => {
    const email = 'ann@customer.example';
    assert.equal(await say({ user_id: '1042', ...signedBySite(chat.id, secret(), 'user_id', '1042') }), true);
    assert.equal(await say({ email, ...signedBySite(chat.id, secret(), 'email', email) }), true);
    // A customer number that looks like an address proves no address.
    await no({ email, ...signedBySite(chat.id, secret(), 'user_id', email) });
    await no({ user_id: email, ...signedBySite(chat.id, secret(), 'email', email) });
    await no({ user_id: '1042', ...signedBySite(chat.id, secret(), 'user_id', '1042', inSeconds(-1)) });
    await no({ user_id: '1042', ...signedBySite(chat.id, secret(), 'user_id', '1042', inSeconds(32 * 86_400)) });
    const { signature } = signedBySite(chat.id, secret(), 'user_id', '1042', inSeconds(60));
    await no({ user_id: '1042', signature, expires: inSeconds(3600) });
    const twin = await server.channel('chat', 'Twin', { identity_secret: secret() });
    await no({ user_id: '1042', ...signedBySite(chat.id, secret(), 'user_id', '1042') }, twin.id);
  });

  it('of the old form is refused by new channels, and taken by those from before until their date', async () => {
    const plain = { user_id: '7', signature: createHmac('sha256', secret()).update('7').digest('hex') };
    const warnings = async (): Promise<string[] | undefined> => (await server.api('channel.list', {})).channels.find((one) => one.id === chat.id)?.warnings;
    await no(plain);
    assert.deepEqual(await warnings(), []);
    server.sql(
      "UPDATE channel SET settings = JSON_REMOVE(settings, '$.plain_signatures_until') WHERE type = 'chat'; DELETE FROM schema_migration WHERE version >= 14",
    );
    server.run(['migrate']); // as an installation from before is upgraded
    server.sql('UPDATE channel SET changed_at = changed_at + 1000');
    await waitFor('the old form is taken', async () => say(plain).catch(() => false));
    assert.deepEqual(await warnings(), ['plain_signatures']);
    for (const plain_signatures_until of ['2020-01-01', 'for ever', '9999', null]) {
      await server.api('channel.update', { id: chat.id, settings: { plain_signatures_until } } as never);
      await waitFor(`it is refused with ${plain_signatures_until}`, async () =>
        say(plain).then(
          () => false,
          () => true,
        ),
      );
    }
    assert.deepEqual(await warnings(), []);
  });

  it('is taken with the new secret and the one before, until that is ended', async () => {
    const before = secret();
    const made = await server.api('channel.rotate_secret', { id: chat.id, setting: 'identity_secret' });
    const after = made.generated?.['identity_secret'] ?? '';
    assert.ok(after.length > 40 && after !== before);
    assert.ok(made.channel?.secrets_set.includes('identity_secret_previous'));
    const with_ = (key: string): object => ({ user_id: '9', ...signedBySite(chat.id, key, 'user_id', '9') });
    await waitFor('the new one is taken', async () => say(with_(after)).catch(() => false));
    assert.equal(await say(with_(before)), true);
    await server.api('channel.update', { id: chat.id, settings: { identity_secret_previous: null } } as never);
    await waitFor('the one before is refused', async () =>
      say(with_(before)).then(
        () => false,
        () => true,
      ),
    );
    assert.equal(await say(with_(after)), true);
    chat.secrets['identity_secret'] = after;
    await refused(server.api('channel.rotate_secret', { id: chat.id, setting: 'accent' }), 'invalid', 'setting');
  });

  it('is made by the examples of the documentation', async () => {
    const text = readFileSync(new URL('../../docs/WIDGET.md', import.meta.url), 'utf8');
    const example = (language: string): string => {
      const found = [...text.matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, 'g'))]
        .map(([, code = '']) => code)
        .find((code) => code.includes('THROUGHLINE_IDENTITY_SECRET'));
      assert.ok(found, language);
      return found;
    };
    const env = { ...process.env, THROUGHLINE_IDENTITY_SECRET: secret() };
    const node = execFileSync(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `const channel = '${chat.id}', customer = { id: '1042' };\n${example('js')}\nconsole.log(JSON.stringify({ expires, signature }));`,
      ],
      { env, encoding: 'utf8' },
    );
    const python = execFileSync(
      'python3',
      [
        '-c',
        `import json, types\nchannel, customer = '${chat.id}', types.SimpleNamespace(id='1042')\n${example('python')}\nprint(json.dumps({'expires': expires, 'signature': signature}))`,
      ],
      { env, encoding: 'utf8' },
    );
    for (const said of [node, python]) assert.equal(await say({ user_id: '1042', ...(JSON.parse(said) as object) }), true);
  });
});

describe('the process', () => {
  it('leaves no core file: it holds the key of the secrets', async () => {
    const server = await Server.start((fn) => ends.push(fn));
    assert.match(readFileSync(`/proc/${server.child?.pid}/limits`, 'utf8'), /^Max core file size +0 +0 /m);
  });
});
