// From a small mail to its 2xx, one at a time, nothing else going on: by way of the process that takes it apart.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Bench, Measurement, Runs } from './frame/contract.ts';
import { Instance } from './frame/instance.ts';
import { percentile } from './frame/report.ts';

const PEOPLE = 200;
const TEXT = 'The blue kettle that I ordered last week has a crack in its lid, and the water runs out.\r\n'.repeat(8);

class Mailbox {
  readonly instance: Instance;
  private readonly head: string;
  private readonly socket: Socket;
  private sent = 0;

  private constructor(instance: Instance, path: string, token: string, socket: Socket) {
    this.instance = instance;
    this.socket = socket;
    this.head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\nContent-Type: message/rfc822\r\nContent-Length: `;
  }

  /** With people who have all written before. */
  static async open(bench: Bench): Promise<Mailbox> {
    const instance = await Instance.make(await bench.database());
    await instance.serve();
    const { channel, generated } = await instance.api('channel.create', { type: 'email', name: 'Mail', settings: { address: 'help@shop.example' } });
    const path = new URL(channel?.webhook_url ?? '').pathname;
    while ((await fetch(instance.url + path)).status === 404) await new Promise((resolve) => setTimeout(resolve, 20));
    const socket = connect(instance.port, '127.0.0.1').setNoDelay(true);
    await once(socket, 'connect');
    const mailbox = new Mailbox(instance, path, generated?.['token'] ?? '', socket);
    await mailbox.send(2 * PEOPLE);
    return mailbox;
  }

  /** How long each took, in microseconds. */
  async send(mails: number): Promise<number[]> {
    const took: number[] = [];
    for (let i = 0; i < mails; i++) {
      const n = ++this.sent;
      const mail =
        `From: Person ${n % PEOPLE} <person${n % PEOPLE}@customer.example>\r\nTo: help@shop.example\r\nSubject: Kettle ${n}\r\n` +
        `Message-ID: <${n}@customer.example>\r\nDate: ${new Date().toUTCString()}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${TEXT}`;
      const begun = process.hrtime.bigint();
      this.socket.write(`${this.head}${Buffer.byteLength(mail)}\r\n\r\n${mail}`);
      const [answer] = (await once(this.socket, 'data')) as [Buffer];
      took.push(Number(process.hrtime.bigint() - begun) / 1000);
      if (!answer.toString('latin1').startsWith('HTTP/1.1 200 ')) throw new Error(`a mail was answered: ${answer.toString('latin1')}`);
    }
    return took;
  }

  async end(): Promise<void> {
    this.socket.destroy();
    await this.instance.end();
  }
}

export const MAIL: Measurement = {
  name: 'mail',
  title: 'a mail of 1 kB to commit to 2xx, one at a time, nothing else going on',
  rows: [
    { title: 'one mail: p50', figure: 'p50_us', unit: 'µs' },
    { title: 'one mail: p95', figure: 'p95_us', unit: 'µs' },
  ],
  prepare: async (bench: Bench): Promise<Runs> => {
    const mailbox = await Mailbox.open(bench);
    return {
      ours: async () => {
        const took = await mailbox.send(bench.quick ? 1000 : 3000);
        return { p50_us: percentile(took, 0.5), p95_us: percentile(took, 0.95) };
      },
      end: () => mailbox.end(),
    };
  },
};
