// The server that is measured: the release build, with a database, a port and files of its own.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Methods } from '../../../agent-web/protocol/src/generated.ts';
import type { Database } from './database.ts';
import { endsWithUs, waitFor } from './process.ts';

const SOURCE = fileURLToPath(new URL('../../../', import.meta.url));
const BINARY = process.env['THROUGHLINE_BINARY'] ?? join(SOURCE, 'build/release/throughline');

export async function freePort(): Promise<number> {
  return await new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(address && typeof address === 'object' ? address.port : 0));
    });
  });
}

export type Config = Record<string, Record<string, string>>;

/** All load comes from one address. In the environment, so that a server that knows no limits starts too. */
const NO_LIMITS = Object.fromEntries(
  ['CHAT_GREETINGS_PER_ADDRESS', 'CHAT_PEOPLE_PER_ADDRESS', 'CHAT_PEOPLE_PER_CHANNEL', 'CHAT_MESSAGES_PER_ADDRESS', 'CHAT_MESSAGES_PER_CHANNEL', 'SEARCHES_PER_MINUTE'].map(
    (name) => [`THROUGHLINE_LIMITS_${name}`, '1000000000'],
  ),
);

export class Instance {
  readonly database: Database;
  readonly name: string;
  readonly port: number;
  readonly metricsPort: number;
  readonly url: string;
  readonly folder: string;
  token = '';
  private child: ChildProcess | null = null;
  private readonly keep: boolean;

  private constructor(database: Database, name: string, port: number, metricsPort: number, keep: boolean, config: Config) {
    this.database = database;
    this.name = name;
    this.port = port;
    this.metricsPort = metricsPort;
    this.keep = keep;
    this.url = `http://127.0.0.1:${port}`;
    this.folder = mkdtempSync(join(tmpdir(), 'throughline-bench-'));
    const sections: Config = {
      server: { listen: `127.0.0.1:${port}`, public_url: this.url, metrics_listen: `127.0.0.1:${metricsPort}`, web_root: join(SOURCE, 'agent-web') },
      database: { socket: database.socket, user: 'root', name },
      outgoing: { networks: '127.0.0.0/8' },
      storage: { blob_dir: join(this.folder, 'blobs'), secret_key_file: join(this.folder, 'secret.key') },
      search: { index: join(this.folder, 'search.index') },
    };
    for (const [section, keys] of Object.entries(config)) sections[section] = { ...sections[section], ...keys };
    const lines = Object.entries(sections).flatMap(([section, keys]) => [`[${section}]`, ...Object.entries(keys).map(([key, value]) => `${key} = ${value}`)]);
    writeFileSync(join(this.folder, 'throughline.conf'), `${lines.join('\n')}\n`);
    mkdirSync(join(this.folder, 'blobs'));
  }

  /** `keep`: the database stays when the instance ends. It is migrated; the server is not started yet. */
  static async make(database: Database, options: { name?: string; keep?: boolean; config?: Config } = {}): Promise<Instance> {
    const name = options.name ?? `bench_${process.pid}_${Date.now() % 1_000_000}`;
    const instance = new Instance(database, name, await freePort(), await freePort(), options.keep ?? false, options.config ?? {});
    instance.run(['migrate']);
    instance.token = instance.run(['token', 'add', '--name', 'bench', '--role', 'admin']).trim();
    return instance;
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  run(args: string[], input = ''): string {
    return execFileSync(BINARY, ['--config', join(this.folder, 'throughline.conf'), ...args], { input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] });
  }

  /** Milliseconds till /readyz says yes. */
  async serve(): Promise<number> {
    const begun = performance.now();
    const child = spawn(BINARY, ['--config', join(this.folder, 'throughline.conf'), 'serve'], {
      stdio: ['ignore', 'ignore', openSync(join(this.folder, 'server.log'), 'a')],
      env: { ...process.env, ...NO_LIMITS },
    });
    this.child = endsWithUs(child);
    await waitFor('the server is ready', async () => {
      if (child.exitCode !== null) throw new Error(`the server has ended:\n${this.log().slice(-4000)}`);
      return await fetch(`${this.url}/readyz`).then((answer) => answer.ok, () => false);
    });
    return performance.now() - begun;
  }

  log(): string {
    return readFileSync(join(this.folder, 'server.log'), 'utf8');
  }

  async stop(): Promise<void> {
    const child = this.child;
    this.child = null;
    if (!child || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await gone;
  }

  async end(): Promise<void> {
    await this.stop();
    if (!this.keep) this.sql(`DROP DATABASE ${this.name}`);
    rmSync(this.folder, { recursive: true, force: true });
  }

  sql(statement: string): string {
    return this.database.sql(statement, this.name);
  }

  /** `session`: the caller's; else it is the administrator's token. */
  async api<M extends keyof Methods>(method: M, params: Methods[M]['params'], session = ''): Promise<Methods[M]['result']> {
    const answer = await fetch(`${this.url}/api/v1/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(session ? { cookie: `throughline=${session}` } : { authorization: `Bearer ${this.token}` }) },
      body: JSON.stringify(params),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method}: ${text}`);
    return JSON.parse(text) as Methods[M]['result'];
  }

  /** Of /metrics. */
  async metric(name: string): Promise<number> {
    const text = await (await fetch(`http://127.0.0.1:${this.metricsPort}/metrics`)).text();
    return Number(new RegExp(`^throughline_${name} (\\S+)`, 'm').exec(text)?.[1] ?? Number.NaN);
  }
}
