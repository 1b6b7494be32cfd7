// SMS by Twilio, played: its API as it answers, and the calls by which it hands messages over. twilio.com/docs/messaging/api
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Answer, Hub } from './caught.ts';

const TEXT_MAX = 1600;

const sid = (kind: string): string => kind + randomBytes(16).toString('hex');

/** The parameters of a message that comes. */
export const smsMessage = (from: string, to: string, text: string, media: string[] = []): Record<string, string> => ({
  MessageSid: sid(media.length ? 'MM' : 'SM'),
  AccountSid: 'AC1',
  From: from,
  To: to,
  Body: text,
  NumMedia: String(media.length),
  NumSegments: '1',
  ...Object.fromEntries(
    media.flatMap((id, i) => [
      [`MediaUrl${i}`, `https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/${id}`],
      [`MediaContentType${i}`, 'image/png'],
    ]),
  ),
});

/** The parameters of what became of one of ours. */
export const smsStatus = (MessageSid: string, to: string, MessageStatus: string, ErrorCode?: string): Record<string, string> => ({
  MessageSid,
  MessageStatus,
  To: to,
  From: '+14155550100',
  ...(ErrorCode ? { ErrorCode } : {}),
});

const refuse = (status: number, code: number, message: string): Answer => ({
  status,
  body: { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status },
});

const isLet = (account: string, request: IncomingMessage): boolean =>
  Buffer.from((request.headers.authorization ?? '').replace(/^Basic /, ''), 'base64')
    .toString()
    .startsWith(`${account}:`);

export function sendSms(hub: Hub, account: string, request: IncomingMessage, body: Buffer): Answer {
  if (!isLet(account, request)) return refuse(401, 20003, 'Authenticate');
  const given = Object.fromEntries(new URLSearchParams(body.toString()));
  const { To: to = '', From: from = '', Body: text = '' } = given;
  if (!/^\+\d{6,15}$/.test(to)) return refuse(400, 21211, `The 'To' number ${to} is not a valid phone number.`);
  if (!from && !given['MessagingServiceSid']) return refuse(400, 21603, "A 'From' phone number is required.");
  if (text.length > TEXT_MAX) return refuse(400, 21617, `The concatenated message body exceeds the ${TEXT_MAX} character limit.`);
  const external_id = sid('SM');
  hub.add({ channel: 'sms', to, from, text, external_id, attachments: [], body: given });
  return { status: 201, body: { sid: external_id, status: 'queued', to, from, body: text, num_segments: '1', error_code: null } };
}

export const smsMedia = (id: string, request: IncomingMessage, picture: (id: string) => Answer): Answer =>
  request.headers.authorization ? picture(id.replace(/\D/g, '')) : refuse(401, 20003, 'Authenticate');
