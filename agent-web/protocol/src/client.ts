// The connection: JSON-RPC 2.0 over one WebSocket that heals itself.
import { CallError, callError, type WireError } from './error.ts';
import { ONCE, type Methods, type Notifications } from './generated.ts';

/**
 * connecting   never been open yet
 * catching_up  open again; what was missed is being fetched
 * live         open, and everything shown is true
 * away         lost; trying again
 * logged_out   the session has ended; connect() again after logging in
 * closed       by close()
 */
export type Phase = 'connecting' | 'catching_up' | 'live' | 'away' | 'logged_out' | 'closed';

export interface ConnectionState {
  phase: Phase;
  /** Since when, as Date.now(). */
  since: number;
  /** When the next try to connect is due; only while away. */
  nextTry: number | null;
  /** A call waits for longer than it should, and it is being found out whether anybody is there. */
  doubtful: boolean;
}

/** The part of a WebSocket that is used here: the browser's own, and that of the package ws. */
export interface Socket {
  readyState: number;
  send(text: string): void;
  close(code?: number, reason?: string): void;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  onerror: (() => void) | null;
}

export interface ClientOptions {
  /** Asked for when one is opened. */
  url: string | (() => string);
  /** How to open one; default: the global WebSocket. */
  open?: (url: string, protocol: string) => Socket;
  /** No answer within: the call fails with kind timeout. */
  callTimeoutMs?: number;
  /** Nothing heard for so long: ask whether anybody is there. */
  quietMs?: number;
  /** The same, while a call is unanswered. */
  unansweredMs?: number;
  /** The question gets no answer for so long: the connection is dead. So it is when it does not open within. */
  probeMs?: number;
  /** Waits between tries to connect: [first, longest]. */
  backoffMs?: [number, number];
}

type Handler<N extends keyof Notifications> = (params: Notifications[N]) => void;
type Resync = () => Promise<void> | void;

interface Pending {
  id: number;
  text: string;
  repeatable: boolean;
  sent: boolean;
  resolve: (result: never) => void;
  reject: (error: CallError) => void;
  timer: ReturnType<typeof setTimeout>;
}

export const CLOSE_LOGGED_OUT = 4401;
const OPEN = 1;

export class Client {
  private readonly options: Required<ClientOptions>;
  private socket: Socket | null = null;
  private state: ConnectionState = { phase: 'closed', since: Date.now(), nextTry: null, doubtful: false };
  private readonly pending = new Map<number, Pending>();
  private readonly handlers = new Map<string, Set<Handler<never>>>();
  private readonly resyncs = new Set<Resync>();
  private readonly watchers = new Set<(state: ConnectionState) => void>();
  private lastId = 0;
  private tries = 0;
  private generation = 0;
  private rounds = 0;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  /** Until when silence is nothing odd; one for all calls. */
  private quietTimer: ReturnType<typeof setTimeout> | undefined;
  private quietUntil = Infinity;
  private probing = false;
  /** Since when nothing is known for sure, however often it was open for a moment meanwhile. */
  private awaySince: number | null = null;

  constructor(options: ClientOptions) {
    this.options = {
      open: (url, protocol) => new WebSocket(url, protocol) as unknown as Socket,
      callTimeoutMs: 20_000,
      quietMs: 25_000,
      unansweredMs: 3_000,
      probeMs: 4_000,
      backoffMs: [400, 15_000],
      ...options,
    };
  }

  /** Opens the connection and keeps it open until close() or the end of the session. */
  connect(): void {
    if (this.socket) return;
    if (this.state.phase === 'closed' || this.state.phase === 'logged_out') this.move('connecting');
    this.open();
  }

  close(): void {
    this.drop();
    this.failAll(new CallError('closed', 'The connection was closed.'));
    this.move('closed');
  }

  /** Tries now instead of at the next turn: the network is back, or the page is looked at again. */
  wake(): void {
    if (this.state.phase === 'away' && this.socket?.readyState !== OPEN) {
      this.drop();
      this.open();
    } else if (this.state.phase === 'live' && !this.probing) this.probe();
  }

  /** Calls wait for the connection; after a loss those that are safe to repeat are sent again. */
  call<M extends keyof Methods>(method: M, params: Methods[M]['params']): Promise<Methods[M]['result']> {
    if (this.state.phase === 'closed' || this.state.phase === 'logged_out') return Promise.reject(new CallError('closed', 'There is no connection.'));
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      const pending: Pending = {
        id,
        text: JSON.stringify({ jsonrpc: '2.0', id, method, params }),
        repeatable: !ONCE.has(method),
        sent: false,
        resolve,
        reject,
        timer: setTimeout(() => {
          this.pending.delete(id);
          reject(new CallError('timeout', 'The server did not answer in time.'));
        }, this.options.callTimeoutMs),
      };
      this.pending.set(id, pending);
      this.transmit(pending);
    });
  }

  /** Returns the function that ends it. */
  on<N extends keyof Notifications>(name: N, handler: Handler<N>): () => void {
    const set = this.handlers.get(name) ?? new Set();
    this.handlers.set(name, set);
    set.add(handler as Handler<never>);
    return () => set.delete(handler as Handler<never>);
  }

  /** Runs each time the connection is open; the phase is `live` only when all of these have ended. */
  onOpen(resync: Resync): () => void {
    this.resyncs.add(resync);
    return () => this.resyncs.delete(resync);
  }

  onState(watcher: (state: ConnectionState) => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  getState(): ConnectionState {
    return this.state;
  }

  private move(phase: Phase, nextTry: number | null = null): void {
    if (phase === 'live') this.awaySince = null;
    if (phase === 'away') this.awaySince ??= Date.now();
    const since = phase === this.state.phase ? this.state.since : phase === 'away' && this.awaySince ? this.awaySince : Date.now();
    this.tell({ phase, since, nextTry, doubtful: false });
  }

  private tell(state: ConnectionState): void {
    this.state = state;
    for (const watcher of this.watchers) watcher(state);
  }

  private open(): void {
    clearTimeout(this.retryTimer);
    const generation = ++this.generation;
    const { url, open } = this.options;
    const socket = open(typeof url === 'string' ? url : url(), 'throughline');
    this.socket = socket;
    socket.onopen = () => void this.opened(generation);
    socket.onmessage = (event) => generation === this.generation && this.heard(String(event.data));
    socket.onerror = () => undefined;
    socket.onclose = (event) => generation === this.generation && this.lost(event.code);
    this.expect(this.options.probeMs * 2, () => this.lost(1006)); // a server that stands still takes connections and opens none
  }

  private async opened(generation: number): Promise<void> {
    if (generation !== this.generation) return;
    this.listen();
    for (const pending of this.pending.values()) if (!pending.sent) this.transmit(pending);
    await this.catchUp(generation);
  }

  private async catchUp(generation: number): Promise<void> {
    const round = ++this.rounds;
    this.move('catching_up');
    try {
      await Promise.all([...this.resyncs].map(async (resync) => resync()));
    } catch {
      if (generation !== this.generation) return;
      this.lost(1006);
      return;
    }
    if (generation !== this.generation || round !== this.rounds || this.state.phase !== 'catching_up') return;
    this.tries = 0;
    this.move('live');
  }

  private transmit(pending: Pending): void {
    if (this.socket?.readyState !== OPEN) return;
    pending.sent = true;
    this.socket.send(pending.text);
    const { unansweredMs } = this.options;
    if (!this.probing && Date.now() + unansweredMs < this.quietUntil) this.expect(unansweredMs, () => this.probe());
  }

  private heard(text: string): void {
    const message = JSON.parse(text) as {
      id?: number;
      method?: string;
      params?: unknown;
      result?: unknown;
      error?: WireError;
    };
    const pending = message.id === undefined ? undefined : this.pending.get(message.id);
    if (pending) this.settle(pending);
    this.listen();
    if (message.method !== undefined) {
      if (message.method === 'reload' && (message.params as Notifications['reload']).what === 'all') void this.catchUp(this.generation);
      for (const handler of [...(this.handlers.get(message.method) ?? [])]) handler(message.params as never);
      return;
    }
    if (!pending) return;
    if (message.error) pending.reject(callError(message.error));
    else pending.resolve(message.result as never);
  }

  /** Every sign of life puts off the question whether the other side is still there. */
  private listen(): void {
    this.probing = false;
    if (this.state.doubtful) this.tell({ ...this.state, doubtful: false });
    const waits = [...this.pending.values()].some(({ sent }) => sent);
    this.expect(waits ? this.options.unansweredMs : this.options.quietMs, () => this.probe());
  }

  private expect(withinMs: number, otherwise: () => void): void {
    clearTimeout(this.quietTimer);
    this.quietUntil = Date.now() + withinMs;
    this.quietTimer = setTimeout(otherwise, withinMs);
  }

  private probe(): void {
    this.probing = true;
    const waits = [...this.pending.values()].some(({ sent }) => sent);
    if (waits && !this.state.doubtful) this.tell({ ...this.state, doubtful: true });
    this.expect(this.options.probeMs, () => this.lost(1006));
    void this.call('session.me', {}).catch(() => undefined);
  }

  private lost(code: number): void {
    this.drop();
    if (code === CLOSE_LOGGED_OUT) {
      this.failAll(new CallError('unauthenticated', 'The session has ended. Log in again.'));
      this.move('logged_out');
      return;
    }
    for (const pending of [...this.pending.values()]) {
      if (pending.sent && !pending.repeatable) this.fail(pending, new CallError('disconnected', 'The connection was lost before the answer came.'));
      else pending.sent = false;
    }
    const [first, longest] = this.options.backoffMs;
    const wait = Math.min(longest, first * 2 ** this.tries++) * (0.5 + Math.random() / 2);
    this.move('away', Date.now() + wait);
    this.retryTimer = setTimeout(() => this.open(), wait);
  }

  private drop(): void {
    this.generation++;
    clearTimeout(this.retryTimer);
    clearTimeout(this.quietTimer);
    this.quietUntil = Infinity;
    this.probing = false;
    const socket = this.socket;
    this.socket = null;
    if (socket && socket.readyState <= OPEN) socket.close(1000);
  }

  private settle(pending: Pending): void {
    clearTimeout(pending.timer);
    this.pending.delete(pending.id);
  }

  private fail(pending: Pending, error: CallError): void {
    this.settle(pending);
    pending.reject(error);
  }

  private failAll(error: CallError): void {
    for (const pending of [...this.pending.values()]) this.fail(pending, error);
  }
}
