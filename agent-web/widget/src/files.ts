// Files of the chat: up with progress, down with the visitor's token in a header, so that it is in no address.
import { UPLOAD_BYTES_MAX, type Attachment, type Upload as Stored } from '@throughline/protocol';
import type { Chat } from './chat.ts';
import type { FileRef } from './outbox.ts';

/** Larger pictures are shown as a file to be fetched. */
const PICTURE_MAX = 4 * 1024 * 1024;
const PICTURES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

export type UploadState = 'waiting' | 'sending' | 'done' | 'failed' | 'too_large';

/** A file that the visitor has chosen and not sent yet. */
export class Upload {
  readonly file: File;
  readonly name: string;
  state: UploadState = 'waiting';
  /** An address of this page for a picture that is small enough to be drawn here; ''. */
  readonly thumbnail: string;
  /** 0 to 1 */
  progress = 0;
  ref: FileRef | null = null;
  private readonly chat: Chat;
  private readonly changed: () => void;
  private request: XMLHttpRequest | null = null;

  constructor(chat: Chat, file: File, changed: () => void) {
    this.chat = chat;
    this.file = file;
    this.name = (file.name || 'file').slice(0, 200);
    this.changed = changed;
    if (file.size > UPLOAD_BYTES_MAX) this.state = 'too_large';
    this.thumbnail = PICTURES.includes(file.type) && file.size <= UPLOAD_BYTES_MAX ? URL.createObjectURL(file) : '';
  }

  /** Begins when there is a token to send it with; asked again at every change of the connection. */
  start(): void {
    if (this.state !== 'waiting' || !this.chat.token || this.chat.link.phase !== 'live') return;
    const request = new XMLHttpRequest();
    const url = new URL('chat/attachments', this.chat.options.base);
    url.search = new URLSearchParams({ channel: this.chat.options.channel, name: this.name }).toString();
    this.request = request;
    this.state = 'sending';
    request.open('POST', url.href);
    request.setRequestHeader('X-Visitor-Token', this.chat.token);
    request.setRequestHeader('Content-Type', this.file.type || 'application/octet-stream');
    request.upload.onprogress = (event) => {
      this.progress = event.total ? event.loaded / event.total : 0;
      this.changed();
    };
    request.onload = () => this.over(request);
    request.onerror = () => this.fail('failed');
    request.send(this.file);
    this.changed();
  }

  again(): void {
    if (this.state !== 'failed') return;
    this.state = 'waiting';
    this.progress = 0;
    this.start();
    this.changed();
  }

  cancel(): void {
    if (this.request) this.request.onload = this.request.onerror = this.request.upload.onprogress = null;
    this.request?.abort();
    this.release();
  }

  /** It is shown no more. */
  release(): void {
    if (this.thumbnail) URL.revokeObjectURL(this.thumbnail);
  }

  private over(request: XMLHttpRequest): void {
    try {
      if (request.status !== 200) throw new Error();
      const stored = JSON.parse(request.responseText) as Stored;
      this.ref = { sha256: stored.sha256, upload: stored.upload, name: this.name, type: stored.type, size: this.file.size };
      this.state = 'done';
      this.changed();
    } catch {
      this.fail(request.status === 413 ? 'too_large' : 'failed');
    }
  }

  private fail(state: UploadState): void {
    this.state = state;
    this.changed();
  }
}

const fetched = new Map<string, Promise<string>>();

/** An address of this page for a stored file's content. */
export function contentOf(chat: Chat, file: FileRef): Promise<string> {
  const known = fetched.get(file.sha256);
  if (known) return known;
  const url = new URL(`chat/attachments/${file.sha256}`, chat.options.base);
  url.search = new URLSearchParams({ channel: chat.options.channel, type: file.type, name: file.name }).toString();
  const content = fetch(url, { headers: { 'X-Visitor-Token': chat.token ?? '' }, credentials: 'omit' }).then(async (response) => {
    if (!response.ok) throw new Error(String(response.status));
    return URL.createObjectURL(await response.blob());
  });
  fetched.set(file.sha256, content);
  content.catch(() => fetched.delete(file.sha256));
  return content;
}

export async function save(chat: Chat, file: FileRef): Promise<void> {
  const link = document.createElement('a');
  link.href = await contentOf(chat, file);
  link.download = file.name;
  link.click();
}

export const isPicture = (file: FileRef): boolean => PICTURES.includes(file.type) && file.size <= PICTURE_MAX;

/** A chat's files are here: visitors and agents have brought them. */
export const fileRef = (file: Attachment): FileRef => ({
  sha256: file.sha256 as string,
  name: file.name ?? 'file',
  type: file.type,
  size: file.size ?? 0,
  keptBack: file.scan,
});

export function sizeText(bytes: number, language: string): string {
  const units = ['byte', 'kilobyte', 'megabyte'];
  let n = bytes;
  let unit = 0;
  for (; n >= 1000 && unit < 2; unit++) n /= 1000;
  const digits = unit === 2 && n < 10 ? 1 : 0;
  return new Intl.NumberFormat(language, { style: 'unit', unit: units[unit] ?? 'byte', unitDisplay: 'short', maximumFractionDigits: digits }).format(n);
}
