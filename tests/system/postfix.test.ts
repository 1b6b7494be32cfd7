// A real Postfix on both sides: customers' mail comes in through its pipe, answers leave through it into a mailbox.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createTransport } from 'nodemailer';
import { BINARY, endAll, freePort, randomUUID, Server, waitFor } from './harness.ts';
import { missing, Postfix } from './postfix.ts';

/** Where the pipe's user may run it. */
function installed(folder: string): string {
  const path = join(folder, 'throughline-deliver');
  execFileSync('cp', [join(dirname(BINARY), 'throughline-deliver'), path]);
  return path;
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
    const token = join(postfix.folder, 'token');
    writeFileSync(token, `${mail.secrets['token'] ?? ''}\n`);
    execFileSync('chown', ['nobody', token]);
    chmodSync(token, 0o400);
    postfix.start({
      main: { message_size_limit: '50000000', relay_domains: 'shop.example', transport_maps: 'inline:{ shop.example=throughline: }' },
      services: [
        `throughline unix - n n - 4 pipe flags=q user=nobody null_sender= argv=${installed(postfix.folder)} --url=${mail.url} --token-file=${token} --sender=\${sender} --recipient=\${recipient}`,
      ],
    });
    await postfix.answers();
  });
  after(async () => {
    await endAll(ends.reverse());
  });

  it('brings a mail in, takes the answer out, and keeps the thread', async () => {
    const smtp = createTransport({ host: '127.0.0.1', port: postfix.port, ignoreTLS: true });
    const sent = await smtp.sendMail({
      from: '"綾" <aya@customer.example>',
      to: 'help@shop.example',
      subject: '急須について',
      text: 'いつ届きますか?\n.\nFrom here on dots and From lines are kept.\n',
      attachments: [{ filename: '写真.png', content: Buffer.alloc(300_000, 7) }],
    });
    const row = await waitFor('the mail is in the queue', async () => (await server.api('conversation.list', { view: 'open' })).conversations[0]).catch(
      (error: unknown) => {
        throw new Error(postfix.log.slice(-3000), { cause: error });
      },
    );
    const entries = (await server.api('timeline.page', { customer_id: row.customer_id })).entries;
    assert.equal(entries.length, 1);
    assert.equal(entries[0]?.external_id, sent.messageId);
    assert.match(entries[0]?.text ?? '', /いつ届きますか\?\n\.\nFrom here on/);
    assert.equal(entries[0]?.attachments?.[0]?.size, 300_000);
    const [hex = ''] = server.sql('SELECT LOWER(HEX(body_sha256)) FROM journal WHERE body_sha256 IS NOT NULL').trim().split('\n'); // a large one is in a file
    assert.match(
      readFileSync(join(server.folder, 'blobs', hex.slice(0, 2), hex.slice(2, 4), hex), 'utf8'),
      /^Return-Path: <aya@customer\.example>\nDelivered-To: help@shop\.example\nReceived: /,
    );

    const agent = await server.agent();
    const way = (await agent.call('customer.reach', { customer_id: row.customer_id })).ways.find((one) => one.best);
    assert.ok(way);
    await agent.call('message.send', {
      customer_id: row.customer_id,
      identity_id: way.identity_id ?? '',
      channel_id: way.channel_id,
      client_id: randomUUID(),
      text: '明日届きます。\n.\nFrom: nobody',
    });
    const got = await waitFor('the answer is in the mailbox', () => postfix.mailbox()[0], 40_000);
    const header = (name: string): string => new RegExp(`^${name}: *((?:.*\\n[ \\t])*.*)`, 'im').exec(got)?.[1] ?? '';
    assert.match(header('In-Reply-To'), new RegExp(sent.messageId.replace(/[.+]/g, '\\$&')));
    assert.match(header('From'), /help@shop\.example/);
    assert.match(header('To'), /aya@customer\.example/);

    const reply = await smtp.sendMail({
      from: 'aya@customer.example',
      to: 'help@shop.example',
      subject: 'Re: 急須について',
      text: 'ありがとう',
      inReplyTo: header('Message-ID'),
      references: header('Message-ID'),
    });
    assert.ok(reply.accepted.length);
    await waitFor('the reply is in the same conversation', async () => (await server.api('conversation.get', { id: row.id })).preview === 'ありがとう');
    agent.close();
  });

  it('takes an answer to an address that needs quotation marks', async () => {
    const address = '"a b"@customer.example';
    const smtp = createTransport({ host: '127.0.0.1', port: postfix.port, ignoreTLS: true });
    await smtp.sendMail({ envelope: { from: 'aya@customer.example', to: 'help@shop.example' }, raw: `From: ${address}\r\nSubject: Quotes\r\n\r\nQuotes\r\n` });
    const row = await waitFor('the mail is in the queue', async () =>
      (await server.api('conversation.list', { view: 'open' })).conversations.find((one) => one.preview === 'Quotes'),
    );
    const agent = await server.agent();
    const way = (await agent.call('customer.reach', { customer_id: row.customer_id })).ways.find((one) => one.best);
    await agent.call('message.send', {
      customer_id: row.customer_id,
      identity_id: way?.identity_id ?? '',
      channel_id: way?.channel_id ?? '',
      client_id: randomUUID(),
      text: 'Gladly.',
    });
    const got = await waitFor('the answer is in the mailbox', () => postfix.mailbox().find((one) => /^To: .*a b/m.test(one)), 40_000).catch(
      (error: unknown) => {
        throw new Error(postfix.log.slice(-3000), { cause: error });
      },
    );
    assert.match(got, /^To: "a b"@customer\.example$/m);
    agent.close();
  });

  it('keeps mail in its queue while the server is down, and brings it once', async () => {
    const smtp = createTransport({ host: '127.0.0.1', port: postfix.port, ignoreTLS: true });
    await server.stop('SIGKILL');
    await smtp.sendMail({ from: 'late@customer.example', to: 'help@shop.example', subject: 'late', text: 'while you were out' });
    await waitFor('Postfix has put it off', () => /status=deferred/.test(postfix.log));
    await server.serve();
    const find = async (): Promise<number> =>
      (await server.api('conversation.list', { view: 'all' })).conversations.filter((one) => one.preview === 'while you were out').length;
    await waitFor('it is brought', async () => (await find()) === 1);
    assert.equal(Number(server.sql("SELECT COUNT(*) FROM entry WHERE text LIKE 'while you were out%'").trim()), 1);
  });

  it('tells a bounce, which nobody has sent, apart', async () => {
    const smtp = createTransport({ host: '127.0.0.1', port: postfix.port, ignoreTLS: true });
    await smtp.sendMail({
      envelope: { from: '', to: 'help@shop.example' },
      from: 'robot@customer.example',
      to: 'help@shop.example',
      subject: 'from nobody',
      text: 'nobody has sent this',
    });
    await waitFor('it is there', () => server.sql("SELECT COUNT(*) FROM entry WHERE text LIKE 'nobody has sent this%'").trim() === '1');
    assert.match(server.sql("SELECT body FROM journal WHERE body LIKE '%nobody has sent this%'"), /^Return-Path: <>\\nDelivered-To: help@shop\.example\\n/);
  });

  it('keeps mail in its queue while the token is wrong, and says so in its log', async () => {
    const smtp = createTransport({ host: '127.0.0.1', port: postfix.port, ignoreTLS: true });
    const token = join(postfix.folder, 'token');
    const right = readFileSync(token);
    writeFileSync(token, 'wrong\n');
    await smtp.sendMail({ from: 'patient@customer.example', to: 'help@shop.example', subject: 'later', text: 'a wrong token bounces nobody' });
    await waitFor('it is put off', () => /status=deferred \(.*4\.3\.5|dsn=4\.3\.5, status=deferred \(.*refuses the token/.test(postfix.log));
    writeFileSync(token, right);
    await waitFor('it is there', () => server.sql("SELECT COUNT(*) FROM entry WHERE text LIKE 'a wrong token%'").trim() === '1');
  });

  it('sends back what is too large, with the reason', async () => {
    const smtp = createTransport({ host: '127.0.0.1', port: postfix.port, ignoreTLS: true });
    await smtp.sendMail({
      from: 'large@customer.example',
      to: 'help@shop.example',
      subject: 'large',
      text: 'x',
      attachments: [{ filename: 'a.bin', content: Buffer.alloc(32_500_000, 1) }],
    });
    const bounce = await waitFor(
      'the bounce is in the mailbox',
      () => postfix.mailbox().find((one) => /larger than the support desk takes/.test(one)),
      60_000,
    ).catch((error: unknown) => {
      throw new Error(postfix.log.slice(-3000), { cause: error });
    });
    assert.match(bounce, /Status: 5\.3\.4/);
  });
});
