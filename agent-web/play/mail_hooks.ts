// What providers of mail post: mail as forms and as JSON, and what became of ours, each signed as it really signs.
import { createHmac, createSign, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import type { Mail, PostmarkHook, ProviderRequest } from './providers.ts';
import { newMessageId } from './providers.ts';

/** The address at the provider is https://user:password@…. */
export type PasswordHook = PostmarkHook;

const basic = ({ user, password }: PasswordHook): string => 'Basic ' + Buffer.from(`${user}:${password}`).toString('base64');

function post(url: string, headers: Record<string, string>, body: Buffer): ProviderRequest {
  return { url, method: 'POST', headers, body };
}

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

// ---- forms --------------------------------------------------------------------------------------------------------

export interface Part {
  name: string;
  value: string | Buffer;
  file?: string;
  type?: string;
}

const BOUNDARY = 'xYzZY';

/** multipart/form-data, as all of them write it. */
export function multipart(parts: Part[]): { type: string; body: Buffer } {
  const pieces = parts.flatMap(({ name, value, file, type }) => [
    Buffer.from(
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${file === undefined ? '' : `; filename="${file}"`}\r\n${type ? `Content-Type: ${type}\r\n` : ''}\r\n`,
    ),
    Buffer.from(value),
    Buffer.from('\r\n'),
  ]);
  return { type: `multipart/form-data; boundary=${BOUNDARY}`, body: Buffer.concat([...pieces, Buffer.from(`--${BOUNDARY}--\r\n`)]) };
}

function headerLines(mail: Mail): [string, string][] {
  return [
    ['From', `${mail.fromName} <${mail.from}>`],
    ['To', mail.to],
    ['Subject', mail.subject],
    ['Message-ID', mail.messageId ?? newMessageId(mail.from)],
    ['Date', (mail.date ?? new Date()).toUTCString().replace('GMT', '+0000')],
    ...(mail.inReplyTo ? [['In-Reply-To', mail.inReplyTo] as [string, string]] : []),
  ];
}

// ---- SendGrid -----------------------------------------------------------------------------------------------------

export interface SendGridHook extends PasswordHook {
  /** Signs instead of the password, where the provider is told to. */
  key?: KeyObject;
}

export function newSendGridKey(): { key: KeyObject; publicKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { key: privateKey, publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64') };
}

/** ECDSA with SHA-256 over the timestamp and the exact body; DER in base64. */
function sendGridPost(hook: SendGridHook, type: string, body: Buffer, at = Math.floor(Date.now() / 1000)): ProviderRequest {
  if (!hook.key) return post(hook.url, { 'content-type': type, 'user-agent': 'Sendlib/1.0', authorization: basic(hook) }, body);
  const signature = createSign('sha256').update(String(at)).update(body).sign({ key: hook.key, dsaEncoding: 'der' });
  const signed = { 'x-twilio-email-event-webhook-signature': signature.toString('base64'), 'x-twilio-email-event-webhook-timestamp': String(at) };
  return post(hook.url, { 'content-type': type, 'user-agent': 'Sendlib/1.0', ...signed }, body);
}

export function sendGridMail(hook: SendGridHook, mail: Mail, more: Part[] = []): ProviderRequest {
  const files = mail.attachments ?? [];
  const info = Object.fromEntries(
    files.map((file, i) => [`attachment${i + 1}`, { filename: file.name, type: file.type, ...(file.cid ? { 'content-id': file.cid } : {}) }]),
  );
  const { type, body } = multipart([
    {
      name: 'headers',
      value: headerLines(mail)
        .map(([name, value]) => `${name}: ${value}\n`)
        .join(''),
    },
    { name: 'to', value: mail.to },
    { name: 'from', value: `${mail.fromName} <${mail.from}>` },
    { name: 'subject', value: mail.subject },
    { name: 'text', value: mail.text },
    ...(mail.html ? [{ name: 'html', value: mail.html }] : []),
    { name: 'charsets', value: '{"to":"UTF-8","from":"UTF-8","subject":"UTF-8","text":"utf-8","html":"utf-8"}' },
    { name: 'envelope', value: JSON.stringify({ to: [mail.to], from: mail.from }) },
    { name: 'SPF', value: 'pass' },
    { name: 'dkim', value: `{@${mail.from.split('@')[1]} : pass}` },
    { name: 'attachments', value: String(files.length) },
    { name: 'attachment-info', value: JSON.stringify(info) },
    ...files.map((file, i) => ({ name: `attachment${i + 1}`, value: file.data, file: file.name, type: file.type })),
    ...more,
  ]);
  return sendGridPost(hook, type, body);
}

export type SendGridEvent = { event: string; email: string; 'smtp-id'?: string; [name: string]: unknown };

/** The list ends with a line break, which is signed too. */
export function sendGridEvents(hook: SendGridHook, events: SendGridEvent[]): ProviderRequest {
  const now = Math.floor(Date.now() / 1000);
  const all = events.map((event) =>
    JSON.stringify({
      sg_event_id: randomBytes(16).toString('base64url'),
      sg_message_id: `${randomBytes(16).toString('base64url')}.recv`,
      timestamp: now,
      ...event,
    }),
  );
  return sendGridPost(hook, 'application/json', Buffer.from(`[${all.join(',\r\n')}]\r\n`));
}

// ---- Mailgun ------------------------------------------------------------------------------------------------------

export interface MailgunHook extends PasswordHook {
  signingKey: string;
}

/** Hex HMAC-SHA256 of the time and a random word. */
function mailgunTriple(hook: MailgunHook): { timestamp: string; token: string; signature: string } {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const token = randomBytes(25).toString('hex');
  return {
    timestamp,
    token,
    signature: createHmac('sha256', hook.signingKey)
      .update(timestamp + token)
      .digest('hex'),
  };
}

const mailgunHeaders = (hook: MailgunHook, type: string) => ({ 'content-type': type, 'user-agent': 'mailgun/treq', authorization: basic(hook) });

export function mailgunMail(hook: MailgunHook, mail: Mail, more: Part[] = []): ProviderRequest {
  const { type, body } = multipart([
    { name: 'recipient', value: mail.to },
    { name: 'sender', value: mail.from },
    { name: 'from', value: `${mail.fromName} <${mail.from}>` },
    { name: 'subject', value: mail.subject },
    { name: 'body-plain', value: mail.text },
    { name: 'stripped-text', value: mail.text.slice(0, 3) },
    ...(mail.html ? [{ name: 'body-html', value: mail.html }] : []),
    { name: 'message-headers', value: JSON.stringify(headerLines(mail)) },
    ...(mail.attachments ?? []).map((file, i) => ({ name: `attachment-${i + 1}`, value: file.data, file: file.name, type: file.type })),
    ...more,
    ...Object.entries(mailgunTriple(hook)).map(([name, value]) => ({ name, value })),
  ]);
  return post(hook.url, mailgunHeaders(hook, type), body);
}

/** As to an address that ends with "mime": the mail as it was sent, and what Mailgun knows besides. */
export function mailgunMime(hook: MailgunHook, mail: Mail, raw: Buffer): ProviderRequest {
  const { type, body } = multipart([
    { name: 'recipient', value: mail.to },
    { name: 'sender', value: mail.from },
    { name: 'body-mime', value: raw },
    ...Object.entries(mailgunTriple(hook)).map(([name, value]) => ({ name, value })),
  ]);
  return post(`${hook.url}?mime`, mailgunHeaders(hook, type), body);
}

export function mailgunEvent(hook: MailgunHook, event: string, recipient: string, messageId: string, more: object = {}): ProviderRequest {
  const data = {
    event,
    id: randomBytes(16).toString('base64url'),
    timestamp: Date.now() / 1000,
    recipient,
    message: { headers: { 'message-id': messageId.replace(/[<>]/g, '') } },
    ...more,
  };
  return post(hook.url, mailgunHeaders(hook, 'application/json'), json({ signature: mailgunTriple(hook), 'event-data': data }));
}

// ---- CloudMailin --------------------------------------------------------------------------------------------------

/** JSON (normalized). */
export function cloudMailinMail(hook: PasswordHook, mail: Mail): ProviderRequest {
  const headers = Object.fromEntries(headerLines(mail).map(([name, value]) => [name.toLowerCase().replaceAll('-', '_'), value]));
  const body = {
    headers,
    envelope: {
      to: mail.to,
      recipients: [mail.to],
      from: mail.from,
      helo_domain: 'mx.example',
      remote_ip: '192.0.2.1',
      spf: { result: 'pass', domain: mail.from.split('@')[1] },
      tls: true,
    },
    plain: mail.text,
    html: mail.html ?? '',
    reply_plain: null,
    attachments: (mail.attachments ?? []).map(({ name, type, data }) => ({
      content: data.toString('base64'),
      file_name: name,
      content_type: type,
      size: data.length,
      disposition: 'attachment',
      content_id: null,
    })),
  };
  return post(hook.url, { 'content-type': 'application/json', authorization: basic(hook) }, json(body));
}

/** Multipart (normalized): each member by its path. */
export function cloudMailinForm(hook: PasswordHook, mail: Mail, more: Part[] = []): ProviderRequest {
  const { type, body } = multipart([
    ...headerLines(mail).map(([name, value]) => ({ name: `headers[${name.toLowerCase().replaceAll('-', '_')}]`, value })),
    { name: 'envelope[to]', value: mail.to },
    { name: 'envelope[recipients][0]', value: mail.to },
    { name: 'envelope[from]', value: mail.from },
    { name: 'envelope[spf][result]', value: 'pass' },
    { name: 'envelope[spf][domain]', value: mail.from.split('@')[1] ?? '' },
    { name: 'plain', value: mail.text },
    { name: 'html', value: mail.html ?? '' },
    ...(mail.attachments ?? []).map((file, i) => ({ name: `attachments[${i}]`, value: file.data, file: file.name, type: file.type })),
    ...more,
  ]);
  return post(hook.url, { 'content-type': type, authorization: basic(hook) }, body);
}

// ---- Postmark -----------------------------------------------------------------------------------------------------

export function postmarkEvent(hook: PasswordHook, record: string, more: object): ProviderRequest {
  return post(hook.url, { 'content-type': 'application/json', authorization: basic(hook) }, json({ RecordType: record, ServerID: 23, ...more }));
}
