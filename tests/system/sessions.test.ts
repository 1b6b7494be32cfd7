// Sessions, passwords and the cookie of one; and what the process keeps of them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ADMIN, ApiError, randomUUID, Server, waitFor, endAll, refused } from './harness.ts';

const ends: (() => Promise<void>)[] = [];
after(async () => {
  await endAll(ends.reverse());
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

describe('the process', () => {
  it('leaves no core file: it holds the key of the secrets', async () => {
    const server = await Server.start((fn) => ends.push(fn));
    assert.match(readFileSync(`/proc/${server.child?.pid}/limits`, 'utf8'), /^Max core file size +0 +0 /m);
  });
});
