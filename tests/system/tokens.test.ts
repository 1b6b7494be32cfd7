// API tokens, and what each may do.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { randomUUID, Server, Socket, waitFor, endAll, refused } from './harness.ts';

const ends: (() => Promise<void>)[] = [];
after(async () => {
  await endAll(ends.reverse());
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
