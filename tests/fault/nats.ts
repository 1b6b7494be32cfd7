// A NATS server of the test's own: no state, on loopback, to be killed and started again on the same port.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, waitFor } from '../system/harness.ts';

/** As docs/OPERATIONS.md says: one user, who may use one subject and nothing else. */
const CONFIG = `authorization {
  users = [ { user: throughline, password: "bus-password", permissions: { publish: "throughline", subscribe: "throughline" } } ]
}
`;

export class Nats {
  private readonly folder = mkdtempSync(join(tmpdir(), 'throughline-nats-'));
  private port = 0;
  private child: ChildProcess | null = null;
  private readonly options: string[];

  private constructor(options: string[]) {
    this.options = options;
  }

  static async start(options: string[] = []): Promise<Nats> {
    const nats = new Nats(options);
    nats.port = await freePort();
    await nats.start();
    return nats;
  }

  get config(): Record<string, string> {
    return { nats_url: `nats://throughline:bus-password@127.0.0.1:${this.port}` };
  }

  async start(): Promise<void> {
    const config = join(this.folder, 'nats.conf');
    writeFileSync(config, CONFIG);
    this.child = spawn('nats-server', ['-c', config, '-a', '127.0.0.1', '-p', String(this.port), ...this.options], { stdio: 'ignore' });
    await waitFor('NATS answers', () => new Promise((resolve) => {
      const socket = connect(this.port, '127.0.0.1', () => { socket.destroy(); resolve(true); }).on('error', () => resolve(false));
    }));
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.child;
    this.child = null;
    if (!child || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
  }

  /** From outside, by the wire protocol: https://docs.nats.io/reference/reference-protocols/nats-protocol */
  async publish(subject: string, body: Buffer): Promise<void> {
    const socket = connect(this.port, '127.0.0.1').on('error', () => {});
    await new Promise((resolve) => socket.once('data', resolve));
    socket.write(Buffer.concat([Buffer.from(`CONNECT {"verbose":false,"user":"throughline","pass":"bus-password"}\r\nPUB ${subject} ${body.length}\r\n`), body, Buffer.from('\r\nPING\r\n')]));
    await new Promise((resolve) => socket.once('data', resolve));
    socket.destroy();
  }

  async end(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.child?.kill('SIGCONT');
  }
}
