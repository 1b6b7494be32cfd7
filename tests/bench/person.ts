// An agent opens a person, with all that the console shows: `person.open` beside the calls that tell the same one by one, which is what
// the console asked before. Somebody with 60 entries in 3 conversations, and somebody with 2,000 in 50; bought in both. CPU of the server and
// of MariaDB, by the scheduler's own account; everybody has been opened before.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, Figures, Measurement, Row, Runs } from './frame/contract.ts';
import { Instance } from './frame/instance.ts';
import { customerId, makeAgents, makeCustomers, sessionHeader } from './frame/people.ts';
import { cpuNs, Program } from './frame/process.ts';

const SIZES = [
  { name: 'small', entries: 60, conversations: 3 },
  { name: 'large', entries: 2000, conversations: 50 },
];
const PEOPLE = 100; // of each size
const ORDERS = 5;
const FIRST_PAGE = 60;
const HOUR_MS = 3_600_000;
const ONE_BY_ONE = ['customer.journey', 'order.list', 'customer.reach', 'conversation.of_customer', 'customer.overview', 'customer.suggestions'];

/** An hour from one entry to the next; the last conversation is open. */
function makeHistory(instance: Instance, first: number, size: (typeof SIZES)[number], channel: string): void {
  const begun = Date.now() - size.entries * HOUR_MS;
  const each = size.entries / size.conversations;
  const who = `seq_${first}_to_${first + PEOPLE - 1}`;
  instance.sql(`
    INSERT INTO conversation (id, uuid, opened_by, status, subject, preview, last_medium, last_at, asked_on, created_at)
      SELECT w.seq * 100 + c.seq, UNHEX(MD5(CONCAT('c', w.seq, '-', c.seq))), w.seq, IF(c.seq = ${size.conversations}, 0, 2), 'Where is it?', 'Thank you', 1,
        ${begun} + c.seq * ${Math.floor(each)} * ${HOUR_MS}, '["email"]', ${begun} FROM ${who} w JOIN seq_1_to_${size.conversations} c;
    INSERT INTO entry (identity_id, occurred_at, id, version, medium, kind, direction, author_kind, channel_id, conversation_id, text, received_at)
      SELECT w.seq, ${begun} + e.seq * ${HOUR_MS}, UNHEX(MD5(CONCAT('e', w.seq, '-', e.seq))), e.seq, 1, 0, e.seq % 2, e.seq % 2, ${channel},
        w.seq * 100 + CEIL(e.seq / ${each}), REPEAT('where is my order, please? ', 8), ${begun} FROM ${who} w JOIN seq_1_to_${size.entries} e;
    INSERT INTO contact_day (identity_id, day, medium, n_in, n_out, n_other)
      SELECT identity_id, FLOOR(occurred_at / 86400000), medium, SUM(direction = 0), SUM(direction = 1), 0 FROM entry
      WHERE identity_id BETWEEN ${first} AND ${first + PEOPLE - 1} GROUP BY 1, 2, 3;
    INSERT INTO shop_order (uuid, channel_id, external_id, identity_id, number, state, place, placed_at, updated_at, currency, total, facts)
      SELECT UNHEX(MD5(CONCAT('o', w.seq, '-', o.seq))), ${channel}, CONCAT(w.seq, '-', o.seq), w.seq, CONCAT('#', w.seq, o.seq), 1, 1, ${begun}, ${begun}, 'EUR', '12.50', '{}'
      FROM ${who} w JOIN seq_1_to_${ORDERS} o;
    UPDATE identity SET version = ${size.entries}, last_in_at = ${begun}, last_at = ${begun} WHERE id BETWEEN ${first} AND ${first + PEOPLE - 1}`);
}

const call = (method: string, params: object): string => JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });

/** What the console asks when somebody is opened, and the one before is left. */
function write(instance: Instance, name: string, of: (id: string, before: string) => string[], first: number): string {
  const file = join(instance.folder, name);
  const ids = Array.from({ length: PEOPLE }, (_, i) => customerId(first + i));
  writeFileSync(file, ids.flatMap((customer_id, i) => of(customer_id, ids[i - 1] ?? ids.at(-1) ?? '')).map((line) => `${line}\n`).join(''));
  return file;
}

const oneByOne = (customer_id: string, before: string): string[] => [
  call('timeline.unwatch', { customer_id: before }),
  call('timeline.watch', { customer_id, limit: FIRST_PAGE }),
  ...ONE_BY_ONE.map((method) => call(method, { customer_id })),
];

const atOnce = (customer_id: string, leaving: string): string[] => [call('person.open', { customer_id, leaving, limit: FIRST_PAGE })];

async function prepare(bench: Bench): Promise<Runs> {
  const instance = await Instance.make(await bench.database());
  makeAgents(instance, 1);
  makeCustomers(instance, SIZES.length * PEOPLE);
  await instance.serve();
  await instance.api('channel.create', { type: 'email', name: 'Mail', settings: { address: 'help@shop.example', smtp_url: 'smtp://127.0.0.1:9' } });
  SIZES.forEach((size, i) => makeHistory(instance, 1 + i * PEOPLE, size, '(SELECT MIN(id) FROM channel)'));
  instance.sql('ANALYZE TABLE entry, conversation, identity, identity_link, customer, contact_day, shop_order');
  const driver = new Program(bench.program('load/sockets'), []);
  await driver.ask(`open ${instance.port} 1 /ws throughline ${sessionHeader}`);
  const spent = (): { server: number; database: number } => ({ server: cpuNs(instance.pid), database: cpuNs(instance.database.pid) });
  const measured = async (way: string, of: typeof atOnce): Promise<Figures> => {
    const figures: Figures = {};
    for (const [i, { name }] of SIZES.entries()) {
      const before = spent();
      const [, , , , bytes = 0] = (await driver.ask(`calls ${write(instance, `${way}-${name}`, of, 1 + i * PEOPLE)}`)).map(Number);
      const after = spent();
      const [server, database] = [after.server - before.server, after.database - before.database].map((ns) => ns / 1e6 / PEOPLE);
      Object.assign(figures, { [`server_${name}`]: server, [`database_${name}`]: database, [`cpu_${name}`]: (server ?? 0) + (database ?? 0), [`bytes_${name}`]: bytes / PEOPLE });
    }
    return figures;
  };
  const runs = {
    floor: () => measured('one-by-one', oneByOne),
    ours: () => measured('at-once', atOnce),
    end: async () => {
      await driver.end();
      await instance.end();
    },
  };
  await runs.floor();
  await runs.ours();
  return runs;
}

const ROWS: Row[] = [
  { title: 'a person with 60 entries and all that is shown: CPU of server and MariaDB, one call beside eight', figure: 'cpu_small', unit: 'ms', aim: { most: 2 } },
  { title: '… of it MariaDB', figure: 'database_small', unit: 'ms' },
  { title: '… with 2,000 entries in 50 conversations', figure: 'cpu_large', unit: 'ms', aim: { most: 2.5 } },
  { title: '… of it MariaDB', figure: 'database_large', unit: 'ms' },
];

export const PERSON: Measurement = { name: 'person', title: 'an agent opens a person, with all that the console shows', rows: ROWS, prepare };
