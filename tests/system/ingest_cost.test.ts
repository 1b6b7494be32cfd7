// What a message costs the database, counted, not timed: statements, commits, fsyncs; alone and under load. On a MariaDB of
// its own, so that nobody else's statements are counted, and without the search index and the readers of the log, which read at their
// own pace.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { deliver, lineRequest, lineTextEvent, type ProviderRequest } from '../../agent-web/play/providers.ts';
import { Database } from '../fault/database.ts';
import { randomUUID, Server, type Socket, waitFor, endAll } from './harness.ts';

interface Cost {
  statements: number;
  /** Of them the server's, which are prepared. */
  executed: number;
  commits: number;
  fsyncs: number;
}

const perMessage = (from: Cost, to: Cost, n: number): Cost => ({
  statements: (to.statements - from.statements) / n,
  executed: (to.executed - from.executed) / n,
  commits: (to.commits - from.commits) / n,
  fsyncs: (to.fsyncs - from.fsyncs) / n,
});

describe('what a message costs', { timeout: 120_000 }, () => {
  const database = new Database();
  const ends: (() => Promise<void>)[] = [];
  let server: Server;
  let channel: { url: string; secrets: Record<string, string> };

  before(async () => {
    await database.install();
    server = await Server.start((fn) => ends.push(fn), { databaseSocket: database.socket, config: { search: { index: '' }, server: { lanes: '1' } } });
    channel = await server.channel('line', 'LINE', { channel_secret: 'secret', access_token: 'token' });
    for (let i = 0; i < 40; i++) await send(i); // everybody is known and has an open conversation …
    server.sql("UPDATE identity SET name = 'Friend'; DELETE FROM due WHERE what = 5"); // … and a name, so that LINE is not asked for it
    await waitFor('the reader has nothing to read any more', () => {
      server.sql("UPDATE reader SET seen = ~0 >> 1, holes = '', anew = NULL");
      return server.sql('SELECT COUNT(*) FROM reader').trim() === '1';
    });
  });
  after(async () => {
    await endAll(ends);
    await database.end();
  });

  const user = (person: number): string => `U${String(person).padStart(32, '0')}`;

  function request(person: number): ProviderRequest {
    const hook = { url: channel.url, channelSecret: 'secret', destination: 'U'.padEnd(33, '0') };
    return lineRequest(hook, [lineTextEvent(user(person), `Where is my parcel? ${randomUUID()}`)]);
  }

  async function send(person: number): Promise<void> {
    await waitFor('it is accepted', async () => (await deliver(request(person))).status === 200);
  }

  function counters(): Cost {
    const rows = database.sql("SHOW GLOBAL STATUS WHERE Variable_name IN ('Questions', 'Com_stmt_execute', 'Com_commit', 'Innodb_log_writes')");
    const of = (name: string): number => Number(new RegExp(`^${name}\\s+(\\d+)`, 'm').exec(rows)?.[1] ?? Number.NaN);
    // Each write of the log is made durable; pages that are flushed meanwhile are not the messages' cost.
    return { statements: of('Questions'), executed: of('Com_stmt_execute'), commits: of('Com_commit'), fsyncs: of('Innodb_log_writes') };
  }

  async function cost(messages: number, run: () => Promise<void>): Promise<Cost> {
    const from = counters();
    await run();
    return perMessage(from, counters(), messages);
  }

  const said = (each: Cost): string =>
    `a message: ${each.statements.toFixed(2)} statements (${each.executed.toFixed(2)} of the server), ${each.commits.toFixed(2)} commits, ${each.fsyncs.toFixed(2)} fsyncs`;

  it('alone: 11 statements, one commit, one fsync', async (t) => {
    const each = await cost(100, async () => {
      for (let i = 0; i < 100; i++) await send(i % 40);
    });
    t.diagnostic(said(each));
    assert.ok(each.statements >= 11 && each.statements < 13, said(each)); // the couriers, chores and readers ask now and then
    assert.ok(each.commits >= 1 && each.commits < 1.05, said(each));
    assert.ok(each.fsyncs >= 1 && each.fsyncs < 1.5, said(each));
  });

  /** While one message waits for a row that somebody else holds, so many others are there: what they cost then is no question of speed. */
  async function behindLock(
    identity: string,
    one: () => Promise<unknown>,
    others: (() => Promise<unknown>)[],
    waiting: (before: Cost) => Promise<boolean>,
    since: 'sent' | 'come',
  ): Promise<Cost> {
    const release = await database.hold(`SELECT id FROM ${server.database}.identity WHERE value = '${identity}' FOR UPDATE`);
    const blocked = one();
    await waitFor('it waits', () => /\t1$/.test(database.sql("SHOW GLOBAL STATUS LIKE 'Innodb_row_lock_current_waits'").trim()));
    const before = counters();
    let come = before;
    const sent = Promise.all(others.map((send) => send()));
    try {
      await waitFor('the others have come', () => waiting(before));
      come = counters();
    } finally {
      await release();
    }
    await Promise.all([blocked, sent]);
    return perMessage(since === 'sent' ? before : come, counters(), others.length);
  }

  it('in a full lane: a batch shares its statements, its commit and its fsync', async (t) => {
    const others = Array.from({ length: 3 * 128 }, (_, i) => () => send(1 + (i % 39)));
    const each = await behindLock(
      user(0),
      () => send(0),
      others,
      async () => (await server.metric('lanes_waiting')) === others.length + 1,
      'come',
    );
    t.diagnostic(said(each));
    assert.ok(each.statements < 0.5, said(each));
    assert.ok(each.commits < 0.02, said(each));
    assert.ok(each.fsyncs < 0.02, said(each));
  });

  it('of twenty who write in the chat at once: as of others, and whether they are blocked', async (t) => {
    const chat = await server.channel('chat', 'Chat', {});
    const visitors = await Promise.all(Array.from({ length: 21 }, () => server.visitor()));
    const write = (visitor: Socket): Promise<unknown> => visitor.call('chat.send', { text: `Hello ${randomUUID()}`, client_id: randomUUID() });
    for (const visitor of visitors) await visitor.call('chat.hello', { channel_id: chat.id });
    for (const visitor of visitors) await write(visitor);
    const [first, ...others] = visitors;
    const identity = server.sql('SELECT value FROM identity WHERE kind = 3 ORDER BY id LIMIT 1').trim();
    const each = await behindLock(
      identity,
      () => write(first as Socket),
      others.map((visitor) => () => write(visitor)),
      async (before) => counters().executed - before.executed >= others.length,
      'sent',
    );
    t.diagnostic(said(each));
    assert.ok(each.executed < 4, said(each));
    assert.ok(each.commits < 0.2, said(each));
    for (const visitor of visitors) visitor.close();
  });
});
