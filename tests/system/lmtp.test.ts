// Mail by LMTP (RFC 2033) at a unix socket, as mail servers hand it over, and as nobody should.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { endAll, Server, waitFor } from './harness.ts';
import { Lmtp, message, place, SMTP } from './lmtp.ts';

const SIZE = 41_943_040;

describe('LMTP', () => {
  let server: Server;
  let path = '';
  const ends: (() => unknown)[] = [];
  const clients: Lmtp[] = [];

  before(async () => {
    path = place(ends);
    server = await Server.start((fn) => ends.push(fn), { config: { server: { lmtp_listen: path } } });
    await server.channel('email', 'Support', { address: 'Help@shop.example', aliases: 'info@shop.example hilfe@shop.example', smtp_url: SMTP });
    await server.channel('email', 'Orders', { address: 'orders@shop.example', smtp_url: SMTP });
    const { id } = await server.channel('email', 'VIP', { address: 'help+vip@shop.example', smtp_url: SMTP });
    await server.api('channel.update', { id, readers: 'supervisor' }); // what comes by it is there too, whatever else has brought it
  });
  after(async () => {
    for (const client of clients) client.end();
    await endAll(ends.reverse());
  });

  async function open(): Promise<Lmtp> {
    const client = await Lmtp.open(path);
    clients.push(client);
    return client;
  }

  async function greeted(): Promise<Lmtp> {
    const client = await Lmtp.greeted(path);
    clients.push(client);
    return client;
  }

  /** The raw input that holds these words, and whose it is. */
  function journal(words: string): [channel: string, body: string][] {
    return server
      .sql(`SELECT ch.name, HEX(j.body) FROM journal j JOIN channel ch ON ch.id = j.channel_id WHERE j.body LIKE '%${words}%' ORDER BY j.id`)
      .trim()
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split('\t'))
      .map(([name = '', hex = '']) => [name, Buffer.from(hex, 'hex').toString()]);
  }

  function entries(words: string): number {
    return Number(server.sql(`SELECT COUNT(*) FROM entry WHERE text LIKE '%${words}%'`).trim());
  }

  it('speaks as LMTP does', async () => {
    const client = await open();
    assert.match(await client.replyText(), /^220 \S+ LMTP\r\n$/);
    assert.equal(await client.say('EHLO x'), '500');
    assert.equal(await client.say('HELO x'), '500');
    assert.equal(await client.say('MAIL FROM:<a@b.example>'), '503');
    client.send('lhlo x\r\n');
    const offered = (await client.replyText())
      .split('\r\n')
      .slice(1, -1)
      .map((line) => line.slice(4))
      .sort();
    assert.deepEqual(offered, ['8BITMIME', 'ENHANCEDSTATUSCODES', 'PIPELINING', `SIZE ${SIZE}`, 'SMTPUTF8']);
    assert.deepEqual(
      [await client.say('NOOP'), await client.say('VRFY help@shop.example'), await client.say('RSET'), await client.say('RCPT TO:<help@shop.example>')],
      ['250', '252', '250', '503'],
    );
    assert.equal(await client.say('DATA'), '503');
    assert.equal(await client.say('BDAT 1'), '500');
    assert.equal(await client.say('QUIT'), '221');
    await client.ends();
  });

  it('takes a mail, its dots taken off, with the envelope at its top', async () => {
    const client = await greeted();
    const before = await server.metric('lmtp_accepted_total');
    const content = message('with dots').replace(/\r\n\r\n.*/s, '\r\n\r\n.. one\r\n...\r\n.with dots');
    assert.deepEqual(await client.mail(['help@shop.example'], content.replaceAll('\r\n.', '\r\n..')), ['250']);
    assert.equal(entries('with dots'), 1);
    const [[channel, body] = ['', '']] = journal('with dots');
    assert.equal(channel, 'Support');
    assert.equal(body, `Return-Path: <ada@letters.example>\r\nDelivered-To: help@shop.example\r\n${content}\r\n`);
    assert.equal(await server.metric('lmtp_accepted_total'), before + 1);
    assert.match(server.sql("SELECT method, headers FROM journal WHERE body LIKE '%with dots%'"), /^LMTP\t\{"content-type":\s?"message\/rfc822"\}/);
    assert.deepEqual(await client.mail(['help@shop.example'], content.replaceAll('\r\n.', '\r\n..')), ['250'], 'the same again');
    assert.equal(entries('with dots'), 1);
  });

  it('hears of a thousand addresses that nobody has, and of no more in one mail', async () => {
    const client = await greeted();
    assert.equal(await client.say('MAIL FROM:<ada@letters.example>'), '250');
    for (let i = 0; i < 1000; i++) assert.equal(await client.say(`RCPT TO:<nobody${i}@shop.example>`), '550');
    assert.equal(await client.say('RCPT TO:<help@shop.example>'), '452');
    assert.equal(await client.say('RSET'), '250');
    assert.equal(await client.say('MAIL FROM:<ada@letters.example>'), '250');
    assert.equal(await client.say('RCPT TO:<help@shop.example>'), '250');
    client.end();
  });

  it('knows an address in any case, with a tag, and the further ones of a channel', async () => {
    const client = await greeted();
    assert.equal(await client.say('MAIL FROM:<ada@letters.example>'), '250');
    for (const known of [
      'HELP@Shop.Example',
      'help+4711@shop.example',
      'info@shop.example',
      'hilfe+x@shop.example',
      'orders@shop.example',
      '@one.example:help@shop.example',
      '"help"@shop.example',
    ])
      assert.equal(await client.say(`RCPT TO:<${known}>`), '250', known);
    const unknown = await server.metric('lmtp_unknown_total');
    const strange = [
      'nobody@shop.example',
      'help@elsewhere.example',
      'helper@shop.example',
      'hel@shop.example',
      'postmaster',
      'help-x@shop.example',
      'help+@elsewhere.example',
      '%@shop.example',
    ];
    for (const one of strange) {
      client.send(`RCPT TO:<${one}>\r\n`);
      assert.match(await client.replyText(), /^550 5\.1\.1 The support desk has no such address\r\n$/, one);
    }
    assert.equal(await server.metric('lmtp_unknown_total'), unknown + strange.length);
    assert.match(server.log, /recipient refused address="nobody@shop\.example"/);
  });

  it('knows no address of a channel that is switched off', async () => {
    const channel = await server.channel('email', 'Closed', { address: 'closed@shop.example', smtp_url: SMTP });
    const client = await greeted();
    assert.deepEqual(await client.mail(['closed@shop.example'], message('still open')), ['250']);
    await server.api('channel.update', { id: channel.id, active: 'no' });
    await waitFor('it is gone', async () => {
      await client.say('RSET');
      await client.say('MAIL FROM:<>');
      return (await client.say('RCPT TO:<closed@shop.example>')) === '550';
    });
  });

  it('takes what several addresses of a channel are named for once, and answers each', async () => {
    const client = await greeted();
    const parsed = await server.metric('inputs_parsed_total');
    assert.deepEqual(await client.mail(['info@shop.example', 'help@shop.example', 'help+tag@shop.example', 'help@shop.example'], message('to one channel')), [
      '250',
      '250',
      '250',
      '250',
    ]);
    assert.deepEqual(
      journal('to one channel').map(([name, body]) => [name, body.split('From:')[0]]),
      [
        [
          'Support',
          'Return-Path: <ada@letters.example>\r\nDelivered-To: info@shop.example\r\nDelivered-To: help@shop.example\r\nDelivered-To: help+tag@shop.example\r\n',
        ],
      ],
    );
    assert.equal((await server.metric('inputs_parsed_total')) - parsed, 1);
  });

  it('hands a mail for several channels to each, which makes one thing of it where the same people may read it', async () => {
    const client = await greeted();
    const [parsed, accepted] = [await server.metric('inputs_parsed_total'), await server.metric('lmtp_accepted_total')];
    assert.deepEqual(
      await client.mail(['orders@shop.example', 'help@shop.example', 'help+vip@shop.example', 'info@shop.example'], message('to three channels')),
      ['250', '250', '250', '250'],
    );
    assert.deepEqual([await server.metric('inputs_parsed_total'), await server.metric('lmtp_accepted_total')], [parsed + 3, accepted + 3]);
    assert.deepEqual(
      journal('to three channels').map(([name, body]) => [name, body.split('From:')[0]]),
      [
        ['Orders', 'Return-Path: <ada@letters.example>\r\nDelivered-To: orders@shop.example\r\n'],
        ['VIP', 'Return-Path: <ada@letters.example>\r\nDelivered-To: help+vip@shop.example\r\n'],
      ],
    );
    assert.equal(entries('to three channels'), 2);
  });

  it('knows a mail without a Message-ID again, too, whichever channel it comes by', async () => {
    const client = await greeted();
    assert.deepEqual(await client.mail(['orders@shop.example', 'help@shop.example'], 'From: ada@letters.example\r\nSubject: x\r\n\r\nwithout an id'), [
      '250',
      '250',
    ]);
    assert.equal(entries('without an id'), 1);
  });

  it('tells a bounce, which nobody has sent, apart', async () => {
    const client = await greeted();
    assert.deepEqual(await client.mail(['help@shop.example'], message('from nobody'), ''), ['250']);
    assert.match(journal('from nobody')[0]?.[1] ?? '', /^Return-Path: <>\r\n/);
    assert.match(server.sql("SELECT payload FROM entry WHERE text LIKE '%from nobody%'"), /"auto":\s?true/);
  });

  it('takes commands ahead of replies, and mails one behind the other', async () => {
    const client = await open();
    const one = `MAIL FROM:<ada@letters.example> BODY=8BITMIME\r\nRCPT TO:<help@shop.example>\r\nRCPT TO:<no@shop.example>\r\nRCPT TO:<orders@shop.example>\r\nDATA\r\n${message('ahead 1')}\r\n.\r\n`;
    const two = `MAIL FROM:<ada@letters.example>\r\nRCPT TO:<help@shop.example>\r\nDATA\r\n${message('ahead 2')}\r\n.\r\nRSET\r\nQUIT\r\n`;
    client.send(`LHLO x\r\n${one}${two}`);
    assert.deepEqual(await client.replies(14), ['220', '250', '250', '250', '550', '250', '354', '250', '250', '250', '250', '354', '250', '250']);
    assert.equal(await client.reply(), '221');
    await client.ends();
    assert.deepEqual([entries('ahead 1'), entries('ahead 2')], [1, 1]);
  });

  it('takes them in pieces of a byte', async () => {
    const client = await open();
    client.socket.setNoDelay(true);
    for (const byte of `LHLO x\r\nMAIL FROM:<ada@letters.example>\r\nRCPT TO:<help@shop.example>\r\nDATA\r\n${message('in bytes')}\r\n..\r\n.\r\nQUIT\r\n`) {
      client.send(byte);
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.deepEqual(await client.replies(7), ['220', '250', '250', '250', '354', '250', '221']);
    assert.equal(entries('in bytes'), 1);
  });

  it('answers a client that has said all and still reads', async () => {
    const client = await open();
    client.socket.end(`LHLO x\r\nMAIL FROM:<ada@letters.example>\r\nRCPT TO:<help@shop.example>\r\nDATA\r\n${message('half closed')}\r\n.\r\n`);
    assert.deepEqual(await client.replies(6), ['220', '250', '250', '250', '354', '250']);
    await client.ends();
  });

  it('lets a mail end by CRLF, dot, CRLF alone', async () => {
    const client = await greeted();
    const fakes = ['\n.\n', '\n.\r\n', '\r\n.\n', '\r.\r', '\r.\r\n', '\r\n\0.\r\n', '\r\n.\r\r\n'];
    for (const [i, fake] of fakes.entries()) {
      const smuggled = `MAIL FROM:<ceo@shop.example>\r\nRCPT TO:<help@shop.example>\r\nDATA\r\nFrom: ceo@shop.example\r\n\r\nsmuggled ${i}`;
      assert.deepEqual(await client.mail(['help@shop.example'], `${message(`carrier ${i}`)}${fake}${smuggled}`), ['250'], JSON.stringify(fake));
      assert.equal(await client.say('NOOP'), '250');
      assert.equal(client.rest, '');
    }
    assert.equal(server.sql("SELECT COUNT(*) FROM identity WHERE value = 'ceo@shop.example'").trim(), '0');
    assert.equal(journal('carrier').length, fakes.length);
  });

  it('takes no line that ends otherwise, and none that could be two', async () => {
    const client = await greeted();
    client.send('NOOP\nRCPT TO:<help@shop.example>\n');
    assert.deepEqual(await client.replies(2), ['500', '500']);
    client.send('MAIL FROM:<a@b.example>\rRCPT TO:<help@shop.example>\r\n');
    assert.equal(await client.reply(), '500');
    assert.equal(await client.say('MAIL FROM:<a@b.example>\0'), '500');
    assert.equal(await client.say('MAIL FROM:<a@b.example> X=1'), '555');
    assert.equal(await client.say('MAIL FROM:a@b.example'), '501');
    assert.equal(await client.say('MAIL FROM:<a@b.example>'), '250');
    assert.equal(await client.say('RCPT TO:<help@shop.example\r\nX: injected>'.replace('\r\n', '\n')), '500');
  });

  it('wants letters beyond ASCII announced', async () => {
    const client = await greeted();
    assert.equal(await client.say('MAIL FROM:<綾@letters.example>'), '553');
    assert.equal(await client.say('MAIL FROM:<ada@letters.example>'), '250');
    assert.equal(await client.say('RCPT TO:<綾@shop.example>'), '553');
    assert.equal(await client.say('RSET'), '250');
    assert.equal(await client.say('MAIL FROM:<綾@letters.example> SMTPUTF8'), '250');
    assert.equal(await client.say('RCPT TO:<綾@shop.example>'), '550');
    assert.equal(await client.say('RCPT TO:<help@shop.example>'), '250');
  });

  it('refuses what is larger than the channel takes, when it is announced and when it comes, and goes on', async () => {
    const client = await greeted();
    assert.equal(await client.say(`MAIL FROM:<a@b.example> SIZE=${SIZE + 1}`), '552');
    assert.equal(await client.say(`MAIL FROM:<a@b.example> SIZE=${SIZE}`), '250');
    assert.equal(await client.say('RCPT TO:<help@shop.example>'), '250');
    assert.equal(await client.say('RCPT TO:<orders@shop.example>'), '250');
    assert.equal(await client.say('DATA'), '354');
    const line = Buffer.from(`${'too large '.repeat(100)}\r\n`);
    for (let sent = 0; sent <= SIZE + 100_000; sent += line.length) client.send(line);
    client.send('.\r\n');
    for (let i = 0; i < 2; i++) assert.match(await client.replyText(), /^552 5\.3\.4 The mail is larger than the support desk takes\r\n$/);
    assert.equal(await server.metric('request_bytes'), 0);
    assert.deepEqual(await client.mail(['help@shop.example'], message('after the large one')), ['250']);
    assert.equal(server.sql('SELECT COUNT(*) FROM journal WHERE body_size > 1000000').trim(), '0');
  });

  it('keeps a large mail on the disk while it comes, and hands it whole to each channel', async () => {
    const client = await greeted();
    const content = `${message('large', 'Content-Type: multipart/mixed; boundary=b\r\n')}\r\n--b\r\n\r\nlarge text\r\n--b\r\nContent-Type: application/x-any; name=a.bin\r\nContent-Transfer-Encoding: base64\r\n\r\n${`${'QUJD'.repeat(19)}\r\n`.repeat(70_000)}--b--`;
    const rss = server.rssKb();
    assert.deepEqual(await client.mail(['help@shop.example', 'help+vip@shop.example'], content), ['250', '250']);
    assert.ok(server.rssKb() - rss < 200_000, `${server.rssKb() - rss} kB more`);
    const hashes = server.sql('SELECT LOWER(HEX(body_sha256)) FROM journal WHERE body_sha256 IS NOT NULL ORDER BY id').trim().split('\n');
    const bodies = hashes.map((hex) => readFileSync(join(server.folder, 'blobs', hex.slice(0, 2), hex.slice(2, 4), hex), 'utf8'));
    const right = ['help', 'help+vip'].map((name) => `Return-Path: <ada@letters.example>\r\nDelivered-To: ${name}@shop.example\r\n${content}\r\n`);
    assert.ok(bodies.length === 2 && bodies.every((body, i) => body === right[i]));
    assert.equal(await server.metric('request_bytes'), 0);
  });

  it('leaves nothing of a mail whose client dies before its end', async () => {
    for (const size of [100, 3_000_000]) {
      const client = await greeted();
      await client.say('MAIL FROM:<a@b.example>');
      await client.say('RCPT TO:<help@shop.example>');
      await client.say('DATA');
      client.send(`${message('broken off')}\r\n${'x'.repeat(size)}`);
      await waitFor('it has come', async () => (await server.metric('request_bytes')) >= size);
      client.end();
      await waitFor('it is gone', async () => (await server.metric('request_bytes')) === 0);
    }
    assert.equal(journal('broken off').length, 0);
    const connections = await server.metric('lmtp_connections');
    assert.ok(connections < 60, String(connections));
  });

  it('keeps a mail whose client dies behind its end', async () => {
    const client = await greeted();
    await client.say('MAIL FROM:<a@b.example>');
    await client.say('RCPT TO:<help@shop.example>');
    await client.say('DATA');
    client.send(`${message('unanswered')}\r\n.\r\n`);
    await new Promise<void>((sent) => client.socket.write('', () => sent()));
    client.end();
    await waitFor('it is there', () => entries('unanswered') === 1);
  });

  it('bounds lines, recipients and errors', async () => {
    const long = await greeted();
    long.send('x'.repeat(3000));
    assert.equal(await long.reply(), '500');
    await long.ends();
    const many = await greeted();
    await many.say('MAIL FROM:<a@b.example>');
    for (let i = 0; i < 100; i++) assert.equal(await many.say(`RCPT TO:<help+${i}@shop.example>`), '250');
    many.send('RCPT TO:<help@shop.example>\r\n');
    assert.match(await many.replyText(), /^452 4\.5\.3 /);
    await many.say('DATA');
    many.send(`${message('to a hundred')}\r\n.\r\n`);
    assert.deepEqual(await many.replies(100), Array(100).fill('250'));
    assert.equal(journal('to a hundred').length, 1);
    const babble = await greeted();
    for (let i = 0; i < 19; i++) assert.equal(await babble.say('what?'), '500');
    babble.send('GET / HTTP/1.1\r\n');
    assert.deepEqual(await babble.replies(2), ['500', '421']);
    await babble.ends();
  });

  it('does not listen to who never reads', async () => {
    const deaf = await greeted();
    deaf.socket.pause();
    const line = 'NOOP\r\n'.repeat(10_000);
    let sent = 0;
    while (deaf.socket.writableLength < 4_000_000 && sent < 64_000_000) {
      deaf.send(line);
      sent += line.length;
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.ok(sent < 64_000_000, 'it takes for ever');
    assert.equal(await (await greeted()).say('NOOP'), '250');
    deaf.end();
  });

  it('has room for so many connections, and tells the others', async () => {
    for (const client of clients.splice(0)) client.end();
    await waitFor('all are gone', async () => (await server.metric('lmtp_connections')) === 0);
    const all = await Promise.all(Array.from({ length: 64 }, () => greeted()));
    const one = await open();
    assert.match(await one.replyText(), /^421 4\.3\.2 /);
    await one.ends();
    assert.equal(await all[63]?.say('QUIT'), '221');
    await waitFor('there is room', async () => (await server.metric('lmtp_connections')) < 64);
    await greeted();
    for (const client of clients.splice(0)) client.end();
  });
});
