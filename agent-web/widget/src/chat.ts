// The chat as it is known here: messages, what waits to be sent, who is there. It draws nothing.
import type { ChatHello, ChatIdentifyParams, ChatMessage, ChatPresencePush } from '@throughline/protocol';
import { CallError, Link, type Phase } from './link.ts';
import type { Options } from './options.ts';
import { type FileRef, Outbox, type Outgoing } from './outbox.ts';
import { Box } from '@throughline/protocol/browser';
import { contextOf } from './context.ts';
import { cleanText } from './text.ts';
import { chooseLanguage } from './words.ts';

export interface Look {
  title: string;
  accent: string;
  greeting: string;
  away: string;
}

/** What is kept in the browser, shared by all tabs of the site. */
interface Kept {
  token: string;
  /** The server knows this visitor: something has been sent. */
  known: boolean;
  version: number;
  messages: ChatMessage[];
  look: Look;
  /** Left by the visitor for an answer. */
  email: string;
  /** Does not want to leave an address. */
  noEmail: boolean;
  /** What the site said of the visitor and the server accepted. */
  identity: ChatIdentifyParams;
}

const KEEP_MESSAGES = 60;
const KEEP_BYTES = 400_000;
/** Whoever wrote a message sends it; another tab takes over what is still there after so long. */
const TAKE_OVER_MS = 8_000;
const RETRY_MS = 2_000;
/** Sent at once a message needs no time of its own: the server's clock is the better one. */
const PROMPT_MS = 5_000;
const TYPING_EVERY_MS = 3_000;
const PAUSE_MS = 600;
/** In UTF-16 units, so that it fits as UTF-8 too. */
const PREVIEW_MAX = 160;

export type ChatEvent = 'change' | 'message';
const shown = (message: ChatMessage): boolean => message.delivery !== 'cancelled';
const at = (message: ChatMessage): number => (message.at ? Date.parse(message.at) : 0);
const wait = (ms: number): Promise<void> => new Promise((resolve) => window.setTimeout(resolve, ms));

/** By its name: the sentence is the widget's, in the reader's language, where it has one. */
function reasonOf(error: unknown): string {
  if (error instanceof CallError && error.field === 'attachments') return 'file_gone';
  return error instanceof CallError ? error.kind : 'failed';
}

/** Every page brings a signature with another end: that is no news. */
const personOf = ({ email, name, user_id, signature }: ChatIdentifyParams): string =>
  JSON.stringify([email ?? '', name ?? '', user_id ?? '', Boolean(signature)]);

export class Chat {
  readonly outbox: Outbox;
  readonly link: Link;
  readonly options: Options;
  online = false;
  /** Agents see what is typed before it is sent. */
  previews = false;
  /** Name of the agent who writes now; '' when it is not known. */
  typing: string | null = null;
  token: string | null = null;
  known = false;
  email = '';
  noEmail = false;
  private readonly box: Box;
  private readonly messages = new Map<string, ChatMessage>();
  private readonly arrived = new Set<number>();
  private readonly listeners: Record<ChatEvent, ((message?: ChatMessage) => void)[]> = { change: [], message: [] };
  private channelLook: Look | null = null;
  private version = 0;
  private identity: ChatIdentifyParams | null = null;
  private wantedIdentity: ChatIdentifyParams | null = null;
  private flushing = false;
  private typingSentAt = 0;
  private pausing = 0;
  private seenVersion = 0;
  private told = 0;

  constructor(options: Options) {
    this.options = options;
    this.box = new Box(`throughline:${options.channel}`);
    this.outbox = new Outbox(this.box);
    this.load();
    const url = new URL('ws/chat', options.base);
    url.protocol = url.protocol.replace('http', 'ws');
    this.link = new Link(url.href, {
      greet: () => this.greet(),
      push: (name, params) => {
        if (name === 'chat.message') this.receive(params as ChatMessage);
        else if (name === 'chat.presence') this.presence(params as ChatPresencePush);
        else if (name === 'reload') this.link.again();
      },
      phase: (phase) => this.moved(phase),
    });
    this.box.onOther((key) => this.otherTab(key));
  }

  on(event: ChatEvent, listener: (message?: ChatMessage) => void): void {
    this.listeners[event].push(listener);
  }

  /** null: never heard of the server. What the page says goes before what the channel says. */
  get look(): Look | null {
    const { title, accent, greeting, away } = this.options;
    const own = this.channelLook;
    return own && { title: title ?? own.title, accent: accent ?? own.accent, greeting: greeting ?? own.greeting, away: away ?? own.away };
  }

  /** Oldest first. */
  history(): ChatMessage[] {
    return [...this.messages.values()].filter(shown).sort((a, b) => at(a) - at(b) || (a.version ?? 0) - (b.version ?? 0));
  }

  /** Those that are not in the history yet. */
  waiting(): Outgoing[] {
    const acknowledged = new Set([...this.messages.values()].map((message) => message.client_id));
    return this.outbox.list().filter((message) => !acknowledged.has(message.id));
  }

  unread(): ChatMessage[] {
    return this.history().filter((message) => !message.mine && message.delivery !== 'read' && (message.version ?? 0) > this.seenVersion);
  }

  /* ---- what the visitor does ---- */

  send(text: string, files: FileRef[]): void {
    clearTimeout(this.pausing);
    this.outbox.add(cleanText(text).trim(), files);
    this.typingSentAt = 0;
    this.changed();
    void this.flush();
  }

  tryAgain(id: string): void {
    this.outbox.mark(id, undefined);
    this.changed();
    void this.flush();
  }

  discard(id: string): void {
    this.outbox.remove(id);
    this.changed();
  }

  /** What was typed goes along only where the site shows it to agents, and then again when the visitor pauses. */
  types(text: string): void {
    if (!this.known || this.link.phase !== 'live') return;
    const typing = text !== '';
    clearTimeout(this.pausing);
    if (this.previews && typing) this.pausing = window.setTimeout(() => this.sayTyping(text), PAUSE_MS);
    if (typing ? Date.now() - this.typingSentAt < TYPING_EVERY_MS : this.typingSentAt === 0) return;
    this.sayTyping(text);
  }

  private sayTyping(text: string): void {
    const typing = text !== '';
    this.typingSentAt = typing ? Date.now() : 0;
    const shown = this.previews && typing ? { text: cleanText(text.slice(-PREVIEW_MAX)).replace(/^[\udc00-\udfff]/, '') } : {};
    this.link.call('chat.typing', { typing, ...shown }).catch(() => {});
  }

  /** All that is shown has been seen. */
  seen(): void {
    const unread = this.unread();
    if (!unread.length) return;
    const version = Math.max(...unread.map((message) => message.version ?? 0));
    this.seenVersion = version;
    this.changed();
    if (this.link.phase === 'live') this.tellSeen();
  }

  private tellSeen(): void {
    if (!this.seenVersion) return;
    this.link.call('chat.seen', { version: this.seenVersion }).catch(() => {});
  }

  async leaveEmail(email: string): Promise<void> {
    await this.link.call('chat.identify', { email });
    this.email = email;
    this.save();
    this.changed();
  }

  declineEmail(): void {
    this.noEmail = true;
    this.save();
    this.changed();
  }

  /* ---- what the site says ---- */

  /** Told to the server with the first message: nobody is noted who has not written. Another person begins anew. */
  identify(who: ChatIdentifyParams): void {
    const mark = (person: ChatIdentifyParams | null): string | null | undefined => person?.user_id ?? person?.email;
    if (mark(this.identity) && mark(who) && mark(this.identity) !== mark(who)) this.forget();
    this.wantedIdentity = who;
    this.changed();
    void this.flush();
  }

  /** Removes all that is kept here; the next message comes from a new visitor. */
  forget(): void {
    this.box.clear();
    this.reset();
    this.wantedIdentity = null;
    this.link.restart();
    this.changed();
  }

  get draft(): string {
    return this.box.get(':draft') ?? '';
  }

  set draft(text: string) {
    if (text) this.box.set(':draft', text);
    else this.box.remove(':draft');
  }

  /* ---- kept in the browser ---- */

  private reset(): void {
    this.messages.clear();
    this.arrived.clear();
    this.token = null;
    this.known = this.noEmail = false;
    this.version = this.seenVersion = 0;
    this.identity = null;
    this.email = '';
    this.typing = null;
  }

  private load(): void {
    const kept = this.box.read<Kept>('');
    if (!kept || typeof kept.token !== 'string') return;
    this.token = kept.token;
    this.known = kept.known === true;
    this.channelLook = kept.look ?? this.channelLook;
    this.email = kept.email ?? '';
    this.noEmail = kept.noEmail === true;
    this.identity = kept.identity ?? null;
    this.version = Math.max(this.version, Number(kept.version) || 0);
    for (const message of Array.isArray(kept.messages) ? kept.messages : []) this.keep(message);
  }

  private save(merge = true): void {
    const kept = this.box.read<Kept>('');
    if (merge && kept && kept.token === this.token) {
      for (const message of kept.messages ?? []) this.keep(message);
      this.version = Math.max(this.version, kept.version ?? 0);
    }
    if (!this.token) return;
    let messages = this.history().slice(-KEEP_MESSAGES);
    const text = (): string =>
      JSON.stringify({
        token: this.token ?? '',
        known: this.known,
        version: this.version,
        messages,
        ...(this.channelLook ? { look: this.channelLook } : {}),
        email: this.email,
        noEmail: this.noEmail,
        ...(this.identity ? { identity: this.identity } : {}),
      } satisfies Partial<Kept>);
    while (messages.length > 1 && text().length > KEEP_BYTES) messages = messages.slice(Math.ceil(messages.length / 4));
    this.box.set('', text());
  }

  private otherTab(key: string | null): void {
    if (key !== null && Outbox.isKey(key)) {
      this.changed();
      window.setTimeout(() => void this.flush(), TAKE_OVER_MS);
      return;
    }
    if (key !== null && key !== '') return;
    const { token, known } = this;
    const kept = this.box.read<Kept>('');
    if (kept?.token !== token) this.reset();
    this.load();
    // The server does not yet push to this tab what belongs to a visitor that another tab has made known.
    if (this.token !== token || this.known !== known) this.link.restart();
    this.changed();
  }

  /* ---- with the server ---- */

  private async greet(): Promise<void> {
    const { token } = this;
    let hello: ChatHello;
    try {
      hello = await this.link.call('chat.hello', {
        channel_id: this.options.channel,
        ...(token ? { token, version: this.version } : {}),
        page_url: location.href.slice(0, 1000),
        language: navigator.language.slice(0, 16),
        speaks: chooseLanguage(this.options.language, document.documentElement.lang, navigator.languages),
        ...(this.options.context ? contextOf(this.options.channel) : {}),
      });
    } catch (error) {
      if (!(error instanceof CallError) || error.field !== 'token') throw error;
      this.reset();
      this.box.remove('');
      return this.greet();
    }
    const other = this.box.read<Kept>('');
    if (other?.token && other.token !== hello.token) {
      this.reset(); // another tab was first
      this.load();
      return this.greet();
    }
    this.welcome(hello);
  }

  private welcome(hello: ChatHello): void {
    this.token = hello.token;
    this.known = hello.visitor_id !== null;
    if (!this.known) this.identity = null; // what was said before the first message went with the connection
    this.online = hello.online;
    this.previews = hello.typing_preview ?? false;
    this.typing = null;
    this.channelLook = {
      title: hello.title ?? '',
      accent: hello.accent ?? '',
      greeting: hello.greeting ?? '',
      away: hello.away_text ?? '',
    };
    const before = hello.complete ? new Set<string>() : new Set(this.messages.keys());
    if (!hello.complete) {
      this.messages.clear();
      this.version = hello.version ?? 0;
    }
    this.arrived.clear();
    const fresh = hello.messages.filter((message) => this.keep(message) && !message.mine && !before.has(message.id));
    this.version = Math.max(this.version, hello.version ?? 0);
    if (this.known) this.settle();
    this.save(hello.complete);
    for (const message of fresh) if (message.delivery !== 'read') this.emit('message', message);
  }

  private moved(phase: Phase): void {
    if (phase !== 'live' && phase !== 'greeting') this.typing = null;
    if (phase === 'live') {
      this.typingSentAt = 0;
      this.tellSeen();
      void this.flush();
    }
    this.changed();
  }

  private receive(message: ChatMessage): void {
    const isNew = !this.messages.has(message.id);
    if (!this.keep(message)) return;
    this.known = true;
    this.arrived.add(message.version ?? 0);
    // Other changes than messages count too and are not told here: then the next hello answers a little more than was missed.
    while (this.arrived.delete(this.version + 1)) this.version++;
    if (message.client_id) this.outbox.remove(message.client_id);
    if (isNew && !message.mine) this.typing = null;
    this.save();
    this.changed();
    if (isNew && !message.mine && shown(message)) this.emit('message', message);
  }

  private presence(presence: ChatPresencePush): void {
    this.online = presence.online;
    this.typing = presence.typing ? (presence.name ?? '') : null;
    this.changed();
  }

  /** The one with the higher version stays. */
  private keep(message: ChatMessage): boolean {
    if (typeof message?.id !== 'string') return false;
    const known = this.messages.get(message.id);
    if (known && (known.version ?? 0) >= (message.version ?? 0)) return false;
    this.messages.set(message.id, message);
    return true;
  }

  /** Acknowledged on another connection, or by an answer that was lost. */
  private settle(): void {
    for (const message of this.messages.values()) if (message.client_id) this.outbox.remove(message.client_id);
  }

  /** One after the other, so that they arrive in order. */
  private async flush(): Promise<void> {
    if (this.flushing) return;
    this.flushing = true;
    try {
      for (;;) {
        const next = (): Outgoing | undefined => this.outbox.list().find((message) => !message.error);
        if (this.link.phase !== 'live') break;
        if (this.known || next()) await this.tellIdentity();
        const message = next(); // only now: it may have been written meanwhile
        if (!message) break;
        await this.sendOne(message);
      }
    } finally {
      this.flushing = false;
    }
  }

  private async tellIdentity(): Promise<void> {
    const who = this.wantedIdentity;
    if (!who || (this.identity && personOf(who) === personOf(this.identity))) return;
    try {
      await this.link.call('chat.identify', who);
      this.identity = who;
      this.save();
    } catch (error) {
      if (error instanceof CallError && error.passing) return;
      this.wantedIdentity = null;
      console.warn(`Throughline chat: ${String((error as Error).message)}`);
    }
  }

  private async sendOne(message: Outgoing): Promise<void> {
    try {
      const late = Date.now() - message.writtenAt > PROMPT_MS;
      const sent = await this.link.call('chat.send', {
        client_id: message.id,
        text: message.text,
        ...(message.files.length ? { attachments: message.files.map(({ upload, name, type }) => ({ upload: upload ?? '', name, type })) } : {}),
        ...(late ? { written_at: new Date(message.writtenAt).toISOString() } : {}),
      });
      this.known = true;
      this.keep(sent);
      this.save();
      this.outbox.remove(message.id);
    } catch (error) {
      if (!(error instanceof CallError) || !error.passing) this.outbox.mark(message.id, reasonOf(error));
      else if (this.link.phase === 'live') await wait(RETRY_MS * (0.5 + Math.random()));
    }
    this.changed();
  }

  private changed(): void {
    if (this.told) return;
    this.told = window.setTimeout(() => {
      this.told = 0;
      this.emit('change');
    }, 0);
  }

  private emit(event: ChatEvent, message?: ChatMessage): void {
    for (const listener of this.listeners[event]) listener(message);
  }
}
