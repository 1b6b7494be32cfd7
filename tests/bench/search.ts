// How fast search is, and how large its index, with many entries in many languages:
//   THROUGHLINE_BINARY=build/release/throughline THROUGHLINE_TEST_DB=SOCKET node tests/bench/search.ts [ENTRIES]
// Writes people and entries straight into a database of its own, lets a server make its index, and asks it over HTTP on
// the loopback, one question at a time. Prints a table; everything is removed at the end.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Server, waitFor } from '../system/harness.ts';

const ENTRIES = Number(process.argv[2] ?? 1_000_000);
const PEOPLE = Math.ceil(ENTRIES / 5);
const ROUNDS = 100;
const ROWS = 500; // of an INSERT
const SPAN_MS = 3 * 365 * 86_400_000;

let seed = 20260501;
/** mulberry32: the same data each time. */
function random(): number {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}

const from = (list: readonly string[] | string): string => list[Math.floor(random() * list.length)] ?? '';
const words = (n: number, make: () => string): string[] => Array.from({ length: n }, make);
const spell = (letters: string, least: number, most: number): string =>
  Array.from({ length: least + Math.floor(random() * (most - least + 1)) }, () => from(letters)).join('');
const range = (first: number, last: number): string => Array.from({ length: last - first + 1 }, (_, i) => String.fromCodePoint(first + i)).join('');

const KANJI = Array.from({ length: 2000 }, () => String.fromCodePoint(0x4e00 + Math.floor(random() * 6000))).join('');
const VOCABULARY = {
  latin: words(30_000, () => spell('aeioubcdfghklmnprstvw', 3, 10)),
  japanese: words(15_000, () => spell(KANJI, 1, 2) + spell(range(0x3042, 0x3093), 0, 3)),
  greek: words(8_000, () => spell('αβγδεζηθικλμνοπρστυφχψω', 3, 9)),
  korean: words(8_000, () => spell(range(0xac00, 0xaf00), 1, 4)),
};
/** Zipf: the word of rank r comes up in proportion to 1/r. */
const zipf = (list: string[]): string => list[Math.floor(Math.exp(random() * Math.log(list.length)) - 1 + random())] ?? list[0] ?? '';
const GIVEN = words(1_500, () => spell('aeioubcdfghklmnprst', 4, 8));
const FAMILY = words(15_000, () => spell('aeioubcdfghklmnprst', 5, 10));

/** Of every fourth person not: those have Japanese names. */
const NAMES: string[] = [];

function sentence(i: number): string {
  const language = i % 10 < 5 ? 'latin' : i % 10 < 8 ? 'japanese' : i % 10 < 9 ? 'greek' : 'korean';
  const parts = words(6 + Math.floor(random() * 25), () => zipf(VOCABULARY[language]));
  if (i % 20 === 0) parts.push(`#${100_000 + i}`);
  if (i % 200_000 === 77) parts.push('needleword');
  return parts.join(language === 'japanese' ? '' : ' ');
}

const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

async function load(server: Server): Promise<void> {
  const client = spawn('mariadb', ['--no-defaults', '-uroot', `-S${server.databaseSocket}`, '--default-character-set=utf8mb4', server.database]);
  let failure = '';
  client.stderr.on('data', (data: Buffer) => (failure += data.toString()));
  const write = async (text: string): Promise<void> => {
    if (!client.stdin.write(text)) await once(client.stdin, 'drain');
  };
  const insert = async (table: string, count: number, row: (i: number) => string): Promise<void> => {
    for (let i = 0; i < count; i += ROWS) {
      const rows = Array.from({ length: Math.min(ROWS, count - i) }, (_, k) => `(${row(i + k)})`);
      await write(`INSERT INTO ${table} VALUES ${rows.join(',')};\n`);
    }
  };
  const id = (kind: number, i: number): string => `UNHEX('${(kind * 1e12 + i).toString(16).padStart(32, '0')}')`;
  const now = Date.now();
  const versions = new Map<number, number>();
  await write('SET foreign_key_checks = 0, unique_checks = 0, autocommit = 0;\n');
  await insert('customer (id, uuid, name, created_at, changed_at)', PEOPLE, (i) => {
    const name = i % 4 ? `${from(GIVEN)} ${from(FAMILY)}` : spell(KANJI, 4, 4);
    if (i % 4) NAMES.push(name);
    return `${i + 1}, ${id(1, i)}, ${quote(name)}, 1, 1`;
  });
  await insert('entry (identity_id, occurred_at, id, version, medium, kind, direction, author_kind, text, received_at)', ENTRIES, (i) => {
    const identity = 1 + Math.floor(random() * random() * PEOPLE);
    const version = (versions.get(identity) ?? 0) + 1;
    versions.set(identity, version);
    const at = now - SPAN_MS + Math.floor((i / ENTRIES) * SPAN_MS);
    return `${identity}, ${at}, ${id(2, i)}, ${version}, ${1 + (i % 6)}, 0, ${i % 2}, ${i % 2}, ${quote(sentence(i))}, ${at}`;
  });
  await insert('identity (id, uuid, kind, value, proof, version, first_at, last_at)', PEOPLE, (i) =>
    `${i + 1}, ${id(3, i)}, 1, 'p${i}@example.com', 2, ${versions.get(i + 1) ?? 0}, 1, ${now}`);
  await insert('identity_link (identity_id, customer_id, from_at, rule)', PEOPLE, (i) => `${i + 1}, ${i + 1}, 1, 'first_contact'`);
  await write('COMMIT;\n');
  client.stdin.end();
  const [status] = (await once(client, 'exit')) as [number];
  if (status !== 0) throw new Error(`loading failed: ${failure.slice(0, 400)}`);
}

const at = (sorted: number[], share: number): string => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1);

async function measure(server: Server, what: string, params: () => object): Promise<void> {
  const times: number[] = [];
  let people = 0;
  let cut = 0;
  for (let i = 0; i < ROUNDS; i++) {
    const asked = params();
    const began = performance.now();
    const result = await server.api('search.query', asked as never);
    times.push(performance.now() - began);
    people += result.people.length;
    cut += result.complete ? 0 : 1;
  }
  times.sort((a, b) => a - b);
  console.log(`${what.padEnd(46)} ${at(times, 0.5).padStart(8)} ${at(times, 0.95).padStart(8)} ${at(times, 1).padStart(8)}   ${(people / ROUNDS).toFixed(1)} people${cut ? `, ${cut} cut` : ''}`);
}

function typo(word: string): string {
  const i = 1 + Math.floor(random() * (word.length - 2));
  return word.slice(0, i) + word[i + 1] + word[i] + word.slice(i + 2);
}

const ends: (() => Promise<void>)[] = [];
const server = await Server.start((fn) => ends.push(fn), { start: false });
try {
  const { latin, japanese, greek } = VOCABULARY;
  console.log(`${ENTRIES} entries of ${PEOPLE} people`);
  let began = Date.now();
  await load(server);
  console.log(`loaded in ${((Date.now() - began) / 1000).toFixed(0)} s`);
  began = Date.now();
  await server.serve();
  await waitFor('the index is complete', async () => (await server.metric('search_complete_percent')) === 100, 3_600_000);
  console.log(`index made in ${((Date.now() - began) / 1000).toFixed(0)} s`);
  console.log(server.run(['search', 'status']).trim());
  server.sql('ANALYZE TABLE entry');
  console.log(server.sql(`SELECT CONCAT('entry table: ', ROUND(SUM(data_length) / 1e6), ' MB data, ', ROUND(SUM(index_length) / 1e6), ' MB indexes') FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = 'entry'`).trim());
  console.log(`${'milliseconds'.padEnd(46)} ${'p50'.padStart(8)} ${'p95'.padStart(8)} ${'max'.padStart(8)}`);
  await measure(server, 'the most frequent word', () => ({ query: `${latin[0]} ` }));
  await measure(server, 'a word of middle frequency', () => ({ query: `${latin[200 + Math.floor(random() * 200)]} ` }));
  await measure(server, 'a rare word', () => ({ query: 'needleword ' }));
  await measure(server, 'a word that is not there', () => ({ query: 'qqqqxq ' }));
  await measure(server, 'two frequent words', () => ({ query: `${latin[0]} ${latin[1]} ` }));
  await measure(server, 'two words that never meet', () => ({ query: `${latin[0]} ${greek[0]} ` }));
  await measure(server, 'an unfinished word (3 letters)', () => ({ query: (latin[Math.floor(random() * 2000)] ?? '').slice(0, 3) }));
  await measure(server, 'Japanese, a frequent word', () => ({ query: `${japanese[0]}` }));
  await measure(server, 'Japanese, two words together', () => ({ query: `${japanese[3]}${japanese[5]}` }));
  await measure(server, 'Japanese, one character', () => ({ query: (japanese[Math.floor(random() * 300)] ?? '')[0] ?? '' }));
  await measure(server, 'Greek in capitals', () => ({ query: `${(greek[Math.floor(random() * 100)] ?? '').toUpperCase()} ` }));
  await measure(server, 'an order number', () => ({ query: `#${100_000 + 20 * Math.floor((random() * ENTRIES) / 20)}` }));
  await measure(server, 'a name', () => ({ query: `${from(NAMES)} ` }));
  await measure(server, 'a name, both words with a typo', () => ({ query: `${from(NAMES).split(' ').map(typo).join(' ')} ` }));
  await measure(server, 'a family name with a typo', () => ({ query: `${typo(from(FAMILY))} ` }));
  await measure(server, 'a frequent word by one medium in one month', () => ({
    query: `${latin[0]} `, media: ['line'], from: new Date(Date.now() - 400 * 86_400_000).toISOString(), to: new Date(Date.now() - 370 * 86_400_000).toISOString(),
  }));
} finally {
  for (const end of ends) await end();
}
