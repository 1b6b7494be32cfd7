// The other end of our answers: plays LINE's and WhatsApp's APIs, in good moods and bad.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomUUID, waitFor } from '../system/harness.ts';

/** accept: 200. late: 200 after LATE_MS. limit: 429 with Retry-After. fail: 500. silent: no answer. swallow: accepts, and the answer is lost. */
export type Mood = 'accept' | 'late' | 'limit' | 'fail' | 'silent' | 'swallow';

export const LATE_MS = 2500;

export interface Got {
  text: string;
  /** The idempotency key, where the provider has one. */
  key: string | null;
  to: string;
  at: number;
  mood: Mood;
}

export class Provider {
  mood: Mood = 'accept';
  /** What was accepted, in order; a repeated key counts once. */
  readonly got: Got[] = [];
  asked = 0;
  /** The text of each request that was read, repeats as well. */
  readonly askedFor: string[] = [];
  private readonly keys = new Set<string>();
  private readonly server = createServer((request, response) => void this.take(request, response));

  async listen(): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await waitFor('the provider listens', () => this.server.address());
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.method === 'GET') return this.nameOf(request, response);
    this.asked++;
    if (this.mood === 'silent') return;
    if (this.mood === 'limit') {
      response.writeHead(429, { 'retry-after': '1' }).end('{}');
      return;
    }
    if (this.mood === 'fail') {
      response.writeHead(500).end('{}');
      return;
    }
    const body = JSON.parse(Buffer.concat(chunks).toString()) as { to?: string; replyToken?: string; messages?: { text: string }[]; text?: { body: string } };
    const key = request.headers['x-line-retry-key'];
    this.askedFor.push(body.messages?.[0]?.text ?? body.text?.body ?? '');
    const known = typeof key === 'string' && this.keys.has(key);
    if (typeof key === 'string') this.keys.add(key);
    if (!known) this.got.push({ text: body.messages?.[0]?.text ?? body.text?.body ?? '', key: typeof key === 'string' ? key : null, to: body.to ?? `reply ${body.replyToken}`, at: Date.now(), mood: this.mood });
    if (this.mood === 'late') await new Promise((resolve) => setTimeout(resolve, LATE_MS));
    if (this.mood === 'swallow') {
      request.socket.destroy();
      return;
    }
    if (known) response.writeHead(409, { 'x-line-accepted-request-id': 'known' }).end('{"message":"The retry key is already accepted","sentMessages":[{"id":"1"}]}');
    else response.end(JSON.stringify({ sentMessages: [{ id: randomUUID() }], messages: [{ id: `wamid.${randomUUID()}` }] }));
  }

  /** What LINE says somebody is called. */
  private nameOf({ url = '' }: IncomingMessage, response: ServerResponse): void {
    const user = url.split('/').at(-1) ?? '';
    const status = this.mood === 'limit' ? 429 : this.mood === 'fail' ? 500 : 200;
    response.writeHead(status).end(JSON.stringify({ userId: user, displayName: `Friend ${user}` }));
  }

  end(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
