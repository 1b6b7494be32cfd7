// Telegram, played: the updates that it sends us, and its Bot API as it answers. core.telegram.org/bots/api
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Answer, CaughtFile, Hub } from './caught.ts';
import { digits, type ProviderRequest } from './providers.ts';

const TEXT_MAX = 4096;
const CAPTION_MAX = 1024;

export interface TelegramHook {
  url: string;
  secret: string;
}

export type TelegramUpdate = Record<string, unknown>;

export interface TelegramPerson {
  id: number;
  first_name: string;
  last_name?: string;
  username?: string;
  language_code?: string;
}

let lastUpdate = Number(digits(9));
let lastMessage = 1000;

export const telegramPerson = (first_name: string): TelegramPerson => ({
  id: Number(digits(10)),
  first_name,
  username: first_name.toLowerCase(),
  language_code: 'en',
});

/** With the secret that setWebhook was given. */
export function telegramRequest(hook: TelegramHook, update: TelegramUpdate): ProviderRequest {
  const body = Buffer.from(JSON.stringify({ update_id: ++lastUpdate, ...update }));
  return { url: hook.url, method: 'POST', headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': hook.secret }, body };
}

/** A message in the chat of the person with the bot. */
export function telegramMessage(person: TelegramPerson, what: Record<string, unknown>): TelegramUpdate & { message: Record<string, unknown> } {
  const chat = { ...person, language_code: undefined, type: 'private' };
  return { message: { message_id: ++lastMessage, from: { ...person, is_bot: false }, chat, date: Math.floor(Date.now() / 1000), ...what } };
}

/** The picture is at Telegram: getFile, and then its path. */
export const telegramPhoto = (): Record<string, unknown> => {
  const size = (file_id: string, width: number): object => ({ file_id, file_unique_id: `u${file_id}`, width, height: width });
  return { photo: [size(digits(18), 90), size(digits(18), 800)] };
};

const refuse = (status: number, description: string): Answer => ({ status, body: { ok: false, error_code: status, description } });

export class BotApi {
  private readonly hub: Hub;
  private readonly callbacks: string[] = [];
  private readonly webhooks = new Map<string, Record<string, unknown>>();

  constructor(hub: Hub) {
    this.hub = hub;
  }

  async call(token: string, method: string, request: IncomingMessage, body: Buffer): Promise<Answer> {
    if (!/^\d+:\w+$/.test(token)) return refuse(401, 'Unauthorized');
    const type = request.headers['content-type'] ?? '';
    const form = type.startsWith('multipart/form-data') ? await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData() : null;
    const given = form ? Object.fromEntries(form) : (JSON.parse(body.toString()) as Record<string, unknown>);
    if (method === 'setWebhook') return this.setWebhook(token, given);
    if (!given['chat_id']) return refuse(400, 'Bad Request: chat_id is empty');
    if (method === 'sendMediaGroup') return this.album(given);
    if (method === 'sendMessage') return this.words(given, String(given['text'] ?? ''), TEXT_MAX, []);
    const file = given[method === 'sendPhoto' ? 'photo' : 'document'];
    if ((method !== 'sendPhoto' && method !== 'sendDocument') || !(file instanceof File)) return refuse(404, 'Not Found');
    const content = Buffer.from(await file.arrayBuffer());
    const sha256 = createHash('sha256').update(content).digest('hex');
    return this.words(given, String(given['caption'] ?? ''), CAPTION_MAX, [{ name: file.name, type: file.type, size: content.length, sha256 }]);
  }

  private setWebhook(token: string, given: Record<string, unknown>): Answer {
    if (!/^[\w-]{1,256}$/.test(String(given['secret_token'] ?? ''))) return refuse(400, 'Bad Request: secret token contains unallowed characters');
    this.webhooks.set(token, given);
    return { status: 200, body: { ok: true, result: true, description: 'Webhook was set' } };
  }

  /** Which buttons have been answered; none is asked about: all of them. */
  answered(id: string): Answer {
    if (id) this.callbacks.push(id);
    return { status: 200, body: { ok: true, result: id ? true : this.callbacks } };
  }

  webhookOf(token: string): Answer {
    return { status: 200, body: { ok: true, result: this.webhooks.get(token) ?? { url: '' } } };
  }

  private async album(given: Record<string, unknown>): Promise<Answer> {
    const media = JSON.parse(String(given['media'] ?? '[]')) as { type: string; media: string; caption?: string }[];
    if (media.length < 2 || media.length > 10) return refuse(400, 'Bad Request: group send failed');
    if (new Set(media.map(({ type }) => type)).size > 1) return refuse(400, "Bad Request: document can't be mixed with other media types");
    const files: CaughtFile[] = [];
    for (const one of media) {
      const file = given[one.media.replace('attach://', '')];
      if (!(file instanceof File)) return refuse(400, 'Bad Request: wrong file identifier');
      files.push({
        name: file.name,
        type: file.type,
        size: file.size,
        sha256: createHash('sha256')
          .update(Buffer.from(await file.arrayBuffer()))
          .digest('hex'),
      });
    }
    const { body, ...answer } = this.words(given, media[0]?.caption ?? '', CAPTION_MAX, files);
    return { ...answer, body: { ...(body as object), result: [(body as { result: unknown }).result] } };
  }

  private words(given: Record<string, unknown>, text: string, max: number, attachments: CaughtFile[]): Answer {
    if (text === '' && attachments.length === 0) return refuse(400, 'Bad Request: message text is empty');
    if (text.length > max) return refuse(400, 'Bad Request: message is too long');
    const chat = { id: Number(given['chat_id']), type: 'private' };
    const message_id = ++lastMessage;
    this.hub.add({ channel: 'telegram', to: String(chat.id), text, external_id: String(message_id), attachments, body: given });
    const business = given['business_connection_id'];
    return {
      status: 200,
      body: { ok: true, result: { message_id, chat, date: Math.floor(Date.now() / 1000), ...(business ? { business_connection_id: business } : {}) } },
    };
  }

  whereIs(token: string, fileId: string): Answer {
    if (!/^\d+:\w+$/.test(token)) return refuse(401, 'Unauthorized');
    if (fileId.endsWith('big')) return refuse(400, 'Bad Request: file is too big');
    if (!/^\d+$/.test(fileId)) return refuse(400, 'Bad Request: wrong file_id or the file is temporarily unavailable');
    return { status: 200, body: { ok: true, result: { file_id: fileId, file_path: `photos/${fileId}.png` } } };
  }
}
