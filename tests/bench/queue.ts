// A page of the queue: 50 conversations where 100,000 are open, from places all over the queue, beside its statement alone.
import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, Measurement, Runs } from './frame/contract.ts';
import { Instance } from './frame/instance.ts';
import { makeAgents, makeCustomers, sessionHeader } from './frame/people.ts';
import { Program } from './frame/process.ts';
import { statementOf } from './frame/statement.ts';

const PAGE = 50;
const PAGES = 500;
const SECOND_MS = 1000;

/** One conversation a second, the newest now, half of them somebody's. */
function makeConversations(instance: Instance, n: number, from: number): void {
  instance.sql(`INSERT INTO conversation (uuid, opened_by, status, assignee_id, subject, preview, last_medium, last_at, waiting_since, unread, created_at)
    SELECT UNHEX(MD5(CONCAT('conversation', seq))), seq, 0, IF(seq % 2, NULL, 1 + seq % 50), CONCAT('Where is order ', seq, '?'),
      CONCAT('Hello, I have been waiting for order ', seq, ' for two weeks now, could you look where it is?'), 1 + seq % 9,
      ${from} + seq * ${SECOND_MS}, ${from} + seq * ${SECOND_MS}, 1, ${from} + seq * ${SECOND_MS} FROM seq_1_to_${n}`);
  instance.sql('ANALYZE TABLE conversation, identity, identity_link, customer, agent');
}

async function prepare(bench: Bench): Promise<Runs> {
  const open = bench.quick ? 10_000 : 100_000;
  const from = Math.floor(Date.now() / SECOND_MS) * SECOND_MS - open * SECOND_MS;
  const instance = await Instance.make(await bench.database());
  makeAgents(instance, 50);
  makeCustomers(instance, open);
  makeConversations(instance, open, from);
  await instance.serve();
  const sql = await statementOf(instance, ['FROM conversation c', 'LIMIT'], () => instance.api('conversation.list', { view: 'open' }));
  const places = Array.from({ length: PAGES }, () => from + randomInt(PAGE + 10, open) * SECOND_MS);
  const [calls, parameters] = [join(instance.folder, 'calls'), join(instance.folder, 'parameters')];
  const call = (at: number): string => `{"jsonrpc":"2.0","id":1,"method":"conversation.list","params":{"view":"open","before_at":"${new Date(at).toISOString()}"}}\n`;
  writeFileSync(calls, places.map(call).join(''));
  writeFileSync(parameters, places.map((at) => `${at} ${at} x${'00'.repeat(16)} ${PAGE + 1}\n`).join(''));
  const driver = new Program(bench.program('load/sockets'), []);
  await driver.ask(`open ${instance.port} 1 /ws throughline ${sessionHeader}`);
  const floor = new Program(bench.program('floor/statement'), [instance.database.socket, instance.name]);
  await floor.ask(`prepare ${sql}`);
  const runs = {
    floor: async () => {
      const [, n = 0, p50 = 0, p95 = 0, rows] = (await floor.ask(`run ${parameters}`)).map(Number);
      if (rows !== n * (PAGE + 1)) throw new Error(`${rows} rows of ${n} pages`);
      return { p50_us: p50, p95_us: p95 };
    },
    ours: async () => {
      const [, n = 0, p50 = 0, p95 = 0, bytes = 0] = (await driver.ask(`calls ${calls}`)).map(Number);
      return { p50_us: p50, p95_us: p95, bytes: bytes / n };
    },
    end: async () => {
      await driver.end();
      await floor.end();
      await instance.end();
    },
  };
  await runs.floor();
  await runs.ours();
  return runs;
}

export const QUEUE: Measurement = {
  name: 'queue',
  title: 'a page of the queue: 50 conversations where 100,000 are open',
  rows: [{ title: 'queue list of 50 among 100,000 open: p50', figure: 'p50_us', unit: 'µs', aim: { ratio: 1.5 } }],
  prepare,
};
