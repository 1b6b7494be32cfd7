// From a small mail to its 2xx, one at a time, nothing else going on: by way of the process that takes it apart.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import type { Bench, Measurement, Runs } from './frame/contract.ts';
import { Instance } from './frame/instance.ts';
import { percentile } from './frame/report.ts';

const PEOPLE = 200;
const TEXT = 'The blue kettle that I ordered last week has a crack in its lid, and the water runs out.\r\n'.repeat(8);

/** What the server and the processes that its threads have started hold in memory and nowhere else, in MB: without what is mapped from a file. */
function held(pid: number): number {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) => readOr(`/proc/${pid}/task/${task}/children`).split(' ').filter(Boolean).map(Number));
  return [pid, ...children].map(privateKb).reduce((sum, kb) => sum + kb, 0) / 1024;
}

/** Nothing of what has just ended. */
function readOr(path: string): string {
  try {
    return readFileSync(path, 'latin1').trim();
  } catch {
    return '';
  }
}

const privateKb = (pid: number): number => Number(/^RssAnon:\s+(\d+)/m.exec(readOr(`/proc/${pid}/status`))?.[1] ?? 0);

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

  /** One mail with a file of 18 MB, which is 25 MB in base64; what server and parsers hold at most meanwhile, more than before. */
  async sendLarge(): Promise<{ large_ms: number; large_mb: number }> {
    const n = ++this.sent;
    const lines = randomBytes(18_000_000).toString('base64').replace(/.{76}/g, '$&\r\n');
    const mail =
      `From: Person 1 <person1@customer.example>\r\nTo: help@shop.example\r\nSubject: Film ${n}\r\nMessage-ID: <${n}@customer.example>\r\nMIME-Version: 1.0\r\n` +
      `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n${TEXT}\r\n--b\r\nContent-Type: video/mp4; name=film.mp4\r\n` +
      `Content-Transfer-Encoding: base64\r\n\r\n${lines}\r\n--b--\r\n`;
    const before = held(this.instance.pid);
    const begun = performance.now();
    let most = before;
    const answered = once(this.socket, 'data') as Promise<[Buffer]>;
    let over = false;
    const sampled = (async () => {
      for (; !over; await new Promise((resolve) => setTimeout(resolve, 2))) most = Math.max(most, held(this.instance.pid));
    })();
    this.socket.write(`${this.head}${Buffer.byteLength(mail)}\r\n\r\n`);
    this.socket.write(mail);
    const [answer] = await answered;
    const took = performance.now() - begun;
    over = true;
    await sampled;
    if (!answer.toString('latin1').startsWith('HTTP/1.1 200 ')) throw new Error(`a large mail was answered: ${answer.toString('latin1')}`);
    return { large_ms: took, large_mb: most - before };
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
    { title: 'one of 25 MB', figure: 'large_ms', unit: 'ms' },
    { title: '… what server and parsers hold meanwhile, more than before', figure: 'large_mb', unit: 'MB', aim: { most: 60 } },
  ],
  prepare: async (bench: Bench): Promise<Runs> => {
    const mailbox = await Mailbox.open(bench);
    return {
      ours: async () => {
        const took = await mailbox.send(bench.quick ? 1000 : 3000);
        return { p50_us: percentile(took, 0.5), p95_us: percentile(took, 0.95), ...(await mailbox.sendLarge()) };
      },
      end: () => mailbox.end(),
    };
  },
};
