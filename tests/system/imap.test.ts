// Mail that is fetched from a real Dovecot: each mail once, whatever happens to the mailbox, the connection and us.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { SMTPServer } from 'smtp-server';
import { Box } from './box.ts';
import { Dovecot, dovecotMissing, plainMail } from './dovecot.ts';
import { endAll, freePort, randomUUID, Server, waitFor } from './harness.ts';
import { Hole } from './hole.ts';

const DAY_MS = 86_400_000;

describe('mail from a mailbox', { skip: dovecotMissing }, () => {
  let server: Server;
  let dovecot: Dovecot;
  const ends: (() => unknown)[] = [];

  before(async () => {
    dovecot = await Dovecot.start(ends);
    server = await Server.start((fn) => ends.push(fn), { config: { server: { mailbox_seconds: '1' } } });
  });
  after(async () => {
    await endAll(ends.reverse());
  });

  it('says first what lies there, and takes nothing in until it is told from when on', async () => {
    const old = new Date(Date.now() - 20 * DAY_MS),
      nine = new Date(Date.now() - 9 * DAY_MS);
    dovecot.deliver(plainMail('ancient', 'long ago', { date: old }).raw, { at: old });
    dovecot.deliver(plainMail('=?utf-8?B?5oCl6aCI?=', 'some time ago', { from: 'aya@customer.example', date: nine }).raw, { at: nine });
    const box = await Box.connect(server, dovecot, 'box');
    const state = await waitFor('it is seen', async () => {
      const now = await box.state();
      return now.tried_at ? now : null;
    });
    const found = state.found as {
      count: number;
      oldest: string;
      newest: string;
      mails: { at: string; from: string; subject: string }[];
      folders: { name: string; use: string | null }[];
    };
    assert.equal(found.count, 2);
    assert.equal(Math.round((Date.now() - Date.parse(found.oldest)) / DAY_MS), 20);
    assert.deepEqual(
      found.mails.map((mail) => [mail.from, mail.subject]),
      [
        ['aya@customer.example', '急須'],
        ['mia@customer.example', 'ancient'],
      ],
    );
    assert.ok(found.folders.some((folder) => folder.name === 'Sent' && folder.use === '\\Sent'));
    assert.equal(state.started_at, null);

    await box.start();
    dovecot.deliver(plainMail('fresh', 'hello').raw);
    await box.came('fresh');
    assert.deepEqual([box.count('ancient'), box.count('急須')], [0, 0]);
    const row = (await server.api('conversation.list', { view: 'open' })).conversations.find((one) => one.subject === 'fresh');
    assert.ok(row?.waiting_since);

    await box.start(new Date(Date.now() - 10 * DAY_MS));
    await box.came('急須');
    await box.looked();
    assert.deepEqual([box.count('ancient'), box.count('急須'), box.count('fresh')], [0, 1, 1]);
    const history = (await server.api('conversation.list', { view: 'all' })).conversations.find((one) => one.subject === '急須');
    assert.equal(history?.status, 'resolved');
    assert.equal(history?.waiting_since, null);
  });

  it('does not mind who has read a mail, and whether a look was missed', async () => {
    const box = await Box.connect(server, dovecot, 'other');
    await box.start();
    await dovecot.stop();
    await waitFor('the problem is told', async () => /mailbox_unreachable|mailbox_broken/.test(JSON.stringify((await box.state()).problem)));
    for (let i = 0; i < 5; i++) dovecot.deliver(plainMail('missed', `number ${i}`).raw, { user: 'other' });
    dovecot.seeAll('other');
    await dovecot.serve();
    await waitFor('all are in', () => box.count('missed') === 5, 30_000);
    await box.looked();
    assert.deepEqual((await box.state()).problem, []);
  });

  it('a mailbox that is made anew, with other UIDs, brings nothing twice, and what is new', async () => {
    const box = await Box.connect(server, dovecot, 'anew');
    await box.start();
    for (let i = 0; i < 3; i++) dovecot.deliver(plainMail('kept', `number ${i}`).raw, { user: 'anew' });
    await waitFor('they are in', () => box.count('kept') === 3);
    await box.looked();
    const validity = () => Number(server.sql("SELECT uidvalidity FROM mailbox JOIN channel ON id = channel_id WHERE name = 'anew'"));
    const before = validity();
    await dovecot.renew('anew');
    dovecot.deliver(plainMail('behind', 'after the restore').raw, { user: 'anew' });
    await box.came('behind');
    await box.looked();
    assert.ok(validity() > before);
    assert.equal(box.count('kept'), 3);
  });

  it('what was erased does not come again, whatever is fetched again', async () => {
    const box = await Box.connect(server, dovecot, 'erased');
    await box.start();
    dovecot.deliver(plainMail('to be erased', 'forget this', { from: 'gone@customer.example' }).raw, { user: 'erased' });
    await box.came('to be erased');
    const row = (await server.api('conversation.list', { view: 'all' })).conversations.find((one) => one.subject === 'to be erased');
    const entry = (await server.api('timeline.page', { customer_id: row?.customer_id ?? '' })).entries[0];
    await server.api('privacy.erase_entry', { entry_id: entry?.id ?? '', reason: 'a card number' });
    await dovecot.renew('erased');
    await box.start(new Date(Date.now() - DAY_MS));
    await box.looked();
    assert.equal(box.count('to be erased'), 0);
    assert.equal(Number(server.sql(`SELECT COUNT(*) FROM entry e JOIN channel c ON c.id = e.channel_id WHERE c.name = 'erased'`)), 1);
  });

  it('mails that nobody understands, without an id, or alike but for a letter hold up none', async () => {
    const box = await Box.connect(server, dovecot, 'odd');
    await box.start();
    const form = (n: number) => plainMail('order', `item ${n}`, { id: '<form@shop.example>' }).raw;
    const noId = (text: string) => `From: noid@customer.example\nSubject: no id\n\n${text}\n`;
    const at = new Date();
    for (const raw of [form(1), Buffer.alloc(0), Buffer.from([0, 255, 10, 13, 10]), form(2), noId('one'), noId('two'), plainMail('last', 'is in').raw])
      dovecot.deliver(raw, { user: 'odd', at });
    await box.came('last');
    assert.deepEqual([box.count('order'), box.count('no id')], [2, 2]);
    await box.start(new Date(Date.now() - DAY_MS));
    await box.looked();
    assert.deepEqual([box.count('order'), box.count('no id'), box.count('last')], [2, 2, 1]);
  });

  it('of a mail that is too large its head comes in, with the reason', async () => {
    const box = await Box.connect(server, dovecot, 'large');
    await box.start();
    dovecot.deliver(plainMail('film', 'x'.repeat(70) + `\n${'y'.repeat(99)}`.repeat(430_000), { from: 'film@customer.example' }).raw, { user: 'large' });
    dovecot.deliver(plainMail('behind the film', 'small').raw, { user: 'large' });
    await box.came('film', 60_000);
    await box.came('behind the film');
    const [text, payload] = server.sql("SELECT text, payload FROM entry WHERE subject = 'film'").trim().split('\t');
    assert.match(text ?? '', /too large \(43 MB\)/);
    assert.match(payload ?? '', /mail_too_large/);
    assert.equal((dovecot.log.match(/large.*body_count=[1-9]\d*/g) ?? []).length <= 1, true);
  });

  it('marks, moves or removes what is here, and says when it cannot', async () => {
    const flag = await Box.connect(server, dovecot, 'flag', { after: 'flag' });
    const move = await Box.connect(server, dovecot, 'move', { after: 'move', after_folder: 'Done' });
    const remove = await Box.connect(server, dovecot, 'remove', { after: 'delete' });
    for (const [box, user] of [
      [flag, 'flag'],
      [move, 'move'],
      [remove, 'remove'],
    ] as const) {
      dovecot.deliver(plainMail(`old ${user}`, 'stays', { date: new Date(Date.now() - DAY_MS) }).raw, { user, at: new Date(Date.now() - DAY_MS) });
      await box.start();
      dovecot.deliver(plainMail(`new ${user}`, 'comes').raw, { user });
      await box.came(`new ${user}`);
    }
    await waitFor('it is marked', () => dovecot.mails('INBOX', 'flag').some((mail) => mail.raw.includes('new flag') && mail.flags.includes('F')));
    assert.ok(dovecot.mails('INBOX', 'flag').every((mail) => mail.raw.includes('new flag') || !mail.flags.includes('F')));
    await waitFor('it is moved', () => dovecot.mails('Done', 'move').length === 1 && dovecot.mails('INBOX', 'move').length === 1);
    await waitFor('it is removed', () => dovecot.mails('INBOX', 'remove').length === 1);
    await server.api('channel.update', { id: move.id, settings: { after_folder: 'Nowhere' } });
    dovecot.deliver(plainMail('not moved', 'comes').raw, { user: 'move' });
    await move.came('not moved');
    await waitFor('the problem is told', async () => JSON.stringify((await move.state()).after_problem).includes('mailbox_after'));
    dovecot.deliver(plainMail('comes all the same', 'comes').raw, { user: 'move' });
    await move.came('comes all the same');
    assert.deepEqual((await move.state()).problem, []);
  });

  it('says that the password is wrong, and heals when it is right', async () => {
    const box = await Box.connect(server, dovecot, 'locked', { imap_password: 'wrong' });
    const state = await waitFor('the problem is told', async () => {
      const now = await box.state();
      return now.problem.length > 0 ? now : null;
    });
    assert.equal(state.problem[0]?.code, 'mailbox_login');
    await server.api('mailbox.start', { channel_id: box.id });
    dovecot.deliver(plainMail('behind the door', 'knock').raw, { user: 'locked' });
    await server.api('channel.update', { id: box.id, settings: { imap_password: dovecot.password } });
    await box.came('behind the door');
    assert.deepEqual((await box.state()).problem, []);
  });

  it('notices a connection that is dead without a word, and catches up when there is one again', async () => {
    const hole = await Hole.before(dovecot.port, ends);
    const box = await Box.connect(server, dovecot, 'hole', { imap_url: `imap://127.0.0.1:${hole.port}` });
    await box.start();
    hole.swallow(true);
    dovecot.deliver(plainMail('in the dark', 'hello?').raw, { user: 'hole' });
    await waitFor('the problem is told', async () => (await box.state()).problem.length > 0, 90_000);
    hole.swallow(false);
    await box.came('in the dark', 60_000);
  });

  it('files the answers that have left, as they left, and says when it cannot', async () => {
    const left: string[] = [],
      port = await freePort();
    const smtp = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      onData: (stream, _session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => (left.push(Buffer.concat(chunks).toString('latin1')), done()));
      },
    });
    await new Promise<void>((resolve) => smtp.listen(port, '127.0.0.1', resolve));
    ends.push(() => new Promise<void>((resolve) => smtp.close(resolve)));
    const box = await Box.connect(server, dovecot, 'sent', { smtp_url: `smtp://127.0.0.1:${port}` });
    await box.start();
    dovecot.deliver(plainMail('a question', 'when?', { from: 'asks@customer.example' }).raw, { user: 'sent' });
    await box.came('a question');
    const agent = await server.agent();
    const row = (await server.api('conversation.list', { view: 'open' })).conversations.find((one) => one.subject === 'a question');
    const way = (await agent.call('customer.reach', { customer_id: row?.customer_id ?? '' })).ways.find((one) => one.channel_id === box.id);
    const answer = (text: string) =>
      agent.call('message.send', {
        customer_id: row?.customer_id ?? '',
        identity_id: way?.identity_id ?? '',
        channel_id: box.id,
        client_id: randomUUID(),
        text,
      });
    await answer('明日です');
    const [copy] = await waitFor('it is filed', () => (dovecot.mails('Sent', 'sent').length > 0 ? dovecot.mails('Sent', 'sent') : null));
    assert.equal(copy?.flags, 'S');
    assert.equal(copy?.raw.replaceAll('\r', ''), left[0]?.replaceAll('\r', ''));
    const folder = () => server.sql("SELECT sent_folder FROM mailbox JOIN channel ON id = channel_id WHERE name = 'sent'").trim();
    assert.equal(folder(), 'Sent', 'it is not asked for again');
    server.sql("UPDATE mailbox SET sent_folder = 'Outbox of old' WHERE sent_folder = 'Sent'");
    await answer('at nine');
    await waitFor('it is filed where that folder is now', () => dovecot.mails('Sent', 'sent').length === 2);
    await waitFor('that is kept', () => folder() === 'Sent');
    dovecot.readOnly('Sent', 'sent');
    await answer('or the day after');
    await waitFor('the problem is told', async () => JSON.stringify((await box.state()).sent_problem).includes('mailbox_sent'));
    assert.equal(left.length, 3);
    await server.api('channel.update', { id: box.id, settings: { sent_copy: 'off' } });
    await answer('or never');
    await waitFor('it left', () => left.length === 4);
    await waitFor('nothing waits any more', () => server.sql('SELECT COUNT(*) FROM mailbox_sent').trim() === '0', 40_000);
    assert.equal(dovecot.mails('Sent', 'sent').length, 2);
    agent.close();
  });

  it('two servers share the mailboxes, and each mail is in once, also when one is killed before it has committed', async () => {
    const twin = await server.twin((fn) => ends.push(fn), { config: { server: { mailbox_seconds: '1' } } });
    const box = await Box.connect(server, dovecot, 'shared');
    await box.start();
    for (let i = 0; i < 30; i++) {
      dovecot.deliver(plainMail('one of many', `number ${i}`).raw, { user: 'shared' });
      if (i % 10 === 5) await server.api('mailbox.try', { channel_id: box.id });
    }
    await waitFor('all are in', () => box.count('one of many') === 30, 60_000);
    const lock = server.holdTable('entry');
    await lock.held;
    dovecot.deliver(plainMail('in the middle', 'of it').raw, { user: 'shared' });
    await waitFor(
      'somebody wants to write it',
      () => Number(server.sql("SELECT COUNT(*) FROM information_schema.processlist WHERE state LIKE '%metadata lock%'", '')) > 0,
    );
    await twin.stop('SIGKILL');
    await server.stop('SIGKILL');
    await lock.release();
    assert.equal(box.count('in the middle'), 0);
    await Promise.all([server.serve(), twin.serve()]); // each takes back what it had
    await box.came('in the middle');
    await box.looked();
    assert.equal(box.count('in the middle'), 1);
    assert.equal(box.count('one of many'), 30);
  });
});

describe('mail from a mailbox that is seldom looked at', { skip: dovecotMissing }, () => {
  const ends: (() => unknown)[] = [];
  after(async () => {
    await endAll(ends.reverse());
  });

  it('comes at once where the server tells of it, and at the next look where it does not', async () => {
    const server = await Server.start((fn) => ends.push(fn), { config: { server: { mailbox_seconds: '15' } } });
    const tells = await Dovecot.start(ends),
      silent = await Dovecot.start(ends, { capability: 'IMAP4rev1 SASL-IR' });
    const one = await Box.connect(server, tells, 'box'),
      other = await Box.connect(server, silent, 'box');
    for (const box of [one, other]) await box.start();
    tells.deliver(plainMail('told', 'at once').raw);
    await one.came('told', 8_000);
    silent.deliver(plainMail('found', 'later').raw);
    await other.came('found', 30_000);
  });
});
