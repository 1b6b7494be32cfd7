// The socket of LMTP, what it answers while others are away, and Postfix before it.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createTransport } from 'nodemailer';
import { Database } from '../fault/database.ts';
import { BINARY, endAll, freePort, Server, waitFor } from './harness.ts';
import { missing, Postfix } from './postfix.ts';
import { Lmtp, message, place, SMTP } from './lmtp.ts';

describe('the socket of LMTP', () => {
  const ends: (() => unknown)[] = [];
  after(() => endAll(ends.reverse()));

  const start = (path: string): Promise<Server> => Server.start((fn) => ends.push(fn as () => Promise<void>), { config: { server: { lmtp_listen: path } } });

  /** What a second server on the same settings says. */
  function refused(server: Server, path: string): string {
    const config = join(server.folder, 'second.conf');
    writeFileSync(
      config,
      readFileSync(server.config, 'utf8')
        .replace(/^(listen|metrics_listen) = .*\n/gm, '')
        .replace('[server]', `[server]\nlisten = 127.0.0.1:${server.port + 7}`)
        .replace(/^lmtp_listen = .*$/m, `lmtp_listen = ${path}`),
    );
    try {
      execFileSync(BINARY, ['--config', config, 'serve'], { stdio: 'pipe', timeout: 20_000 });
    } catch (error) {
      return String((error as { stderr: Buffer }).stderr);
    }
    return 'it serves';
  }

  it('is for its user and its group, which is that of a folder with the setgid bit', async () => {
    const path = place(ends);
    const folder = join(path, '..');
    execFileSync('chgrp', ['nogroup', folder]);
    chmodSync(folder, 0o2750);
    const server = await start(path);
    const { mode, gid } = lstatSync(path);
    assert.equal(mode & 0o7777, 0o660);
    assert.equal(gid, lstatSync(folder).gid);
    assert.equal(await server.stop(), 0);
    assert.ok(!existsSync(path));
  });

  it('takes the place of one that a dead server left, and of nothing else', async () => {
    const path = place(ends);
    const server = await start(path);
    await server.stop('SIGKILL');
    assert.ok(existsSync(path));
    await server.serve();
    (await Lmtp.greeted(path)).end();
    assert.match(refused(server, path), /Cannot listen on .*socket: /);
    (await Lmtp.greeted(path)).end();
    const file = join(path, '../file');
    writeFileSync(file, 'precious');
    assert.match(refused(server, file), /Cannot listen on .*file: /);
    assert.equal(readFileSync(file, 'utf8'), 'precious');
    assert.match(refused(server, 'lmtp.sock'), /lmtp_listen is "lmtp\.sock"; it must be the whole path/);
    assert.match(refused(server, `/${'x'.repeat(110)}`), /at most 107 bytes/);
    assert.match(refused(server, '/nowhere/at/all'), /No such file or directory/);
    // Somebody else's file by now is not ours to remove.
    rmSync(path);
    const other = createServer().listen(path);
    ends.push(() => other.close());
    await waitFor('the other listens', () => existsSync(path));
    assert.equal(await server.stop(), 0);
    assert.ok(existsSync(path));
  });
});

describe('LMTP while others are away', () => {
  const ends: (() => unknown)[] = [];
  let database: Database;
  after(() => endAll(ends.reverse()));
  before(async () => {
    database = new Database();
    ends.push(() => database.end());
    await database.install();
  });

  const start = (path: string): Promise<Server> =>
    Server.start((fn) => ends.push(fn as () => Promise<void>), { databaseSocket: database.socket, config: { server: { lmtp_listen: path } } });

  it('answers "later" while the database is away, and refuses no address meanwhile', async () => {
    const path = place(ends);
    const server = await start(path);
    await server.channel('email', 'Support', { address: 'help@shop.example', smtp_url: SMTP });
    const client = await Lmtp.greeted(path);
    await client.say('MAIL FROM:<a@b.example>');
    await client.say('RCPT TO:<help@shop.example>');
    await client.say('DATA');
    client.send(message('database away'));
    await database.kill();
    client.send('\r\n.\r\n');
    assert.match(await client.replyText(), /^451 4\.3\.0 /);
    await waitFor('it is seen', async () => (await fetch(`${server.url}/readyz`)).status === 503);
    client.send('MAIL FROM:<a@b.example>\r\nRCPT TO:<nobody@shop.example>\r\nRCPT TO:<help@shop.example>\r\nDATA\r\n');
    assert.deepEqual(await client.replies(4), ['451', '503', '503', '503']);
    // A server that has never seen the database knows no channel.
    await server.stop('SIGKILL');
    const child = spawn(BINARY, ['--config', server.config, 'serve'], { stdio: 'ignore' });
    ends.push(() => child.kill('SIGKILL'));
    const early = await waitFor('it listens', () => Lmtp.greeted(path));
    early.send('MAIL FROM:<a@b.example>\r\nRCPT TO:<nobody@shop.example>\r\n');
    assert.deepEqual(await early.replies(2), ['451', '503']);
    early.end();
    await database.start();
    const again = await waitFor('it knows its channels', async () => {
      const one = await Lmtp.greeted(path);
      if ((await one.say('MAIL FROM:<a@b.example>')) === '250') return one;
      one.end();
      return null;
    });
    assert.equal(await again.say('RCPT TO:<nobody@shop.example>'), '550');
    assert.equal(await again.say('RCPT TO:<help@shop.example>'), '250');
    await again.say('DATA');
    again.send(`${message('database back')}\r\n.\r\n`);
    assert.equal(await again.reply(), '250');
    again.end();
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await gone;
    await server.serve();
  });

  it('commits and answers what is in hand when it is stopped, and takes nothing new', async () => {
    const path = place(ends);
    const server = await start(path);
    await server.channel('email', 'Support', { address: 'help@shop.example', smtp_url: SMTP });
    const busy = await Lmtp.greeted(path);
    const begun = await Lmtp.greeted(path);
    const idle = await Lmtp.greeted(path);
    await begun.say('MAIL FROM:<a@b.example>');
    await begun.say('RCPT TO:<help@shop.example>');
    await begun.say('DATA');
    begun.send(`${message('begun')}\r\n`);
    const lock = spawn(
      'mariadb',
      [
        '--no-defaults',
        '-uroot',
        `-S${server.databaseSocket}`,
        '-N',
        '-B',
        '-n',
        server.database,
        '-e',
        'LOCK TABLES conversation WRITE; SELECT 1; DO SLEEP(2)',
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await new Promise((resolve) => lock.stdout.once('data', resolve));
    await busy.say('MAIL FROM:<a@b.example>');
    await busy.say('RCPT TO:<help@shop.example>');
    await busy.say('DATA');
    busy.send(`${message('in hand')}\r\n.\r\nMAIL FROM:<a@b.example>\r\n`);
    await waitFor('it is in a lane', async () => (await server.metric('lanes_waiting')) === 1);
    const stopped = server.stop();
    assert.match(await idle.replyText(), /^421 4\.3\.2 /);
    assert.match(await begun.replyText(), /^421 4\.3\.2 /);
    await assert.rejects(Lmtp.open(path));
    assert.deepEqual(await busy.replies(2), ['250', '421']);
    assert.equal(await stopped, 0);
    assert.equal(server.sql('SELECT GROUP_CONCAT(subject) FROM entry WHERE subject IS NOT NULL').trim(), 'in hand');
  });
});

describe('Postfix by LMTP', { skip: missing }, () => {
  let server: Server;
  let postfix: Postfix;
  const ends: (() => unknown)[] = [];
  after(() => endAll(ends.reverse()));

  before(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tl-lmtp-'));
    ends.push(() => rmSync(folder, { recursive: true, force: true }));
    chmodSync(folder, 0o755);
    const path = join(folder, 'socket/lmtp');
    mkdirSync(join(folder, 'socket'));
    execFileSync('chgrp', ['postfix', join(folder, 'socket')]);
    chmodSync(join(folder, 'socket'), 0o2750);
    const port = await freePort();
    server = await Server.start((fn) => ends.push(fn), { config: { server: { lmtp_listen: path } } });
    await server.channel('email', 'Support', { address: 'help@shop.example', smtp_url: `smtp://127.0.0.1:${port}` });
    await server.channel('email', 'Orders', { address: 'orders@shop.example', smtp_url: `smtp://127.0.0.1:${port}` });
    postfix = new Postfix(port);
    ends.push(() => postfix.stop());
    postfix.start({
      main: { relay_domains: 'shop.example', transport_maps: `inline:{ shop.example=lmtp:unix:${path} }` },
      services: ['lmtp unix - - n - - lmtp'],
    });
    await postfix.answers();
  });

  it('delivers to who is there, and sends back what is for nobody, with our words', async () => {
    const smtp = createTransport({ host: '127.0.0.1', port: postfix.port, ignoreTLS: true });
    const sent = await smtp.sendMail({
      from: 'aya@customer.example',
      to: ['help@shop.example', 'orders@shop.example', 'nobody@shop.example'],
      subject: '急須',
      text: 'いつ届きますか?\n.\nFrom here on',
      attachments: [{ filename: '写真.png', content: Buffer.alloc(2_000_000, 7) }],
    });
    assert.equal(sent.accepted.length, 3);
    const bounce = await waitFor('the bounce is in the mailbox', () => postfix.mailbox()[0], 40_000).catch((error: unknown) => {
      throw new Error(postfix.log.slice(-3000), { cause: error });
    });
    assert.match(bounce, /nobody@shop\.example/);
    assert.match(bounce, /550 5\.1\.1 The support desk has no\s+such address/);
    assert.doesNotMatch(bounce, /<help@shop\.example>/);
    const rows = (await server.api('conversation.list', { view: 'open' })).conversations;
    assert.equal(rows.length, 1);
    const { entries } = await server.api('timeline.page', { customer_id: rows[0]?.customer_id ?? '' });
    assert.equal(entries.length, 1);
    assert.match(entries[0]?.text ?? '', /いつ届きますか\?\n\.\nFrom here on/);
    assert.equal(entries[0]?.attachments?.[0]?.size, 2_000_000);
    assert.equal(await server.metric('lmtp_accepted_total'), 2);
  });

  it('keeps mail in its queue while the server is down', async () => {
    const smtp = createTransport({ host: '127.0.0.1', port: postfix.port, ignoreTLS: true });
    await server.stop('SIGKILL');
    await smtp.sendMail({ from: 'late@customer.example', to: 'help@shop.example', subject: 'late', text: 'while you were out' });
    await waitFor('Postfix has put it off', () => /status=deferred/.test(postfix.log));
    await server.serve();
    await waitFor('it is brought', () => server.sql("SELECT COUNT(*) FROM entry WHERE text LIKE 'while you were out%'").trim() === '1');
  });
});
