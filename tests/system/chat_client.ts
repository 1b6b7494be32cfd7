// A client of the chat, written from docs/WIDGET.md ("A client of your own") alone: it knows nothing of the widget's code, nor of the types that the
// server generates. Where it does not work, either it or that page is wrong.
import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';

export interface Message {
  id: string;
  version: number;
  at: string;
  mine: boolean;
  client_id?: string | null;
  author_name?: string | null;
  bot?: boolean;
  text?: string | null;
  attachments?: { name: string; type: string; size: number; sha256: string }[] | null;
  delivery: string;
}

interface Hello {
  token: string;
  visitor_id: string | null;
  version: number | null;
  messages: Message[];
  complete: boolean;
  title?: string | null;
  greeting?: string | null;
  away_text?: string | null;
  accent?: string | null;
  online: boolean;
  name?: string | null;
}

interface Refusal {
  code: number;
  message: string;
  data?: { kind: string; field: string | null; reason?: string; retry_after?: number };
}

interface Upload {
  upload: string;
  sha256: string;
  type: string;
}

interface Outgoing {
  client_id: string;
  text: string;
  attachments?: { upload: string; name: string; type: string }[];
  written: number;
  done: (message: Message) => void;
  failed: (error: Refused) => void;
}

export class Refused extends Error {
  readonly kind: string;
  readonly reason: string | null;
  readonly field: string | null;
  readonly retryAfterS: number;
  constructor(refusal: Refusal) {
    super(refusal.message);
    this.kind = refusal.data?.kind ?? 'internal';
    this.reason = refusal.data?.reason ?? null;
    this.field = refusal.data?.field ?? null;
    this.retryAfterS = refusal.data?.retry_after ?? 2;
  }
  get passes(): boolean {
    return ['busy', 'unavailable', 'internal', 'rate_limited'].includes(this.kind);
  }
}

/** Nobody said no: the connection went before the answer came. */
class Lost extends Error {}

const BACKOFF_MS = [500, 15_000] as const;
const PROMPT_MS = 5_000;

export class ChatClient {
  readonly messages = new Map<string, Message>();
  token: string | null = null;
  hello: Hello | null = null;
  online = false;
  typing: string | null = null;
  /** Why it has stopped for good. */
  stopped: Refused | null = null;
  version = 0;
  /** How often it was told to wait. */
  limited = 0;
  /** How often a connection was greeted. */
  greetings = 0;
  private readonly url: string;
  private readonly channel: string;
  private readonly options: { pageUrl?: string; language?: string; origin?: string };
  private socket: WebSocket | null = null;
  private live = false;
  private lastId = 0;
  private tries = 0;
  private sending = false;
  private who: Record<string, unknown> | null = null;
  private readonly calls = new Map<number, { done: (result: never) => void; failed: (error: Error) => void }>();
  private readonly outbox: Outgoing[] = [];
  private readonly arrived = new Set<number>();
  private left = false;
  private wake = (): void => {};

  constructor(url: string, channel: string, options: { token?: string; version?: number; pageUrl?: string; language?: string; origin?: string } = {}) {
    this.url = url.replace(/\/$/, '');
    this.channel = channel;
    this.options = options;
    this.token = options.token ?? null;
    this.version = options.version ?? 0;
    this.connect();
  }

  /** Oldest first, without what is shown no more. */
  get shown(): Message[] {
    const there = [...this.messages.values()].filter((one) => one.delivery !== 'cancelled' && (one.text || one.attachments?.length));
    return there.sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || a.version - b.version);
  }

  get isLive(): boolean {
    return this.live;
  }

  /* ---- what a visitor does ---- */

  /** The message as it is stored; until then it is sent again and again. */
  send(text: string, files: { upload: Upload; name: string }[] = [], clientId: string = randomUUID()): Promise<Message> {
    return new Promise((done, failed) => {
      const attachments = files.map(({ upload, name }) => ({ upload: upload.upload, name, type: upload.type }));
      this.outbox.push({ client_id: clientId, text, ...(attachments.length ? { attachments } : {}), written: Date.now(), done, failed });
      void this.flush();
    });
  }

  async identify(who: { user_id?: string; email?: string; name?: string; expires?: number; signature?: string }): Promise<{ proven: boolean; named: boolean }> {
    const told = await this.call<{ proven: boolean; named: boolean }>('chat.identify', who);
    this.who = who; // until the first message it is with the connection alone
    return told;
  }

  type(typing: boolean): Promise<unknown> {
    return this.call('chat.typing', { typing });
  }

  see(): Promise<unknown> {
    return this.call('chat.seen', { version: Math.max(0, ...[...this.messages.values()].map((one) => one.version)) });
  }

  async upload(name: string, type: string, bytes: Uint8Array<ArrayBuffer>): Promise<Upload> {
    const where = `${this.url}/chat/attachments?${new URLSearchParams({ channel: this.channel, name })}`;
    const answer = await fetch(where, { method: 'POST', headers: { 'X-Visitor-Token': this.token ?? '', 'Content-Type': type }, body: bytes });
    if (!answer.ok) throw new Refused(((await answer.json()) as { error: Refusal }).error);
    return (await answer.json()) as Upload;
  }

  async download({ sha256, type, name }: { sha256: string; type: string; name: string }): Promise<{ type: string; bytes: Uint8Array }> {
    const where = `${this.url}/chat/attachments/${sha256}?${new URLSearchParams({ channel: this.channel, type, name })}`;
    const answer = await fetch(where, { headers: { 'X-Visitor-Token': this.token ?? '' } });
    if (!answer.ok) throw new Refused(((await answer.json()) as { error: Refusal }).error);
    return { type: answer.headers.get('content-type') ?? '', bytes: new Uint8Array(await answer.arrayBuffer()) };
  }

  leave(): void {
    this.left = true;
    this.wake();
    this.socket?.close(1000);
  }

  /** As a network does: nobody is told. */
  cut(): void {
    this.socket?.terminate();
  }

  /* ---- the connection ---- */

  private connect(): void {
    if (this.left || this.stopped) return;
    const { origin } = this.options;
    const socket = new WebSocket(`${this.url.replace(/^http/, 'ws')}/ws/chat`, 'throughline-chat', origin ? { headers: { origin } } : {});
    this.socket = socket;
    socket.on('open', () => void this.greet());
    socket.on('message', (data) => this.take(JSON.parse(String(data)) as never));
    socket.on('error', () => {}); // it closes then
    socket.on('close', () => this.lost());
  }

  private lost(): void {
    this.live = false;
    this.typing = null;
    for (const { failed } of this.calls.values()) failed(new Lost('the connection is gone'));
    this.calls.clear();
    const longest = Math.min(BACKOFF_MS[0] * 2 ** this.tries++, BACKOFF_MS[1]);
    setTimeout(() => this.connect(), longest * (0.5 + Math.random() / 2));
  }

  private call<T>(method: string, params: object): Promise<T> {
    const { socket } = this;
    if (socket?.readyState !== WebSocket.OPEN) return Promise.reject(new Lost('there is no connection'));
    const id = ++this.lastId;
    return new Promise((done, failed) => {
      this.calls.set(id, { done, failed });
      socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    });
  }

  private take(message: { id?: number; method?: string; params?: never; result?: never; error?: Refusal }): void {
    if (message.method === 'chat.message') this.pushed(message.params as unknown as Message);
    else if (message.method === 'chat.presence') this.present(message.params as unknown as { online: boolean; typing: boolean; name?: string | null });
    else if (message.method === 'reload') void this.greet();
    if (message.method !== undefined || message.id === undefined) return;
    const waiting = this.calls.get(message.id);
    this.calls.delete(message.id);
    if (message.error) waiting?.failed(new Refused(message.error));
    else waiting?.done(message.result as never);
  }

  private async greet(): Promise<void> {
    const { pageUrl, language } = this.options;
    try {
      const hello = await this.call<Hello>('chat.hello', {
        channel_id: this.channel,
        ...(this.token ? { token: this.token, version: this.version } : {}),
        ...(pageUrl ? { page_url: pageUrl } : {}),
        ...(language ? { language } : {}),
      });
      this.token = hello.token;
      if (!hello.complete) this.messages.clear();
      for (const message of hello.messages) this.keep(message);
      this.version = hello.version ?? 0;
      this.arrived.clear();
      this.hello = hello;
      this.online = hello.online;
      if (!hello.visitor_id && this.who) await this.call('chat.identify', this.who);
      this.tries = 0;
      this.greetings++;
      this.live = true;
      this.wake();
      void this.flush();
    } catch (error) {
      this.refused(error);
    }
  }

  private refused(error: unknown): void {
    if (!(error instanceof Refused)) return; // the connection went, and comes again
    if (error.field === 'token') {
      this.token = null;
      this.version = 0;
      void this.greet();
    } else if (error.passes) {
      setTimeout(() => void this.greet(), error.retryAfterS * 1000);
    } else {
      this.stopped = error;
      this.socket?.close(1000);
    }
  }

  /* ---- what is known ---- */

  private keep(message: Message): void {
    const known = this.messages.get(message.id);
    if (!known || known.version < message.version) this.messages.set(message.id, message);
  }

  private pushed(message: Message): void {
    this.keep(message);
    this.arrived.add(message.version);
    while (this.arrived.delete(this.version + 1)) this.version++;
  }

  private present({ online, typing, name }: { online: boolean; typing: boolean; name?: string | null }): void {
    this.online = online;
    this.typing = typing ? (name ?? '') : null;
  }

  /* ---- what waits ---- */

  /** So long, or until it was greeted anew: another connection may try at once. */
  private rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** One after the other. */
  private async flush(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    for (let next = this.outbox[0]; next && this.live; next = this.outbox[0]) {
      const over = await this.sendOne(next);
      if (over) this.outbox.shift();
    }
    this.sending = false;
  }

  private async sendOne({ done, failed, written, ...message }: Outgoing): Promise<boolean> {
    try {
      const late = Date.now() - written > PROMPT_MS;
      const stored = await this.call<Message>('chat.send', { ...message, ...(late ? { written_at: new Date(written).toISOString() } : {}) });
      this.pushed(stored); // which may come as a push as well
      done(stored);
      return true;
    } catch (error) {
      if (!(error instanceof Refused)) return false; // the next connection sends it again
      if (error.passes) {
        this.limited += Number(error.kind === 'rate_limited');
        await this.rest(error.retryAfterS * 1000);
        return false;
      }
      failed(error);
      return true;
    }
  }
}
