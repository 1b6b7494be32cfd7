// The local catch-all: everything the server sends ends here and is shown on a page, so that a newcomer sees what would
// have left. It stands in for a mail server, for the APIs of LINE, WhatsApp, Telegram and Twilio, each answering as the
// real one does, and failing on request (POST /mode).
//   node catchall.ts [--port 8025] [--smtp-port 2525] [--demo var/demo.json]
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { simpleParser, type AddressObject } from 'mailparser';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { photoOfCup } from './demo/photo.ts';
import { type Answer, CAUGHT_CHANNELS, Hub, type Caught, type CaughtChannel, type Mode } from './caught.ts';
import { BotApi } from './telegram.ts';
import { sendSms, smsMedia } from './sms.ts';
import { deliver, digits, wamid, whatsAppRequest, whatsAppStatus, type WhatsAppHook } from './providers.ts';

export interface Options {
  port?: number;
  smtpPort?: number;
  /** Where WhatsApp's status webhooks go, by phone number id. */
  whatsAppHook?: (phoneNumberId: string) => WhatsAppHook | undefined;
  /** Pause before each status webhook. */
  statusDelayMs?: number;
  log?: (line: string) => void;
}

export interface CatchAll {
  url: string;
  port: number;
  smtpPort: number;
  /** Base addresses to enter into channels. */
  lineUrl: string;
  whatsAppUrl: string;
  telegramUrl: string;
  twilioUrl: string;
  smtpUrl: string;
  /** Newest last. */
  messages: Caught[];
  setMode(mode: Mode): void;
  clear(): void;
  close(): Promise<void>;
}

const BODY_MAX = 2 ** 20;
const MAIL_MAX = 50 * 2 ** 20;
const LINE_TEXT_MAX = 5000;
const WHATSAPP_TEXT_MAX = 4096;

// ---- LINE: developers.line.biz/en/reference/messaging-api/ --------------------------------------------------------

class Line {
  private readonly accepted = new Map<string, string>();
  private readonly usedReplyTokens = new Set<string>();
  private readonly hub: Hub;

  constructor(hub: Hub) {
    this.hub = hub;
  }

  send(how: 'push' | 'reply', request: IncomingMessage, text: string): Answer {
    const requestId = globalThis.crypto.randomUUID();
    const headers = { 'x-line-request-id': requestId };
    if (!bearer(request)) return { status: 401, headers, body: { message: 'Authentication failed due to the following reason: invalid token.' } };
    const retryKey = request.headers['x-line-retry-key'];
    if (how === 'reply' && retryKey !== undefined) return { status: 400, headers, body: { message: "The header 'X-Line-Retry-Key' is not supported." } };
    const body = json(text);
    const fault = this.fault(how, body);
    if (fault) return { status: 400, headers, body: fault };
    const key = typeof retryKey === 'string' ? retryKey : undefined;
    const before = key === undefined ? undefined : this.accepted.get(key);
    if (before !== undefined)
      return {
        status: 409,
        headers: { ...headers, 'x-line-accepted-request-id': before },
        body: { message: 'The retry key is already accepted', sentMessages: [] },
      };
    if (how === 'reply') this.usedReplyTokens.add(String(body['replyToken']));
    if (key !== undefined) this.accepted.set(key, requestId);
    const sent = (body['messages'] as Record<string, unknown>[]).map((message) => {
      const id = digits(18);
      this.hub.add({
        channel: 'line',
        to: String(how === 'push' ? body['to'] : `reply token ${String(body['replyToken']).slice(0, 8)}…`),
        text: String(message['text'] ?? `[${String(message['type'])}]`),
        external_id: id,
        attachments: [],
        how,
        ...(key === undefined ? {} : { retry_key: key }),
        body,
      });
      return { id, quoteToken: randomBytes(16).toString('base64url') };
    });
    return { status: 200, headers, body: { sentMessages: sent } };
  }

  private fault(how: 'push' | 'reply', body: Record<string, unknown>): { message: string; details?: unknown } | undefined {
    const messages = body['messages'];
    if (!Array.isArray(messages) || messages.length < 1 || messages.length > 5)
      return { message: 'The request body has 1 error(s)', details: [{ message: 'Size must be between 1 and 5', property: 'messages' }] };
    const bad = messages.findIndex((one) => one?.type === 'text' && !(one.text?.length >= 1 && one.text.length <= LINE_TEXT_MAX));
    if (bad >= 0)
      return {
        message: 'The request body has 1 error(s)',
        details: [{ message: `Length must be between 1 and ${LINE_TEXT_MAX}`, property: `messages[${bad}].text` }],
      };
    if (how === 'push' && typeof body['to'] !== 'string') return { message: "The property, 'to', in the request body is invalid" };
    if (how === 'reply' && (typeof body['replyToken'] !== 'string' || this.usedReplyTokens.has(body['replyToken']))) return { message: 'Invalid reply token' };
    return undefined;
  }
}

function lineProfile(userId: string): Answer {
  const names = ['さくら', 'ひろし', 'Emma', 'Νίκος', 'Lina', '健太', 'あおい', 'Jonas'];
  const pick = createHash('sha256').update(userId).digest()[0] ?? 0;
  return { status: 200, body: { userId, displayName: names[pick % names.length], language: 'ja' } };
}

// ---- WhatsApp: developers.facebook.com/docs/whatsapp/cloud-api ----------------------------------------------------

function metaError(status: number, code: number, message: string): Answer {
  return { status, body: { error: { message, type: 'OAuthException', code, fbtrace_id: randomBytes(8).toString('base64url') } } };
}

class WhatsApp {
  private readonly hub: Hub;
  private readonly hookOf: NonNullable<Options['whatsAppHook']>;
  private readonly delayMs: number;
  private readonly log: (line: string) => void;
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(hub: Hub, options: Options) {
    this.hub = hub;
    this.hookOf = options.whatsAppHook ?? (() => undefined);
    this.delayMs = options.statusDelayMs ?? 700;
    this.log = options.log ?? (() => undefined);
  }

  send(phoneNumberId: string, request: IncomingMessage, text: string): Answer {
    if (!bearer(request)) return metaError(401, 190, 'Error validating access token');
    const body = json(text);
    const content = body['text'] as { body?: unknown } | undefined;
    const to = body['to'];
    if (body['messaging_product'] !== 'whatsapp') return metaError(400, 100, '(#100) The parameter messaging_product is required.');
    if (typeof to !== 'string') return metaError(400, 100, '(#100) The parameter to is required.');
    if (body['type'] === 'text' && (typeof content?.body !== 'string' || content.body.length > WHATSAPP_TEXT_MAX))
      return metaError(400, 100, `(#100) Param text['body'] must be at most ${WHATSAPP_TEXT_MAX} characters long.`);
    const id = wamid();
    const waId = to.replace(/\D/g, '');
    this.hub.add({
      channel: 'whatsapp',
      to: waId,
      from: phoneNumberId,
      text: typeof content?.body === 'string' ? content.body : `[${String(body['type'])}]`,
      external_id: id,
      attachments: [],
      body,
    });
    return {
      status: 200,
      body: { messaging_product: 'whatsapp', contacts: [{ input: to, wa_id: waId }], messages: [{ id }] },
      afterwards: () => this.postStatuses(phoneNumberId, id, waId, ['sent', 'delivered', 'read']),
    };
  }

  private postStatuses(phoneNumberId: string, id: string, waId: string, left: ('sent' | 'delivered' | 'read')[]): void {
    const hook = this.hookOf(phoneNumberId);
    const [status, ...rest] = left;
    if (!hook || !status) return;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      deliver(whatsAppRequest(hook, [whatsAppStatus(id, waId, status)]))
        .then((sent) => this.log(`whatsapp ${status} ${id.slice(0, 16)}… → ${sent.status}`))
        .catch((error: unknown) => this.log(`whatsapp ${status}: ${String(error)}`))
        .finally(() => this.postStatuses(phoneNumberId, id, waId, rest));
    }, this.delayMs);
    this.timers.add(timer);
  }

  close(): void {
    for (const timer of this.timers) clearTimeout(timer);
  }
}

// ---- mail ---------------------------------------------------------------------------------------------------------

function smtpServer(hub: Hub): SMTPServer {
  return new SMTPServer({
    banner: 'catch-all',
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    size: MAIL_MAX,
    logger: false,
    disableReverseLookup: true,
    onAuth: (auth, _session, done) => done(null, { user: auth.username ?? 'anybody' }),
    onData: (stream, session, done) => {
      catchMail(hub, stream, session).then(
        (refusal) => done(refusal),
        (error: Error) => done(error),
      );
    },
  });
}

async function catchMail(hub: Hub, stream: SMTPServerDataStream, session: SMTPServerSession): Promise<Error | null> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  const raw = Buffer.concat(chunks);
  const mode = hub.takeMode('email');
  if (!mode || mode.keep) await keepMail(hub, raw, session);
  if (!mode) return null;
  if (mode.status === 0) {
    (session as unknown as { socket?: { destroy(): void } }).socket?.destroy();
    return new Error('hung up');
  }
  return Object.assign(new Error(typeof mode.body === 'string' ? mode.body : 'Refused on request'), { responseCode: mode.status });
}

async function keepMail(hub: Hub, raw: Buffer, session: SMTPServerSession): Promise<void> {
  const mail = await simpleParser(raw, { skipImageLinks: true });
  const headers = Object.fromEntries(
    mail.headerLines.map(({ key, line }) => [
      key,
      line
        .slice(line.indexOf(':') + 1)
        .replace(/\r?\n[ \t]+/g, ' ')
        .trim(),
    ]),
  );
  const sender = session.envelope.mailFrom;
  headers['return-path'] = `<${sender ? sender.address : ''}>`;
  hub.add({
    channel: 'email',
    to: session.envelope.rcptTo.map((one) => one.address).join(', '),
    from: addressText(mail.from),
    subject: mail.subject ?? '',
    text: mail.text ?? '',
    ...(mail.html ? { html: mail.html } : {}),
    external_id: mail.messageId ?? '',
    headers,
    attachments: mail.attachments.map((file) => ({
      name: file.filename ?? '',
      type: file.contentType,
      size: file.size,
      sha256: createHash('sha256').update(file.content).digest('hex'),
      ...(file.cid ? { cid: file.cid, inline: file.contentDisposition === 'inline' } : {}),
    })),
  });
}

function addressText(address: AddressObject | undefined): string {
  return address?.text ?? '';
}

// ---- what people have sent: pictures, as many as there are ids -----------------------------------------------------

const contentOf = (id: string): Buffer => photoOfCup(Number(id.slice(-4)));

const picture = (id: string): Answer => ({ status: 200, type: 'image/png', body: contentOf(id) });

function whatsAppMedia(id: string, request: IncomingMessage): Answer {
  const content = contentOf(id);
  const sha256 = createHash('sha256').update(content).digest('base64');
  const url = `http://${request.headers.host ?? ''}/lookaside/${id}`;
  return { status: 200, body: { messaging_product: 'whatsapp', id, url, mime_type: 'image/png', sha256, file_size: content.length } };
}

// ---- HTTP ---------------------------------------------------------------------------------------------------------

function bearer(request: IncomingMessage): boolean {
  return /^Bearer \S+$/.test(request.headers.authorization ?? '');
}

function json(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > BODY_MAX) throw new Error('body too large');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

type Route = [method: string, path: RegExp, answer: (found: RegExpExecArray, request: IncomingMessage, body: Buffer, url: URL) => Answer | Promise<Answer>];

/** A provider's route: fails as asked by POST /mode, else answers. */
async function mayFail(hub: Hub, channel: CaughtChannel, answer: () => Answer | Promise<Answer>): Promise<Answer> {
  const mode = hub.takeMode(channel);
  if (!mode) return answer();
  if (mode.keep) await answer();
  return {
    status: mode.status,
    headers: mode.retry_after === undefined ? {} : { 'retry-after': String(mode.retry_after) },
    body: mode.body ?? { message: 'Refused on request', error: { message: 'Refused on request', code: 0 } },
  };
}

function readMode(hub: Hub, text: string): Answer {
  const mode = json(text) as Partial<Mode>;
  if (!CAUGHT_CHANNELS.some((one) => one === mode.channel) || typeof mode.status !== 'number')
    return {
      status: 400,
      body: { error: `Say {"channel": ${CAUGHT_CHANNELS.map((one) => `"${one}"`).join(' | ')}, "status": 429, "retry_after": 1, "times": 2}.` },
    };
  hub.setMode(mode as Mode);
  return { status: 200, body: {} };
}

function routes(hub: Hub, line: Line, whatsApp: WhatsApp, telegram: BotApi): Route[] {
  const page = readFileSync(new URL('catchall.html', import.meta.url), 'utf8');
  return [
    ['GET', /^\/$/, () => ({ status: 200, type: 'text/html; charset=utf-8', body: page })],
    ['GET', /^\/messages$/, (_found, _request, _body, url) => ({ status: 200, body: list(hub, url.searchParams) })],
    ['DELETE', /^\/messages$/, () => ({ status: 200, body: { removed: hub.messages.splice(0).length } })],
    ['POST', /^\/mode$/, (_found, _request, body) => readMode(hub, body.toString())],
    [
      'POST',
      /^\/line\/v2\/bot\/message\/(push|reply)$/,
      ([, how], request, body) => mayFail(hub, 'line', () => line.send(how as 'push' | 'reply', request, body.toString())),
    ],
    ['GET', /^\/line\/v2\/bot\/profile\/([^/]+)$/, ([, id]) => mayFail(hub, 'line', () => lineProfile(decodeURIComponent(id ?? '')))],
    ['GET', /^\/line\/v2\/bot\/message\/(\d+)\/content$/, ([, id]) => picture(id ?? '')],
    ['GET', /^\/whatsapp(?:\/v[\d.]+)?\/(\d+)$/, ([, id], request) => whatsAppMedia(id ?? '', request)],
    ['GET', /^\/lookaside\/(\d+)$/, ([, id]) => picture(id ?? '')],
    [
      'POST',
      /^\/whatsapp(?:\/v[\d.]+)?\/(\d+)\/messages$/,
      ([, id], request, body) => mayFail(hub, 'whatsapp', () => whatsApp.send(id ?? '', request, body.toString())),
    ],
    [
      'POST',
      /^\/telegram\/bot([^/]+)\/(\w+)$/,
      ([, token, method], request, body) => mayFail(hub, 'telegram', () => telegram.call(token ?? '', method ?? '', request, body)),
    ],
    ['GET', /^\/telegram\/bot([^/]+)\/getFile$/, ([, token], _request, _body, url) => telegram.whereIs(token ?? '', url.searchParams.get('file_id') ?? '')],
    [
      'POST',
      /^\/twilio\/2010-04-01\/Accounts\/(AC\w+)\/Messages\.json$/,
      ([, sid], request, body) => mayFail(hub, 'sms', () => sendSms(hub, sid ?? '', request, body)),
    ],
    ['GET', /^\/twilio\/2010-04-01\/Accounts\/AC\w+\/Messages\/MM\w+\/Media\/(\w+)$/, ([, id], request) => smsMedia(id ?? '', request, picture)],
    [
      'GET',
      /^\/telegram\/bot[^/]+\/answerCallbackQuery$/,
      (_found, _request, _body, url) => telegram.answered(url.searchParams.get('callback_query_id') ?? ''),
    ],
    ['GET', /^\/telegram\/bot([^/]+)\/getWebhookInfo$/, ([, token]) => telegram.webhookOf(token ?? '')],
    ['GET', /^\/telegram\/file\/bot[^/]+\/photos\/(\d+)\.png$/, ([, id]) => picture(id ?? '')],
  ];
}

function list(hub: Hub, query: URLSearchParams): { run: string; messages: Caught[] } {
  const channel = query.get('channel');
  const to = query.get('to');
  const after = Number(query.get('after') ?? 0);
  const wanted = hub.messages.filter((one) => (!channel || one.channel === channel) && (!to || one.to === to) && one.id > after);
  return { run: hub.run, messages: wanted.reverse() };
}

function listen(hub: Hub, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write(': welcome\n\n');
  hub.listeners.add(response);
  response.on('close', () => hub.listeners.delete(response));
}

function write(response: ServerResponse, answer: Answer): void {
  if (answer.status === 0) {
    response.socket?.destroy();
    return;
  }
  const text = Buffer.isBuffer(answer.body) ? answer.body : answer.type ? String(answer.body) : JSON.stringify(answer.body ?? {});
  response.writeHead(answer.status, {
    'content-type': answer.type ?? 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; img-src data:; frame-src 'self'",
    ...answer.headers,
  });
  response.end(text, answer.afterwards);
}

async function handle(hub: Hub, table: Route[], request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://catchall');
  if (request.method === 'GET' && url.pathname === '/events') return listen(hub, response);
  const body = await readBody(request);
  for (const [method, path, answer] of table) {
    const found = path.exec(url.pathname);
    if (found && method === request.method) return write(response, await answer(found, request, body, url));
  }
  write(response, { status: 404, body: { message: `Not found: ${request.method} ${url.pathname}` } });
}

function listening(server: Server | SMTPServer['server'], start: () => void): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('listening', () => resolve((server.address() as AddressInfo).port));
    start();
  });
}

export async function startCatchAll(options: Options = {}): Promise<CatchAll> {
  const hub = new Hub();
  const whatsApp = new WhatsApp(hub, options);
  const table = routes(hub, new Line(hub), whatsApp, new BotApi(hub));
  const http = createServer((request, response) => {
    handle(hub, table, request, response).catch((error: unknown) => {
      if (!response.headersSent) write(response, { status: 400, body: { message: String(error) } });
    });
  });
  const smtp = smtpServer(hub);
  smtp.on('error', (error: Error) => options.log?.(`smtp: ${error.message}`));
  const port = await listening(http, () => http.listen(options.port ?? 0, '127.0.0.1'));
  const smtpPort = await listening(smtp.server, () => smtp.listen(options.smtpPort ?? 0, '127.0.0.1'));
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    port,
    smtpPort,
    lineUrl: `${url}/line`,
    whatsAppUrl: `${url}/whatsapp`,
    telegramUrl: `${url}/telegram`,
    twilioUrl: `${url}/twilio`,
    smtpUrl: `smtp://127.0.0.1:${smtpPort}`,
    messages: hub.messages,
    setMode: (mode) => hub.setMode(mode),
    clear: () => void hub.messages.splice(0),
    close: async () => {
      whatsApp.close();
      for (const listener of hub.listeners) listener.end();
      http.closeAllConnections();
      await Promise.all([new Promise((resolve) => http.close(resolve)), new Promise<void>((resolve) => smtp.close(() => resolve()))]);
    },
  };
}

// ---- by itself ----------------------------------------------------------------------------------------------------

/** The demo shop's WhatsApp channel, read each time: ./dev run starts the catch-all before the demo shop exists. */
function demoHook(file: string): Options['whatsAppHook'] {
  return (phoneNumberId) => {
    if (!existsSync(file)) return undefined;
    const hook = JSON.parse(readFileSync(file, 'utf8')).channels?.whatsapp as WhatsAppHook | undefined;
    return hook?.phoneNumberId === phoneNumberId ? hook : undefined;
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8025' },
      'smtp-port': { type: 'string', default: '2525' },
      demo: { type: 'string', default: 'var/demo.json' },
    },
  });
  const catchAll = await startCatchAll({
    port: Number(values.port),
    smtpPort: Number(values['smtp-port']),
    whatsAppHook: demoHook(values.demo),
    log: (text) => console.log(new Date().toISOString(), text),
  });
  console.log(
    `What is sent: ${catchAll.url}   mail: ${catchAll.smtpUrl}   LINE: ${catchAll.lineUrl}   WhatsApp: ${catchAll.whatsAppUrl}   Telegram: ${catchAll.telegramUrl}   Twilio: ${catchAll.twilioUrl}`,
  );
  const end = (): void => void catchAll.close().then(() => process.exit(0));
  process.on('SIGINT', end).on('SIGTERM', end);
}

if (import.meta.main)
  main().catch((error: NodeJS.ErrnoException) => {
    console.error(error.code === 'EADDRINUSE' ? `${error.message}: another catch-all runs; stop it, or give --port and --smtp-port.` : error);
    process.exitCode = 1;
  });
