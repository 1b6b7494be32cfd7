// What several do at the same moment, at two server processes on one database: each rule holds as if they had come one by one.
import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { deliver, lineRequest, lineTextEvent } from '../../agent-web/play/providers.ts';
import { ADMIN, ApiError, endAll, Server, waitFor } from './harness.ts';

const PASSWORD = 'seven lamps on a wet quay';
const OTHER = 'nine boats in a dry dock';

/** A transaction of somebody else, that stays open until it is told to end. */
class Transaction {
  private readonly shell: ChildProcessWithoutNullStreams;
  private said = '';
  private asked = 0;

  constructor(server: Server) {
    this.shell = spawn('mariadb', ['--no-defaults', '-uroot', `-S${server.databaseSocket}`, '-N', '-B', '-n', server.database]);
    this.shell.stdout.on('data', (data: Buffer) => (this.said += String(data)));
  }

  async run(sql: string): Promise<void> {
    const mark = `done${++this.asked}`;
    this.shell.stdin.write(`${sql}; SELECT '${mark}';\n`);
    await waitFor(`"${sql}" is done`, () => this.said.includes(mark));
  }

  end(): void {
    this.shell.stdin.end();
  }
}

describe('at the same moment', () => {
  let server: Server;
  let twin: Server;
  let line: { id: string; url: string; channelSecret: string };
  const ends: (() => Promise<void>)[] = [];

  before(async () => {
    server = await Server.start((fn) => ends.push(fn));
    twin = await server.twin((fn) => ends.push(fn));
    const made = await server.channel('line', 'LINE', { channel_secret: 'ls', access_token: 'la' });
    line = { ...made, channelSecret: 'ls' };
  });
  after(async () => {
    await endAll(ends.reverse());
  });

  const login = (email: string, password: string, at = server): Promise<Response> =>
    fetch(`${at.url}/api/v1/session.login`, { method: 'POST', body: JSON.stringify({ email, password }) });
  const me = async (cookie: string): Promise<number> =>
    (await fetch(`${server.url}/api/v1/session.me`, { method: 'POST', headers: { cookie }, body: '{}' })).status;
  const cookieOf = (response: Response): string => (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const agentRow = (email: string): string => server.sql(`SELECT password_hash FROM agent WHERE email = '${email}'`).trim();

  /** What comes of `begin` when, after it has read the account, somebody else's change of it is committed. */
  async function during(changes: string[], begin: () => Promise<Response>): Promise<Response> {
    const waiting = (): number =>
      Number(server.sql("SELECT variable_value FROM information_schema.global_status WHERE variable_name = 'Innodb_row_lock_current_waits'").trim());
    const other = new Transaction(server);
    let answered = false;
    try {
      for (const sql of ['BEGIN', ...changes]) await other.run(sql);
      const answer = begin().finally(() => (answered = true));
      await waitFor('it waits for the other, or is answered', () => answered || waiting() > 0);
      await other.run('COMMIT');
      return await answer;
    } finally {
      other.end();
    }
  }

  it('nobody gets in by a password that is changed meanwhile, or into an account that is switched off', async () => {
    for (const name of ['Changed', 'Switched', 'Model']) await server.newAgent(name);
    await server.api('agent.update', { id: (await server.api('agent.list', {})).agents.find((one) => one.name === 'Model')?.id ?? '', password: OTHER });
    const key = (name: string): string => `agent_id = (SELECT id FROM agent WHERE email = '${name}@example.com')`;
    const gone = (name: string): string => `DELETE FROM session WHERE ${key(name)}`;
    const changed = await during(
      [`UPDATE agent SET password_hash = '${agentRow('model@example.com')}' WHERE email = 'changed@example.com'`, gone('changed')],
      () => login('changed@example.com', PASSWORD, twin),
    );
    assert.deepEqual([changed.status, await me(cookieOf(changed))], [401, 401]);
    assert.equal((await login('changed@example.com', OTHER)).status, 200);
    const off = await during(["UPDATE agent SET active = FALSE WHERE email = 'switched@example.com'", gone('switched')], () =>
      login('switched@example.com', PASSWORD, twin),
    );
    assert.equal(off.status, 401);
    server.sql("UPDATE agent SET active = TRUE WHERE email = 'switched@example.com'");
    assert.equal(await me(cookieOf(off)), 401, 'nor when it is switched on again');
  });

  it('an old password changes nothing when an administrator has set another meanwhile', async () => {
    const { id, cookie } = await server.newAgent('Rescued');
    await server.newAgent('Example');
    await server.api('agent.update', { id: (await server.api('agent.list', {})).agents.find((one) => one.name === 'Example')?.id ?? '', password: OTHER });
    const thief = await during([`UPDATE agent SET password_hash = '${agentRow('example@example.com')}' WHERE email = 'rescued@example.com'`], () =>
      fetch(`${twin.url}/api/v1/agent.update`, {
        method: 'POST',
        headers: { cookie },
        body: JSON.stringify({ id, password: 'the thief is in now', old_password: PASSWORD }),
      }),
    );
    assert.equal(thief.status, 422, await thief.text());
    assert.equal((await login('rescued@example.com', OTHER)).status, 200);
  });

  it('an administrator who is none any more, and a token that is revoked, leave nothing behind that was on its way', async () => {
    const former = await server.newAgent('Former', 'admin');
    const revoked = await server.api('token.create', { name: 'revoked', role: 'admin' });
    const makes = (name: string, headers: Record<string, string>) => (): Promise<Response> =>
      fetch(`${twin.url}/api/v1/token.create`, { method: 'POST', headers, body: JSON.stringify({ name, role: 'admin' }) });
    const held = 'SELECT COUNT(*) FROM api_token FOR UPDATE'; // nobody writes a new one before the end
    const by = [
      await during(["UPDATE agent SET role = 2 WHERE email = 'former@example.com'", held], makes('a way back', { cookie: former.cookie })),
      await during(["UPDATE api_token SET revoked_at = 1 WHERE name = 'revoked'", held], makes('a way back', { authorization: `Bearer ${revoked.secret}` })),
    ];
    assert.deepEqual(
      by.map((one) => one.status),
      [401, 401],
    );
    assert.equal(Number(server.sql("SELECT COUNT(*) FROM api_token WHERE name = 'a way back'")), 0);
  });

  it('one administrator stays, whoever demotes whom at which server', async () => {
    for (let round = 0; round < 6; round++) {
      const other = await server.newAgent(`Peer ${'abcdef'[round]}`, 'admin');
      const ada = (await server.api('agent.list', {})).agents.find((one) => one.email === ADMIN.email)?.id ?? '';
      const own = await server.login();
      const demote = (at: Server, cookie: string, id: string): Promise<number> =>
        fetch(`${at.url}/api/v1/agent.update`, { method: 'POST', headers: { cookie }, body: JSON.stringify({ id, role: 'agent' }) }).then((one) => one.status);
      const statuses = await Promise.all([demote(server, own, other.id), demote(twin, other.cookie, ada)]);
      assert.equal(Number(server.sql('SELECT COUNT(*) FROM agent WHERE role = 4 AND active')), 1, statuses.join());
      server.sql(`UPDATE agent SET role = IF(email = '${ADMIN.email}', 4, 2)`);
    }
  });

  it('the last administrator stays also when it has become one only meanwhile', async () => {
    const fresh = await server.newAgent('Fresh');
    const off = await during(["UPDATE agent SET role = 4 WHERE email = 'fresh@example.com'", `UPDATE agent SET role = 2 WHERE email = '${ADMIN.email}'`], () =>
      fetch(`${twin.url}/api/v1/agent.update`, {
        method: 'POST',
        headers: { authorization: `Bearer ${server.token}` },
        body: JSON.stringify({ id: fresh.id, active: 'no' }),
      }),
    );
    const admins = Number(server.sql('SELECT COUNT(*) FROM agent WHERE role = 4 AND active'));
    server.sql(`UPDATE agent SET role = IF(email = '${ADMIN.email}', 4, 2)`);
    assert.deepEqual([off.status, admins], [409, 1]);
  });

  it('of two who expect the same version one is first, every time', async () => {
    assert.equal((await deliver(lineRequest(line, [lineTextEvent('Uversion', 'hello')]))).status, 200);
    const row = (await server.api('conversation.list', { view: 'open' })).conversations[0];
    assert.ok(row);
    const two = await Promise.all([server.agent(), twin.agent()]);
    let conversation = row.version;
    let person = (await server.api('customer.get', { id: row.customer_id })).version;
    const outcomes = async (calls: Promise<{ version: number | null }>[]): Promise<number> => {
      const all = await Promise.allSettled(calls);
      const won = all.filter((one) => one.status === 'fulfilled');
      const lost = all.filter((one) => one.status === 'rejected').map((one) => one.reason as ApiError);
      assert.deepEqual([won.length, ...lost.map((one) => [one.kind, one.field])], [1, ['conflict', 'version']]);
      return won[0]?.value.version ?? 0;
    };
    for (let round = 0; round < 100; round++) {
      conversation = await outcomes(two.map((one, i) => one.call('conversation.set_tags', { id: row.id, tags: [`t${round}-${i}`], version: conversation })));
      person = await outcomes(two.map((one, i) => one.call('customer.update', { id: row.customer_id, about: `a${round}-${i}`, version: person })));
    }
    for (const one of two) one.close();
  });

  it('what many resolve is resolved once, counted once, and no message that comes meanwhile is lost', async () => {
    const people = Array.from({ length: 60 }, (_, i) => `Ubulk${i}`);
    assert.equal(
      (
        await deliver(
          lineRequest(
            line,
            people.map((who, i) => lineTextEvent(who, `bulk ${i}`)),
          ),
        )
      ).status,
      200,
    );
    const rows = (await server.api('conversation.list', { view: 'open', limit: 200 })).conversations.filter((one) => one.preview?.startsWith('bulk'));
    assert.equal(rows.length, people.length);
    const ids = rows.map((one) => one.id);
    const agents = await Promise.all([server.agent(), twin.agent(), server.agent(), twin.agent()]);
    const doubled = [...ids, ...ids, ...ids];
    const counted = await Promise.all(
      agents.map(
        async (one, i) =>
          (await one.call('conversation.resolve_many', { conversations: (i % 2 ? doubled : [...doubled].reverse()).map((id) => ({ id })) })).resolved ?? 0,
      ),
    );
    assert.equal(
      counted.reduce((sum, n) => sum + n, 0),
      ids.length,
      counted.join(),
    );
    const activities = Number(server.sql('SELECT COUNT(*) FROM entry WHERE payload LIKE \'%"status":"resolved"%\''));
    assert.equal(activities, ids.length);
    const arriving = Promise.all(people.map((who, i) => deliver(lineRequest(line, [lineTextEvent(who, `again ${i}`)]))));
    await Promise.all([...agents.map((one) => one.call('conversation.resolve_many', { conversations: doubled.map((id) => ({ id })) })), arriving]);
    assert.ok((await arriving).every((sent) => sent.status === 200));
    assert.equal(Number(server.sql("SELECT COUNT(*) FROM entry WHERE text LIKE 'again %'")), people.length);
    for (const one of agents) one.close();
  });

  it('what is to be resolved is bounded, and what is no id is named', async () => {
    const call = (conversations: unknown): Promise<Response> =>
      fetch(`${server.url}/api/v1/conversation.resolve_many`, {
        method: 'POST',
        headers: { authorization: `Bearer ${server.token}` },
        body: JSON.stringify({ conversations }),
      });
    const id = '018f0000-0000-7000-8000-000000000000';
    for (const list of [
      Array(10_000).fill({ id }),
      [],
      [-1],
      [null],
      [[id]],
      [id],
      [{}],
      [{ id: '' }],
      [{ id: 0 }],
      [{ id: `${id} ` }],
      [{ id: `${id}\u0000` }],
      [{ id, version: -1 }],
      [{ id, version: '3' }],
      [{ id, more: 1 }],
      'x',
      {},
    ]) {
      const answer = await call(list);
      const said = (await answer.json()) as { error: { data: { field: string } } };
      assert.deepEqual([answer.status, said.error?.data.field.replace(/\[0\].*/, '')], [422, 'conversations'], JSON.stringify(list).slice(0, 60));
    }
    const nobody = (await (await call([{ id, version: 1 }, { id }])).json()) as { resolved: number };
    assert.equal(nobody.resolved, 0);
  });

  it('lists of ids are bounded, and what is no id is named', async () => {
    const call = (method: string, params: string): Promise<Response> =>
      fetch(`${server.url}/api/v1/${method}`, { method: 'POST', headers: { authorization: `Bearer ${server.token}` }, body: params });
    const id = '018f0000-0000-7000-8000-000000000000';
    for (const [method, field] of [['visitor.block', 'conversation_ids']] as const) {
      const lists = [
        Array(10_000).fill(id),
        [],
        [-1],
        [0],
        [2 ** 63],
        [''],
        [null],
        [[id]],
        [{ id }],
        [`${id} `],
        [`${id}\u0000`],
        [id.toUpperCase().replaceAll('-', '_')],
      ];
      for (const list of lists) {
        const answer = await call(method, JSON.stringify({ [field]: list }));
        const said = (await answer.json()) as { error: { data: { field: string } } };
        assert.deepEqual([answer.status, said.error?.data.field.replace(/\[0\].*/, '')], [422, field], JSON.stringify(list).slice(0, 60));
      }
      for (const list of ['[9223372036854775808]', '[18446744073709551617]', '[1e400]', '9223372036854775807', '"x"', '{}'])
        assert.equal((await call(method, `{"${field}":${list}}`)).status, 422, list);
    }
  });
});
