// A real Postfix on both sides: customers' mail comes in through its pipe, answers leave through it into a mailbox.
import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createTransport } from 'nodemailer';
import { randomUUID, Server, waitFor, endAll } from './harness.ts';

const SCRIPT = join(dirname(fileURLToPath(import.meta.url)), '../../config/postfix/to-throughline');
const missing = !existsSync('/usr/lib/postfix/sbin/master') ? 'Postfix is not installed' : process.getuid?.() !== 0 ? 'Postfix starts as root only' : false;

/** A Postfix of this test's own: its queue, its mailboxes, a port; nothing of the system's. */
class Postfix {
  readonly folder = mkdtempSync(join(tmpdir(), 'throughline-postfix-'));
  readonly port: number;
  private said = '';
  private child: ChildProcess | null = null;

  constructor(port: number) {
    this.port = port;
  }

  start(webhook: string, token: string): void {
    const { folder } = this;
    for (const name of ['conf', 'queue', 'data', 'mail']) mkdirSync(join(folder, name));
    chmodSync(folder, 0o755);
    execFileSync('chown', ['postfix', join(folder, 'data')]);
    execFileSync('chown', ['nobody', join(folder, 'mail')]);
    writeFileSync(join(folder, 'header'), `Authorization: Bearer ${token}\n`);
    execFileSync('chown', ['nobody', join(folder, 'header')]);
    chmodSync(join(folder, 'header'), 0o400);
    execFileSync('cp', [SCRIPT, join(folder, 'to-throughline')]);
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
      relay_domains: 'shop.example',
      transport_maps: 'inline:{ shop.example=throughline: }',
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
    };
    writeFileSync(join(folder, 'conf/main.cf'), Object.entries(main).map(([key, value]) => `${key} = ${value}\n`).join(''));
    const services = [
      `127.0.0.1:${this.port} inet n - n - - smtpd`,
      'pickup unix n - n 60 1 pickup', 'cleanup unix n - n - 0 cleanup', 'qmgr unix n - n 1 1 qmgr', 'rewrite unix - - n - - trivial-rewrite',
      'bounce unix - - n - 0 bounce', 'defer unix - - n - 0 bounce', 'trace unix - - n - 0 bounce', 'verify unix - - n - 1 verify', 'flush unix n - n 1000? 0 flush',
      'proxymap unix - - n - - proxymap', 'smtp unix - - n - - smtp', 'relay unix - - n - - smtp', 'showq unix n - n - - showq', 'error unix - - n - - error',
      'retry unix - - n - - error', 'discard unix - - n - - discard', 'local unix - n n - - local', 'virtual unix - n n - - virtual', 'anvil unix - - n - 1 anvil',
      'scache unix - - n - 1 scache', 'postlog unix-dgram n - n - 1 postlogd',
      `throughline unix - n n - 4 pipe flags=Rq user=nobody argv=${folder}/to-throughline ${webhook} ${folder}/header`,
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

async function freePort(): Promise<number> {
  return await new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

describe('Postfix', { skip: missing }, () => {
  let server: Server;
  let postfix: Postfix;
  const ends: (() => Promise<void>)[] = [];

  before(async () => {
    const port = await freePort();
    server = await Server.start((fn) => ends.push(fn));
    const mail = await server.channel('email', 'Support', { address: 'help@shop.example', display_name: 'Shop', smtp_url: `smtp://127.0.0.1:${port}` });
    postfix = new Postfix(port);
    ends.push(() => postfix.stop());
    postfix.start(mail.url, mail.secrets['token'] ?? '');
    await waitFor('Postfix answers', () => createTransport({ host: '127.0.0.1', port, ignoreTLS: true }).verify()).catch((error: unknown) => {
      throw new Error(`Postfix does not answer: ${postfix.log.slice(-3000)}`, { cause: error });
    });
  });
  after(async () => {
    await endAll(ends.reverse());
  });

  it('brings a mail in, takes the answer out, and keeps the thread', async () => {
    const smtp = createTransport({ host: '127.0.0.1', port: postfix.port, ignoreTLS: true });
    const sent = await smtp.sendMail({ from: '"綾" <aya@customer.example>', to: 'help@shop.example', subject: '急須について', text: 'いつ届きますか?\n.\nFrom here on dots and From lines are kept.\n', attachments: [{ filename: '写真.png', content: Buffer.alloc(300_000, 7) }] });
    const row = await waitFor('the mail is in the queue', async () => (await server.api('conversation.list', { view: 'open' })).conversations[0]).catch((error: unknown) => {
      throw new Error(postfix.log.slice(-3000), { cause: error });
    });
    const entries = (await server.api('timeline.page', { customer_id: row.customer_id })).entries;
    assert.equal(entries.length, 1);
    assert.equal(entries[0]?.external_id, sent.messageId);
    assert.match(entries[0]?.text ?? '', /いつ届きますか\?\n\.\nFrom here on/);
    assert.equal(entries[0]?.attachments?.[0]?.size, 300_000);

    const agent = await server.agent();
    const way = (await agent.call('customer.reach', { customer_id: row.customer_id })).ways.find((one) => one.best);
    assert.ok(way);
    await agent.call('message.send', { customer_id: row.customer_id, identity_id: way.identity_id ?? '', channel_id: way.channel_id, client_id: randomUUID(), text: '明日届きます。\n.\nFrom: nobody' });
    const got = await waitFor('the answer is in the mailbox', () => postfix.mailbox()[0], 40_000);
    const header = (name: string): string => new RegExp(`^${name}: *((?:.*\\n[ \\t])*.*)`, 'im').exec(got)?.[1] ?? '';
    assert.match(header('In-Reply-To'), new RegExp(sent.messageId.replace(/[.+]/g, '\\$&')));
    assert.match(header('From'), /help@shop\.example/);
    assert.match(header('To'), /aya@customer\.example/);

    const reply = await smtp.sendMail({ from: 'aya@customer.example', to: 'help@shop.example', subject: 'Re: 急須について', text: 'ありがとう', inReplyTo: header('Message-ID'), references: header('Message-ID') });
    assert.ok(reply.accepted.length);
    await waitFor('the reply is in the same conversation', async () => (await server.api('conversation.get', { id: row.id })).preview === 'ありがとう');
    agent.close();
  });

  it('keeps mail in its queue while the server is down, and brings it once', async () => {
    const smtp = createTransport({ host: '127.0.0.1', port: postfix.port, ignoreTLS: true });
    await server.stop('SIGKILL');
    await smtp.sendMail({ from: 'late@customer.example', to: 'help@shop.example', subject: 'late', text: 'while you were out' });
    await waitFor('Postfix has put it off', () => /status=deferred/.test(postfix.log));
    await server.serve();
    const find = async (): Promise<number> => (await server.api('conversation.list', { view: 'all' })).conversations.filter((one) => one.preview === 'while you were out').length;
    await waitFor('it is brought', async () => (await find()) === 1);
    assert.equal(Number(server.sql("SELECT COUNT(*) FROM entry WHERE text LIKE 'while you were out%'").trim()), 1);
  });
});
