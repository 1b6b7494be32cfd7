// How fast search answers, and how large its index, among a million entries in many languages: the words by Zipf, half of the
// entries in an alphabet, 3 of 10 Japanese, the rest Greek and Korean. Making the index takes minutes, so this is measured
// only when it is named: ./dev bench search
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Bench, Figures, Measurement, Runs } from './frame/contract.ts';
import { Instance } from './frame/instance.ts';
import { waitFor } from './frame/process.ts';
import { percentile } from './frame/report.ts';

const ENTRIES = 1_000_000;
const ENTRIES_QUICK = 50_000;
const EACH = 5; // entries of a person
const ROUNDS = 100;
const ROWS = 500; // of an INSERT
const SPAN_MS = 3 * 365 * 86_400_000;
const DAY_MS = 86_400_000;

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

async function load(instance: Instance, entries: number): Promise<void> {
  const people = Math.ceil(entries / EACH);
  const client = spawn('mariadb', ['--no-defaults', '-uroot', `-S${instance.database.socket}`, '--default-character-set=utf8mb4', instance.name]);
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
  await insert('customer (id, uuid, name, created_at, changed_at)', people, (i) => {
    const name = i % 4 ? `${from(GIVEN)} ${from(FAMILY)}` : spell(KANJI, 4, 4);
    if (i % 4) NAMES.push(name);
    return `${i + 1}, ${id(1, i)}, ${quote(name)}, 1, 1`;
  });
  await insert('entry (identity_id, occurred_at, id, version, medium, kind, direction, author_kind, text, received_at)', entries, (i) => {
    const identity = 1 + Math.floor(random() * random() * people);
    const version = (versions.get(identity) ?? 0) + 1;
    versions.set(identity, version);
    const at = now - SPAN_MS + Math.floor((i / entries) * SPAN_MS);
    return `${identity}, ${at}, ${id(2, i)}, ${version}, ${1 + (i % 6)}, 0, ${i % 2}, ${i % 2}, ${quote(sentence(i))}, ${at}`;
  });
  await insert('identity (id, uuid, kind, value, proof, version, first_at, last_at)', people, (i) =>
    `${i + 1}, ${id(3, i)}, 1, 'p${i}@example.com', 2, ${versions.get(i + 1) ?? 0}, 1, ${now}`);
  await insert('identity_link (identity_id, customer_id, from_at, rule)', people, (i) => `${i + 1}, ${i + 1}, 1, 'first_contact'`);
  await write('COMMIT;\n');
  client.stdin.end();
  const [status] = (await once(client, 'exit')) as [number];
  if (status !== 0) throw new Error(`loading failed: ${failure.slice(0, 400)}`);
}

function typo(word: string): string {
  const i = 1 + Math.floor(random() * (word.length - 2));
  return word.slice(0, i) + word[i + 1] + word[i] + word.slice(i + 2);
}

const { latin, japanese, greek } = VOCABULARY;
const ago = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString();

/** name of the figure, what it is, what is asked */
const QUESTIONS: [string, string, () => object][] = [
  ['frequent', 'the most frequent word', () => ({ query: `${latin[0]} ` })],
  ['middle', 'a word of middle frequency', () => ({ query: `${latin[200 + Math.floor(random() * 200)]} ` })],
  ['rare', 'a rare word', () => ({ query: 'needleword ' })],
  ['absent', 'a word that is not there', () => ({ query: 'qqqqxq ' })],
  ['two', 'two frequent words', () => ({ query: `${latin[0]} ${latin[1]} ` })],
  ['apart', 'two words that never meet', () => ({ query: `${latin[0]} ${greek[0]} ` })],
  ['unfinished', 'an unfinished word (3 letters)', () => ({ query: (latin[Math.floor(random() * 2000)] ?? '').slice(0, 3) })],
  ['japanese', 'Japanese, a frequent word', () => ({ query: `${japanese[0]}` })],
  ['japanese_two', 'Japanese, two words together', () => ({ query: `${japanese[3]}${japanese[5]}` })],
  ['japanese_one', 'Japanese, one character', () => ({ query: (japanese[Math.floor(random() * 300)] ?? '')[0] ?? '' })],
  ['greek', 'Greek in capitals', () => ({ query: `${(greek[Math.floor(random() * 100)] ?? '').toUpperCase()} ` })],
  ['order', 'an order number', () => ({ query: `#${100_000 + 20 * Math.floor((random() * ENTRIES_QUICK) / 20)}` })],
  ['ending', 'the last four digits of an order number', () => ({ query: `${String(20 * Math.floor(random() * 500)).padStart(4, '0')} ` })],
  ['name', 'a name', () => ({ query: `${from(NAMES)} ` })],
  ['typos', 'a name, both words with a typo', () => ({ query: `${from(NAMES).split(' ').map(typo).join(' ')} ` })],
  ['typo', 'a family name with a typo', () => ({ query: `${typo(from(FAMILY))} ` })],
  ['filtered', 'a frequent word by one medium in one month', () => ({ query: `${latin[0]} `, media: ['line'], from: ago(400), to: ago(370) })],
];

async function ask(instance: Instance): Promise<Figures> {
  const figures: Figures = {};
  for (const [name, , params] of QUESTIONS) {
    const times: number[] = [];
    let people = 0;
    for (let i = 0; i < ROUNDS; i++) {
      const asked = params();
      const began = performance.now();
      const result = await instance.api('search.query', asked as never);
      times.push(performance.now() - began);
      people += result.people.length;
    }
    figures[`${name}_p50_ms`] = percentile(times, 0.5);
    figures[`${name}_p95_ms`] = percentile(times, 0.95);
    figures[`${name}_people`] = people / ROUNDS;
  }
  return figures;
}

async function prepare(bench: Bench): Promise<Runs> {
  const instance = await Instance.make(await bench.database());
  await load(instance, bench.quick ? ENTRIES_QUICK : ENTRIES);
  const began = performance.now();
  await instance.serve();
  await waitFor('the index is complete', async () => (await instance.metric('search_complete_percent')) === 100, 3_600_000);
  bench.say(`index made in ${((performance.now() - began) / 1000).toFixed(0)} s`);
  bench.say(instance.run(['search', 'status']).trim().replaceAll('\n', '; '));
  return { ours: () => ask(instance), end: () => instance.end() };
}

export const SEARCH: Measurement = {
  name: 'search',
  title: 'questions to the search index over HTTP, one at a time',
  rows: QUESTIONS.flatMap(([name, title]) => [
    { title: `${title}: p50`, figure: `${name}_p50_ms`, unit: 'ms' },
    { title: `${title}: p95`, figure: `${name}_p95_ms`, unit: 'ms' },
  ]),
  onlyByName: true,
  runsMost: 2,
  prepare,
};
