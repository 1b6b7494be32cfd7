// Microsoft Graph's mail, played: real HTTP, tokens that a token server has given, folders, delta queries in pages, MIME, throttling, and ids
// that change when a mail is moved unless immutable ones are asked for.
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server as HttpServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TokenServer } from './oauth.ts';

interface Mail {
  immutable: string;
  id: string;
  folder: string;
  raw: Buffer;
  at: Date;
  /** When it last changed: deltas tell of what is newer. */
  seq: number;
  poison: boolean;
}

interface Answer {
  status: number;
  body?: unknown;
  raw?: Buffer;
  headers?: Record<string, string>;
}

const PAGE = 2;
const newId = (): string => `${randomBytes(30).toString('base64url')}=`;
const header = (raw: Buffer, name: string): string => new RegExp(`^${name}: (.*)$`, 'im').exec(raw.toString('latin1'))?.[1]?.trim() ?? '';
const failed = (status: number, code: string, message: string, headers = {}): Answer => ({ status, body: { error: { code, message } }, headers });

export class Graph {
  private readonly http: HttpServer;
  private readonly tokens: TokenServer;
  private readonly boxes = new Map<string, Mail[]>();
  private seq = 0;
  private since = 0;
  private readonly running = new Map<string, number>();
  /** The most calls that one mailbox had at a time. */
  mostAtOnce = 0;
  /** Each path that was asked for. */
  readonly asked: string[] = [];
  /** So many calls for a mailbox are told to come later, after so many seconds (null: it is not said). */
  throttle: { mailbox: string; calls: number; after: number | null } = { mailbox: '', calls: 0, after: null };
  /** So many calls of a kind (a part of the path) find the server not well. */
  fault: { path: string; calls: number; status: number } = { path: '', calls: 0, status: 500 };
  /** What has been sent, by whom. */
  readonly sent: { user: string; raw: Buffer }[] = [];
  readonly mayNotSend = new Set<string>();
  readonly mayNotRead = new Set<string>();

  private constructor(http: HttpServer, tokens: TokenServer) {
    this.http = http;
    this.tokens = tokens;
  }

  static async start(ends: (() => unknown)[], tokens: TokenServer): Promise<Graph> {
    const http = createServer((request, response) => void graph.serve(request, response));
    const graph = new Graph(http, tokens);
    await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
    ends.push(() => new Promise<void>((done) => (http.closeAllConnections(), http.close(() => done()))));
    return graph;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  deliver(user: string, raw: string | Buffer, { folder = 'Inbox', at = new Date(), poison = false } = {}): string {
    const immutable = newId();
    this.boxOf(user).push({ immutable, id: newId(), folder, raw: Buffer.from(raw), at, seq: ++this.seq, poison });
    return immutable;
  }

  /** With another id, as Exchange gives it. */
  move(user: string, immutable: string, folder: string): void {
    const mail = this.boxOf(user).find((one) => one.immutable === immutable);
    if (mail) Object.assign(mail, { folder, id: newId(), seq: ++this.seq });
  }

  /** Somebody reads them in Outlook. */
  readAll(user: string): void {
    for (const mail of this.boxOf(user)) mail.seq = ++this.seq;
  }

  /** All links of delta queries from before are known no more. */
  forgetDeltas(): void {
    this.since = ++this.seq;
  }

  private boxOf(user: string): Mail[] {
    const box = this.boxes.get(user) ?? [];
    this.boxes.set(user, box);
    return box;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? '', this.url);
    const who = this.tokens.userOf((request.headers.authorization ?? '').replace('Bearer ', ''));
    const parts = url.pathname.split('/').slice(2).map(decodeURIComponent);
    const mailbox = parts[0] === 'users' ? (parts[1] ?? '') : (who ?? '');
    this.asked.push(`${request.method} ${url.pathname}`);
    const now = (this.running.get(mailbox) ?? 0) + 1;
    this.running.set(mailbox, now);
    this.mostAtOnce = Math.max(this.mostAtOnce, now);
    await new Promise((done) => setTimeout(done, 20)); // others may come meanwhile
    const answer = this.answer({ request, url, who, mailbox, rest: parts.slice(parts[0] === 'users' ? 2 : 1), body: Buffer.concat(chunks) });
    this.running.set(mailbox, now - 1);
    const body = answer.raw ?? (answer.body === undefined ? '' : JSON.stringify(answer.body));
    response.writeHead(answer.status, { 'content-type': answer.raw ? 'text/plain' : 'application/json', ...answer.headers }).end(body);
  }

  private answer(call: { request: IncomingMessage; url: URL; who: string | undefined; mailbox: string; rest: string[]; body: Buffer }): Answer {
    const { request, url, who, mailbox, rest, body } = call;
    if (!who) return failed(401, 'InvalidAuthenticationToken', 'Access token has expired or is not yet valid.');
    if (this.throttle.mailbox === mailbox && this.throttle.calls > 0) {
      this.throttle.calls--;
      const { after } = this.throttle;
      return failed(429, 'ApplicationThrottled', 'Application is over its MailboxConcurrency limit.', after === null ? {} : { 'retry-after': String(after) });
    }
    if (this.fault.calls > 0 && url.pathname.includes(this.fault.path)) {
      this.fault.calls--;
      return this.fault.status === 502 ? { status: 502, body: 'Bad Gateway' } : failed(this.fault.status, 'ErrorInternalServerError', 'An internal server error occurred.');
    }
    if (this.mayNotRead.has(mailbox)) return failed(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.');
    if (rest[0] === 'sendMail') return this.sendMail(who, request, body);
    const immutable = String(request.headers['prefer'] ?? '').includes('IdType="ImmutableId"');
    const idOf = (mail: Mail): string => (immutable ? mail.immutable : mail.id);
    if (rest[0] === 'messages') {
      const mail = this.boxOf(mailbox).find((one) => idOf(one) === rest[1]);
      if (!mail) return failed(404, 'ErrorItemNotFound', 'The specified object was not found in the store.');
      return mail.poison ? failed(500, 'ErrorContentConversionFailed', 'MIME conversion failed.') : { status: 200, raw: mail.raw };
    }
    return this.folders(mailbox, rest.slice(1), url, idOf);
  }

  private sendMail(who: string, request: IncomingMessage, body: Buffer): Answer {
    if (this.mayNotSend.has(who))
      return failed(403, 'ErrorSendAsDenied', 'The user account which was used to submit this request does not have the right to send mail.');
    if (request.headers['content-type'] !== 'text/plain') return failed(400, 'ErrorMimeContentInvalidBase64String', 'Invalid base64 string for MIME content.');
    const raw = Buffer.from(body.toString(), 'base64');
    this.sent.push({ user: who, raw });
    this.deliver(who, raw, { folder: 'Sent Items' });
    return { status: 202 };
  }

  private folders(mailbox: string, [id, ...rest]: string[], url: URL, idOf: (mail: Mail) => string): Answer {
    const box = this.boxOf(mailbox),
      names = ['Inbox', 'Sent Items', 'Archive', ...box.map((mail) => mail.folder)].filter((name, place, all) => all.indexOf(name) === place);
    const idOfFolder = (name: string): string => `f-${name}`;
    if (id === undefined || rest[0] === 'childFolders') {
      const wanted = /^displayName eq '(.*)'$/.exec(url.searchParams.get('$filter') ?? '')?.[1];
      const found = id === undefined ? names.filter((name) => wanted === undefined || name === wanted.replaceAll("''", "'")) : [];
      return { status: 200, body: { value: found.map((name) => ({ id: idOfFolder(name), displayName: name })) } };
    }
    const folder = id === 'inbox' ? 'Inbox' : names.find((name) => idOfFolder(name) === id);
    if (folder === undefined) return failed(404, 'ErrorItemNotFound', 'The specified folder could not be found in the store.');
    const mails = box.filter((mail) => mail.folder === folder);
    if (rest.length === 0) return { status: 200, body: { id, totalItemCount: mails.length } };
    if (rest[1] === 'delta') return this.delta(url, box, folder, idOf);
    const newest = url.searchParams.get('$orderby')?.endsWith('desc');
    const sorted = mails.toSorted((a, b) => (newest ? b.at.getTime() - a.at.getTime() : a.at.getTime() - b.at.getTime()));
    const shown = sorted.slice(0, Number(url.searchParams.get('$top') ?? 10));
    return {
      status: 200,
      body: {
        value: shown.map((mail) => ({
          id: idOf(mail),
          receivedDateTime: mail.at.toISOString(),
          subject: header(mail.raw, 'Subject'),
          from: { emailAddress: { address: /[\w.+-]+@[\w.-]+/.exec(header(mail.raw, 'From'))?.[0] ?? '' } },
        })),
      },
    };
  }

  /** What has changed since the link was made, in pages; what has left the folder is told as removed. */
  private delta(url: URL, box: Mail[], folder: string, idOf: (mail: Mail) => string): Answer {
    const [from = 0, upto = this.seq] = (url.searchParams.get('$deltatoken') ?? url.searchParams.get('$skiptoken') ?? '')
      .split('.')
      .filter(Boolean)
      .map(Number);
    const began = url.searchParams.has('$deltatoken') || url.searchParams.has('$skiptoken');
    if (began && upto <= this.since) return failed(410, 'SyncStateNotFound', 'The sync state generation is not found.');
    const isLater = url.searchParams.has('$skiptoken');
    const until = isLater ? upto : this.seq;
    const changed = box.filter((mail) => mail.seq > from && mail.seq <= until && (began || mail.folder === folder)).toSorted((a, b) => a.seq - b.seq);
    const page = changed.slice(0, PAGE);
    const last = page.at(-1)?.seq ?? from;
    const more = changed.length > PAGE;
    const link = `${this.url}${url.pathname}?${more ? `$skiptoken=${last}.${until}` : `$deltatoken=${until}.${until}`}`;
    return {
      status: 200,
      body: {
        value: page.map((mail) =>
          mail.folder === folder ? { id: idOf(mail), receivedDateTime: mail.at.toISOString() } : { id: idOf(mail), '@removed': { reason: 'deleted' } },
        ),
        [more ? '@odata.nextLink' : '@odata.deltaLink']: link,
      },
    };
  }
}
