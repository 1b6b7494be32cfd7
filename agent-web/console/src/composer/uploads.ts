// Files on their way into the store, with progress; what has arrived becomes part of the draft. One that was on its way when the
// connection was lost goes again by itself; of one that was when the page ended, it is said that it is not there.
import { callError, type Upload as Stored, type WireError } from '@throughline/protocol';
import { uuid } from '@throughline/protocol/browser';
import { client, connection } from '../connection/client.ts';
import { t } from '../i18n/index.ts';
import { Store } from '../lib/store.ts';
import { session } from '../session/session.ts';
import { reasonOf } from '../ui/toasts.ts';
import { draftOf } from './drafts.ts';
import { isWebPicture } from './pictures.ts';

export interface Upload {
  id: number;
  customerId: string;
  name: string;
  size: number;
  /** Of a picture, to be seen before it is there. */
  preview: string | null;
  /** 0 to 1. */
  progress: number;
  /** For the connection. */
  waits: boolean;
  tries: number;
  error: string | null;
}

/** Of this tab: names of what is on its way. */
const RISING = 'throughline.rising';

export const uploads = new Store<readonly Upload[]>([]);
const running = new Map<number, XMLHttpRequest>();
const files = new Map<number, File>();
/** Of those that shall stand in the words: puts it there. False: nobody writes there any more, so it goes beside them. */
export type Place = (cid: string, name: string) => boolean;
const places = new Map<number, Place>();
let last = 0;
const AGAIN_MS = 5000;
const MOST_TRIES = 3;
/** Nothing moves for so long: is anybody there? */
const STALLED_MS = 3000;

const patch = (id: number, part: Partial<Upload>) => uploads.set((all) => all.map((one) => (one.id === id ? { ...one, ...part } : one)));

export const uploadUrl = (name: string): URL => new URL(`api/v1/attachments?name=${encodeURIComponent(name)}`, document.baseURI);
/** Letters and digits alone. */
export const newCid = (): string => uuid().replaceAll('-', '');
export const typeOf = (file: File): string => file.type || 'application/octet-stream';

export function dropUpload(id: number): void {
  running.get(id)?.abort();
  running.delete(id);
  files.delete(id);
  places.delete(id);
  const { preview } = uploads.get().find((one) => one.id === id) ?? {};
  if (preview) URL.revokeObjectURL(preview);
  uploads.set((all) => all.filter((one) => one.id !== id));
}

/** `refused`: why the channel does not take it; then it is only shown, with the reason. */
export function upload(customerId: string, file: File, refused: string | null = null, place: Place | null = null): void {
  const id = ++last;
  const name = file.name || t('file.pasted', { type: file.type.split('/')[1] ?? '' });
  const preview = isWebPicture(file) ? URL.createObjectURL(file) : null;
  uploads.set((all) => [...all, { id, customerId, name, size: file.size, preview, progress: 0, waits: false, tries: 0, error: refused }]);
  if (refused !== null) return;
  files.set(id, file);
  if (place) places.set(id, place);
  transfer(id);
}

function transfer(id: number): void {
  const file = files.get(id);
  const one = uploads.get().find((other) => other.id === id);
  if (!file || !one) return;
  const { customerId, name, tries } = one;
  if (connection.get().phase === 'away') return patch(id, { waits: true });
  patch(id, { waits: false, progress: 0, tries: tries + 1 });
  // fetch() does not tell how much has left.
  const request = new XMLHttpRequest();
  running.set(id, request);
  request.open('POST', uploadUrl(name));
  request.setRequestHeader('Content-Type', typeOf(file));
  let stalled = setTimeout(() => client.wake(), STALLED_MS);
  request.onloadend = () => clearTimeout(stalled);
  request.upload.onprogress = ({ loaded, total }) => {
    clearTimeout(stalled);
    stalled = setTimeout(() => client.wake(), STALLED_MS);
    patch(id, { progress: total > 0 ? loaded / total : 0 });
  };
  request.onload = () => finish(id, customerId, request);
  request.onerror = () => interrupted(id);
  request.send(file);
}

/** Nothing is lost: what the server has got of it, it forgets by itself. */
function interrupted(id: number): void {
  if (!running.delete(id)) return;
  if (connection.get().phase !== 'live') return patch(id, { waits: true, tries: 0 });
  if ((uploads.get().find((one) => one.id === id)?.tries ?? MOST_TRIES) >= MOST_TRIES) return patch(id, { error: t('error.disconnected') });
  patch(id, { waits: true });
  setTimeout(resumeUploads, AGAIN_MS);
}

const resumeUploads = (): void => {
  for (const { id, waits } of uploads.get()) if (waits && connection.get().phase === 'live') transfer(id);
};

/** A server that stands still keeps what it is sent open for ever. */
function giveUp(): void {
  for (const [id, request] of [...running]) {
    interrupted(id);
    request.abort();
  }
}

const namesRising = (): string =>
  JSON.stringify(
    uploads
      .get()
      .filter(({ error }) => error === null)
      .map(({ customerId, name }) => ({ customerId, name })),
  );

function interruptedBefore(): Upload[] {
  try {
    const names = JSON.parse(sessionStorage.getItem(RISING) ?? '[]') as { customerId: string; name: string }[];
    return names.map(({ customerId, name }) => ({
      id: ++last,
      customerId,
      name,
      size: 0,
      preview: null,
      progress: 0,
      waits: false,
      tries: 0,
      error: t('file.interrupted'),
    }));
  } catch {
    return [];
  }
}

export function startUploads(): void {
  uploads.set(interruptedBefore());
  uploads.subscribe(() => {
    try {
      sessionStorage.setItem(RISING, namesRising());
    } catch {
      // Nothing is kept, so nothing can be said after a reload.
    }
  });
  connection.subscribe(() => {
    const { phase } = connection.get();
    if (phase === 'away') giveUp();
    if (phase === 'live') resumeUploads();
  });
  session.subscribe(() => {
    if (session.get().phase === 'out') for (const { id } of uploads.get()) dropUpload(id);
  });
  window.addEventListener('beforeunload', (event) => {
    if (uploads.get().some(({ error }) => error === null)) event.preventDefault();
  });
}

function finish(id: number, customerId: string, request: XMLHttpRequest): void {
  running.delete(id);
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
  const place = places.get(id);
  dropUpload(id);
  const stored = { ...(body as Stored), cid: place ? newCid() : null };
  const draft = draftOf(customerId);
  draft.set((now) => ({ ...now, files: [...now.files, stored] }));
  if (!place || stored.cid === null || place(stored.cid, stored.name ?? '')) return;
  draft.set((now) => ({ ...now, files: now.files.map((file) => (file.upload === stored.upload ? { ...file, cid: null } : file)) }));
}
