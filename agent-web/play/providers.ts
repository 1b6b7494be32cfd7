// What providers send us, signed exactly as each one signs. Nothing here knows the server: a builder takes the webhook's
// address and secret and gives the request as bytes. Used by simulate, by the tests and by the benchmarks.
import { createHmac, randomBytes } from 'node:crypto';
import encoding from 'encoding-japanese';
import MailComposer from 'nodemailer/lib/mail-composer/index.js';

export interface ProviderRequest {
  url: string;
  method: 'POST';
  headers: Record<string, string>;
  body: Buffer;
}

export interface Sent {
  status: number;
  ms: number;
  text: string;
}

/** Sends it as it is. Only a missing connection throws. */
export async function deliver(request: ProviderRequest, timeoutMs = 30_000): Promise<Sent> {
  const began = performance.now();
  const response = await fetch(request.url, {
    method: request.method,
    headers: request.headers,
    body: new Uint8Array(request.body),
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
  });
  const text = await response.text();
  return { status: response.status, ms: performance.now() - began, text };
}

function post(url: string, headers: Record<string, string>, body: Buffer): ProviderRequest {
  return { url, method: 'POST', headers, body };
}

function hmac(algorithm: 'sha1' | 'sha256', key: string, data: string | Buffer): Buffer {
  return createHmac(algorithm, key).update(data).digest();
}

// ---- LINE ---------------------------------------------------------------------------------------------------------

export interface LineHook {
  url: string;
  channelSecret: string;
  /** User id of the bot, as LINE puts it into `destination`. */
  destination?: string;
}

export type LineEvent = Record<string, unknown>;

/** x-line-signature: base64 HMAC-SHA256 of the raw body. */
export function lineRequest(hook: LineHook, events: LineEvent[]): ProviderRequest {
  const body = Buffer.from(JSON.stringify({ destination: hook.destination ?? lineUserId(), events }));
  return post(
    hook.url,
    {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'LineBotWebhook/2.0',
      'x-line-signature': hmac('sha256', hook.channelSecret, body).toString('base64'),
    },
    body,
  );
}

export function lineTextEvent(userId: string, text: string, more: LineEvent = {}): LineEvent {
  return {
    type: 'message',
    mode: 'active',
    timestamp: Date.now(),
    source: { type: 'user', userId },
    webhookEventId: ulid(),
    deliveryContext: { isRedelivery: false },
    replyToken: randomBytes(16).toString('hex'),
    message: { type: 'text', id: digits(18), quoteToken: randomBytes(24).toString('base64url'), text },
    ...more,
  };
}

export function lineStickerEvent(userId: string, keywords: string[]): LineEvent {
  return lineTextEvent(userId, '', {
    message: {
      type: 'sticker',
      id: digits(18),
      packageId: '11537',
      stickerId: '52002734',
      stickerResourceType: 'ANIMATION',
      keywords,
    },
  });
}

/** The picture is at LINE: GET /v2/bot/message/{id}/content. */
export function linePictureEvent(userId: string): LineEvent {
  return lineTextEvent(userId, '', {
    message: { type: 'image', id: digits(18), quoteToken: randomBytes(12).toString('hex'), contentProvider: { type: 'line' } },
  });
}

export function lineUserId(): string {
  return 'U' + randomBytes(16).toString('hex');
}

// ---- WhatsApp Cloud -----------------------------------------------------------------------------------------------

export interface WhatsAppHook {
  url: string;
  appSecret: string;
  phoneNumberId: string;
  displayNumber?: string;
  accountId?: string;
}

/** JSON as Meta writes it: ASCII only, lower-case \uXXXX, slashes escaped. */
export function metaJson(value: unknown): string {
  return JSON.stringify(value)
    .replace(/\//g, '\\/')
    .replace(/[^\x00-\x7f]/g, (unit) => '\\u' + unit.charCodeAt(0).toString(16).padStart(4, '0'));
}

/** X-Hub-Signature-256: hex HMAC-SHA256 of the raw body. */
export function whatsAppRequest(hook: WhatsAppHook, values: Record<string, unknown>[], field = 'messages'): ProviderRequest {
  const metadata = {
    display_phone_number: hook.displayNumber ?? '81312345678',
    phone_number_id: hook.phoneNumberId,
  };
  const changes = values.map((value) => ({
    value: { messaging_product: 'whatsapp', metadata, ...value },
    field,
  }));
  const body = Buffer.from(
    metaJson({
      object: 'whatsapp_business_account',
      entry: [{ id: hook.accountId ?? '102290129340398', changes }],
    }),
  );
  return post(
    hook.url,
    {
      'content-type': 'application/json',
      'user-agent': 'facebookexternalua',
      'x-hub-signature-256': 'sha256=' + hmac('sha256', hook.appSecret, body).toString('hex'),
    },
    body,
  );
}

export function whatsAppText(waId: string, name: string, text: string): Record<string, unknown> {
  return {
    contacts: [{ profile: { name }, wa_id: waId }],
    messages: [{ from: waId, id: wamid(), timestamp: String(Math.floor(Date.now() / 1000)), type: 'text', text: { body: text } }],
  };
}

/** The picture is at Meta: GET /{id} tells where. */
export function whatsAppPicture(waId: string, name: string, caption: string): Record<string, unknown> {
  return {
    contacts: [{ profile: { name }, wa_id: waId }],
    messages: [
      { from: waId, id: wamid(), timestamp: String(Math.floor(Date.now() / 1000)), type: 'image', image: { id: digits(16), mime_type: 'image/png', caption } },
    ],
  };
}

export function whatsAppStatus(messageId: string, waId: string, status: 'sent' | 'delivered' | 'read' | 'failed'): Record<string, unknown> {
  return {
    statuses: [
      {
        id: messageId,
        status,
        timestamp: String(Math.floor(Date.now() / 1000)),
        recipient_id: waId,
        ...(status === 'failed' ? { errors: [{ code: 131026, title: 'Message undeliverable' }] } : {}),
      },
    ],
  };
}

export function wamid(): string {
  return 'wamid.' + randomBytes(36).toString('base64');
}

// ---- Twilio Voice -------------------------------------------------------------------------------------------------

export interface TwilioHook {
  /** The public address, as the provider knows it: it is part of the signature. */
  url: string;
  authToken: string;
}

/** X-Twilio-Signature: base64 HMAC-SHA1 over the address and the parameters, sorted by name. */
export function twilioSignature(hook: TwilioHook, parameters: Record<string, string>): string {
  const text = Object.keys(parameters)
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .reduce((all, name) => all + name + parameters[name], hook.url);
  return hmac('sha1', hook.authToken, text).toString('base64');
}

export function twilioRequest(hook: TwilioHook, parameters: Record<string, string>): ProviderRequest {
  return post(
    hook.url,
    {
      'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
      'user-agent': 'TwilioProxy/1.1',
      'x-twilio-signature': twilioSignature(hook, parameters),
      'i-twilio-idempotency-token': randomBytes(16).toString('hex'),
    },
    Buffer.from(new URLSearchParams(parameters).toString()),
  );
}

export type CallStatus = 'queued' | 'ringing' | 'in-progress' | 'completed' | 'busy' | 'failed' | 'no-answer' | 'canceled';

export interface Call {
  sid: string;
  from: string;
  to: string;
  direction?: 'inbound' | 'outbound-api';
}

export function newCall(from: string, to: string): Call {
  return { sid: 'CA' + randomBytes(16).toString('hex'), from, to, direction: 'inbound' };
}

export function callStatus(call: Call, status: CallStatus, sequence: number, seconds?: number): Record<string, string> {
  return {
    AccountSid: 'AC' + '0123456789abcdef'.repeat(2),
    ApiVersion: '2010-04-01',
    CallSid: call.sid,
    CallStatus: status,
    Called: call.to,
    Caller: call.from,
    Direction: call.direction ?? 'inbound',
    From: call.from,
    To: call.to,
    SequenceNumber: String(sequence),
    CallbackSource: 'call-progress-events',
    Timestamp: new Date().toUTCString().replace('GMT', '+0000'),
    ...(seconds === undefined ? {} : { CallDuration: String(seconds), Duration: String(Math.ceil(seconds / 60)) }),
  };
}

// ---- Shopify ------------------------------------------------------------------------------------------------------

export interface ShopifyHook {
  url: string;
  secret: string;
  shopDomain?: string;
}

export type ShopifyTopic = 'orders/create' | 'orders/updated' | 'orders/paid' | 'orders/cancelled' | 'orders/fulfilled' | 'orders/partially_fulfilled';

export interface ShopifyLine {
  sku: string;
  title: string;
  quantity: number;
  price: string;
}

export interface ShopifyOrder {
  /** 64 bits, as text: JSON.stringify must not round it. */
  id: string;
  number: number;
  email?: string | undefined;
  phone?: string | undefined;
  customerId?: string | undefined;
  firstName: string;
  lastName: string;
  currency: string;
  lines: ShopifyLine[];
  createdAt: Date;
  updatedAt: Date;
  paid: boolean;
  cancelled?: boolean;
  tracking?: { company: string; number: string; url: string } | undefined;
  delivered?: boolean;
}

/** X-Shopify-Hmac-Sha256: base64 HMAC-SHA256 of the raw body. */
export function shopifyRequest(hook: ShopifyHook, topic: ShopifyTopic, order: ShopifyOrder): ProviderRequest {
  const body = Buffer.from(shopifyJson(order));
  return post(
    hook.url,
    {
      'content-type': 'application/json',
      'user-agent': 'Shopify-Captain-Hook',
      'x-shopify-topic': topic,
      'x-shopify-hmac-sha256': hmac('sha256', hook.secret, body).toString('base64'),
      'x-shopify-shop-domain': hook.shopDomain ?? 'aoyama-finch.myshopify.com',
      'x-shopify-api-version': '2026-01',
      'x-shopify-webhook-id': uuid(),
      'x-shopify-event-id': uuid(),
      'x-shopify-triggered-at': order.updatedAt.toISOString(),
    },
    body,
  );
}

export function shopifyJson(order: ShopifyOrder): string {
  const total = order.lines.reduce((sum, line) => sum + Number(line.price) * line.quantity, 0);
  const decimals = order.currency === 'JPY' ? 0 : 2;
  const customer = {
    id: `\u0000${order.customerId ?? '7000000000001'}\u0000`,
    email: order.email ?? null,
    phone: order.phone ?? null,
    first_name: order.firstName,
    last_name: order.lastName,
    default_address: { first_name: order.firstName, last_name: order.lastName, phone: order.phone ?? null },
  };
  const json = JSON.stringify({
    id: `\u0000${order.id}\u0000`,
    admin_graphql_api_id: `gid://shopify/Order/${order.id}`,
    name: `#${order.number}`,
    order_number: order.number,
    email: order.email ?? '',
    phone: order.phone ?? null,
    contact_email: order.email ?? null,
    created_at: order.createdAt.toISOString(),
    updated_at: order.updatedAt.toISOString(),
    cancelled_at: order.cancelled ? order.updatedAt.toISOString() : null,
    currency: order.currency,
    total_price: total.toFixed(decimals),
    financial_status: order.paid ? 'paid' : 'pending',
    fulfillment_status: order.tracking ? 'fulfilled' : null,
    source_name: 'web',
    note: null,
    tags: '',
    customer,
    line_items: order.lines.map((line, index) => ({
      id: 14_000_000_000_000 + index,
      sku: line.sku,
      title: line.title,
      variant_title: null,
      name: line.title,
      quantity: line.quantity,
      price: line.price,
    })),
    fulfillments: order.tracking
      ? [
          {
            id: 5_000_000_000_001,
            status: 'success',
            shipment_status: order.delivered ? 'delivered' : null,
            tracking_company: order.tracking.company,
            tracking_number: order.tracking.number,
            tracking_url: order.tracking.url,
            created_at: order.updatedAt.toISOString(),
          },
        ]
      : [],
    refunds: [],
  });
  // Ids are 64-bit numbers on the wire, beyond what a double holds.
  return json.replace(/"\\u0000(\d+)\\u0000"/g, '$1');
}

// ---- email: Postmark inbound, and raw RFC 822 ---------------------------------------------------------------------

export interface MailAttachment {
  name: string;
  type: string;
  data: Buffer;
  cid?: string;
}

export interface Mail {
  from: string;
  fromName: string;
  to: string;
  subject: string;
  text: string;
  html?: string;
  messageId?: string;
  inReplyTo?: string;
  references?: string[];
  date?: Date;
  attachments?: MailAttachment[];
}

export interface PostmarkHook {
  url: string;
  user: string;
  password: string;
}

/** Postmark signs nothing: Basic authorization, as written into the address given to it. */
export function postmarkRequest(hook: PostmarkHook, mail: Mail): ProviderRequest {
  const headers = [
    { Name: 'Message-ID', Value: mail.messageId ?? newMessageId(mail.from) },
    ...(mail.inReplyTo ? [{ Name: 'In-Reply-To', Value: mail.inReplyTo }] : []),
    ...(mail.references?.length ? [{ Name: 'References', Value: mail.references.join(' ') }] : []),
  ];
  const body = {
    From: mail.from,
    FromName: mail.fromName,
    FromFull: { Email: mail.from, Name: mail.fromName, MailboxHash: '' },
    To: mail.to,
    ToFull: [{ Email: mail.to, Name: '', MailboxHash: '' }],
    Cc: '',
    CcFull: [],
    OriginalRecipient: mail.to,
    Subject: mail.subject,
    MessageID: uuid(),
    ReplyTo: '',
    MailboxHash: '',
    Date: (mail.date ?? new Date()).toUTCString().replace('GMT', '+0000'),
    TextBody: mail.text,
    HtmlBody: mail.html ?? '',
    StrippedTextReply: '',
    Tag: '',
    Headers: headers,
    Attachments: (mail.attachments ?? []).map(({ name, type, data, cid }) => ({
      Name: name,
      Content: data.toString('base64'),
      ContentType: type,
      ContentLength: data.length,
      ...(cid ? { ContentID: cid } : {}),
    })),
  };
  return post(
    hook.url,
    {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'Postmark',
      authorization: 'Basic ' + Buffer.from(`${hook.user}:${hook.password}`).toString('base64'),
    },
    Buffer.from(JSON.stringify(body)),
  );
}

export interface Rfc822Hook {
  url: string;
  token: string;
}

/** A mail server hands over the mail as it came: message/rfc822 and a bearer token. */
export function rfc822Request(hook: Rfc822Hook, raw: Buffer): ProviderRequest {
  return post(hook.url, { 'content-type': 'message/rfc822', authorization: `Bearer ${hook.token}` }, raw);
}

/** The mail as bytes, with CRLF, encoded as a mail program would. */
export function composeMail(mail: Mail): Promise<Buffer> {
  const composer = new MailComposer({
    from: { name: mail.fromName, address: mail.from },
    to: mail.to,
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    date: mail.date ?? new Date(),
    messageId: mail.messageId ?? newMessageId(mail.from),
    inReplyTo: mail.inReplyTo,
    references: mail.references,
    attachments: mail.attachments?.map(({ name, type, data, cid }) => ({
      filename: name,
      contentType: type,
      content: data,
      cid,
    })),
  });
  return composer.compile().build();
}

/** The mail in ISO-2022-JP, as many mail programs in Japan still send it. Plain text only. */
export function composeJapaneseMail(mail: Mail): Buffer {
  const word = (text: string): string => `=?ISO-2022-JP?B?${iso2022jp(text).toString('base64')}?=`;
  const head = [
    `From: ${word(mail.fromName)} <${mail.from}>`,
    `To: ${mail.to}`,
    `Subject: ${word(mail.subject)}`,
    `Message-ID: ${mail.messageId ?? newMessageId(mail.from)}`,
    `Date: ${(mail.date ?? new Date()).toUTCString().replace('GMT', '+0000')}`,
    ...(mail.inReplyTo ? [`In-Reply-To: ${mail.inReplyTo}`] : []),
    ...(mail.references?.length ? [`References: ${mail.references.join(' ')}`] : []),
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=ISO-2022-JP',
    'Content-Transfer-Encoding: 7bit',
  ];
  const text = mail.text.replace(/\r?\n/g, '\r\n');
  return Buffer.concat([Buffer.from(head.join('\r\n') + '\r\n\r\n'), iso2022jp(text), Buffer.from('\r\n')]);
}

function iso2022jp(text: string): Buffer {
  return Buffer.from(encoding.convert(encoding.stringToCode(text), { to: 'JIS', from: 'UNICODE', type: 'array' }));
}

export function newMessageId(address: string): string {
  return `<${randomBytes(12).toString('hex')}@${address.split('@')[1] ?? 'example.com'}>`;
}

// ---- ids as providers make them -----------------------------------------------------------------------------------

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

export function ulid(at = Date.now()): string {
  let time = '';
  for (let rest = at, i = 0; i < 10; i++, rest = Math.floor(rest / 32)) time = CROCKFORD.charAt(rest % 32) + time;
  return time + Array.from(randomBytes(16), (byte) => CROCKFORD.charAt(byte % 32)).join('');
}

export function uuid(): string {
  return globalThis.crypto.randomUUID();
}

export function digits(count: number): string {
  const rest = Array.from(randomBytes(count - 1), (byte) => String(byte % 10)).join('');
  return '5' + rest;
}
