// A Dovecot of a test's own: its configuration, its mailboxes and its ports lie in a folder of the test; nothing of the system's. As
// root its mailboxes are nobody's, because it opens none of root's; else all of it runs as who runs the tests.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, waitFor } from './harness.ts';

export const DOVECOT = '/usr/sbin/dovecot';
export const dovecotMissing = existsSync(DOVECOT) ? false : 'Dovecot is not installed';

const USERS = ['box', 'other', 'anew', 'erased', 'odd', 'large', 'flag', 'move', 'remove', 'locked', 'hole', 'shared', 'sent'];
const PASSWORD = 'tea and biscuits';
const id = (flag: string, name?: string): string => execFileSync('id', [flag, ...(name ? [name] : [])], { encoding: 'utf8' }).trim();

interface DovecotOptions {
  /** What it says it can; all that it can, when it is absent. */
  capability?: string;
  /** Where it asks whose an access token is; without it takes none. */
  tokenInfo?: string;
}

export class Dovecot {
  readonly folder = mkdtempSync(join(tmpdir(), 'throughline-dovecot-'));
  readonly password = PASSWORD;
  private readonly uid: number;
  private readonly gid: number;
  private child: ChildProcess | null = null;
  private serial = 0;
  readonly port: number;
  readonly tlsPort: number;

  private constructor(port: number, tlsPort: number) {
    this.port = port;
    this.tlsPort = tlsPort;
    const root = process.getuid?.() === 0;
    this.uid = Number(id('-u', root ? 'nobody' : undefined));
    this.gid = Number(id('-g', root ? 'nobody' : undefined));
  }

  static async start(ends: (() => unknown)[], options: DovecotOptions = {}): Promise<Dovecot> {
    const dovecot = new Dovecot(await freePort(), await freePort());
    ends.push(() => dovecot.remove());
    dovecot.configure(options);
    await dovecot.serve();
    return dovecot;
  }

  get url(): string {
    return `imap://127.0.0.1:${this.port}`;
  }

  private configure({ capability, tokenInfo }: DovecotOptions): void {
    const { folder } = this;
    const user = id('-un', String(this.uid)),
      group = id('-gn', String(this.uid));
    for (const name of ['run', 'mail']) mkdirSync(join(folder, name));
    this.own(join(folder, 'mail'));
    execFileSync('chmod', ['755', folder]);
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-keyout',
        join(folder, 'key.pem'),
        '-out',
        join(folder, 'cert.pem'),
        '-days',
        '2',
        '-subj',
        '/CN=localhost',
      ],
      { stdio: 'ignore' },
    );
    this.setPassword(PASSWORD);
    const service = `
      service imap-login {
        inet_listener imap {
          port = ${this.port}
        }
        inet_listener imaps {
          port = ${this.tlsPort}
          ssl = yes
        }
        chroot =
      }
      service anvil {
        chroot =
      }`;
    writeFileSync(
      join(folder, 'dovecot.conf'),
      `protocols = imap
      base_dir = ${folder}/run
      state_dir = ${folder}/run
      log_path = ${folder}/log
      listen = 127.0.0.1
      default_internal_user = ${user}
      default_internal_group = ${group}
      default_login_user = ${user}
      first_valid_uid = 1
      first_valid_gid = 1
      ssl_cert = <${folder}/cert.pem
      ssl_key = <${folder}/key.pem
      disable_plaintext_auth = no
      auth_failure_delay = 0
      mail_max_userip_connections = 100
      mail_location = maildir:${folder}/mail/%u
      maildir_very_dirty_syncs = no
      ${capability ? `protocol imap {\n imap_capability = ${capability}\n }` : ''}
      passdb {
        driver = passwd-file
        args = scheme=PLAIN username_format=%u ${folder}/users
      }
      userdb {
        driver = static
        args = uid=${this.uid} gid=${this.gid} home=${folder}/mail/%u
      }
      namespace inbox {
        inbox = yes
        mailbox Sent {
          auto = create
          special_use = \\Sent
        }
        mailbox Done {
          auto = create
        }
      }
      ${service}
      ${tokenInfo ? this.oauth(tokenInfo) : ''}
      `.replace(/^ +/gm, ''),
    );
  }

  private oauth(info: string): string {
    const file = join(this.folder, 'oauth.conf');
    writeFileSync(file, `tokeninfo_url = ${info}\nusername_attribute = email\nactive_attribute = active\nactive_value = yes\n`);
    return `auth_mechanisms = plain xoauth2 oauthbearer
      passdb {
        driver = oauth2
        mechanisms = xoauth2 oauthbearer
        args = ${file}
      }`;
  }

  /** Of all its mailboxes. */
  setPassword(password: string): void {
    writeFileSync(join(this.folder, 'users'), USERS.map((user) => `${user}:{PLAIN}${password}::::::\n`).join(''));
  }

  async serve(): Promise<void> {
    const child = spawn(DOVECOT, ['-F', '-c', join(this.folder, 'dovecot.conf')], { stdio: 'ignore', detached: true });
    this.child = child;
    await waitFor('Dovecot answers', () => {
      if (child.exitCode !== null) throw new Error(`Dovecot ended: ${this.log}`);
      return new Promise<boolean>((resolve) => {
        const probe = connect(this.port, '127.0.0.1')
          .once('data', () => (probe.destroy(), resolve(true)))
          .once('error', () => resolve(false));
      });
    });
  }

  async stop(): Promise<void> {
    const child = this.child;
    this.child = null;
    if (!child || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    process.kill(-(child.pid ?? 0), 'SIGKILL'); // who is logged in would otherwise stay
    await gone;
  }

  private async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  get log(): string {
    const file = join(this.folder, 'log');
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  private own(path: string): void {
    if (process.getuid?.() === 0) chownSync(path, this.uid, this.gid);
  }

  private place(user: string, folder: string): string {
    const base = join(this.folder, 'mail', user, folder === 'INBOX' ? '' : `.${folder}`);
    for (const path of [join(this.folder, 'mail', user), base, ...['cur', 'new', 'tmp'].map((name) => join(base, name))])
      if (!existsSync(path)) {
        mkdirSync(path);
        this.own(path);
      }
    return base;
  }

  /** Puts a mail there as a mail server does; gives the name of its file. */
  deliver(raw: string | Buffer, { user = 'box', folder = 'INBOX', at = new Date() }: { user?: string; folder?: string; at?: Date } = {}): string {
    const base = this.place(user, folder),
      name = `${Math.floor(Date.now() / 1000)}.M${process.pid}P${++this.serial}.test`;
    writeFileSync(join(base, 'tmp', name), raw);
    this.own(join(base, 'tmp', name));
    utimesSync(join(base, 'tmp', name), at, at);
    renameSync(join(base, 'tmp', name), join(base, 'new', name));
    return name;
  }

  /** The mails of a folder: the flags of Maildir behind each, as "S" for seen. */
  mails(folder = 'INBOX', user = 'box'): { raw: string; flags: string }[] {
    const base = this.place(user, folder);
    return ['cur', 'new'].flatMap((part) =>
      readdirSync(join(base, part)).map((name) => ({ raw: readFileSync(join(base, part, name), 'latin1'), flags: name.split(':2,')[1] ?? '' })),
    );
  }

  /** Nobody may put anything there any more. */
  readOnly(folder: string, user: string): void {
    for (const name of ['cur', 'new', 'tmp']) chmodSync(join(this.place(user, folder), name), 0o555);
  }

  /** Marks all of them as read, as another mail program does. */
  seeAll(user = 'box'): void {
    const base = this.place(user, 'INBOX');
    for (const name of readdirSync(join(base, 'new'))) renameSync(join(base, 'new', name), join(base, 'cur', `${name}:2,S`));
  }

  /** The folder is made anew from the same mails, as by a restored backup: with another UIDVALIDITY, which Dovecot makes of the second. */
  async renew(user = 'box'): Promise<void> {
    const base = this.place(user, 'INBOX');
    const validity = Number(/^3 V(\d+)/.exec(readFileSync(join(base, 'dovecot-uidlist'), 'utf8'))?.[1]);
    await waitFor('the next second', () => Date.now() / 1000 >= validity + 1);
    for (const name of readdirSync(base)) if (name.startsWith('dovecot')) rmSync(join(base, name), { recursive: true });
  }
}

let serial = 0;

/** A plain mail; its Message-ID is in the answer. */
export function plainMail(subject: string, text: string, more: { from?: string; id?: string; date?: Date; head?: string } = {}): { raw: string; id: string } {
  const id = more.id ?? `<m${process.pid}.${++serial}.${Date.now()}@customer.example>`;
  const head = [
    `From: ${more.from ?? '"Mia" <mia@customer.example>'}`,
    'To: help@shop.example',
    `Subject: ${subject}`,
    `Message-ID: ${id}`,
    `Date: ${(more.date ?? new Date()).toUTCString().replace('GMT', '+0000')}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    ...(more.head ? [more.head] : []),
  ];
  return { raw: `${head.join('\n')}\n\n${text}\n`, id };
}
