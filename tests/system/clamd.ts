// Virus scanners of a test's own: one that is played, to the letter of clamd(8), and the real one with a signature database of one line.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server as NetServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from './harness.ts';

/** The file that every scanner finds (https://www.eicar.org), in two pieces: so no scanner finds this one. */
export const EICAR = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-', 'ANTIVIRUS-TEST-FILE!$H+H*'].join('');

/** zINSTREAM: pieces with their length in network order, an empty one is the end. */
export class PlayedClamd {
  readonly path: string;
  /** Contents that were looked at, as they came. */
  readonly looked: Buffer[] = [];
  /** Larger ones are refused as clamd does it: while they come. */
  streamMax = 1_000_000;
  /** What it answers, whatever comes. */
  says: string | null = null;
  /** Held back until release() is called. */
  private held: (() => void)[] | null = null;
  private server: NetServer | null = null;
  private readonly open = new Set<Socket>();
  private readonly folder = mkdtempSync(join(tmpdir(), 'throughline-clamd-'));

  constructor() {
    this.path = join(this.folder, 'clamd.sock');
  }

  async listen(at: string | number = this.path): Promise<number> {
    const server = createServer((socket) => this.serve(socket));
    await new Promise<void>((resolve) => (typeof at === 'number' ? server.listen(at, '127.0.0.1', resolve) : server.listen(at, resolve)));
    this.server = server;
    const address = server.address();
    return address !== null && typeof address === 'object' ? address.port : 0;
  }

  hold(): void {
    this.held ??= [];
  }

  release(): void {
    for (const go of this.held ?? []) go();
    this.held = null;
  }

  /** Nobody is there any more; calls that are under way break off. */
  async leave(): Promise<void> {
    for (const socket of this.open) socket.destroy();
    const { server } = this;
    this.server = null;
    if (server) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  async end(): Promise<void> {
    await this.leave();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private serve(socket: Socket): void {
    let waiting = Buffer.alloc(0);
    const content: Buffer[] = [];
    let size = 0;
    let begun = false;
    this.open.add(socket);
    socket.on('close', () => this.open.delete(socket)).on('error', () => {});
    socket.on('data', (data) => {
      waiting = Buffer.concat([waiting, data]);
      if (!begun) {
        const end = waiting.indexOf(0);
        if (end < 0) return;
        if (waiting.subarray(0, end).toString() !== 'zINSTREAM') return void socket.end('UNKNOWN COMMAND\0');
        waiting = waiting.subarray(end + 1);
        begun = true;
      }
      while (waiting.length >= 4) {
        const n = waiting.readUInt32BE(0);
        if (n === 0) return this.answer(socket, Buffer.concat(content));
        if (waiting.length < 4 + n) return;
        content.push(waiting.subarray(4, 4 + n));
        waiting = waiting.subarray(4 + n);
        size += n;
        if (size > this.streamMax) return void socket.end('INSTREAM size limit exceeded. ERROR\0');
      }
    });
  }

  private answer(socket: Socket, content: Buffer): void {
    this.looked.push(content);
    const say = (): void => void socket.end(`${this.says ?? (content.includes(EICAR) ? 'stream: Eicar-Test-Signature FOUND' : 'stream: OK')}\0`);
    if (this.held) this.held.push(say);
    else say();
  }
}

const CLAMD = '/usr/sbin/clamd';
export const clamdMissing = existsSync(CLAMD) ? false : 'clamd is not installed';

/** The real one, which knows one virus: by its hash, as sigtool(1) writes it. */
export class Clamd {
  readonly folder = mkdtempSync(join(tmpdir(), 'throughline-clamd-'));
  readonly path = join(this.folder, 'clamd.sock');
  private child: ChildProcess | null = null;

  static async start(ends: (() => unknown)[]): Promise<Clamd> {
    const clamd = new Clamd();
    ends.push(() => clamd.end());
    const database = join(clamd.folder, 'db');
    mkdirSync(database);
    const md5 = execFileSync('md5sum', { input: EICAR, encoding: 'utf8' }).slice(0, 32);
    writeFileSync(join(database, 'test.hdb'), `${md5}:${EICAR.length}:Throughline-Test\n`);
    const user = execFileSync('id', ['-un'], { encoding: 'utf8' }).trim();
    const settings = [
      `DatabaseDirectory ${database}`,
      `LocalSocket ${clamd.path}`,
      `User ${user}`,
      `TemporaryDirectory ${clamd.folder}`,
      'StreamMaxLength 1M',
      'Foreground yes',
      'MaxThreads 2',
    ];
    writeFileSync(join(clamd.folder, 'clamd.conf'), `${settings.join('\n')}\n`);
    const child = spawn(CLAMD, ['--config-file', join(clamd.folder, 'clamd.conf')], { stdio: ['ignore', 'pipe', 'pipe'] });
    clamd.child = child;
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (said += data.toString()));
    await waitFor('clamd listens', () => {
      if (child.exitCode !== null) throw new Error(`clamd ended: ${said}`);
      return existsSync(clamd.path);
    });
    return clamd;
  }

  async end(): Promise<void> {
    const { child } = this;
    if (child && child.exitCode === null) {
      const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill('SIGTERM');
      await gone;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
