// Amazon as it is played: topics of SNS that sign what they send, a bucket of S3 that checks who asks, and the API of SES. It stands where the
// setting aws_url points, with Amazon's own host first in each path.
import { execFileSync } from 'node:child_process';
import { createHash, createHmac, createSign, randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProviderRequest } from '../../agent-web/play/providers.ts';
import { randomUUID } from './harness.ts';
import type { Handler } from './host.ts';

export const REGION = 'eu-west-1';
export const TOPIC = `arn:aws:sns:${REGION}:123456789012:mail`;
export const ACCESS = { access_key: 'AKIDEXAMPLE', secret_key: 'wJalrXUtnFEMI' };

const SNS = `sns.${REGION}.amazonaws.com`;
const SIGNED: Record<string, string[]> = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
};

export interface Signer {
  key: string;
  certificate: Buffer;
  url: string;
}

/** An RSA key with a certificate, at an address of SNS. */
export function newSigner(): Signer {
  const folder = mkdtempSync(join(tmpdir(), 'throughline-sns-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=sns.test', '-keyout', key, '-out', cert], {
    stdio: 'ignore',
  });
  const signer = {
    key: readFileSync(key, 'utf8'),
    certificate: readFileSync(cert),
    url: `https://${SNS}/SimpleNotificationService-${randomBytes(16).toString('hex')}.pem`,
  };
  rmSync(folder, { recursive: true });
  return signer;
}

export const proxied = (url: string): string => url.replace('https:/', '');

export type Envelope = Record<string, string | undefined>;

/** As SNS posts it: JSON as plain text. */
export function signed(url: string, signer: Signer, envelope: Envelope, version: '1' | '2' = '2'): ProviderRequest {
  const whole: Envelope = { MessageId: randomUUID(), TopicArn: TOPIC, Timestamp: new Date().toISOString(), Type: 'Notification', ...envelope };
  const text = (SIGNED[whole['Type'] ?? ''] ?? []).map((key) => (whole[key] === undefined ? '' : `${key}\n${whole[key]}\n`)).join('');
  const Signature = createSign(version === '1' ? 'RSA-SHA1' : 'RSA-SHA256')
    .update(text)
    .sign(signer.key, 'base64');
  const body = {
    ...whole,
    SignatureVersion: version,
    Signature,
    SigningCertURL: signer.url,
    ...(envelope['SigningCertURL'] ? { SigningCertURL: envelope['SigningCertURL'] } : {}),
  };
  return {
    url,
    method: 'POST',
    headers: { 'content-type': 'text/plain; charset=UTF-8', 'x-amz-sns-message-type': whole['Type'] ?? '' },
    body: Buffer.from(JSON.stringify(body)),
  };
}

const verdict = (status: string): { status: string } => ({ status });

/** A notice of SES that it has received a mail. */
export function received(action: Record<string, string>, more: { content?: string; dmarc?: string; to?: string; from?: string[] } = {}): string {
  return JSON.stringify({
    notificationType: 'Received',
    mail: {
      messageId: randomBytes(20).toString('hex'),
      source: 'bounce@example.com',
      destination: ['help@shop.example'],
      commonHeaders: { from: more.from ?? ['Ann <ann@example.com>'] },
    },
    receipt: {
      recipients: [more.to ?? 'help@shop.example', 'else@shop.example'],
      spamVerdict: verdict('PASS'),
      virusVerdict: verdict('PASS'),
      spfVerdict: verdict('PASS'),
      dkimVerdict: verdict('PASS'),
      dmarcVerdict: verdict(more.dmarc ?? 'GRAY'),
      action,
    },
    ...(more.content === undefined ? {} : { content: more.content }),
  });
}

/** What becomes of a mail that left under that id. */
export function event(
  type: string,
  id: string,
  detail: Record<string, unknown>,
  named: 'eventType' | 'notificationType' = 'eventType',
  entry?: string,
): string {
  const member = { DeliveryDelay: 'deliveryDelay' }[type] ?? type.toLowerCase();
  return JSON.stringify({
    [named]: type,
    mail: {
      messageId: id,
      sourceArn: `arn:aws:ses:${REGION}:123456789012:identity/shop.example`,
      destination: ['x@example.com'],
      tags: entry ? { throughline_entry: [entry] } : {},
    },
    [member]: { timestamp: new Date().toISOString(), ...detail },
  });
}

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** Whether the request is signed as Signature Version 4 wants it. */
export function isSigned(request: IncomingMessage, service: string, body: Buffer = Buffer.alloc(0)): boolean {
  const header = (name: string): string => String(request.headers[name] ?? '');
  const found = /Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(header('authorization'));
  const [, host = '', path = ''] = /^\/([^/]+)(\/.*)$/.exec(request.url ?? '') ?? [];
  if (!found || header('x-amz-content-sha256') !== sha256(body)) return false;
  const [, id, day = '', region = '', of, names = '', signature] = found;
  const lines = names.split(';').map((name) => `${name}:${name === 'host' ? host : header(name).trim()}\n`);
  const canonical = [request.method, path, '', lines.join(''), names, sha256(body)].join('\n');
  const text = ['AWS4-HMAC-SHA256', header('x-amz-date'), `${day}/${region}/${of}/aws4_request`, sha256(canonical)].join('\n');
  const key = hmac(hmac(hmac(hmac(`AWS4${ACCESS.secret_key}`, day), region), String(of)), 'aws4_request');
  return id === ACCESS.access_key && of === service && region === REGION && hmac(key, text).toString('hex') === signature;
}

/** The path of an object in a bucket. */
export const object = (key: string, bucket = 'inbox'): string => `/${bucket}.s3.${REGION}.amazonaws.com/${key}`;

/** Gives the object to whom it may be given. */
export const keep =
  (data: Buffer, headers: Record<string, string> = {}): Handler =>
  (request, response) => {
    if (isSigned(request, 's3')) response.writeHead(200, { 'content-type': 'binary/octet-stream', ...headers }).end(data);
    else response.writeHead(403, { 'content-type': 'application/xml' }).end('<Error><Code>SignatureDoesNotMatch</Code><Message>no</Message></Error>');
  };

/** Answers with these, one after the other, and from then on with the last. */
export function inTurn(...handlers: Handler[]): Handler {
  let n = 0;
  return (request, response) => handlers[Math.min(n++, handlers.length - 1)]?.(request, response);
}

export const fault =
  (status: number, code: string): Handler =>
  (_, response) =>
    void response
      .writeHead(status, { 'content-type': 'application/xml' })
      .end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>Said by S3.</Message></Error>`);
