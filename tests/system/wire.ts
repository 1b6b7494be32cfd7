// HTTP as bytes: what is sent is what the test says, and what came is told apart answer by answer.
import assert from 'node:assert/strict';
import { connect, type Socket as Tcp } from 'node:net';
import { waitFor } from './harness.ts';

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/** The answers in what has come, each with its body; what is left is not whole. */
export function readAnswers(bytes: Buffer, withoutBody = false): Answer[] {
  const answers: Answer[] = [];
  for (let at = 0; ;) {
    const end = bytes.indexOf('\r\n\r\n', at);
    if (end < 0) return answers;
    const [line = '', ...lines] = bytes.subarray(at, end).toString('latin1').split('\r\n');
    const headers = Object.fromEntries(lines.map((each) => [each.slice(0, each.indexOf(':')).toLowerCase(), each.slice(each.indexOf(':') + 2)]));
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(line)?.[1]);
    assert.ok(status, `no answer begins here: ${line}`);
    const size = withoutBody || status < 200 || status === 204 || status === 304 ? 0 : Number(headers['content-length'] ?? 0);
    if (bytes.length < end + 4 + size) return answers;
    answers.push({ status, headers, body: bytes.subarray(end + 4, end + 4 + size) });
    at = end + 4 + size;
  }
}

/** A connection that sends bytes as they are. */
export class Wire {
  readonly tcp: Tcp;
  private parts: Buffer[] = [];
  ended = false;
  closed = false;

  constructor(port: number, from = '127.0.0.1') {
    this.tcp = connect({ port, host: '127.0.0.1', localAddress: from, allowHalfOpen: true });
    this.tcp.setNoDelay();
    this.tcp.on('data', (data: Buffer) => this.parts.push(data));
    this.tcp.on('end', () => (this.ended = true));
    this.tcp.on('close', () => (this.closed = true));
    this.tcp.on('error', () => {});
  }

  send(bytes: string | Buffer): this {
    this.tcp.write(bytes);
    return this;
  }

  get got(): Buffer {
    if (this.parts.length !== 1) this.parts = [Buffer.concat(this.parts)];
    return this.parts[0] as Buffer;
  }

  /** What has come so far is done with. */
  forget(): void {
    this.parts = [];
  }

  get answers(): Answer[] {
    return readAnswers(this.got);
  }

  async answered(n: number, withinMs?: number): Promise<Answer[]> {
    await waitFor(
      `${n} answers, there are ${this.got.toString('latin1').slice(0, 300)}`,
      () => this.answers.length >= n || this.ended || this.closed,
      withinMs,
    );
    assert.equal(this.answers.length, n, this.got.toString('latin1'));
    return this.answers;
  }

  /** The server says that it says no more. */
  async over(withinMs?: number): Promise<Answer[]> {
    await waitFor('the server ends the connection', () => this.ended || this.closed, withinMs);
    this.tcp.destroy();
    return this.answers;
  }
}

export const HOST = 'Host: desk.example\r\n';
export const get = (path: string, headers = ''): string => `GET ${path} HTTP/1.1\r\n${HOST}${headers}\r\n`;
