// A mailbox that is connected as a channel.
import assert from 'node:assert/strict';
import type { Channel } from '../../agent-web/protocol/src/generated.ts';
import type { Dovecot } from './dovecot.ts';
import { type Server, waitFor } from './harness.ts';

type Mailbox = NonNullable<Channel['mailbox']>;

/** A mailbox that is a channel, and what came by it. */
export class Box {
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

  /** One that is there already. */
  static of(server: Server, id: string): Box {
    return new Box(server, id);
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
