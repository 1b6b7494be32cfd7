// Where answers may go, and how: mail is encrypted whenever that is offered and goes to whom it is meant for, a password
// never leaves in clear, nothing reaches the inside of the network unasked, and what was never handed over is tried again.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect, createServer, type Socket as Connection } from 'node:net';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { SMTPServer } from 'smtp-server';
import { deliver, lineRequest, lineTextEvent, rfc822Request, composeMail } from '../../agent-web/play/providers.ts';
import type { Entry, Methods } from '../../agent-web/protocol/src/generated.ts';
import { Authority } from './authority.ts';
import { freePort, randomUUID, Server, type Socket, waitFor, endAll } from './harness.ts';

/** libcurl takes it to loopback by itself; the server must treat it as any other host. */
const ELSEWHERE = 'mail.localhost';

interface Seen {
  secure: boolean[];
  passwords: string[];
  mails: string[];
}

describe('outgoing', () => {
  const ends: (() => Promise<void> | void)[] = [];
  const ours = new Authority();
  const theirs = new Authority();
  let server: Server;
  let agent: Socket;
  let proxy: { port: number; calls: () => number };

  before(async () => {
    ends.push(
      () => ours.end(),
      () => theirs.end(),
    );
    proxy = await provider('127.0.0.2');
    const named = `http://127.0.0.2:${proxy.port}`;
    server = await Server.start((fn) => ends.push(fn), {
      config: { outgoing: { networks: '127.0.0.2 169.254.0.0/16', ca_file: ours.ca } },
      env: { http_proxy: named, https_proxy: named, all_proxy: named, ALL_PROXY: named, no_proxy: '' },
    });
    agent = await server.agent();
  });
  after(async () => {
    await endAll(ends.reverse());
  });

  /** A mail server on loopback; `tls`: it offers STARTTLS with this certificate; `refused`: a password that it does not take. */
  async function mailServer(tls?: { key: string; cert: string }, refused?: string): Promise<{ port: number; seen: Seen }> {
    const seen: Seen = { secure: [], passwords: [], mails: [] };
    const smtp = new SMTPServer({
      authOptional: true,
      disabledCommands: tls ? [] : ['STARTTLS'],
      allowInsecureAuth: true,
      closeTimeout: 100,
      ...(tls ? { key: readFileSync(tls.key), cert: readFileSync(tls.cert) } : {}),
      onAuth: (auth, _session, done) => {
        seen.passwords.push(auth.password ?? '');
        if (auth.password === refused) return done(Object.assign(new Error('Wrong password'), { responseCode: 535 }));
        return done(null, { user: auth.username ?? '' });
      },
      onData: (stream, session, done) => {
        const parts: Buffer[] = [];
        stream.on('data', (part: Buffer) => parts.push(part));
        stream.on('end', () => {
          seen.secure.push(session.secure);
          seen.mails.push(Buffer.concat(parts).toString());
          done();
        });
      },
    });
    smtp.on('error', () => {});
    const port = await freePort();
    await new Promise<void>((resolve) => smtp.listen(port, '127.0.0.1', () => resolve()));
    ends.push(() => new Promise<void>((resolve) => smtp.close(() => resolve())));
    return { port, seen };
  }

  let people = 0;

  /** Somebody writes to a mail channel with these settings, and is answered. */
  async function answerByMail(settings: Record<string, string>): Promise<{ sent: Entry; channel: string }> {
    const address = `person${++people}@example.com`;
    const channel = await server.channel('email', `Mail ${people}`, { address: `desk${people}@shop.example`, ...settings });
    const mail = await composeMail({ from: address, fromName: 'P', to: `desk${people}@shop.example`, subject: 's', text: `question ${people}` });
    assert.equal((await deliver(rfc822Request({ url: channel.url, token: channel.secrets['token'] ?? '' }, mail))).status, 200);
    return { sent: await answer(`question ${people}`), channel: channel.id };
  }

  async function answer(preview: string): Promise<Entry> {
    const row = await waitFor('the conversation', async () =>
      (await agent.call('conversation.list', { view: 'all' })).conversations.find((one) => one.preview === preview),
    );
    const way = (await agent.call('customer.reach', { customer_id: row.customer_id })).ways.find((one) => one.best);
    assert.ok(way);
    const sent = await agent.call('message.send', {
      customer_id: row.customer_id,
      identity_id: way.identity_id ?? '',
      channel_id: way.channel_id,
      client_id: randomUUID(),
      text: `answer to ${preview}`,
    });
    server.sql('UPDATE due SET at = 1 WHERE what = 0'); // the seconds for Undo
    return sent;
  }

  const state = async (entry: Entry): Promise<Entry> => await agent.call('entry.get', { id: entry.id });
  const becomes = (entry: Entry, delivery: Entry['delivery'], withinMs = 20_000): Promise<Entry> =>
    waitFor(
      `the answer is ${delivery}`,
      async () => {
        const now = await state(entry);
        return now.delivery === delivery ? now : null;
      },
      withinMs,
    );
  const channelOf = async (id: string): Promise<Methods['channel.list']['result']['channels'][number]> => {
    const found = (await server.api('channel.list', {})).channels.find((one) => one.id === id);
    assert.ok(found);
    return found;
  };
  const tried = (entry: Entry): Promise<string> =>
    waitFor('it was tried', () => server.sql(`SELECT error FROM outbox WHERE entry_id = UNHEX(REPLACE('${entry.id}', '-', '')) AND attempts > 0`).trim());

  it('encrypts mail whenever the server offers it, and shows the password to nobody else', async () => {
    const { port, seen } = await mailServer(ours.issue(ELSEWHERE));
    const { sent } = await answerByMail({ smtp_url: `smtp://${ELSEWHERE}:${port}`, smtp_user: 'u', smtp_password: 'secret' });
    await becomes(sent, 'sent');
    assert.deepEqual(seen.secure, [true]);
    assert.deepEqual(seen.passwords, ['secret']);
  });

  it('gives neither mail nor password to a server with a certificate of somebody else', async () => {
    for (const certificate of [theirs.issue(ELSEWHERE), ours.issue('other.example')]) {
      const { port, seen } = await mailServer(certificate);
      const { sent } = await answerByMail({ smtp_url: `smtp://${ELSEWHERE}:${port}`, smtp_user: 'u', smtp_password: 'secret' });
      assert.match(await tried(sent), /certificate/);
      assert.deepEqual(seen, { secure: [], passwords: [], mails: [] });
      assert.equal((await state(sent)).delivery, 'queued');
    }
  });

  it('sends no password in clear, and says why', async () => {
    const { port, seen } = await mailServer();
    const { sent } = await answerByMail({ smtp_url: `smtp://${ELSEWHERE}:${port}`, smtp_user: 'u', smtp_password: 'secret' });
    assert.match(await tried(sent), /no_encryption/);
    assert.deepEqual(seen, { secure: [], passwords: [], mails: [] });
  });

  it('still hands mail to a relay that knows no encryption and wants no password', async () => {
    const { port, seen } = await mailServer();
    await becomes((await answerByMail({ smtp_url: `smtp://${ELSEWHERE}:${port}` })).sent, 'sent');
    assert.deepEqual(seen.secure, [false]);
  });

  it('takes the mail server of this machine as it is, password and all', async () => {
    const { port, seen } = await mailServer(theirs.issue('snakeoil.example'));
    await becomes((await answerByMail({ smtp_url: `smtp://127.0.0.1:${port}`, smtp_user: 'u', smtp_password: 'secret' })).sent, 'sent');
    assert.deepEqual(seen.secure, [true]);
  });

  async function answerByLine(apiUrl: string): Promise<Entry> {
    const text = `line ${++people}`;
    const channel = await server.channel('line', `LINE ${people}`, { channel_secret: 'cs', access_token: 'at', api_url: apiUrl });
    assert.equal((await deliver(lineRequest({ url: channel.url, channelSecret: 'cs' }, [lineTextEvent(`U${people}`, text)]))).status, 200);
    return await answer(text);
  }

  /** Something that speaks HTTP there, and how often it was connected to. */
  async function provider(host: string): Promise<{ port: number; calls: () => number }> {
    const all: Connection[] = [];
    const listener = createServer((socket) => {
      all.push(socket.on('error', () => {}));
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}');
    });
    const port = await freePort();
    await new Promise<void>((resolve) => listener.listen(port, host, () => resolve()));
    ends.push(async () => {
      for (const one of all) one.destroy();
      await new Promise<void>((resolve) => listener.close(() => resolve()));
    });
    return { port, calls: () => all.length };
  }

  it('reaches no address of the inside that is not allowed, by any name', async () => {
    const { port, calls } = await provider('127.0.0.1');
    for (const host of ['127.0.0.1', 'localhost', 'api.localhost', '0', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]'])
      assert.match(await tried(await answerByLine(`http://${host}:${port}`)), /network_closed|resolve|malformed|provider_unreachable/i, host);
    assert.equal(calls(), 0);
    for (const url of ['http://169.254.169.254/latest', 'http://10.0.0.1:9', 'http://[fe80::1]:9', 'http://192.168.0.1'])
      assert.match(await tried(await answerByLine(url)), /network_closed/, url);
  });

  it('asks no proxy that the environment names: which address it would connect to, only the proxy would know', async () => {
    assert.match(await tried(await answerByLine('http://169.254.169.254/latest/meta-data')), /network_closed/);
    assert.equal(proxy.calls(), 0);
  });

  it('reaches what is allowed', async () => {
    const { port, calls } = await provider('127.0.0.2');
    await answerByLine(`http://127.0.0.2:${port}`);
    await waitFor('the provider was called', () => calls() > 0);
  });

  it('tries again what nobody accepted, and does not call it uncertain', async () => {
    // A process that is stopped accepts nothing: once its queue is full, the kernel drops what knocks.
    const port = await freePort();
    const child = spawn(
      process.execPath,
      ['-e', `require('net').createServer().listen({port: ${port}, host: '127.0.0.2', backlog: 1}, () => console.log('there'))`],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    ends.push(() => {
      child.kill('SIGKILL');
    });
    for await (const _line of createInterface(child.stdout)) break;
    child.kill('SIGSTOP');
    const waiting: Connection[] = [];
    await waitFor('knocks are dropped', async () => {
      const one = connect(port, '127.0.0.2').on('error', () => {});
      waiting.push(one);
      return await new Promise<boolean>((resolve) => {
        one.once('connect', () => resolve(false));
        one.setTimeout(500, () => resolve(true));
      });
    });
    ends.push(() => {
      for (const one of waiting) one.destroy();
    });
    const sent = await answerByLine(`http://127.0.0.2:${port}`);
    assert.match(await tried(sent), /provider_unreachable/);
    assert.equal((await state(sent)).delivery, 'queued');
  });

  it('lets what waits in a paused channel wait, and sends it when the channel goes on', async () => {
    const { port, seen } = await mailServer();
    const first = await answerByMail({ smtp_url: `smtp://127.0.0.1:${await freePort()}` }); // nobody is there
    await tried(first.sent);
    await server.api('channel.update', { id: first.channel, active: 'no', settings: { smtp_url: `smtp://127.0.0.1:${port}` } });
    server.sql('UPDATE due SET at = 1 WHERE what = 0');
    const other = await answerByMail({ smtp_url: `smtp://127.0.0.1:${port}` });
    await becomes(other.sent, 'sent');
    assert.equal((await state(first.sent)).delivery, 'queued', 'it was due before the other one');
    assert.equal(seen.mails.length, 1);
    assert.equal((await channelOf(first.channel)).active, false);
    await server.api('channel.update', { id: first.channel, active: 'yes' });
    await becomes(first.sent, 'sent');
    assert.equal(seen.mails.length, 2);
  });

  it('sends what waits as soon as the log-in is mended, whoever has found it broken', async () => {
    const { port, seen } = await mailServer(undefined, 'stale');
    const { sent, channel } = await answerByMail({ smtp_url: `smtp://127.0.0.1:${port}`, smtp_user: 'desk', smtp_password: 'stale' });
    assert.match(await tried(sent), /mail_login/);
    server.sql('UPDATE due SET at = 1 WHERE what = 0');
    await waitFor('each of the two couriers has tried it', () => Number(server.sql('SELECT COUNT(*) FROM outbox WHERE attempts = 2')) === 1);
    await server.api('channel.update', { id: channel, settings: { smtp_password: 'fresh' } });
    await becomes(sent, 'sent');
    assert.equal(seen.passwords.at(-1), 'fresh');
    assert.deepEqual((await channelOf(channel)).problem, []);
  });
});
