// Signing in at a provider, attacked: states of others, used twice and forged; a token address that answers what it likes; a channel that is
// another one, or none, when the browser comes back.
import assert from 'node:assert/strict';
import { createServer, type Server as HttpServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { endAll, Server } from './harness.ts';

describe('signing in at a provider that is hostile', () => {
  let server: Server;
  let http: HttpServer;
  let base: string;
  let cookie: string;
  let answer: (response: ServerResponse) => void;
  const asked: { url: string; body: string; authorization: string }[] = [];
  const ends: (() => unknown)[] = [];

  before(async () => {
    http = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        asked.push({ url: request.url ?? '', body: Buffer.concat(chunks).toString(), authorization: request.headers['authorization'] ?? '' });
        if (request.url === '/token') answer(response);
        else response.writeHead(404).end('{}');
      });
    });
    await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
    ends.push(() => new Promise<void>((done) => (http.closeAllConnections(), http.close(() => done()))));
    base = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    server = await Server.start((fn) => ends.push(fn), { config: { server: { mailbox_seconds: '1' } } });
    cookie = await server.login();
  });
  after(async () => {
    await endAll(ends.reverse());
  });

  const channel = async (name: string): Promise<string> =>
    (
      await server.channel('graph', name, {
        address: `${name}@shop.example`,
        graph_url: base,
        sign_in: 'oauth',
        oauth_client_id: 'app',
        oauth_client_secret: 'hidden',
        oauth_authorize_url: `${base}/authorize`,
        oauth_token_url: `${base}/token`,
      })
    ).id;
  async function begin(channel_id: string, as = cookie): Promise<string> {
    const socket = await server.agent(as);
    try {
      return new URL((await socket.call('mailbox.sign_in', { channel_id })).url).searchParams.get('state') ?? '';
    } finally {
      socket.close();
    }
  }
  const back = (query: Record<string, string>): string => new URLSearchParams(query).toString();
  let path: string;
  async function comeBack(query: string, as: string | null = cookie): Promise<{ status: number; hash: string; location: string }> {
    path ??= new URL((await redirectUrl()) ?? '').pathname;
    const response = await fetch(`${server.url}${path}?${query}`, { redirect: 'manual', headers: as ? { cookie: as } : {} });
    const location = response.headers.get('location') ?? '';
    await response.arrayBuffer();
    return { status: response.status, hash: location ? new URL(location).hash : '', location };
  }
  async function redirectUrl(): Promise<string | null> {
    const socket = await server.agent(cookie);
    const { url } = await socket.call('mailbox.sign_in', { channel_id: await channel('path') });
    socket.close();
    return new URL(url).searchParams.get('redirect_uri');
  }
  const problem = async (id: string): Promise<{ code?: string } | undefined> => {
    const one = (await server.api('channel.list', {})).channels.find((each) => each.id === id);
    return (one?.mailbox?.sign_in_problem as { code?: string }[] | undefined)?.[0];
  };
  const json = (body: unknown, status = 200): void => {
    answer = (response) => response.writeHead(status, { 'content-type': 'application/json' }).end(typeof body === 'string' ? body : JSON.stringify(body));
  };
  const tokens = (more: Record<string, unknown> = {}): Record<string, unknown> => ({ access_token: 'a', refresh_token: 'r', expires_in: 3600, ...more });

  it('a state is good once, for its own session, and for nobody who makes one up; nothing else is asked then', async () => {
    const id = await channel('states');
    const state = await begin(id);
    json(tokens());
    const stranger = await server.login();
    const before = asked.length;
    for (const [query, as] of [
      [back({ state, code: 'c' }), stranger],
      [back({ state, code: 'c' }), null],
      [back({ state: 'x'.repeat(43), code: 'c' }), cookie],
      [back({ state: '', code: 'c' }), cookie],
      [back({ code: 'c' }), cookie],
      ['', cookie],
      [`state=${state}%00&code=c`, cookie],
      [`state=${'s'.repeat(6000)}&code=c`, cookie],
      [`state[]=${state}&code=c`, cookie],
      ['%zz=%&state=%f0%28', cookie],
    ] as [string, string | null][]) {
      const { status, hash } = await comeBack(query, as);
      assert.ok(status === 303 || status === 400, `${query.slice(0, 60)} ${status}`);
      if (status === 303) assert.match(hash, /^#\/settings\/channels\/sign_in\/\w*$/, query.slice(0, 60));
    }
    assert.equal(asked.length, before, 'nobody was asked');
    const tabs = await Promise.all([0, 1, 2, 3].map(() => comeBack(back({ state, code: 'c' }))));
    assert.equal(tabs.filter(({ hash }) => hash === `#/settings/channels/${id}`).length, 1);
    assert.equal(asked.filter(({ url }) => url === '/token').length, 1);
  });

  it('leads back to the desk alone, whatever came with it', async () => {
    const id = await channel('leads');
    const added: Record<string, string>[] = [{ redirect_uri: 'https://evil.example/' }, { next: '//evil.example' }, { error: '//evil.example/\r\nSet-Cookie: x=1', error_description: '<script>' }];
    for (const more of added) {
      json(tokens());
      const { location } = await comeBack(back({ state: await begin(id), code: 'c', ...more }));
      assert.ok(location.startsWith(`${server.url}/#/settings/channels/`), location);
    }
  });

  it('two who began at once each finish, and a code goes with its own proof', async () => {
    const id = await channel('tabs');
    const [one, two] = [await begin(id), await begin(id)];
    json(tokens());
    const before = asked.length;
    assert.deepEqual((await Promise.all([comeBack(back({ state: two, code: 'two' })), comeBack(back({ state: one, code: 'one' }))])).map(({ hash }) => hash), [
      `#/settings/channels/${id}`,
      `#/settings/channels/${id}`,
    ]);
    const proofs = asked
      .slice(before)
      .filter(({ url }) => url === '/token')
      .map(({ body }) => new URLSearchParams(body).get('code_verifier'));
    assert.equal(new Set(proofs.slice(0, 2)).size, 2);
  });

  it('says what the token address answers, and takes nothing of what it may not', async () => {
    const id = await channel('answers');
    const cases: [string, () => void][] = [
      ['huge', () => json(`{"access_token":"${'a'.repeat(5_000_000)}"}`)],
      ['deep', () => json('{"a":'.repeat(20_000))],
      ['no JSON', () => json('<html>')],
      ['nothing', () => json('')],
      ['a number', () => json('42')],
      ['a list', () => json([tokens()])],
      ['no refresh token', () => json({ access_token: 'a' })],
      ['an empty one', () => json(tokens({ access_token: '' }))],
      ['one that is too long', () => json(tokens({ refresh_token: 'r'.repeat(5000) }))],
      ['one of two lines', () => json(tokens({ access_token: 'a\r\nX-Evil: yes' }))],
      ['elsewhere', () => (answer = (response) => response.writeHead(307, { location: 'http://169.254.169.254/' }).end())],
      ['cut', () => (answer = (response) => (response.writeHead(200, { 'content-length': '1000' }), response.write('{"access_token"'), void setTimeout(() => response.destroy(), 20)))],
      ['words without end', () => json({ error: 'x'.repeat(30_000), error_description: '\u202e'.repeat(10_000) }, 400)],
    ];
    for (const [name, set] of cases) {
      set();
      const { status } = await comeBack(back({ state: await begin(id), code: 'c' }));
      assert.equal(status, 303, name);
      assert.ok((await problem(id))?.code, name);
      assert.equal((await server.api('channel.list', {})).channels.find((one) => one.id === id)?.mailbox?.signed_in_at, null, name);
    }
    json(tokens({ id_token: `e30.${Buffer.from(JSON.stringify({ email: `\u202e"<b>${'x'.repeat(5000)}` })).toString('base64url')}.x`, expires_in: '9'.repeat(30) }));
    await comeBack(back({ state: await begin(id), code: 'c'.repeat(6000) }));
  });

  it('brings no token to a channel that is gone, or is another kind by then', async () => {
    const id = await channel('gone');
    const state = await begin(id);
    json(tokens());
    const before = asked.filter(({ url }) => url === '/token').length;
    await server.api('channel.update', { id, settings: { sign_in: 'microsoft_app', oauth_tenant: 't', oauth_token_url: `${base}/token` } });
    const { hash } = await comeBack(back({ state, code: 'c' }));
    assert.equal(hash.startsWith('#/settings/channels/'), true);
    assert.equal(asked.filter(({ url, body }) => url === '/token' && body.includes('authorization_code')).length, asked.filter(({ url, body }) => url === '/token' && body.includes('authorization_code')).slice(0, before).length);
    assert.equal((await server.api('channel.list', {})).channels.find((one) => one.id === id)?.mailbox?.signed_in_at, null);
  });
});
