// An agent opens a person: timeline.watch through the WebSocket API, which answers who it is and the last 50 entries, beside
// the statement that reads those entries, alone. Databases of 100 thousand, 1 and 10 million entries; other people each
// time, who have been opened before: an agent opens whom MariaDB has just written about.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, Figures, Measurement, Row, Runs } from './frame/contract.ts';
import type { Database } from './frame/database.ts';
import type { Instance } from './frame/instance.ts';
import { load, loadedBefore, openLoaded } from './frame/load.ts';
import { sessionHeader } from './frame/people.ts';
import { Program } from './frame/process.ts';
import { statementOf } from './frame/statement.ts';

const PAGE = 50;
const PEOPLE = 500;
const IDENTITIES = [1, 5];
const SIZES: [string, number][] = [['100 thousand', 100_000], ['1 million', 1_000_000], ['10 million', 10_000_000]];
const LAST_AT = '4102444800000';
const LAST_ID = `x${'ff'.repeat(16)}`;

interface Person {
  id: string;
  identities: string[];
}

interface Asked {
  key: string;
  calls: string;
  parameters: string;
  sql: string;
}

interface Place {
  database: Database;
  instance: Instance;
  driver: Program;
  floor: Program;
  asked: Asked[];
}

/** With so many identities, and entries for more than a page but not very many. */
function people(instance: Instance, identities: number): Person[] {
  const rows = instance.sql(`SELECT HEX(c.uuid), GROUP_CONCAT(i.id ORDER BY l.id) FROM identity_link l JOIN identity i ON i.id = l.identity_id
    JOIN customer c ON c.id = l.customer_id WHERE l.until_at IS NULL GROUP BY c.id
    HAVING COUNT(*) = ${identities} AND SUM(i.version) BETWEEN ${PAGE + 10} AND 2000 ORDER BY CRC32(c.id) LIMIT ${PEOPLE}`);
  return rows.split('\n').map((row) => {
    const [hex = '', ids = ''] = row.split('\t');
    const id = hex.toLowerCase().replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    return { id, identities: ids.split(',') };
  });
}

async function ask(instance: Instance, identities: number): Promise<Asked> {
  const all = people(instance, identities);
  const [first] = all;
  if (!first) throw new Error(`nobody has ${identities} identities`);
  await instance.stop();
  await instance.serve();
  const sql = await statementOf(instance, ['FROM entry', 'ORDER BY', 'LIMIT'], () => instance.api('timeline.page', { customer_id: first.id }));
  const key = `${identities}`;
  const asked = { key, sql, calls: join(instance.folder, `calls-${key}`), parameters: join(instance.folder, `parameters-${key}`) };
  const call = (method: string, id: string): string => `{"jsonrpc":"2.0","id":1,"method":"timeline.${method}","params":{"customer_id":"${id}"}}`;
  writeFileSync(asked.calls, all.map(({ id }) => `${call('watch', id)}\n-${call('unwatch', id)}\n`).join(''));
  const limit = String(PAGE + 1);
  const parameters = ({ identities: ids }: Person): string =>
    [...ids.flatMap((id) => [id, LAST_AT, LAST_AT, LAST_ID, limit]), ...(ids.length > 1 ? [limit] : [])].join(' ');
  writeFileSync(asked.parameters, all.map((person) => `${parameters(person)}\n`).join(''));
  return asked;
}

async function place(bench: Bench, entries: number): Promise<Place> {
  if (!loadedBefore(entries)) bench.say(`loading ${entries} entries, once`);
  const { database, instance } = await openLoaded(await load(entries, { say: () => {} }));
  const asked = [];
  for (const identities of IDENTITIES) asked.push(await ask(instance, identities));
  const driver = new Program(bench.program('load/sockets'), []);
  await driver.ask(`open ${instance.port} 1 /ws throughline ${sessionHeader}`);
  const floor = new Program(bench.program('floor/statement'), [database.socket, instance.name]);
  return { database, instance, driver, floor, asked };
}

async function ours(places: Place[]): Promise<Figures> {
  const figures: Figures = {};
  for (const [i, { driver, asked }] of places.entries())
    for (const { key, calls } of asked) {
      const [, n = 0, p50 = 0, p95 = 0, bytes = 0] = (await driver.ask(`calls ${calls}`)).map(Number);
      figures[`p50_${i}_${key}`] = p50;
      figures[`p95_${i}_${key}`] = p95;
      figures[`bytes_${i}_${key}`] = bytes / n;
    }
  return figures;
}

async function floor(places: Place[]): Promise<Figures> {
  const figures: Figures = {};
  for (const [i, { floor: program, asked }] of places.entries())
    for (const { key, sql, parameters } of asked) {
      await program.ask(`prepare ${sql}`);
      const [, n = 0, p50 = 0, p95 = 0, rows = 0] = (await program.ask(`run ${parameters}`)).map(Number);
      if (rows !== n * (PAGE + 1)) throw new Error(`${rows} rows of ${n} people`);
      figures[`p50_${i}_${key}`] = p50;
      figures[`p95_${i}_${key}`] = p95;
    }
  return figures;
}

const sizes = (bench: Bench): [string, number][] => SIZES.slice(0, bench.quick ? 1 : SIZES.length);

async function prepare(bench: Bench): Promise<Runs> {
  const places: Place[] = [];
  const end = async (): Promise<void> => {
    for (const { driver, floor: program, instance, database } of places) {
      await driver.end();
      await program.end();
      await instance.end();
      await database.stop();
    }
  };
  try {
    for (const [, entries] of sizes(bench)) places.push(await place(bench, entries));
    await floor(places);
    await ours(places);
  } catch (error) {
    await end();
    throw error;
  }
  return { floor: () => floor(places), ours: () => ours(places), end };
}

const many = (identities: number): string => (identities === 1 ? '1 identity' : `${identities} identities`);

const ROWS: Row[] = IDENTITIES.flatMap((identities): Row[] => [
  ...SIZES.map(([size], i): Row => ({ title: `agent opens a person, ${many(identities)}, ${size} entries: p50`, figure: `p50_${i}_${identities}`, unit: 'µs', aim: { ratio: 1.5 } })),
  { title: `the same of 10 million beside that of 100 thousand, ${many(identities)}`, figure: `p50_2_${identities}`, floorFigure: `p50_0_${identities}`, floorOf: 'ours', unit: 'µs', aim: { ratio: 1.3 } },
]);

export const OPEN: Measurement = { name: 'open', title: 'an agent opens a person: who it is and the last 50 entries', rows: ROWS, prepare };

