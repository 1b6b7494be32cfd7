// After a backup was restored: who was erased since is erased again, and no session and no token comes back.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { ApiError, randomUUID, Server, waitFor, endAll } from './harness.ts';

const ends: (() => Promise<void>)[] = [];
after(async () => {
  await endAll(ends.reverse());
});

describe('a restored backup', () => {
  it('brings back neither erased people and entries, nor revoked tokens and ended sessions', async () => {
    const server = await Server.start((fn) => ends.push(fn));
    const channel = await server.channel('api', 'Shop');
    const put = (email: string, text: string): Promise<unknown> =>
      server.api('entries.put', {
        channel_id: channel.id,
        entries: [{ identity: { kind: 'email', value: email, name: email.split('@')[0] }, external_id: randomUUID(), kind: 'message', text }],
      } as never);
    const idOf = async (email: string): Promise<string> => (await server.api('customer.search', { query: email })).hits[0]?.id ?? '';
    for (const name of ['gone', 'joined', 'kept']) await put(`${name}@customer.example`, `words of ${name}`);
    const [gone, joined, kept] = [await idOf('gone@customer.example'), await idOf('joined@customer.example'), await idOf('kept@customer.example')];
    const page = await server.api('timeline.page', { customer_id: kept });
    const entry = page.entries.find((one) => one.text === 'words of kept')?.id ?? '';
    await put('kept@customer.example', 'other words of kept');
    const cookie = await server.login();
    const stolen = await server.api('token.create', { name: 'stolen', role: 'admin' } as never);
    const dump = execFileSync('mariadb-dump', ['--no-defaults', '-uroot', `-S${server.databaseSocket}`, '--single-transaction', server.database], {
      maxBuffer: 1 << 30,
    }); // bytes: ids are binary

    // What happens after the backup, and the restore forgets.
    await server.api('token.revoke', { id: stolen.token?.id ?? '' });
    const agent = await server.agent();
    await agent.call('customer.merge', { from_id: joined, into_id: gone, reason: 'the same' } as never);
    agent.close();
    const { id: task } = await server.api('privacy.erase_customer', {
      customer_id: gone,
      confirm: (await server.api('customer.get', { id: gone })).name ?? '',
      reason: 'asked',
    } as never);
    await waitFor('the person is erased', async () => (await server.api('task.get', { id: task })).state === 'done');
    await server.api('privacy.erase_entry', { entry_id: entry, reason: 'asked' } as never);
    const log = readFileSync(join(server.folder, 'erased.log'), 'utf8');
    assert.match(log, new RegExp(`^\\S+ customer ${gone} \\[\\d+,\\d+\\]\\n\\S+ entry ${entry} \\[\\]\\n$`));
    assert.ok(!/example|words|kept|gone@/.test(log), log);

    await server.stop();
    server.sql(`DROP DATABASE ${server.database}; CREATE DATABASE ${server.database} CHARACTER SET utf8mb4`, '');
    execFileSync('mariadb', ['--no-defaults', '-uroot', `-S${server.databaseSocket}`, server.database], { input: dump });
    const said = server.run(['restore', 'finish']);
    assert.match(said, /^[12] session\(s\) ended, 2 token\(s\) revoked\.\n2 person\(s\) will be erased again when the server starts, 1 entries are\.\n$/);
    const token = server.run(['token', 'add', '--name', 'after', '--role', 'admin']).trim();
    await server.serve();
    await waitFor(
      'both are erased again',
      async () => (await server.api('task.list', {}, token)).tasks.filter((one) => one.kind === 'erase' && one.state === 'done').length === 2,
    );
    for (const words of ['words of gone', 'words of joined']) assert.equal(server.sql(`SELECT COUNT(*) FROM entry WHERE text = '${words}'`).trim(), '0', words);
    assert.equal(server.sql("SELECT COUNT(*) FROM entry WHERE text = 'words of kept'").trim(), '0');
    assert.equal(server.sql("SELECT COUNT(*) FROM entry WHERE text = 'other words of kept'").trim(), '1');
    for (const secret of [stolen.secret, server.token])
      await assert.rejects(server.api('customer.search', { query: 'x' }, secret), (error: ApiError) => error.kind === 'unauthenticated');
    assert.equal(
      (await fetch(`${server.url}/api/v1/session.me`, { method: 'POST', headers: { cookie, 'content-type': 'application/json' }, body: '{}' })).status,
      401,
    );
    // Asked once more, there is nothing left to do.
    assert.match(
      server.run(['restore', 'finish', '--keep-tokens']),
      /0 token\(s\) revoked\.\n0 person\(s\) will be erased again when the server starts, 0 entries are\.\n$/,
    );
  });
});
