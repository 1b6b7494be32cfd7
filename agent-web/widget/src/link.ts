// The connection: JSON-RPC 2.0 over one WebSocket that heals itself. It knows nothing of chats.
import type { Methods, Notifications } from '@throughline/protocol';

export type Phase = 'idle' | 'connecting' | 'greeting' | 'live' | 'away' | 'refused';

const BACKOFF_MS = [500, 15_000] as const;
const CALL_MS = 15_000;
const CONNECT_MS = 15_000;
const PROBE_MS = 5_000;
/** Nothing heard for so long: ask, and take silence for a dead connection. */
const QUIET_MS = 45_000;

export class CallError extends Error {
  readonly kind: string;
  readonly field: string | null;
  constructor(kind: string, message: string, field: string | null = null) {
    super(message);
    this.kind = kind;
    this.field = field;
  }
  /** Nobody said no: the same call may well succeed later. */
  get passing(): boolean {
    return ['network', 'timeout', 'busy', 'unavailable', 'internal', 'rate_limited'].includes(this.kind);
  }
}

interface Wire {
  id?: number | null;
  method?: keyof Notifications;
  params?: never;
  result?: never;
  error?: { message: string; data?: { kind: string; field: string | null } };
}

interface Pending {
  resolve: (result: never) => void;
  reject: (error: CallError) => void;
  timer: number;
}

export interface LinkHandlers {
  /** First thing on each new connection; when it fails for good the link gives up. */
  greet: () => Promise<void>;
  push: <N extends keyof Notifications>(name: N, params: Notifications[N]) => void;
  phase: (phase: Phase) => void;
}

export class Link {
  phase: Phase = 'idle';
  private readonly url: string;
  private readonly on: LinkHandlers;
  private socket: WebSocket | null = null;
  private readonly pending = new Map<number, Pending>();
  private lastId = 0;
  private tries = 0;
  private heardAt = 0;
  private retry = 0;
  /** Told to greet again while a greeting was under way. */
  private stale = false;

  constructor(url: string, on: LinkHandlers) {
    this.url = url;
    this.on = on;
    window.addEventListener('online', () => this.wake());
    window.addEventListener('offline', () => this.phase === 'live' && void this.probe());
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && this.wake());
    // A page with an open socket cannot be kept for the back button.
    window.addEventListener('pagehide', () => this.drop('idle'));
    window.addEventListener('pageshow', (event) => event.persisted && this.connect());
    window.setInterval(() => document.visibilityState === 'visible' && this.phase === 'live' && this.checkQuiet(), QUIET_MS / 3);
  }

  connect(): void {
    if (this.socket || this.phase === 'refused') return;
    clearTimeout(this.retry);
    this.move('connecting');
    let socket: WebSocket;
    try {
      socket = new WebSocket(this.url, 'throughline-chat');
    } catch {
      this.move('refused'); // the page's own content security policy forbids it
      return;
    }
    this.socket = socket;
    this.retry = window.setTimeout(() => this.lost(), CONNECT_MS);
    socket.onopen = () => void this.greet(socket);
    socket.onmessage = (event) => this.socket === socket && this.take(String(event.data));
    socket.onclose = () => this.socket === socket && this.lost();
  }

  /** Begins anew, with a greeting: who the visitor is has changed. */
  restart(): void {
    if (this.phase === 'refused') return;
    this.drop('idle');
    this.tries = 0;
    this.connect();
  }

  /** A greeting on the same connection: something may have been missed. */
  again(): void {
    if (this.phase === 'greeting') this.stale = true;
    else if (this.socket && this.phase === 'live') void this.greet(this.socket);
  }

  /** Tries now instead of at the next turn. */
  wake(): void {
    if (this.phase === 'away') this.connect();
    else if (this.phase === 'live') this.checkQuiet(PROBE_MS);
  }

  call<M extends keyof Methods>(method: M, params: Methods[M]['params'], within = CALL_MS): Promise<Methods[M]['result']> {
    const socket = this.socket;
    if (socket?.readyState !== WebSocket.OPEN) return Promise.reject(new CallError('network', 'away'));
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      const timer = window.setTimeout(() => {
        this.pending.delete(id);
        reject(new CallError('timeout', 'away'));
        if (this.socket === socket) this.lost();
      }, within);
      this.pending.set(id, { resolve, reject, timer });
      socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    });
  }

  private async greet(socket: WebSocket): Promise<void> {
    if (this.socket !== socket) return;
    clearTimeout(this.retry);
    this.heardAt = Date.now();
    this.move('greeting');
    try {
      do {
        this.stale = false;
        await this.on.greet();
        if (this.socket !== socket) return;
      } while (this.stale);
      this.tries = 0;
      this.move('live');
    } catch (error) {
      if (this.socket !== socket) return;
      if (error instanceof CallError && !error.passing) {
        this.drop('refused');
        console.warn(error.message);
      } else {
        if (!(error instanceof CallError)) console.error(error);
        this.lost();
      }
    }
  }

  private take(text: string): void {
    this.heardAt = Date.now();
    const message = JSON.parse(text) as Wire;
    if (message.method) {
      this.on.push(message.method, message.params as never);
      return;
    }
    const waiting = this.pending.get(message.id ?? 0);
    if (!waiting) return;
    this.pending.delete(message.id ?? 0);
    clearTimeout(waiting.timer);
    const { error } = message;
    if (error) waiting.reject(new CallError(error.data?.kind ?? 'internal', error.message, error.data?.field));
    else waiting.resolve(message.result as never);
  }

  private checkQuiet(limit = QUIET_MS): void {
    if (Date.now() - this.heardAt > limit) void this.probe();
  }

  /** A call without effect; when it is not answered the connection is taken for dead. */
  private async probe(): Promise<void> {
    await this.call('chat.typing', { typing: false }, PROBE_MS).catch(() => {});
  }

  private drop(phase: Phase): void {
    clearTimeout(this.retry);
    const socket = this.socket;
    this.socket = null;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    }
    for (const waiting of this.pending.values()) {
      clearTimeout(waiting.timer);
      waiting.reject(new CallError('network', 'away'));
    }
    this.pending.clear();
    if (this.phase !== 'refused') this.move(phase);
  }

  private lost(): void {
    this.drop('away');
    const longest = Math.min(BACKOFF_MS[0] * 2 ** this.tries++, BACKOFF_MS[1]);
    this.retry = window.setTimeout(() => this.connect(), longest * (0.5 + Math.random() / 2));
  }

  private move(phase: Phase): void {
    if (this.phase === phase) return;
    this.phase = phase;
    this.on.phase(phase);
  }
}
