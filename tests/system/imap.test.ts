// Mail that is fetched from a real Dovecot: each mail once, whatever happens to the mailbox, the connection and us.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Channel } from '../../agent-web/protocol/src/generated.ts';
import { Dovecot, dovecotMissing, plainMail } from './dovecot.ts';
import { endAll, Server, waitFor } from './harness.ts';

const DAY_MS = 86_400_000;
type Mailbox = NonNullable<Channel['mailbox']>;

/** A mailbox that is a channel, and what came by it. */
class Box {
  readonly server: Server;
  readonly id: string;

  private constructor(server: Server, id: string) {
    this.server = server;
    this.id = id;
  }

  static async connect(server: Server, dovecot: Dovecot, user: string, settings: Record<string, string> = {}): Promise<Box> {
    const made = await server.channel('imap', user, {
      address: 'help@shop.example',
      imap_url: dovecot.url,
      imap_user: user,
      imap_password: dovecot.password,
      ...settings,
    });
    return new Box(server, made.id);
  }

  async state(): Promise<Mailbox> {
    const channel = (await this.server.api('channel.list', {})).channels.find((one) => one.id === this.id);
    assert.ok(channel?.mailbox);
    return channel.mailbox;
  }

  async start(since?: Date): Promise<void> {
    await this.server.api('mailbox.start', { channel_id: this.id, ...(since ? { since: since.toISOString() } : {}) });
    await this.looked();
  }

  /** Until it was looked at once more, to the end. */
  async looked(): Promise<void> {
    const before = Date.now();
    await waitFor('the mailbox is looked at', async () => Date.parse((await this.state()).looked_at ?? '') > before).catch(async (error: unknown) => {
      throw new Error(JSON.stringify(await this.state()), { cause: error });
    });
  }

  /** So many entries have this subject. */
  count(subject: string): number {
    return Number(this.server.sql(`SELECT COUNT(*) FROM entry WHERE subject = '${subject}' AND erased_at IS NULL`));
  }

  async came(subject: string, withinMs?: number): Promise<void> {
    await waitFor(`"${subject}" is in`, () => this.count(subject) > 0, withinMs).catch(async (error: unknown) => {
      throw new Error(JSON.stringify(await this.state()), { cause: error });
    });
  }
}

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
    const old = new Date(Date.now() - 20 * DAY_MS);
    dovecot.deliver(plainMail('ancient', 'long ago', { date: old }).raw, { at: old });
    dovecot.deliver(plainMail('=?utf-8?B?5oCl6aCI?=', 'yesterday', { date: new Date(Date.now() - DAY_MS) }).raw, { at: new Date(Date.now() - DAY_MS) });
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
        ['mia@customer.example', '急須'],
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
});
