// A small world around the real server and a real MariaDB: people who write by LINE and chat, agents who answer, screens
// that watch. It notes every acknowledgement; when the hurting is over, `check` reads everything back and compares.
import assert from 'node:assert/strict';
import { deliver, lineRequest, lineTextEvent, type ProviderRequest } from '../../agent-web/play/providers.ts';
import type { Entry } from '../../agent-web/protocol/src/generated.ts';
import { Timeline } from '../../agent-web/protocol/src/timeline.ts';
import { ApiError, type Options, randomUUID, Server, Socket, waitFor, endAll } from '../system/harness.ts';
import { Database } from './database.ts';
import { Provider } from './provider.ts';

const SECRET = 'line-secret';
const PAUSE_MS = 20;

const pause = (ms = PAUSE_MS): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

type Config = Record<string, Record<string, string>>;

const GAP_LASTS_MS = 500;

/** A screen that shows a person: keeps what it knows as the console does, and by the console's own means. */
class Screen {
  readonly timeline: Timeline;
  private socket: Socket | null = null;
  private seen = 0;
  private gapSince = 0;
  private again = 0;
  cuts = 0;

  constructor(customer: string) {
    this.timeline = new Timeline(customer);
  }

  get customer(): string {
    return this.timeline.customerId;
  }

  async connect(server: Server, cookie: string): Promise<void> {
    this.socket = await server.agent(cookie);
    this.seen = this.again = 0;
    await this.watch();
  }

  private async watch(): Promise<void> {
    const have = this.timeline.have();
    const snapshot = await this.socket?.call('timeline.watch', { customer_id: this.customer, have, limit: 500 });
    if (snapshot) this.timeline.take(snapshot, have.length > 0);
  }

  /** Takes what was pushed, and asks for what a gap in the versions says was missed; true while it is connected. */
  async keepUp(): Promise<boolean> {
    const pushed = this.socket?.pushed('entry') ?? [];
    for (; this.seen < pushed.length; this.seen++) {
      const entry = pushed[this.seen]?.entry;
      if (entry) this.timeline.push(entry);
    }
    this.gapSince = this.timeline.hasGap() ? this.gapSince || Date.now() : 0;
    const connected = this.socket !== null && this.socket.closeCode === null;
    const again = this.socket?.pushed('reload').filter(({ what }) => what === 'all').length ?? 0;
    if (connected && again > this.again) {
      this.again = again;
      await this.watch();
    }
    if (connected && this.gapSince && Date.now() - this.gapSince > GAP_LASTS_MS) await this.watch();
    return connected;
  }

  /** Where too much was missed it knows the newest only: the rest comes page by page. */
  async scrollBack(server: Server): Promise<void> {
    for (let oldest = this.timeline.entries[0]; this.timeline.more && oldest; oldest = this.timeline.entries[0])
      this.timeline.addPage(await server.api('timeline.page', { customer_id: this.customer, limit: 500, before_at: oldest.occurred_at, before_id: oldest.id }));
  }

  /** It reads nothing any more, as a laptop whose lid is closed. */
  stall(): void {
    this.socket?.stall();
  }

  /** It finds that the connection has ended meanwhile. */
  wake(): void {
    this.socket?.wake();
  }

  cut(): void {
    this.cuts++;
    this.socket?.cut();
    this.socket = null;
  }

  close(): void {
    this.socket?.close();
  }
}

export interface Counts {
  acknowledged: number;
  putOff: number;
  repeats: number;
  said: number;
  answers: number;
  cuts: number;
}

export interface WorldOptions {
  /** Where the database's data folder is to be. */
  databaseFolder?: string;
  config?: Options['config'];
  env?: Options['env'];
  /** What each further server process on the same database has of its own. */
  twins?: Config[];
  /** Instead of one MariaDB. */
  database?: Database;
}

export class World {
  readonly database: Database;
  private readonly options: WorldOptions;
  readonly provider = new Provider();
  server!: Server;
  /** Further processes on the same database: everybody spreads over all, and turns to another when one does not answer. */
  readonly twins: Server[] = [];
  line!: { id: string; url: string };
  private chat!: { id: string };
  private cookie = '';
  private readonly ends: (() => Promise<void>)[] = [];
  /** Nobody begins anything new; what was begun is brought to its acknowledgement, as people and providers do. */
  private stopped = false;
  private aborted = false;
  private readonly working: Promise<void>[] = [];
  /** text → [identity, number in its order]. */
  private readonly acknowledged = new Map<string, [string, number]>();
  private readonly said = new Map<string, [string, number]>();
  /** client id → text. */
  private readonly answers = new Map<string, string>();
  users: string[] = [];
  private readonly screens: Screen[] = [];
  readonly counts: Counts = { acknowledged: 0, putOff: 0, repeats: 0, said: 0, answers: 0, cuts: 0 };

  constructor(options: WorldOptions = {}) {
    this.options = options;
    this.database = options.database ?? new Database(options.databaseFolder);
  }

  async make(): Promise<void> {
    const { config, env, twins } = this.options;
    await this.database.install();
    await this.provider.listen();
    const database = { timeout_s: '3', ...config?.['database'] };
    this.server = await Server.start((fn) => this.ends.push(fn), { databaseSocket: this.database.front, config: { ...config, database }, ...(env ? { env } : {}) });
    for (const own of twins ?? []) this.twins.push(await this.server.twin((fn) => this.ends.unshift(fn), { config: { ...config, ...own, database: { ...database, ...own['database'] } } }));
    this.line = await this.server.channel('line', 'LINE', { channel_secret: SECRET, access_token: 'x', api_url: this.provider.url });
    this.chat = await this.server.channel('chat', 'Chat');
    this.cookie = await this.server.login();
  }

  /** The n-th of all servers. */
  at(n: number): Server {
    const all = [this.server, ...this.twins];
    return all[n % all.length] ?? this.server;
  }

  /** As LINE does: the same bytes again until they are taken; behind a proxy that knows all servers, beginning with the n-th. */
  async insist(request: ProviderRequest, n = 0): Promise<boolean> {
    for (; !this.aborted; n++) {
      const url = request.url.replace(this.server.url, this.at(n).url);
      const { status, text } = await deliver({ ...request, url }, 5000).catch(() => ({ status: 0, text: '' }));
      if (status === 200) return true;
      assert.ok(status === 0 || status >= 500, `the answer ${status} would make LINE give up: ${text}\n${this.server.log.slice(-3000)}`);
      this.counts.putOff++;
      await pause();
    }
    return false;
  }

  lineRequest(user: string, texts: string[]): ProviderRequest {
    return this.lineEvents(texts.map((text) => lineTextEvent(user, text)));
  }

  lineEvents(events: ReturnType<typeof lineTextEvent>[]): ProviderRequest {
    return lineRequest({ url: this.line.url, channelSecret: SECRET }, events);
  }

  private async writer(user: string, n: number): Promise<void> {
    for (let i = 0; !this.stopped; i++) {
      const text = `${user} ${i} ${randomUUID()}`;
      const request = this.lineRequest(user, [text]);
      if (!(await this.insist(request, n + i))) return;
      this.acknowledged.set(text, [user, i]);
      this.counts.acknowledged++;
      if (i % 5 === 0 && (await deliver(request, 5000).then((sent) => sent.status === 200, () => false))) this.counts.repeats++;
      await pause(5);
    }
  }

  /** A visitor's widget: keeps what it could not send, and its token. */
  private async visitor(name: string, n: number): Promise<void> {
    let socket: Socket | null = null;
    let token: string | null = null;
    for (let i = 0; !this.stopped; i++) {
      const text = `${name} ${i} ${randomUUID()}`;
      const client_id = randomUUID();
      for (let sent = false; !sent && !this.aborted; ) {
        try {
          if (!socket || socket.closeCode !== null) {
            socket = await this.at(n++).visitor();
            token = (await socket.call('chat.hello', { channel_id: this.chat.id, ...(token ? { token } : {}) })).token ?? token;
          }
          await socket.call('chat.send', { client_id, text });
          sent = true;
        } catch (error) {
          const limited = error instanceof ApiError && error.kind === 'rate_limited'; // 300 in ten minutes
          if (error instanceof ApiError && error.kind !== 'unavailable' && error.kind !== 'busy' && !limited) throw error;
          if (limited && this.stopped) return socket?.close();
          this.counts.putOff++;
          socket?.cut();
          socket = null;
          await pause();
        }
      }
      if (this.aborted) break;
      this.said.set(text, [name, i]);
      this.counts.said++;
      await pause(60); // a visitor may say 300 things in ten minutes
    }
    socket?.close();
  }

  /** An agent who answers everybody in turn, and sends again what was not acknowledged, under the same id. */
  private async answerer(): Promise<void> {
    let socket: Socket | null = null;
    let n = 1;
    for (let i = 0; !this.stopped; i++) {
      const client_id = randomUUID();
      const text = `answer ${i} ${client_id}`;
      const screen = this.screens[i % this.screens.length];
      for (let sent = false; screen && !sent && !this.aborted; ) {
        try {
          if (!socket || socket.closeCode !== null) socket = await this.at(n++).agent(this.cookie);
          const way = (await socket.call('customer.reach', { customer_id: screen.customer })).ways.find((one) => one.channel_id === this.line.id && one.usable);
          if (!way) break;
          await socket.call('message.send', { customer_id: screen.customer, identity_id: way.identity_id ?? '', channel_id: way.channel_id, client_id, text });
          this.answers.set(client_id, text);
          this.counts.answers++;
          sent = true;
        } catch (error) {
          if (error instanceof ApiError && error.kind !== 'unavailable' && error.kind !== 'busy') throw error;
          this.counts.putOff++;
          socket?.cut();
          socket = null;
          await pause();
        }
      }
      await pause(50);
    }
    socket?.close();
  }

  private async watcher(screen: Screen, n: number): Promise<void> {
    while (!this.stopped) {
      const connected = await screen.keepUp().catch(() => false);
      if (!connected) await screen.connect(this.at(n++), this.cookie).catch(() => screen.cut());
      await pause();
    }
  }

  async begin(writers = 6, visitors = 3): Promise<void> {
    this.users = Array.from({ length: writers }, (_, n) => `U${n}`);
    const users = this.users;
    for (const user of users) {
      const text = `${user} first ${randomUUID()}`;
      assert.ok(await this.insist(this.lineRequest(user, [text])));
      this.acknowledged.set(text, [user, -1]);
      this.counts.acknowledged++;
    }
    const rows = (await this.server.api('conversation.list', { view: 'all', limit: 50 })).conversations;
    for (const row of rows) this.screens.push(new Screen(row.customer_id));
    const work = [...users.map((user, n) => this.writer(user, n)), ...Array.from({ length: visitors }, (_, n) => this.visitor(`V${n}`, n)), this.answerer(), ...this.screens.map((screen, n) => this.watcher(screen, n))];
    for (const one of work) this.working.push(one.catch((error: unknown) => { this.stopped = this.aborted = true; throw error; }));
    for (const one of this.working) one.catch(() => {});
  }

  /** Until the world has gone on for a while: so many more acknowledgements. */
  async more(n = 30): Promise<void> {
    const target = this.counts.acknowledged + this.counts.said + n;
    await waitFor('the world goes on', () => this.stopped || this.counts.acknowledged + this.counts.said >= target, 120_000);
    if (this.stopped) await Promise.all(this.working);
  }

  get screenCount(): number {
    return this.screens.length;
  }

  stallScreens(): void {
    for (const screen of this.screens) screen.stall();
  }

  wakeScreens(): void {
    for (const screen of this.screens) screen.wake();
  }

  cutScreens(): void {
    for (const screen of this.screens) screen.cut();
  }

  /** Everything read back and compared. */
  async check(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.working);
    this.provider.mood = 'accept';
    for (const server of [this.server, ...this.twins]) await waitFor('the server is ready', async () => (await fetch(`${server.url}/readyz`)).ok, 60_000);
    await this.checkInputs();
    await this.checkAnswers();
    await this.checkScreens();
    this.counts.cuts = this.screens.reduce((sum, screen) => sum + screen.cuts, 0);
  }

  private async checkInputs(): Promise<void> {
    const rows = this.server.sql('SELECT e.text, i.value, i.kind FROM entry e JOIN identity i ON i.id = e.identity_id WHERE e.kind = 0 AND e.direction = 0 ORDER BY e.identity_id, e.occurred_at, e.id').trim().split('\n').map((row) => row.split('\t') as [string, string, string]);
    const times = new Map<string, number>();
    for (const [text] of rows) times.set(text, (times.get(text) ?? 0) + 1);
    assert.deepEqual([...times].filter(([, n]) => n !== 1), [], 'there more than once');
    const stored = new Map(rows.map(([text, value]) => [text, value]));
    assert.deepEqual([...this.acknowledged].filter(([text, [user]]) => stored.get(text) !== user), [], 'acknowledged, and not there or not theirs');
    assert.deepEqual([...this.said.keys()].filter((text) => !stored.has(text)), [], 'said in the chat, acknowledged, and not there');
    const last = new Map<string, number>();
    for (const [text, value] of rows) {
      const place = this.acknowledged.get(text) ?? this.said.get(text);
      if (!place) continue; // taken, and the acknowledgement was lost on its way
      assert.ok((last.get(value) ?? -2) < place[1], `${text} is out of order`);
      last.set(value, place[1]);
    }
    const gaps = this.server.sql('SELECT i.value FROM identity i JOIN entry e ON e.identity_id = i.id GROUP BY i.id HAVING COUNT(*) <> MAX(e.version) AND COUNT(*) <> 0 AND MAX(e.version) <> MAX(i.version)').trim();
    assert.equal(gaps, '', 'versions and identities disagree');
  }

  /** Each answer is delivered or visibly pending, and by a provider with an idempotency key never sent twice. */
  private async checkAnswers(): Promise<void> {
    const rows = (statement: string): string[][] => this.server.sql(statement).trim().split('\n').filter(Boolean).map((row) => row.split('\t'));
    const state = (): string[][] => rows('SELECT e.text, e.delivery FROM entry e WHERE e.kind = 0 AND e.direction = 1');
    await waitFor('all answers have left', () => state().every(([, delivery]) => delivery !== '1'), 60_000);
    const stored = new Map(state().map(([text, delivery]) => [text ?? '', delivery]));
    for (const text of this.answers.values()) assert.ok(stored.has(text), `acknowledged answer is gone: ${text}`);
    assert.equal(state().length, stored.size, 'an answer is there twice');
    const arrived = this.provider.got.map((each) => each.text);
    const twice = this.provider.got.filter((each, i) => arrived.indexOf(each.text) !== i || arrived.lastIndexOf(each.text) !== i);
    assert.deepEqual(twice, [], 'an answer arrived twice');
    for (const [text, delivery] of stored) assert.ok(delivery !== '3' || arrived.includes(text), `"sent", and never arrived: ${text}`);
  }

  private async fresh(customer: string): Promise<string[]> {
    const entries: Entry[] = [];
    for (let before: Entry | undefined, more = true; more; before = entries.at(-1)) {
      const page = await this.server.api('timeline.page', { customer_id: customer, limit: 500, ...(before ? { before_at: before.occurred_at, before_id: before.id } : {}) });
      entries.push(...page.entries);
      more = page.more;
    }
    return entries.map((entry) => `${entry.id} ${entry.version}`).sort();
  }

  private async checkScreens(): Promise<void> {
    for (const screen of this.screens) {
      if (!(await screen.keepUp())) await screen.connect(this.server, this.cookie);
      await screen.scrollBack(this.server);
      let differs: string[] = [];
      await waitFor('the screen equals a fresh read', async () => {
        const fresh = await this.fresh(screen.customer);
        await screen.keepUp();
        const known = new Set(screen.timeline.entries.map((entry) => `${entry.id} ${entry.version}`));
        differs = [...fresh.filter((each) => !known.has(each)), ...[...known].filter((each) => !fresh.includes(each))];
        return differs.length === 0;
      }, 10_000).catch(() => assert.deepEqual(differs, [], 'the screen shows something else than a fresh read'));
    }
  }

  report(): string {
    const c = this.counts;
    return `${c.acknowledged} inputs and ${c.said} chat messages acknowledged, ${c.putOff} put off, ${c.repeats} repeats, ${c.answers} answers (${this.provider.asked} requests to the provider), ${c.cuts} screens cut: nothing lost, doubled, out of order or stale`;
  }

  async end(): Promise<void> {
    this.stopped = this.aborted = true;
    this.wakeScreens();
    await Promise.allSettled(this.working);
    for (const screen of this.screens) screen.close();
    this.database.thaw();
    this.database.slow(0);
    await endAll([...this.ends, () => this.provider.end(), () => this.database.end()]);
  }
}
