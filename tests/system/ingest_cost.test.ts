// What a message costs the database, counted, not timed: statements, commits, fsyncs; alone and under load. On a MariaDB of
// its own, so that nobody else's statements are counted, and without the search index and the readers of the log, which read at their
// own pace.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { deliver, lineRequest, lineTextEvent, type ProviderRequest } from '../../agent-web/play/providers.ts';
import { Database } from '../fault/database.ts';
import { randomUUID, Server, waitFor, endAll } from './harness.ts';

interface Cost {
  statements: number;
  commits: number;
  fsyncs: number;
}

describe('what a message costs', { timeout: 120_000 }, () => {
  const database = new Database();
  const ends: (() => Promise<void>)[] = [];
  let server: Server;
  let channel: { url: string; secrets: Record<string, string> };

  before(async () => {
    await database.install();
    server = await Server.start((fn) => ends.push(fn), { databaseSocket: database.socket, config: { search: { index: '' } } });
    channel = await server.channel('line', 'LINE', { channel_secret: 'secret', access_token: 'token' });
    for (let i = 0; i < 40; i++) await send(i); // everybody is known and has an open conversation
    await waitFor('the reader has nothing to read any more', () => {
      server.sql("UPDATE reader SET seen = ~0 >> 1, holes = '', anew = NULL");
      return server.sql('SELECT COUNT(*) FROM reader').trim() === '1';
    });
  });
  after(async () => {
    await endAll(ends);
    await database.end();
  });

  function request(person: number): ProviderRequest {
    const hook = { url: channel.url, channelSecret: 'secret', destination: 'U'.padEnd(33, '0') };
    return lineRequest(hook, [lineTextEvent(`U${String(person).padStart(32, '0')}`, `Where is my parcel? ${randomUUID()}`)]);
  }

  async function send(person: number): Promise<void> {
    await waitFor('it is accepted', async () => (await deliver(request(person))).status === 200);
  }

  function counters(): Cost {
    const rows = database.sql("SHOW GLOBAL STATUS WHERE Variable_name IN ('Questions', 'Com_stmt_execute', 'Com_commit', 'Innodb_log_writes')");
    const of = (name: string): number => Number(new RegExp(`^${name}\\s+(\\d+)`, 'm').exec(rows)?.[1] ?? Number.NaN);
    // Each write of the log is made durable; pages that are flushed meanwhile are not the messages' cost.
    return { statements: of('Questions'), commits: of('Com_commit'), fsyncs: of('Innodb_log_writes') };
  }

  async function cost(messages: number, run: () => Promise<void>): Promise<Cost> {
    const from = counters();
    await run();
    const to = counters();
    return { statements: (to.statements - from.statements) / messages, commits: (to.commits - from.commits) / messages, fsyncs: (to.fsyncs - from.fsyncs) / messages };
  }

  const said = (each: Cost): string => `a message: ${each.statements.toFixed(2)} statements, ${each.commits.toFixed(2)} commits, ${each.fsyncs.toFixed(2)} fsyncs`;

  it('alone: 11 statements, one commit, one fsync', async (t) => {
    const each = await cost(100, async () => {
      for (let i = 0; i < 100; i++) await send(i % 40);
    });
    t.diagnostic(said(each));
    assert.ok(each.statements >= 11 && each.statements < 13, said(each)); // the couriers, chores and readers ask now and then
    assert.ok(each.commits >= 1 && each.commits < 1.05, said(each));
    assert.ok(each.fsyncs >= 1 && each.fsyncs < 1.5, said(each));
  });

  it('under load: many share their statements, their commit and its fsync', async (t) => {
    const n = 1500;
    const each = await cost(n, async () => {
      for (let i = 0; i < n; i += 300) await Promise.all(Array.from({ length: 300 }, (_, k) => send((i + k) % 40)));
    });
    t.diagnostic(said(each));
    assert.ok(each.statements < 3, said(each));
    assert.ok(each.commits < 0.2, said(each));
    assert.ok(each.fsyncs < 0.2, said(each));
  });
});
