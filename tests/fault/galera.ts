// A Galera cluster of three MariaDBs on loopback. Nodes 2 and 3 begin as copies of the first one's data; later a node gets
// what it has missed from another's cache of write sets (IST): Debian's packages have no copying scripts without a service.
import { type ChildProcess, execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort, waitFor } from '../system/harness.ts';
import { Database } from './database.ts';

const ROOT = process.getuid?.() === 0 ? ['--user=root'] : [];
const HERE = dirname(fileURLToPath(import.meta.url));
const PROVIDERS = ['/usr/lib/galera/libgalera_smm.so', '/usr/lib/libgalera_smm.so'];
const PROVIDER = PROVIDERS.find((path) => existsSync(path));
export const whyNot: string | false = PROVIDER ? false : 'the package galera-4 is not installed';

class Node {
  readonly name: string;
  readonly data: string;
  readonly socket: string;
  port = 0;
  group = 0;
  ist = 0;
  child: ChildProcess | null = null;
  private readonly log: string;
  private readonly cluster: Galera;

  constructor(cluster: Galera, n: number) {
    this.cluster = cluster;
    this.name = `n${n}`;
    this.data = join(cluster.folder, this.name);
    this.socket = join(cluster.folder, `${this.name}.sock`);
    this.log = join(cluster.folder, `${this.name}.log`);
  }

  private options(): string[] {
    const provider = [
      `base_port=${this.group}`, `gmcast.listen_addr=tcp://127.0.0.1:${this.group}`, `ist.recv_addr=127.0.0.1:${this.ist}`, 'gcache.size=128M',
      'evs.keepalive_period=PT0.5S', 'evs.inactive_check_period=PT0.5S', 'evs.suspect_timeout=PT1.5S', 'evs.inactive_timeout=PT4S', 'evs.install_timeout=PT4S',
    ];
    return [
      '--no-defaults', ...ROOT, `--datadir=${this.data}`, `--tmpdir=${this.data}.tmp`, `--socket=${this.socket}`, `--port=${this.port}`, '--bind-address=127.0.0.1', '--skip-name-resolve',
      '--innodb-flush-log-at-trx-commit=1', '--innodb-buffer-pool-size=64M', '--innodb-log-file-size=16M', '--innodb-lock-wait-timeout=3', '--performance-schema=OFF',
      '--binlog-format=ROW', '--innodb-autoinc-lock-mode=2', '--wsrep-on=ON', `--wsrep-provider=${PROVIDER}`, '--wsrep-cluster-name=throughline',
      `--wsrep-cluster-address=${this.cluster.address}`, `--wsrep-node-name=${this.name}`, `--wsrep-node-address=127.0.0.1:${this.group}`,
      '--wsrep-sst-method=local', '--wsrep-slave-threads=2', `--wsrep-provider-options=${provider.join(';')}`,
    ];
  }

  private get env(): NodeJS.ProcessEnv {
    return { ...process.env, PATH: `${HERE}:${process.env['PATH']}`, GALERA_HANDOVER: join(this.cluster.folder, 'handover') };
  }

  async start(...more: string[]): Promise<void> {
    const log = openSync(this.log, 'a');
    mkdirSync(`${this.data}.tmp`, { recursive: true });
    this.child = spawn('mariadbd', [...this.options(), ...more], { stdio: ['ignore', log, log], env: this.env });
    await waitFor(`${this.name} is synced`, () => {
      if (this.child?.exitCode !== null) throw new Error(`${this.name} ended:\n${this.tail()}`);
      return this.status('wsrep_local_state_comment') === 'Synced';
    }, 60_000).catch((error: unknown) => { throw new Error(`${String(error)}\n${this.tail()}`); });
  }

  private tail(): string {
    return readFileSync(this.log, 'utf8').slice(-5000);
  }

  /** After a crash: where its own log ends, as "cluster:number". */
  position(): string {
    const found = spawnSync('mariadbd', [...this.options(), '--wsrep-recover'], { encoding: 'utf8', env: this.env });
    return /WSREP: Recovered position: (\S+)/.exec(found.stderr + found.stdout)?.[1] ?? '';
  }

  /** It gets the rest from another node. */
  async rejoin(position = this.position()): Promise<void> {
    await this.start(`--wsrep-start-position=${position}`);
  }

  /** It is the one that all others follow. */
  async lead(position: string): Promise<void> {
    const state = join(this.data, 'grastate.dat');
    writeFileSync(state, readFileSync(state, 'utf8').replace(/safe_to_bootstrap: \d/, 'safe_to_bootstrap: 1'));
    rmSync(join(this.data, 'gvwstate.dat'), { force: true });
    await this.start('--wsrep-new-cluster', `--wsrep-start-position=${position}`);
  }

  sql(statement: string): string {
    return execFileSync('mariadb', ['--no-defaults', '-uroot', `-S${this.socket}`, '-N', '-B', '-e', statement], { encoding: 'latin1', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1e9 });
  }

  async beside(statement: string): Promise<void> {
    await promisify(execFile)('mariadb', ['--no-defaults', '-uroot', `-S${this.socket}`, '-e', statement]);
  }

  status(name: string): string {
    return this.sql(`SHOW GLOBAL STATUS LIKE '${name}'`).trim().split('\t')[1] ?? '';
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.child;
    this.child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
  }
}

export class Galera extends Database {
  readonly nodes = [1, 2, 3].map((n) => new Node(this, n));
  override readonly front = join(this.folder, 'n1.sock');

  get address(): string {
    return `gcomm://${this.nodes.map((node) => `127.0.0.1:${node.group}`).join(',')}`;
  }

  node(n: number): Node {
    return this.nodes[n] as Node;
  }

  async ports(): Promise<void> {
    for (const node of this.nodes) [node.port, node.group, node.ist] = [await freePort(), await freePort(), await freePort()];
  }

  /** What a server's section [database] says when the n-th node is its own. */
  hosts(n: number): Record<string, string> {
    return { host: [0, 1, 2].map((i) => `127.0.0.1:${this.node((n + i) % 3).port}`).join(', ') };
  }

  override async install(): Promise<void> {
    const [first, ...others] = this.nodes as [Node, ...Node[]];
    const tmp = join(this.folder, 'install');
    mkdirSync(join(this.folder, 'handover'));
    mkdirSync(tmp);
    execFileSync('mariadb-install-db', ['--no-defaults', ...ROOT, '--innodb-log-file-size=16M', `--datadir=${first.data}`, `--tmpdir=${tmp}`, '--skip-test-db', '--auth-root-authentication-method=normal'], { stdio: 'ignore' });
    await first.start('--wsrep-new-cluster');
    await first.kill('SIGTERM');
    for (const other of others) cpSync(first.data, other.data, { recursive: true });
    await first.start('--wsrep-new-cluster');
    for (const other of others) await other.start();
    await waitFor('the cluster has three', () => first.status('wsrep_cluster_size') === '3');
  }

  /** After the quorum was lost: all stop, the one with the highest number leads, the others follow. */
  async bootstrap(): Promise<void> {
    for (const node of this.nodes) await node.kill('SIGTERM');
    const found = this.nodes.map((node) => ({ node, position: node.position() }));
    found.sort((x, y) => Number(y.position.split(':')[1]) - Number(x.position.split(':')[1]));
    for (const [i, { node, position }] of found.entries()) await (i === 0 ? node.lead(position) : node.rejoin(position));
  }

  /** Rows that not all nodes have, with who has them: "xx-" is missing on the third. */
  differences(database: string): string[] {
    const tables = this.node(0).sql(`SELECT table_name FROM information_schema.tables WHERE table_schema = '${database}'`).trim().split('\n');
    const dump = tables.map((table) => `SELECT '== ${table}'; SELECT * FROM \`${table}\`;`).join(' ');
    const rows = this.nodes.map((node) => {
      let table = '';
      return new Set(node.sql(`SET SESSION wsrep_sync_wait = 1; USE ${database}; ${dump}`).split('\n').map((line) => {
        if (line.startsWith('== ')) table = line;
        return `${table}: ${line}`;
      }));
    });
    const all = new Set(rows.flatMap((each) => [...each]));
    return [...all].filter((row) => rows.some((each) => !each.has(row))).map((row) => `${rows.map((each) => (each.has(row) ? 'x' : '-')).join('')} ${row}`);
  }

  override thaw(): void {
    for (const node of this.nodes) node.child?.kill('SIGCONT');
  }

  override async end(): Promise<void> {
    for (const node of [...this.nodes].reverse()) await node.kill();
    await super.end();
  }
}
