// A database of many persons and entries, for the server to run on: every table that reading uses, consistent with each
// other as the product would have left them.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Database } from './database.ts';
import { Instance } from './instance.ts';
import { corpus, CORPUS_SIZE, plan, type Plan } from './world.ts';

const SOURCE = fileURLToPath(new URL('../../../', import.meta.url));
const NAME = 'throughline';
const CHUNK = 100_000; // entries of one statement
const PER_CONVERSATION = 12;
const AGENTS = 50;
export const DAY_MS = 86_400_000;

export interface Loaded {
  folder: string;
  entries: number;
  people: number;
  /** Of the schema and of these programs: another one is loaded anew. */
  fingerprint: string;
}

function fingerprint(): string {
  const hash = createHash('sha256');
  const schema = join(SOURCE, 'sql');
  for (const file of readdirSync(schema).sort()) hash.update(file).update(readFileSync(join(schema, file)));
  for (const file of ['load.ts', 'world.ts']) hash.update(readFileSync(new URL(file, import.meta.url)));
  return hash.digest('hex');
}

export const folderOf = (entries: number): string => join(SOURCE, `var/bench-${entries}`);

/** Where a database of so many entries is, when there is one that fits. */
export function loadedBefore(entries: number): Loaded | null {
  const file = join(folderOf(entries), 'loaded.json');
  if (!existsSync(file)) return null;
  const loaded = JSON.parse(readFileSync(file, 'utf8')) as Loaded;
  return loaded.fingerprint === fingerprint() ? { ...loaded, folder: folderOf(entries) } : null; // the working copy may have moved
}

/** An instance on a loaded database, which stays. Without a search index: it is another measurement's. */
export async function openLoaded(loaded: Loaded): Promise<{ database: Database; instance: Instance }> {
  const database = await Database.start(loaded.folder);
  const instance = await Instance.make(database, { name: NAME, keep: true, config: config(loaded.folder) });
  return { database, instance };
}

const config = (folder: string) => ({ desk: { time_zone: 'UTC' }, storage: { secret_key_file: join(folder, 'secret.key') }, search: { index: '' } });

export interface LoadOptions {
  people?: number | undefined;
  say: (line: string) => void;
}

export async function load(entries: number, options: LoadOptions): Promise<Loaded> {
  const before = loadedBefore(entries);
  if (before && (options.people === undefined || options.people === before.people)) return before;
  const folder = folderOf(entries);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const database = await Database.start(folder, { loading: true });
  try {
    const people = await fill(database, folder, entries, options);
    const loaded: Loaded = { folder, entries, people, fingerprint: fingerprint() };
    writeFileSync(join(folder, 'loaded.json'), JSON.stringify(loaded));
    return loaded;
  } finally {
    await database.stop();
  }
}

async function fill(database: Database, folder: string, entries: number, options: LoadOptions): Promise<number> {
  const step = stepper(options.say);
  const instance = await Instance.make(database, { name: NAME, keep: true, config: config(folder) });
  try {
    await channels(instance);
    await step('persons planned', () => tables(instance, plan(entries, options.people), folder));
    await step('persons written', () => persons(instance));
    await parallel(instance, entries, options.say);
    await step('indexes made', () => instance.sql(`ALTER TABLE entry ${INDEXES.map(([, add]) => `ADD ${add}`).join(', ')}`));
    await step('conversations written', () => conversations(instance));
    await step('everything compared', () => verify(instance, entries));
    instance.sql('DROP TABLE bench_plan, bench_number, bench_corpus');
    // The days are counted: their reader need not begin with all of them.
    instance.sql("REPLACE INTO reader (name, seen, setting) SELECT 'contact_days', COALESCE(MAX(seq), 0), 'UTC' FROM change_log");
    await step('statistics', () => instance.sql('ANALYZE TABLE entry, identity, identity_link, customer, conversation, contact_day'));
    return Number(instance.sql('SELECT COUNT(*) FROM customer'));
  } finally {
    await instance.end();
  }
}

function stepper(say: (line: string) => void) {
  return async (what: string, work: () => unknown): Promise<void> => {
    const begun = performance.now();
    await work();
    say(`${what} (${((performance.now() - begun) / 1000).toFixed(1)} s)`);
  };
}

/** By the product itself, so that their secrets are sealed as it expects. */
async function channels(instance: Instance): Promise<void> {
  await instance.serve();
  for (const { type, settings } of CHANNELS) await instance.api('channel.create', { type, name: type, settings });
  await instance.stop();
}

const CHANNELS = [
  { type: 'email', settings: { address: 'help@shop.example', smtp_url: 'smtp://127.0.0.1:9' } },
  { type: 'chat', settings: {} },
  { type: 'twilio_voice', settings: { auth_token: 'none' } },
  { type: 'line', settings: { channel_secret: 'none', access_token: 'none' } },
  { type: 'whatsapp', settings: { app_secret: 'none', access_token: 'none', phone_number_id: '1' } },
];

/** What everything else is made of: who has how many entries, numbers to count with, texts. */
function tables(instance: Instance, all: Plan, folder: string): void {
  const files = join(folder, 'plan');
  mkdirSync(files);
  writeFileSync(join(files, 'plan.tsv'), all.identities);
  writeFileSync(join(files, 'people.tsv'), all.people);
  writeFileSync(join(files, 'corpus.tsv'), corpus());
  const read = (file: string, table: string, columns: string): string =>
    `LOAD DATA INFILE '${join(files, file)}' INTO TABLE ${table} CHARACTER SET utf8mb4 (${columns});`;
  const now = Date.now();
  instance.sql(`
    CREATE TABLE bench_number (n INT PRIMARY KEY) SELECT seq AS n FROM seq_1_to_${all.longest};
    CREATE TABLE bench_corpus (id INT PRIMARY KEY, text TEXT NOT NULL);
    CREATE TABLE bench_plan (identity INT PRIMARY KEY, customer INT NOT NULL, kind TINYINT NOT NULL, n INT NOT NULL, start_at BIGINT NOT NULL,
      step BIGINT NOT NULL, conversation_base INT NOT NULL, open BOOL NOT NULL, channel BIGINT NOT NULL DEFAULT 0, medium TINYINT NOT NULL DEFAULT 0);
    ${read('corpus.tsv', 'bench_corpus', 'id, text')}
    ${read('plan.tsv', 'bench_plan', 'identity, customer, kind, n, start_at, step, conversation_base, open')}
    LOAD DATA INFILE '${join(files, 'people.tsv')}' INTO TABLE customer CHARACTER SET utf8mb4 (id, name, created_at)
      SET uuid = UNHEX(MD5(CONCAT('customer', id))), changed_at = created_at;
    UPDATE bench_plan SET medium = ELT(kind, 1, 3, 2, 4, 5), channel = (SELECT id FROM channel WHERE type = ELT(bench_plan.kind, 'email', 'twilio_voice', 'chat', 'line', 'whatsapp'));
    INSERT INTO agent (id, uuid, email, name, role, password_hash, created_at)
      SELECT seq, UNHEX(MD5(CONCAT('agent', seq))), CONCAT('agent', seq, '@shop.example'), CONCAT('Agent ', seq), 2, '', ${now} FROM seq_1_to_${AGENTS};
    INSERT INTO session (token_hash, agent_id, created_at, expires_at, used_at)
      SELECT UNHEX(SHA2(CONCAT('bench-session-', id), 256)), id, ${now}, ${now + 3650 * DAY_MS}, ${now + 3650 * DAY_MS} FROM agent`);
  rmSync(files, { recursive: true });
}

/** enum entry_kind of entry number s: mostly messages; a note now and then; of a phone, calls. */
const KIND = 'IF(s.n % 20 = 7, 1, IF(p.medium = 3, 2, 0))';
const AT = '(p.start_at + s.n * p.step)';
/** Two from the person, then one answer. */
const DIRECTION = 'IF(s.n % 20 = 7, 2, s.n % 3 = 0)';
const LAST_IN = 'CASE WHEN p.n % 20 = 7 OR p.n % 3 = 0 THEN IF((p.n - 1) % 3 = 0 OR (p.n - 1) % 20 = 7, p.n - 2, p.n - 1) ELSE p.n END';

function persons(instance: Instance): void {
  instance.sql(`
    SET foreign_key_checks = 0, unique_checks = 0;
    INSERT INTO identity (id, uuid, kind, scope, value, name, proof, version, first_at, last_at, last_in_at, last_in_channel)
      SELECT p.identity, UNHEX(MD5(CONCAT('identity', p.identity))), p.kind, IF(p.kind IN (3, 4), p.channel, 0),
        CASE p.kind WHEN 1 THEN CONCAT('p', p.identity, '@mail', p.identity % 97, '.example') WHEN 2 THEN CONCAT('+4420', 10000000 + p.identity)
          WHEN 4 THEN CONCAT('U', MD5(p.identity)) WHEN 5 THEN CONCAT('4477', 10000000 + p.identity) ELSE LEFT(SHA2(p.identity, 256), 32) END,
        c.name, IF(p.kind = 3, 0, 2), p.n, p.start_at + p.step, p.start_at + p.n * p.step, p.start_at + GREATEST(1, ${LAST_IN}) * p.step, p.channel
      FROM bench_plan p JOIN customer c ON c.id = p.customer ORDER BY p.identity;
    INSERT INTO identity_link (identity_id, customer_id, from_at, rule, evidence)
      SELECT p.identity, p.customer, p.start_at + p.step, IF(p.identity = f.first, 'first_contact', 'same_email'), '' FROM bench_plan p
      JOIN (SELECT customer, MIN(identity) AS first FROM bench_plan GROUP BY customer) f ON f.customer = p.customer ORDER BY p.identity;
    ALTER TABLE entry ${INDEXES.map(([name]) => `DROP KEY ${name}`).join(', ')}`);
}

/** Made at the end, sorted, in place of row by row. Names as MariaDB gave them. */
const INDEXES = [
  ['id', 'UNIQUE KEY id (id)'],
  ['identity_id', 'UNIQUE KEY identity_id (identity_id, version)'],
  ['channel_id', 'UNIQUE KEY channel_id (channel_id, external_id)'],
  ['conversation_id', 'KEY conversation_id (conversation_id, occurred_at)'],
] as const;

/** A UUID of version 7: the time, then what makes it unique. */
const ENTRY_ID = `UNHEX(CONCAT(LPAD(HEX(${AT}), 12, '0'), '7', LPAD(HEX(CRC32(${AT} + p.identity) % 4096), 3, '0'), '8', LPAD(HEX(p.identity * 16777216 + s.n), 15, '0')))`;

const entriesOf = (first: number, last: number): string => `
  START TRANSACTION;
  INSERT INTO entry (identity_id, occurred_at, id, version, conversation_id, channel_id, medium, kind, direction, author_kind, author_id,
      author_name, subject, text, html, external_id, delivery, received_at)
    SELECT p.identity, ${AT}, ${ENTRY_ID}, s.n, p.conversation_base + CEIL(s.n / ${PER_CONVERSATION}), IF(${KIND} = 1, NULL, p.channel), p.medium, ${KIND},
      ${DIRECTION}, ${DIRECTION} > 0, IF(${DIRECTION} > 0, 1 + (p.identity + s.n) % ${AGENTS}, NULL), NULL,
      IF(p.medium = 1 AND ${KIND} = 0, LEFT(t.text, 60), NULL), t.text, IF(p.medium = 1 AND s.n % 4 = 1, CONCAT('<p>', t.text, '</p>'), NULL),
      IF(${KIND} = 1, NULL, CONCAT('m.', p.identity, '.', s.n)), IF(${KIND} = 0 AND ${DIRECTION} = 1, 4, 0), ${AT} + 40
    FROM bench_plan p STRAIGHT_JOIN bench_number s ON s.n <= p.n STRAIGHT_JOIN bench_corpus t ON t.id = (p.identity * 7 + s.n * 31) % ${CORPUS_SIZE}
    WHERE p.identity BETWEEN ${first} AND ${last} ORDER BY p.identity, s.n;
  INSERT INTO contact_day (identity_id, day, medium, n_in, n_out, n_other)
    SELECT identity_id, FLOOR(occurred_at / ${DAY_MS}), medium, SUM(kind IN (0, 2) AND direction = 0), SUM(kind IN (0, 2) AND direction = 1), SUM(kind BETWEEN 3 AND 7)
    FROM entry WHERE identity_id BETWEEN ${first} AND ${last} AND kind NOT IN (1, 8) GROUP BY identity_id, FLOOR(occurred_at / ${DAY_MS}), medium;
  COMMIT`;

interface Chunk {
  first: number;
  last: number;
  entries: number;
}

function chunks(instance: Instance): Chunk[] {
  const all: Chunk[] = [];
  for (const line of instance.sql(`SELECT identity, n FROM bench_plan ORDER BY identity`).split('\n')) {
    const [identity = 0, n = 0] = line.split('\t').map(Number);
    const last = all.at(-1);
    if (last && last.entries < CHUNK) [last.last, last.entries] = [identity, last.entries + n];
    else all.push({ first: identity, last: identity, entries: n });
  }
  return all;
}

function run(instance: Instance, sql: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = execFile('mariadb', ['--no-defaults', '-uroot', `-S${instance.database.socket}`, instance.name], (error) => (error ? reject(error) : resolve()));
    child.stdin?.end(`SET foreign_key_checks = 0, unique_checks = 0;${sql}`);
  });
}

/** Two connections, each with a half: the keys of both only ever grow. */
async function parallel(instance: Instance, entries: number, say: (line: string) => void): Promise<void> {
  const all = chunks(instance);
  const halves = [all.slice(0, all.length / 2), all.slice(all.length / 2)];
  const begun = performance.now();
  let done = 0;
  let told = begun;
  await Promise.all(
    halves.map(async (half) => {
      for (const chunk of half) {
        await run(instance, entriesOf(chunk.first, chunk.last));
        done += chunk.entries;
        const now = performance.now();
        if (now - told < 5000 && done < entries) continue;
        told = now;
        say(`${done} of ${entries} entries (${((now - begun) / 1000).toFixed(0)} s, ${Math.round((done * 1000) / (now - begun))}/s)`);
      }
    }),
  );
}

/** Conversation c of an identity holds its entries from 12 (c - 1) + 1 to 12 c; only the last one may be open. */
function conversations(instance: Instance): void {
  const last = `LEAST(s.n * ${PER_CONVERSATION}, p.n)`;
  const from = `((s.n - 1) * ${PER_CONVERSATION} + 1)`;
  const open = `(p.open AND s.n = CEIL(p.n / ${PER_CONVERSATION}))`;
  const direction = `IF(${last} % 20 = 7, 2, ${last} % 3 = 0)`;
  instance.sql(`
    SET foreign_key_checks = 0, unique_checks = 0;
    INSERT INTO conversation (id, uuid, opened_by, status, assignee_id, priority, subject, preview, last_medium, last_direction, last_at, waiting_since,
        unread, resolved_at, created_at, version)
      SELECT p.conversation_base + s.n, UNHEX(MD5(CONCAT('conversation', p.conversation_base + s.n))), p.identity, IF(${open}, 0, 2),
        IF((p.identity + s.n) % 3 = 0, NULL, 1 + (p.identity + s.n) % ${AGENTS}), 1 + (p.identity % 11 = 0), LEFT(f.text, 60), LEFT(t.text, 120), p.medium,
        ${direction}, p.start_at + ${last} * p.step, IF(${open} AND ${direction} = 0, p.start_at + ${last} * p.step, NULL), IF(${open} AND ${direction} = 0, 1, 0),
        IF(${open}, NULL, p.start_at + ${last} * p.step + 3600000), p.start_at + ${from} * p.step, ${last} - ${from} + 1
      FROM bench_plan p STRAIGHT_JOIN bench_number s ON s.n <= CEIL(p.n / ${PER_CONVERSATION})
      STRAIGHT_JOIN bench_corpus t ON t.id = (p.identity * 7 + ${last} * 31) % ${CORPUS_SIZE}
      STRAIGHT_JOIN bench_corpus f ON f.id = (p.identity * 7 + ${from} * 31) % ${CORPUS_SIZE}
      ORDER BY p.conversation_base + s.n`);
}

/** What the product keeps true, asked of the whole database; each answer must be 0. */
const WRONG: [string, string][] = [
  ['identities whose version, first or last entry is not that of their entries', `SELECT COUNT(*) FROM identity i LEFT JOIN (SELECT identity_id, COUNT(*) AS n, MAX(version) AS version,
    MIN(occurred_at) AS first_at, MAX(occurred_at) AS last_at FROM entry GROUP BY identity_id) e ON e.identity_id = i.id
    WHERE e.n IS NULL OR i.version <> e.n OR i.version <> e.version OR i.first_at <> e.first_at OR i.last_at <> e.last_at`],
  ['identities without one open link to a person', `SELECT COUNT(*) FROM identity i LEFT JOIN identity_link l ON l.open_identity = i.id LEFT JOIN customer c ON c.id = l.customer_id WHERE c.id IS NULL`],
  ['persons without an identity', 'SELECT COUNT(*) FROM customer c LEFT JOIN identity_link l ON l.customer_id = c.id WHERE l.id IS NULL'],
  ['conversations that are not as their last entry says', `SELECT COUNT(*) FROM conversation c LEFT JOIN entry e ON e.conversation_id = c.id AND e.occurred_at = c.last_at AND e.identity_id = c.opened_by
    WHERE e.id IS NULL OR e.direction <> c.last_direction OR e.medium <> c.last_medium`],
  ['days counted wrongly', `SELECT (SELECT COUNT(*) FROM entry WHERE kind NOT IN (1, 8)) - (SELECT SUM(n_in + n_out + n_other) FROM contact_day)`],
];

function verify(instance: Instance, entries: number): void {
  const n = Number(instance.sql('SELECT COUNT(*) FROM entry'));
  if (n !== entries) throw new Error(`${n} entries instead of ${entries}`);
  for (const [what, sql] of WRONG) {
    const wrong = instance.sql(sql);
    if (wrong !== '0') throw new Error(`${wrong} ${what}`);
  }
}
