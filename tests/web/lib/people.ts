// People who write to the test's shop, through the front door.
import assert from 'node:assert/strict';
import {
  composeMail, deliver, lineRequest, lineTextEvent, lineUserId, type Mail, rfc822Request,
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

  async write(text: string): Promise<void> {
    const sent = await deliver(lineRequest(this.hook, [lineTextEvent(this.userId, text)]));
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

  async receive(mail: Partial<Mail> & Pick<Mail, 'from' | 'text'>): Promise<void> {
    const raw = await composeMail({ fromName: 'Somebody', to: 'help@shop.example', subject: 'A question', ...mail });
    const sent = await deliver(rfc822Request(this.hook, raw));
    assert.ok(sent.status >= 200 && sent.status < 300, `${sent.status} ${sent.text}`);
  }
}
