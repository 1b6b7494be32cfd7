// What tests of LMTP share: a client, mails, places for a socket.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from './harness.ts';

/** No test of what comes in sends anything. */
export const SMTP = 'smtp://127.0.0.1:9';

/** A client that sends what it is told, and reads replies. */
export class Lmtp {
  readonly socket: Socket;
  private said = '';
  private over = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (data: Buffer) => (this.said += data.toString()));
    socket.on('close', () => (this.over = true));
    socket.on('error', () => (this.over = true));
  }

  static async open(path: string): Promise<Lmtp> {
    const socket = connect(path);
    await new Promise<void>((done, failed) => socket.once('connect', done).once('error', failed));
    return new Lmtp(socket);
  }

  /** One that has been greeted and has said LHLO. */
  static async greeted(path: string): Promise<Lmtp> {
    const client = await Lmtp.open(path);
    assert.equal(await client.reply(), '220');
    assert.equal(await client.say('LHLO mx.test.example'), '250');
    return client;
  }

  send(bytes: string | Buffer): void {
    this.socket.write(bytes);
  }

  /** The next reply, with all its lines. */
  async replyText(): Promise<string> {
    const whole = /^(?:\d{3}-[^\r\n]*\r\n)*\d{3} [^\r\n]*\r\n/;
    const text = await waitFor('a reply', () => {
      const [found] = whole.exec(this.said) ?? [];
      if (found === undefined && this.over) assert.fail(`it is over: ${this.said}`);
      return found;
    });
    this.said = this.said.slice(text.length);
    return text;
  }

  /** Its code, and the enhanced one where it matters. */
  async reply(): Promise<string> {
    return (await this.replyText()).slice(0, 3);
  }

  async say(line: string): Promise<string> {
    this.send(`${line}\r\n`);
    return await this.reply();
  }

  async replies(n: number): Promise<string[]> {
    const all: string[] = [];
    for (let i = 0; i < n; i++) all.push(await this.reply());
    return all;
  }

  /** From MAIL to the dot; a reply for each recipient. */
  async mail(recipients: string[], content: string | Buffer, sender = 'ada@letters.example'): Promise<string[]> {
    assert.equal(await this.say(`MAIL FROM:<${sender}>`), '250');
    for (const one of recipients) assert.equal(await this.say(`RCPT TO:<${one}>`), '250', one);
    assert.equal(await this.say('DATA'), '354');
    this.send(content);
    this.send('\r\n.\r\n');
    return await this.replies(recipients.length);
  }

  async ends(): Promise<void> {
    await waitFor('the server ends the connection', () => this.over);
  }

  get rest(): string {
    return this.said;
  }

  end(): void {
    this.socket.destroy();
  }
}

let number = 0;
export function message(words: string, more = ''): string {
  return `From: ada@letters.example\r\nMessage-ID: <l${++number}@letters.example>\r\nSubject: ${words}\r\n${more}\r\n${words}`;
}

/** A folder for a socket: a path of one is short. */
export function place(ends: (() => unknown)[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'tl-lmtp-'));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'socket');
}
