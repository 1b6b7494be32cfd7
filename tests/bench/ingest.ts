// From a provider's webhook to its 2xx, which means committed: many at once, and one after the other.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Bench, Figures, Measurement, Runs } from './frame/contract.ts';
import { Instance } from './frame/instance.ts';
import { cpuMs, cpuNs, Program } from './frame/process.ts';

const run = promisify(execFile);
const PEOPLE = 10_000;
const CONNECTIONS = 256;
const SECRET = 'secret-of-the-app';

interface Answered {
  accepted: number;
  put_off: number;
  other: number;
  seconds: number;
  p50_us: number;
  p99_us: number;
  driver_cpu_s: number;
}

interface Load {
  connections: number;
  seconds: number;
  /** A second; 0: as fast as it goes. */
  rate: number;
}

let seed = 0;

export class Shop {
  readonly bench: Bench;
  readonly instance: Instance;
  private readonly path: string;
  private readonly n: number;

  private constructor(bench: Bench, instance: Instance, path: string, n: number) {
    this.bench = bench;
    this.instance = instance;
    this.path = path;
    this.n = n;
  }

  /** With people who have all written before: their first message makes a person, which others do not. */
  static async open(bench: Bench, n = PEOPLE): Promise<Shop> {
    const instance = await Instance.make(await bench.database());
    await instance.serve();
    const settings = { app_secret: SECRET, access_token: 'none', phone_number_id: '106540352242922' };
    const { channel } = await instance.api('channel.create', { type: 'whatsapp', name: 'WhatsApp', settings });
    const shop = new Shop(bench, instance, new URL(channel?.webhook_url ?? '').pathname, n);
    await shop.known();
    const first = n === PEOPLE ? { connections: CONNECTIONS, seconds: 3, rate: 0 } : { connections: 1, seconds: 1, rate: n * 10 };
    for (let i = 0; i < 20 && shop.people() < n * 0.99; i++) await shop.send(first);
    return shop;
  }

  private async known(): Promise<void> {
    while ((await fetch(this.instance.url + this.path)).status === 404) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  private people(): number {
    return Number(this.instance.sql('SELECT COUNT(*) FROM customer'));
  }

  async send(load: Load): Promise<Answered> {
    return await send(this.bench, this.instance.port, this.path, load, this.n);
  }

  /** What a 2xx has promised is there; and nothing was only kept as not understood. */
  async check(before: number, accepted: number): Promise<void> {
    const entries = this.entries();
    if (entries - before !== accepted) throw new Error(`${accepted} messages were acknowledged, ${entries - before} are there`);
    if (Number(this.instance.sql('SELECT COUNT(*) FROM journal WHERE error IS NOT NULL')) > 0) throw new Error('some input was not understood');
  }

  entries(): number {
    return Number(this.instance.sql('SELECT COUNT(*) FROM entry WHERE external_id LIKE "wamid%"'));
  }

  databaseCpuMs(): number {
    return cpuMs(this.instance.database.pid);
  }
}

async function send(bench: Bench, port: number, path: string, load: Load, people = PEOPLE): Promise<Answered> {
  const args = [port, path, SECRET, load.connections, load.seconds, load.rate, people, ++seed].map(String);
  const answered = JSON.parse((await run(bench.program('load/webhooks'), args)).stdout) as Answered;
  if (answered.other > 0) throw new Error(`${answered.other} webhooks had neither a 2xx nor "later"`);
  return answered;
}

/** HTTP and JSON alone, CPU of the process for each message. */
async function receive(bench: Bench, load: Load): Promise<{ cpu_us: number; answered: Answered }> {
  const program = new Program(bench.program('floor/receive'), []);
  try {
    const port = Number(await program.line());
    const before = cpuMs(program.pid);
    const answered = await send(bench, port, '/', load);
    return { cpu_us: ((cpuMs(program.pid) - before) * 1000) / answered.accepted, answered };
  } finally {
    await program.end();
  }
}

interface Written {
  messages: number;
  seconds: number;
  p50_us: number;
  driver_cpu_s: number;
}

async function write(shop: Shop, transactions: number, each: number, ...only: 'entry'[]): Promise<Written & { database_us: number }> {
  const before = shop.databaseCpuMs();
  const args = [shop.instance.database.socket, shop.instance.name, String(transactions), String(each), ...only];
  const written = JSON.parse((await run(shop.bench.program('floor/rows'), args)).stdout) as Written;
  return { ...written, database_us: ((shop.databaseCpuMs() - before) * 1000) / written.messages };
}

/* ---- many at once ---- */

async function manyFloor(shop: Shop): Promise<Figures> {
  const http = await receive(shop.bench, { connections: CONNECTIONS, seconds: shop.bench.quick ? 1 : 3, rate: 0 });
  const rows = await write(shop, shop.bench.quick ? 100 : 500, 128);
  const server_us = http.cpu_us + (rows.driver_cpu_s * 1e6) / rows.messages;
  return { cpu_us: server_us + rows.database_us, server_us, database_us: rows.database_us, rate: Math.min(http.answered.accepted / http.answered.seconds, rows.messages / rows.seconds) };
}

async function manyOurs(shop: Shop): Promise<Figures> {
  const { instance } = shop;
  const before = { entries: shop.entries(), server: cpuMs(instance.pid), index: cpuNs(instance.pid, 'index'), database: shop.databaseCpuMs() };
  const flood = await shop.send({ connections: CONNECTIONS, seconds: shop.bench.quick ? 3 : 8, rate: 0 });
  const server_us = ((cpuMs(instance.pid) - before.server) * 1000) / flood.accepted;
  const database_us = ((shop.databaseCpuMs() - before.database) * 1000) / flood.accepted;
  const index_us = (cpuNs(instance.pid, 'index') - before.index) / 1000 / flood.accepted;
  const rate = flood.accepted / flood.seconds;
  const half = await shop.send({ connections: CONNECTIONS, seconds: shop.bench.quick ? 2 : 6, rate: rate / 2 });
  await shop.check(before.entries, flood.accepted + half.accepted);
  return {
    rate, server_us, index_us, database_us, cpu_us: server_us + database_us, driver_us: (flood.driver_cpu_s * 1e6) / flood.accepted,
    flood_p50_ms: flood.p50_us / 1000, flood_p99_ms: flood.p99_us / 1000, half_p50_ms: half.p50_us / 1000, half_p99_ms: half.p99_us / 1000, put_off: flood.put_off + half.put_off,
  };
}

export const INGEST: Measurement = {
  name: 'ingest',
  title: `webhook to commit to 2xx, many at once: WhatsApp messages of ${PEOPLE} people over ${CONNECTIONS} connections`,
  rows: [
    { title: 'ingest: CPU of server and MariaDB a message', figure: 'cpu_us', unit: 'µs', aim: { ratio: 2 } },
    { title: 'ingest: of it the server', figure: 'server_us', unit: 'µs' },
    { title: 'ingest: of that the search index, a thread that follows', figure: 'index_us', unit: 'µs' },
    { title: 'ingest: of it MariaDB', figure: 'database_us', unit: 'µs' },
    { title: 'ingest: messages a second, driver on the same cores', figure: 'rate', unit: '/s', aim: { least: 10_000 } },
    { title: 'ingest: p99 at half of that rate', figure: 'half_p99_ms', unit: 'ms', aim: { most: 20 } },
  ],
  prepare: async (bench: Bench): Promise<Runs> => {
    const shop = await Shop.open(bench);
    return { floor: () => manyFloor(shop), ours: () => manyOurs(shop), end: () => shop.instance.end() };
  },
};

/* ---- one at a time ---- */

export const SINGLE: Measurement = {
  name: 'single',
  title: 'webhook to commit to 2xx, one at a time, nothing else going on',
  rows: [
    { title: 'one webhook: p50, beside one row and one commit', figure: 'p50_us', unit: 'µs', aim: { ratio: 2 } },
    { title: 'one webhook: p50, beside its six rows and one commit', figure: 'p50_us', floorFigure: 'all_rows_p50_us', unit: 'µs' },
    { title: 'one webhook: p99', figure: 'p99_us', unit: 'µs' },
  ],
  prepare: async (bench: Bench): Promise<Runs> => {
    const shop = await Shop.open(bench);
    const transactions = bench.quick ? 1000 : 5000;
    return {
      floor: async () => ({ p50_us: (await write(shop, transactions, 1, 'entry')).p50_us, all_rows_p50_us: (await write(shop, transactions, 1)).p50_us }),
      ours: async () => {
        const before = shop.entries();
        const answered = await shop.send({ connections: 1, seconds: bench.quick ? 2 : 5, rate: 0 });
        await shop.check(before, answered.accepted);
        return { p50_us: answered.p50_us, p99_us: answered.p99_us };
      },
      end: () => shop.instance.end(),
    };
  },
};
