// People who write to the test's shop, through the front door.
import assert from 'node:assert/strict';
import {
  composeMail,
  deliver,
  type LineEvent,
  lineRequest,
  lineStickerEvent,
  lineTextEvent,
  lineUserId,
  type Mail,
  rfc822Request,
} from '../../../agent-web/play/providers.ts';
import type { Server } from '../../system/harness.ts';

export class LineFriend {
  readonly userId = lineUserId();
  private readonly hook: { url: string; channelSecret: string };

  private constructor(hook: { url: string; channelSecret: string }) {
    this.hook = hook;
  }

  /** Connects a LINE account; `with` gives others on the same account. */
  static async of(server: Server, name = 'LINE'): Promise<LineFriend> {
    const channelSecret = 'line-secret';
    const { url } = await server.channel('line', name, { channel_secret: channelSecret, access_token: 'x' });
    return new LineFriend({ url, channelSecret });
  }

  another(): LineFriend {
    return new LineFriend(this.hook);
  }

  write(text: string): Promise<void> {
    return this.send(lineTextEvent(this.userId, text));
  }

  stick(words: string[]): Promise<void> {
    return this.send(lineStickerEvent(this.userId, words));
  }

  private async send(event: LineEvent): Promise<void> {
    const sent = await deliver(lineRequest(this.hook, [event]));
    assert.equal(sent.status, 200, sent.text);
  }
}

export class MailBox {
  private readonly hook: { url: string; token: string };

  private constructor(hook: { url: string; token: string }) {
    this.hook = hook;
  }

  static async of(server: Server, smtp = 'smtp://127.0.0.1:9'): Promise<MailBox> {
    const token = 'mail-token-of-the-test';
    const { url } = await server.channel('email', 'Mail', { address: 'help@shop.example', smtp_url: smtp, token });
    return new MailBox({ url, token });
  }

  /** A mail as it is on the wire. */
  async raw(mail: string): Promise<void> {
    const sent = await deliver(rfc822Request(this.hook, Buffer.from(mail)));
    assert.equal(sent.status, 200, sent.text);
  }

  /** `header`: a further line of the head. */
  async receive(mail: Partial<Mail> & Pick<Mail, 'from' | 'text'>, header = ''): Promise<void> {
    const raw = await composeMail({ fromName: 'Somebody', to: 'help@shop.example', subject: 'A question', ...mail });
    const whole = header ? Buffer.concat([Buffer.from(`${header}\r\n`), raw]) : raw;
    const sent = await deliver(rfc822Request(this.hook, whole));
    assert.ok(sent.status >= 200 && sent.status < 300, `${sent.status} ${sent.text}`);
  }
}
