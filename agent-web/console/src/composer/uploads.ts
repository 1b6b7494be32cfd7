// Files on their way into the store, with progress; what has arrived becomes part of the draft.
import { callError, type Upload as Stored, type WireError } from '@throughline/protocol';
import { t } from '../i18n/index.ts';
import { Store } from '../lib/store.ts';
import { reasonOf } from '../ui/toasts.ts';
import { draftOf } from './drafts.ts';

export interface Upload {
  id: number;
  customerId: string;
  name: string;
  size: number;
  /** Of a picture, to be seen before it is there. */
  preview: string | null;
  /** 0 to 1. */
  progress: number;
  error: string | null;
}

export const uploads = new Store<readonly Upload[]>([]);
const running = new Map<number, XMLHttpRequest>();
let last = 0;

/** What every browser shows. */
export const PICTURE = /^image\/(png|jpeg|gif|webp)$/;

const patch = (id: number, part: Partial<Upload>) => uploads.set((all) => all.map((one) => (one.id === id ? { ...one, ...part } : one)));

export function dropUpload(id: number): void {
  running.get(id)?.abort();
  running.delete(id);
  const { preview } = uploads.get().find((one) => one.id === id) ?? {};
  if (preview) URL.revokeObjectURL(preview);
  uploads.set((all) => all.filter((one) => one.id !== id));
}

/** `refused`: why the channel does not take it; then it is only shown, with the reason. */
export function upload(customerId: string, file: File, refused: string | null = null): void {
  const id = ++last;
  const name = file.name || t('file.pasted', { type: file.type.split('/')[1] ?? '' });
  uploads.set((all) => [
    ...all,
    { id, customerId, name, size: file.size, preview: PICTURE.test(file.type) ? URL.createObjectURL(file) : null, progress: 0, error: refused },
  ]);
  if (refused !== null) return;
  // fetch() does not tell how much has left.
  const request = new XMLHttpRequest();
  running.set(id, request);
  request.open('POST', new URL(`api/v1/attachments?name=${encodeURIComponent(name)}`, document.baseURI));
  request.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
  request.upload.onprogress = ({ loaded, total }) => patch(id, { progress: total > 0 ? loaded / total : 0 });
  request.onload = () => finish(id, customerId, request);
  request.onerror = () => patch(id, { error: t('error.disconnected') });
  request.send(file);
}

function finish(id: number, customerId: string, request: XMLHttpRequest): void {
  let body: { error?: WireError } & Partial<Stored> = {};
  try {
    body = JSON.parse(request.responseText) as typeof body;
  } catch {
    // The reason is said below.
  }
  if (request.status < 200 || request.status >= 300 || !body.upload) {
    patch(id, { error: request.status === 413 ? t('file.too_large') : reasonOf(body.error && callError(body.error)) });
    return;
  }
  dropUpload(id);
  draftOf(customerId).set((draft) => ({ ...draft, files: [...draft.files, body as Stored] }));
}
