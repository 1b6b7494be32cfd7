// A MariaDB of the test's own, to be hurt: killed, frozen, slowed by a proxy before it, run out of connections.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { waitFor } from '../system/harness.ts';

const ROOT = process.getuid?.() === 0 ? ['--user=root'] : [];
const SMALL = ['--innodb-log-file-size=16M'];

export class Database {
  readonly folder = mkdtempSync(join(tmpdir(), 'throughline-db-'));
  private readonly data: string;
  /** Its own: a MariaDB that starts removes the temporary files of others in the same folder. */
  private readonly tmp = join(this.folder, 'tmp');
  readonly socket = join(this.folder, 's.sock');
  /** Where the server connects: what comes by it can be slowed and cut. */
  readonly front = join(this.folder, 'front.sock');
  private child: ChildProcess | null = null;
  private proxy: Worker | null = null;

  private readonly network: string[];

  /** `folder`: where its data folder is to be, instead of its own. `network`: options to listen by TCP as well. */
  constructor(folder?: string, network = ['--skip-networking']) {
    this.data = join(folder ?? this.folder, 'data');
    this.network = network;
  }

  async install(): Promise<void> {
    mkdirSync(this.tmp);
    execFileSync('mariadb-install-db', ['--no-defaults', ...ROOT, ...SMALL, `--datadir=${this.data}`, `--tmpdir=${this.tmp}`, '--skip-test-db', '--auth-root-authentication-method=normal'], { stdio: 'ignore' });
    await this.start();
    const proxy = new Worker(new URL('./proxy.ts', import.meta.url), { workerData: { front: this.front, back: this.socket } });
    this.proxy = proxy;
    await new Promise((resolve) => proxy.once('message', resolve));
  }

  /** Every answer comes so much later; 0: no more. */
  slow(ms: number): void {
    this.proxy?.postMessage({ slow: ms });
  }

  /** Every connection of the server ends in the middle of what it does. */
  cut(): void {
    this.proxy?.postMessage({ cut: true });
  }

  /** Every connection of the server is lost as behind a firewall that forgot it: no packet comes, and nobody is told. */
  lose(): void {
    this.proxy?.postMessage({ lose: true });
  }

  private spawn(): void {
    const child = spawn(
      'mariadbd',
      ['--no-defaults', ...ROOT, ...SMALL, `--datadir=${this.data}`, `--tmpdir=${this.tmp}`, `--socket=${this.socket}`, ...this.network, '--innodb-flush-log-at-trx-commit=1', '--performance-schema=OFF', '--innodb-buffer-pool-size=64M', '--innodb-lock-wait-timeout=3'],
      { stdio: 'ignore' },
    );
    this.child = child;
    // As Debian's unit does (Restart=on-abort): 10.11 ends itself where a rollback finds no room on the disk.
    child.once('exit', (_, signal) => {
      if (this.child === child && signal === 'SIGABRT') this.spawn();
    });
  }

  /** As an assertion of its own does: it is dead, and comes back. */
  abort(): void {
    this.child?.kill('SIGABRT');
  }

  async start(): Promise<void> {
    this.spawn();
    await waitFor('the database answers', () => this.sql('SELECT 1'), 60_000);
  }

  sql(statement: string): string {
    return execFileSync('mariadb', ['--no-defaults', '-uroot', `-S${this.socket}`, '-N', '-B', '-e', statement], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  }

  /** A session beside the server's, ended by the promise's return. */
  async beside(statement: string): Promise<void> {
    const child = spawn('mariadb', ['--no-defaults', '-uroot', `-S${this.socket}`, '-e', statement], { stdio: 'ignore' });
    await new Promise((resolve) => child.once('exit', resolve));
  }

  /** A session beside the server's that has run the statement, in a transaction that is open until the answer is called. */
  async hold(statement: string): Promise<() => Promise<void>> {
    const child = spawn('mariadb', ['--no-defaults', '-uroot', `-S${this.socket}`, '-N', '-B', '--unbuffered'], { stdio: ['pipe', 'pipe', 'ignore'] });
    const gone = new Promise((resolve) => child.once('exit', resolve));
    const held = new Promise((resolve) => child.stdout.once('data', () => resolve(true)));
    child.stdin.write(`BEGIN; ${statement}; SELECT 'held';\n`);
    if (!(await Promise.race([held, gone.then(() => false)]))) throw new Error(`not held: ${statement}`);
    return async () => {
      child.stdin.end();
      await gone;
    };
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.child;
    this.child = null;
    if (!child || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
  }

  /** There, and silent, as behind a dead network or on a dying disk. */
  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.child?.kill('SIGCONT');
  }

  async end(): Promise<void> {
    this.thaw();
    await this.proxy?.terminate();
    await this.kill('SIGTERM');
    rmSync(this.folder, { recursive: true, force: true });
  }
}
