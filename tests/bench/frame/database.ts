// A private MariaDB on a data folder of its own, set up as an operator would: every commit is on the disk.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, openSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { endsWithUs, waitFor } from './process.ts';

export const BUFFER_POOL_MB = 1024;

const USER = process.getuid?.() === 0 ? ['--user=root'] : [];

/** As `innodb_flush_log_at_trx_commit=1`, for the reader of the table. */
export const SETTINGS: Record<string, string> = {
  innodb_flush_log_at_trx_commit: '1',
  innodb_buffer_pool_size: `${BUFFER_POOL_MB}M`,
  innodb_log_file_size: '512M',
  transaction_isolation: 'READ-COMMITTED',
  performance_schema: 'OFF',
  query_cache_type: 'OFF',
};

export class Database {
  readonly folder: string;
  readonly socket: string;
  private readonly child: ChildProcess;

  private constructor(folder: string, socket: string, child: ChildProcess) {
    this.folder = folder;
    this.socket = socket;
    this.child = child;
  }

  /** `loading`: settings that only a fresh database may be filled with: nothing of it survives a crash. */
  static async start(folder: string, options: { loading?: boolean } = {}): Promise<Database> {
    if (!existsSync(join(folder, 'data/mysql'))) install(folder);
    const socket = join(mkdtempSync(join(tmpdir(), 'throughline-bench-')), 'db.sock');
    const scratch = dirname(socket); // in a shared one, another mariadbd that starts removes what it takes for left over
    const settings = options.loading ? { ...SETTINGS, ...LOADING } : SETTINGS;
    const child = spawn(
      'mariadbd',
      [
        '--no-defaults', `--datadir=${join(folder, 'data')}`, `--socket=${socket}`, `--tmpdir=${scratch}`, '--skip-networking', '--skip-name-resolve', '--skip-log-bin',
        '--max-connections=400', '--max-allowed-packet=64M', '--character-set-server=utf8mb4', '--collation-server=utf8mb4_unicode_ci',
        '--default-time-zone=+00:00', ...Object.entries(settings).map(([name, value]) => `--${name.replaceAll('_', '-')}=${value}`), ...USER,
      ],
      { stdio: ['ignore', 'ignore', openSync(join(folder, 'mariadbd.log'), 'a')], env: { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin` } },
    );
    const database = new Database(folder, socket, endsWithUs(child));
    await waitFor('the database answers', () => {
      if (child.exitCode !== null) throw new Error(`mariadbd has ended; see ${folder}/mariadbd.log`);
      return existsSync(socket) && database.sql('SELECT 1') === '1';
    }, 60_000);
    return database;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Rows by lines, columns by tabs. */
  sql(statement: string, database = ''): string {
    const args = ['--no-defaults', '-uroot', `-S${this.socket}`, '-N', '-B', ...(database ? [database] : [])];
    return execFileSync('mariadb', args, { input: statement, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'], maxBuffer: 1 << 28 }).trim();
  }

  version(): string {
    return this.sql('SELECT VERSION()');
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const gone = new Promise((resolve) => this.child.once('exit', resolve));
      this.child.kill('SIGTERM');
      await gone;
    }
    rmSync(dirname(this.socket), { recursive: true, force: true });
  }
}

const LOADING: Record<string, string> = {
  innodb_flush_log_at_trx_commit: '0',
  innodb_doublewrite: 'OFF',
  innodb_buffer_pool_size: '3072M',
  innodb_log_file_size: '2048M',
  innodb_autoinc_lock_mode: '2',
};

function install(folder: string): void {
  const data = join(folder, 'data');
  rmSync(`${data}.new`, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  execFileSync('mariadb-install-db', [
    '--no-defaults', `--datadir=${data}.new`, `--tmpdir=${folder}`, '--auth-root-authentication-method=normal', '--skip-test-db', '--skip-name-resolve', ...USER,
  ], { stdio: 'pipe' });
  renameSync(`${data}.new`, data);
}
