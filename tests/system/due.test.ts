// What is to happen at a time happens then, once, whichever of two servers does it and whichever dies; and costs little while
// nothing does. On a MariaDB of its own, whose statements are counted.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { deliver, lineRequest, lineTextEvent } from '../../agent-web/play/providers.ts';
import { Database } from '../fault/database.ts';
import { endAll, randomUUID, Server, waitFor } from './harness.ts';

const [TASK, SNOOZE, SWEEP] = [1, 2, 4]; // enum due_what, server/store/due.h
const SECRET = 'line-secret';

describe('what is due', { timeout: 120_000 }, () => {
  const database = new Database();
  const ends: (() => Promise<void>)[] = [];
  let server: Server;
  let twin: Server;
  let line: { url: string };

  before(async () => {
    await database.install();
    server = await Server.start((fn) => ends.unshift(fn), { databaseSocket: database.socket });
    twin = await server.twin((fn) => ends.unshift(fn));
    line = await server.channel('line', 'LINE', { channel_secret: SECRET, access_token: 'x' });
  });
  after(async () => {
    await endAll(ends);
    await database.end();
  });

  const number = (statement: string): number => Number(server.sql(statement).trim());

  async function conversations(people: string[]): Promise<string[]> {
    const texts = people.map((who) => `${who} ${randomUUID()}`);
    const request = lineRequest(
      { url: line.url, channelSecret: SECRET },
      texts.map((text, i) => lineTextEvent(people[i] ?? '', text)),
    );
    assert.equal((await deliver(request)).status, 200);
    const rows = (await server.api('conversation.list', { view: 'all', limit: 200 })).conversations;
    return texts.map((text) => rows.find((row) => row.preview === text)?.id ?? '');
  }

  it('an idle server asks the database twice a second at most', async (t) => {
    const questions = (): number => Number(database.sql("SHOW GLOBAL STATUS LIKE 'Questions'").split('\t')[1]);
    const quiet = 8000;
    let [from, begun] = [questions(), Date.now()];
    await waitFor('two servers have been idle for a while', () => Date.now() - begun > quiet);
    const each = (questions() - from - 1) / 2 / ((Date.now() - begun) / 1000);
    t.diagnostic(`${each.toFixed(2)} statements a second of each server`);
    assert.ok(each <= 2, `${each} statements a second`);
  });

  it('a snooze ends once, though one of two servers is killed in the middle', async (t) => {
    const n = 150;
    const ids: string[] = [];
    for (let i = 0; i < n; i += 50) ids.push(...(await conversations(Array.from({ length: 50 }, (_, k) => `S${i + k}`))));
    const until = new Date(Date.now() + 3_600_000).toISOString();
    for (const id of ids) await server.api('conversation.set_status', { id, status: 'snoozed', until });
    assert.equal(number(`SELECT COUNT(*) FROM due WHERE what = ${SNOOZE}`), n);
    server.sql(`UPDATE conversation SET snoozed_until = 1 WHERE status = 1; UPDATE due SET at = 1 WHERE what = ${SNOOZE}`);
    const open = (): number => number('SELECT COUNT(*) FROM conversation WHERE status = 0');
    await waitFor('some are over', () => open() > 5);
    await twin.stop('SIGKILL');
    const at = open();
    await twin.serve();
    await waitFor('all are over', () => open() === n);
    const ended = server.sql("SELECT COUNT(*), COUNT(DISTINCT conversation_id) FROM entry WHERE payload LIKE '%snooze_ended%'").trim();
    assert.equal(ended, `${n}\t${n}`, 'each was opened once');
    assert.equal(number(`SELECT COUNT(*) FROM due WHERE what = ${SNOOZE}`), 0);
    t.diagnostic(`killed when ${at} of ${n} had ended`);
  });

  it('a task of a server that was killed goes on when that comes back, and a cancelled one is not begun', async () => {
    await Promise.all([server.stop(), twin.stop()]);
    server.sql("INSERT INTO task (uuid, kind, state, title, params, cancelled, created_at) VALUES (UNHEX(MD5('over')), 1, 4, 'over', '{}', TRUE, 1)");
    server.sql(`INSERT INTO due (what, noun_key, at) SELECT ${TASK}, id, 1 FROM task WHERE title = 'over'`);
    await Promise.all([server.serve(), twin.serve()]);
    await waitFor('nothing is left to do', () => number(`SELECT COUNT(*) FROM due WHERE what = ${TASK}`) === 0);
    assert.equal(number("SELECT state FROM task WHERE title = 'over'"), 4);
  });

  it('nothing is swept before the clock has been watched for a while, and it is due again then, once', async () => {
    server.sql("INSERT INTO early_receipt (channel_id, external_id, delivery, received_at) VALUES (1, 'old', 3, 1)");
    server.sql(`UPDATE due SET at = 1 WHERE what = ${SWEEP}`);
    await waitFor(
      'it is due again later',
      () => number(`SELECT COUNT(*) FROM due WHERE what = ${SWEEP} AND holder = 0 AND at > 1000 * UNIX_TIMESTAMP() + 200000`) === 1,
    );
    assert.equal(number('SELECT COUNT(*) FROM early_receipt'), 1);
    assert.equal(number(`SELECT COUNT(*) FROM due WHERE what = ${SWEEP}`), 1);
    assert.match(server.log + twin.log, /the clock may be wrong.*what=sweep/);
  });

  it('says how much waits and how late that is', async () => {
    const metric = async (name: string): Promise<number> => await server.metric(name);
    assert.equal(await metric('due_late_seconds{what="message"}'), 0);
    await waitFor('it was counted', async () => (await metric('due_waiting{what="sweep"}')) === 1);
  });
});
