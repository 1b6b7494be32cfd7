// Starts the real binary on a real MariaDB, each test file with a database, a port and a folder of its own, and gives
// what tests need to drive it from outside. Everything it starts ends with the test.
import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import type { Methods, Notifications, Upload } from '../../agent-web/protocol/src/generated.ts';

const SOURCE = process.env['THROUGHLINE_SOURCE'] ?? join(dirname(fileURLToPath(import.meta.url)), '../..');
export const BINARY = process.env['THROUGHLINE_BINARY'] ?? join(SOURCE, 'build/asan/throughline');
const DATABASE = process.env['THROUGHLINE_TEST_DB'] ?? '';
/** What the server is started by, such as valgrind with its options; and how many times longer all takes then. */
const WRAPPER = (process.env['THROUGHLINE_WRAPPER'] ?? '').split(' ').filter(Boolean);
export const SLOWNESS = Number(process.env['THROUGHLINE_SLOWNESS'] ?? 1);
/** What a sanitizer, valgrind or the server itself says of our mistakes. */
const FOUND =
  /AddressSanitizer|a lock outside a transaction|ThreadSanitizer|runtime error:|LeakSanitizer|^==\d+== (Invalid|Conditional jump|Use of uninit|Syscall param|Process terminating)/m;

const SQL_ANSWER_MAX = 1024 * 1024 * 1024;

/** All tests come from one address. */
const MANY = Object.fromEntries(
  [
    'chat_greetings_per_address',
    'chat_people_per_address',
    'chat_people_per_channel',
    'chat_messages_per_address',
    'chat_messages_per_channel',
    'searches_per_minute',
  ].map((name) => [name, '1000000']),
);

/** The types whose providers are asked: what people are called, where a file is. No test asks them. */
const ASKED = new Set(['line', 'whatsapp', 'telegram', 'twilio_sms', 'twilio_voice']);

export const ADMIN = { email: 'admin@example.com', password: 'correct horse battery' };

/** Polls until the condition gives something true; fails with `what` after a while. Never a bare sleep. */
export async function waitFor<T>(what: string, condition: () => T | Promise<T>, withinMs = 20_000): Promise<NonNullable<T>> {
  const until = Date.now() + withinMs * SLOWNESS;
  let last: unknown;
  for (;;) {
    try {
      const value = await condition();
      if (value) return value as NonNullable<T>;
    } catch (error) {
      last = error;
    }
    if (Date.now() > until) throw new Error(`Waited in vain: ${what}`, { cause: last });
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The API refuses it, by this kind and field. */
export const refused = (promise: Promise<unknown>, kind: string, field: string | null = null): Promise<void> =>
  assert.rejects(promise, (error: unknown) => {
    assert.ok(error instanceof ApiError, String(error));
    assert.deepEqual([error.kind, error.field], [kind, field], error.message);
    return true;
  });

/** Of each process of tests its own: what one has chosen and does not listen at yet, no other chooses. */
let nextPort = process.pid * 50;

/** Below those that the kernel gives to outgoing connections: nobody takes it while what listens there is dead for a moment. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 12_000 + (nextPort++ % 20_000);
    const free = await new Promise<boolean>((resolve) => {
      const probe = createServer()
        .once('error', () => resolve(false))
        .listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
    });
    if (free) return port;
  }
}

/** Ends all of them, also when one fails: what is left running would hold up the whole suite. Then says what failed. */
export async function endAll(ends: (() => unknown)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const end of ends) {
    try {
      await end();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

interface WireError {
  message: string;
  data?: { kind: string; field: string | null; reason?: string };
}

/** What a site's server says of a customer who is logged in there, as docs/WIDGET.md tells it. */
export function signedBySite(
  channelId: string,
  secret: string,
  kind: 'user_id' | 'email',
  value: string,
  expires = Math.floor(Date.now() / 1000) + 3600,
): { expires: number; signature: string } {
  return { expires, signature: createHmac('sha256', secret).update(`${channelId}:${kind}:${expires}:${value}`).digest('hex') };
}

export class ApiError extends Error {
  readonly kind: string;
  readonly field: string | null;
  readonly status: number;
  readonly reason: string | null;
  constructor(status: number, body: WireError) {
    super(body.message);
    this.status = status;
    this.kind = body.data?.kind ?? 'none';
    this.field = body.data?.field ?? null;
    this.reason = body.data?.reason ?? null;
  }
}

/** The answer of a put of which nothing was refused; else throws why the first was that was. */
export function allPut<T extends { items: { error: unknown }[] }>(answer: T): T {
  const refused = answer.items.find((item) => item.error);
  if (refused) throw new ApiError(409, refused.error as WireError);
  return answer;
}

/** A WebSocket that speaks JSON-RPC and keeps every notification it was sent. */
export class Socket {
  readonly raw: WebSocket;
  readonly pushes: { method: string; params: unknown }[] = [];
  closeCode: number | null = null;
  private readonly pending = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  private lastId = 0;

  private constructor(raw: WebSocket) {
    this.raw = raw;
    raw.on('message', (data) => this.take(JSON.parse(String(data)) as never));
    raw.on('close', (code) => {
      this.closeCode = code;
      for (const waiting of this.pending.values()) waiting.reject(new Error(`socket closed: ${code}`));
      this.pending.clear();
    });
    raw.on('error', () => {});
  }

  static async open(url: string, protocol: string, headers: Record<string, string> = {}): Promise<Socket> {
    const raw = new WebSocket(url, protocol, { headers });
    const socket = new Socket(raw);
    await new Promise<void>((resolve, reject) => {
      raw.once('open', () => resolve());
      raw.once('error', reject);
    });
    return socket;
  }

  private take(message: { id?: number; method?: string; params?: unknown; error?: WireError; result?: never }): void {
    if (message.method !== undefined) {
      this.pushes.push({ method: message.method, params: message.params });
      return;
    }
    const waiting = this.pending.get(message.id ?? 0);
    this.pending.delete(message.id ?? 0);
    if (message.error) waiting?.reject(new ApiError(0, message.error));
    else waiting?.resolve(message.result as never);
  }

  call<M extends keyof Methods>(method: M, params: Methods[M]['params']): Promise<Methods[M]['result']> {
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.pending.set(id, { resolve, reject });
      this.raw.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    });
  }

  pushed<N extends keyof Notifications>(name: N): Notifications[N][] {
    return this.pushes.filter((push) => push.method === name).map((push) => push.params as Notifications[N]);
  }

  /** Reads nothing any more. */
  stall(): void {
    this.raw.pause();
  }

  wake(): void {
    this.raw.resume();
  }

  /** Cuts the connection as a dead network would: no closing handshake. */
  cut(): void {
    this.raw.terminate();
  }

  close(): void {
    this.raw.close();
  }
}

export interface Options {
  config?: Record<string, Record<string, string>>;
  /** Start it at once (default). */
  start?: boolean;
  /** Of the server's process, beside the test's own environment. */
  env?: Record<string, string>;
  /** What is run instead of the binary under test. */
  command?: string[];
}

export class Server {
  readonly folder: string;
  readonly port: number;
  readonly metricsPort: number;
  readonly url: string;
  readonly database = `t_${randomBytes(6).toString('hex')}`;
  readonly databaseSocket: string;
  readonly config: string;
  private readonly env: Record<string, string>;
  private readonly command: string[];
  log = '';
  child: ChildProcess | null = null;
  token = '';

  private constructor(port: number, metricsPort: number, options: Options, databaseSocket: string) {
    this.port = port;
    this.metricsPort = metricsPort;
    this.url = `http://127.0.0.1:${port}`;
    this.databaseSocket = databaseSocket;
    this.env = options.env ?? {};
    this.command = options.command ?? [...WRAPPER, BINARY];
    this.folder = mkdtempSync(join(tmpdir(), 'throughline-'));
    this.config = join(this.folder, 'throughline.conf');
    const sections: Record<string, Record<string, string>> = {
      server: {
        listen: `127.0.0.1:${port}`,
        public_url: this.url,
        web_root: join(SOURCE, 'agent-web'),
        metrics_listen: `127.0.0.1:${metricsPort}`,
        ...options.config?.['server'],
      },
      database: { socket: databaseSocket, user: 'root', name: this.database, ...options.config?.['database'] },
      storage: {
        blob_dir: join(this.folder, 'blobs'),
        secret_key_file: join(this.folder, 'secret.key'),
        erasure_log: join(this.folder, 'erased.log'),
        ...options.config?.['storage'],
      },
      outgoing: { networks: '127.0.0.0/8', ...options.config?.['outgoing'] },
      search: { index: join(this.folder, 'search.index'), ...options.config?.['search'] },
      bus: { ...options.config?.['bus'] },
      // Answers leave at once, but where a test takes one back.
      desk: { undo_seconds: '0', ...options.config?.['desk'] },
      limits: { ...MANY, ...options.config?.['limits'] },
    };
    const lines = Object.entries(sections).flatMap(([name, keys]) => [`[${name}]`, ...Object.entries(keys).map(([key, value]) => `${key} = ${value}`)]);
    writeFileSync(this.config, `${lines.join('\n')}\n`);
    mkdirSync(join(this.folder, 'blobs'), { recursive: true });
  }

  /** Sets one key of the configuration; counts from the next start. */
  configure(section: string, key: string, value: string): void {
    const lines = readFileSync(this.config, 'utf8')
      .split('\n')
      .filter((line) => !line.startsWith(`${key} = `));
    lines.splice(lines.indexOf(`[${section}]`) + 1, 0, `${key} = ${value}`);
    writeFileSync(this.config, lines.join('\n'));
  }

  /** With an admin account and an admin's bearer token. `after` is the test context's. */
  static async start(after: (fn: () => Promise<void>) => void, options: Options & { databaseSocket?: string } = {}): Promise<Server> {
    const databaseSocket = options.databaseSocket ?? DATABASE;
    assert.ok(databaseSocket, 'THROUGHLINE_TEST_DB names no database socket: run the tests by ./dev test');
    assert.ok(existsSync(BINARY), `there is no server at ${BINARY}: run ./dev test`);
    const server = new Server(await freePort(), await freePort(), options, databaseSocket);
    after(() => server.end());
    server.run(['migrate']);
    server.run(['agent', 'add', '--email', ADMIN.email, '--name', 'Ada Admin', '--role', 'admin'], `${ADMIN.password}\n`);
    server.token = server.run(['token', 'add', '--name', 'tests', '--role', 'admin']).trim();
    if (options.start !== false) await server.serve();
    return server;
  }

  /** A second server process on the same database and files, with a port and an index of its own. */
  async twin(after: (fn: () => Promise<void>) => void, options: Options = {}): Promise<Server> {
    const storage = { blob_dir: join(this.folder, 'blobs'), secret_key_file: join(this.folder, 'secret.key'), erasure_log: join(this.folder, 'erased.log') };
    const config = { ...options.config, database: { name: this.database, ...options.config?.['database'] }, storage };
    const other = new Server(await freePort(), await freePort(), { config }, this.databaseSocket);
    after(() => other.end());
    other.token = this.token;
    await other.serve();
    return other;
  }

  /** A subcommand, to its end; its standard output. */
  run(args: string[], input = ''): string {
    return execFileSync(BINARY, ['--config', this.config, ...args], { input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] });
  }

  async serve(): Promise<void> {
    const [command = BINARY, ...args] = [...this.command, '--config', this.config, 'serve'];
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...this.env } });
    child.stderr?.on('data', (data: Buffer) => (this.log += data.toString()));
    this.child = child;
    await waitFor('the server is ready', async () => {
      assert.equal(child.exitCode, null, `the server ended:\n${this.log}`);
      return (await fetch(`${this.url}/readyz`)).ok;
    });
  }

  /** Ends it and gives the exit status; sanitizers make it non-zero. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    const child = this.child;
    this.child = null;
    if (!child) return null;
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const gone = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
    child.kill(signal);
    return await gone;
  }

  async end(): Promise<void> {
    const running = this.child;
    const status = await this.stop();
    this.sql(`DROP DATABASE IF EXISTS ${this.database}`, '');
    const log = this.log;
    rmSync(this.folder, { recursive: true, force: true });
    if (running && running.signalCode === null) assert.equal(status, 0, `the server ended with ${status}:\n${log.slice(-8000)}`);
    assert.doesNotMatch(log, FOUND, log.slice(-8000));
  }

  sql(statement: string, database = this.database): string {
    const name = database ? [database] : [];
    return execFileSync(
      'mariadb',
      ['--no-defaults', '-uroot', `-S${this.databaseSocket}`, '-N', '-B', ...name, '-e', `SET SESSION wsrep_sync_wait = 1; ${statement}`],
      {
        encoding: 'utf8',
        maxBuffer: SQL_ANSWER_MAX,
      },
    );
  }

  /** Nobody writes to this table until it is released. */
  holdTable(table: string): { held: Promise<void>; release: () => Promise<void> } {
    const child = spawn('mariadb', ['--no-defaults', '-uroot', `-S${this.databaseSocket}`, '-N', '-B', '-n', this.database], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const held = new Promise<void>((resolve) => child.stdout.once('data', () => resolve()));
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.stdin.write(`LOCK TABLES ${table} WRITE; SELECT 'held';\n`);
    return { held, release: () => (child.stdin.end(), gone) };
  }

  async api<M extends keyof Methods>(method: M, params: Methods[M]['params'], token = this.token): Promise<Methods[M]['result']> {
    const response = await fetch(`${this.url}/api/v1/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body: JSON.stringify(params),
    });
    const text = await response.text();
    if (!response.ok) throw new ApiError(response.status, (JSON.parse(text) as { error: never }).error);
    return JSON.parse(text) as Methods[M]['result'];
  }

  /** A file that the bearer of the token, or who has the cookie, may name in a message. */
  async upload(name: string, body: BodyInit, as: Record<string, string> = { authorization: `Bearer ${this.token}` }, type = 'text/plain'): Promise<Upload> {
    const response = await fetch(`${this.url}/api/v1/attachments?name=${encodeURIComponent(name)}`, {
      method: 'POST',
      headers: { 'content-type': type, ...as },
      body,
    });
    assert.equal(response.status, 200, await response.clone().text());
    return (await response.json()) as Upload;
  }

  /** The cookie of a browser session. */
  async login(email = ADMIN.email, password = ADMIN.password): Promise<string> {
    const response = await fetch(`${this.url}/api/v1/session.login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password }),
    });
    assert.equal(response.status, 200, await response.text());
    return (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  }

  /** A console's socket, logged in. */
  async agent(cookie?: string): Promise<Socket> {
    const socket = await Socket.open(`ws://127.0.0.1:${this.port}/ws`, 'throughline', {
      cookie: cookie ?? (await this.login()),
      origin: this.url,
    });
    return socket;
  }

  /** A widget's socket. */
  visitor(origin = 'http://shop.example'): Promise<Socket> {
    return Socket.open(`ws://127.0.0.1:${this.port}/ws/chat`, 'throughline-chat', { origin });
  }

  /** Another agent with a session. */
  async newAgent(name: string, role: 'agent' | 'supervisor' | 'admin' = 'agent'): Promise<{ id: string; cookie: string }> {
    const email = `${name.toLowerCase().replace(/[^a-z]/g, '')}@example.com`;
    const agent = await this.api('agent.create', { email, name, role, password: 'seven lamps on a wet quay' });
    return { id: agent.id, cookie: await this.login(email, 'seven lamps on a wet quay') };
  }

  async channel(type: string, name: string, settings: Record<string, string> = {}): Promise<{ id: string; url: string; secrets: Record<string, string> }> {
    const nowhere = ASKED.has(type) ? { api_url: 'http://127.0.0.1:9' } : {};
    const saved = await this.api('channel.create', { type, name, settings: { ...nowhere, ...settings } });
    assert.ok(saved.channel);
    await this.known(saved.channel.id);
    return { id: saved.channel.id, url: saved.channel.webhook_url ?? '', secrets: saved.generated ?? {} };
  }

  /** The loop has loaded the channel. */
  private async known(id: string): Promise<void> {
    await waitFor('the channel is known', async () => {
      const response = await fetch(`${this.url}/in/any/${id}`, { method: 'GET' });
      const listed = await this.api('channel.list', {});
      return listed.channels.some((one) => one.id === id) && response.status !== 503;
    });
  }

  async metric(name: string): Promise<number> {
    const text = await (await fetch(`http://127.0.0.1:${this.metricsPort}/metrics`)).text();
    const line = text.split('\n').find((each) => each.startsWith(`throughline_${name} `));
    return Number(line?.split(' ')[1] ?? Number.NaN);
  }

  rssKb(): number {
    const status = readFileSync(`/proc/${this.child?.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]);
  }
}

export { randomUUID };
