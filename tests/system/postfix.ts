// A real Postfix, started by a test for itself.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { waitFor } from './harness.ts';

/** Why there can be none here, or false. */
export const missing = !existsSync('/usr/lib/postfix/sbin/master')
  ? 'Postfix is not installed'
  : process.getuid?.() !== 0
    ? 'Postfix starts as root only'
    : false;

/** A Postfix of this test's own: its queue, its mailboxes, a port; nothing of the system's. */
export class Postfix {
  readonly folder = mkdtempSync(join(tmpdir(), 'throughline-postfix-'));
  readonly port: number;
  private said = '';
  private child: ChildProcess | null = null;

  constructor(port: number) {
    this.port = port;
  }

  /** `main`: settings of main.cf; `services`: lines of master.cf. */
  start({ main: own = {}, services: more = [] }: { main?: Record<string, string>; services?: string[] }): void {
    const { folder } = this;
    for (const name of ['conf', 'queue', 'data', 'mail']) mkdirSync(join(folder, name));
    chmodSync(folder, 0o755);
    execFileSync('chown', ['postfix', join(folder, 'data')]);
    execFileSync('chown', ['nobody', join(folder, 'mail')]);
    const main: Record<string, string> = {
      compatibility_level: '3.6',
      queue_directory: join(folder, 'queue'),
      data_directory: join(folder, 'data'),
      command_directory: '/usr/sbin',
      daemon_directory: '/usr/lib/postfix/sbin',
      mail_owner: 'postfix',
      setgid_group: 'postdrop',
      myhostname: 'mx.test.example',
      mydestination: '',
      inet_interfaces: '127.0.0.1',
      inet_protocols: 'ipv4',
      mynetworks: '127.0.0.0/8',
      virtual_mailbox_domains: 'customer.example',
      virtual_mailbox_base: join(folder, 'mail'),
      virtual_mailbox_maps: 'static:all/',
      virtual_uid_maps: `static:${execFileSync('id', ['-u', 'nobody'], { encoding: 'utf8' }).trim()}`,
      virtual_gid_maps: `static:${execFileSync('id', ['-g', 'nobody'], { encoding: 'utf8' }).trim()}`,
      alias_maps: '',
      alias_database: '',
      minimal_backoff_time: '1s',
      maximal_backoff_time: '2s',
      queue_run_delay: '1s',
      message_size_limit: '41943040',
      maillog_file: join(folder, 'log'),
      maillog_file_prefixes: tmpdir(),
      ...own,
    };
    writeFileSync(
      join(folder, 'conf/main.cf'),
      Object.entries(main)
        .map(([key, value]) => `${key} = ${value}\n`)
        .join(''),
    );
    const services = [
      `127.0.0.1:${this.port} inet n - n - - smtpd`,
      'pickup unix n - n 60 1 pickup',
      'cleanup unix n - n - 0 cleanup',
      'qmgr unix n - n 1 1 qmgr',
      'rewrite unix - - n - - trivial-rewrite',
      'bounce unix - - n - 0 bounce',
      'defer unix - - n - 0 bounce',
      'trace unix - - n - 0 bounce',
      'verify unix - - n - 1 verify',
      'flush unix n - n 1000? 0 flush',
      'proxymap unix - - n - - proxymap',
      'smtp unix - - n - - smtp',
      'relay unix - - n - - smtp',
      'showq unix n - n - - showq',
      'error unix - - n - - error',
      'retry unix - - n - - error',
      'discard unix - - n - - discard',
      'local unix - n n - - local',
      'virtual unix - n n - - virtual',
      'anvil unix - - n - 1 anvil',
      'scache unix - - n - 1 scache',
      'postlog unix-dgram n - n - 1 postlogd',
      ...more,
    ];
    writeFileSync(join(folder, 'conf/master.cf'), `${services.join('\n')}\n`);
    this.child = spawn('postfix', ['-c', join(folder, 'conf'), 'start-fg'], { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.child.stdout, this.child.stderr]) stream?.on('data', (data: Buffer) => (this.said += data.toString()));
  }

  get log(): string {
    const file = join(this.folder, 'log');
    return this.said + (existsSync(file) ? readFileSync(file, 'utf8') : '');
  }

  /** What has arrived in the customers' mailbox. */
  mailbox(): string[] {
    const folder = join(this.folder, 'mail/all/new');
    return existsSync(folder) ? readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8')) : [];
  }

  async answers(): Promise<void> {
    await waitFor('Postfix answers', () => createTransport({ host: '127.0.0.1', port: this.port, ignoreTLS: true }).verify()).catch((error: unknown) => {
      throw new Error(`Postfix does not answer: ${this.log.slice(-3000)}`, { cause: error });
    });
  }

  async stop(): Promise<void> {
    const child = this.child;
    if (child && child.exitCode === null) {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      execFileSync('postfix', ['-c', join(this.folder, 'conf'), 'abort'], { stdio: 'ignore' });
      await gone;
    }
    child?.stdout?.destroy();
    child?.stderr?.destroy();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
