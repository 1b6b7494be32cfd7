// How fast a long life opens: a person of 100,000 entries over 5 identities, and one of 50 entries, among others.
//   THROUGHLINE_BINARY=build/release/throughline THROUGHLINE_TEST_DB=SOCKET node tests/bench/timeline.ts [ENTRIES [OTHERS]]
// Over the WebSocket API on the loopback, one call at a time. Prints a table; everything is removed at the end.
import { Server, type Socket } from '../system/harness.ts';

const ENTRIES = Number(process.argv[2] ?? 100_000);
const OTHERS = Number(process.argv[3] ?? 900_000); // entries of everybody else
const ROUNDS = 300;
const IDENTITIES = 5;

/** Entries of the identities first … last, spread over three years, in the order of their versions. */
function fill(server: Server, first: number, last: number, each: number): void {
  server.sql(`INSERT INTO entry (identity_id, occurred_at, id, version, medium, kind, direction, author_kind, text, received_at)
    SELECT i.id, 1700000000000 + FLOOR(s.seq * 94608000000 / ${each}) + i.id, UNHEX(LPAD(HEX(i.id * 1000000 + s.seq), 32, '0')), s.seq, 1 + i.id % 5,
    0, s.seq % 2, s.seq % 2, CONCAT('Entry ', s.seq, ': ', REPEAT('where is my order? ', 1 + s.seq % 20)), 1
    FROM identity i JOIN seq_1_to_${each} s WHERE i.id BETWEEN ${first} AND ${last}`);
  server.sql(`UPDATE identity SET version = ${each}, first_at = 1, last_at = 1794608000000 WHERE id BETWEEN ${first} AND ${last}`);
}

function people(server: Server, first: number, last: number, identities: number): void {
  server.sql(`INSERT INTO customer (id, uuid, name, created_at, changed_at) SELECT seq, UNHEX(LPAD(HEX(seq), 32, '0')), CONCAT('Person ', seq), 1, 1 FROM seq_${first}_to_${last};
    INSERT INTO identity (id, uuid, kind, value, proof, first_at, last_at)
    SELECT p.seq * 10 + i.seq, UNHEX(LPAD(HEX(p.seq * 10 + i.seq), 32, '0')), 1, CONCAT('p', p.seq, '-', i.seq, '@example.com'), 2, 1, 1 FROM seq_${first}_to_${last} p JOIN seq_0_to_${identities - 1} i;
    INSERT INTO identity_link (identity_id, customer_id, from_at, rule) SELECT id, FLOOR(id / 10), 1, 'first_contact' FROM identity WHERE id BETWEEN ${first * 10} AND ${last * 10 + 9}`);
}

async function measure(name: string, call: () => Promise<unknown>): Promise<void> {
  const times: number[] = [];
  for (let i = 0; i < ROUNDS + 20; i++) {
    const begun = performance.now();
    await call();
    if (i >= 20) times.push(performance.now() - begun);
  }
  times.sort((a, b) => a - b);
  const at = (q: number): string => (times[Math.floor(times.length * q)] ?? 0).toFixed(2).padStart(8);
  console.log(`${name.padEnd(64)} p50 ${at(0.5)} ms   p95 ${at(0.95)} ms`);
}

const uuid = (n: number): string => n.toString(16).padStart(32, '0').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');

async function questions(server: Server, socket: Socket): Promise<void> {
  for (const [name, customer] of [
    [`${ENTRIES} entries, ${IDENTITIES} identities`, uuid(1)],
    [`${ENTRIES} entries, 1 identity`, uuid(2)],
    ['50 entries, 1 identity', uuid(3)],
  ] as const) {
    await measure(`open (timeline.watch): ${name}`, () => socket.call('timeline.watch', { customer_id: customer }));
    await measure(`newest 50 (timeline.page): ${name}`, () => socket.call('timeline.page', { customer_id: customer }));
  }
  const middle = new Date(1_747_000_000_000).toISOString();
  await measure('50 in the middle of the long life', () => socket.call('timeline.page', { customer_id: uuid(1), before_at: middle }));
  await measure('its overview', () => socket.call('customer.overview', { customer_id: uuid(1) }));
  await measure('an empty call (session.me)', () => socket.call('session.me', {}));
  void server;
}

const ends: (() => Promise<void>)[] = [];
try {
  const server = await Server.start((fn) => ends.push(fn), { start: false });
  people(server, 1, 1, IDENTITIES);
  people(server, 2, 3, 1);
  fill(server, 10, 14, ENTRIES / IDENTITIES);
  fill(server, 20, 20, ENTRIES);
  fill(server, 30, 30, 50);
  const others = Math.ceil(OTHERS / 50);
  if (OTHERS) {
    people(server, 1000, 1000 + others - 1, 1);
    for (let from = 1000; from < 1000 + others; from += 2000) fill(server, from * 10, Math.min(from + 1999, 1000 + others - 1) * 10, 50);
  }
  await server.serve();
  const socket = await server.agent();
  await questions(server, socket);
  socket.close();
} finally {
  for (const end of ends) await end();
}
