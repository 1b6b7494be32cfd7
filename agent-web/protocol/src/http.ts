import { CallError, callError, type WireError } from './error.ts';
import type { Methods, Upload } from './generated.ts';

export interface HttpOptions {
  /** Of the server, without a slash at the end; '' for the page's own. */
  base?: string;
  /** Authorization, or a cookie where no browser keeps it. */
  headers?: Record<string, string>;
  /** No answer within: disconnected. */
  timeoutMs?: number;
}

/** One call over HTTP: for logging in, and for programs without a socket. */
export async function httpCall<M extends keyof Methods>(method: M, params: Methods[M]['params'], options: HttpOptions = {}): Promise<Methods[M]['result']> {
  const response = await reach(`${options.base ?? ''}/api/v1/${method}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...options.headers },
    body: JSON.stringify(params),
    credentials: 'same-origin',
    signal: AbortSignal.timeout(options.timeoutMs ?? 20_000),
  });
  return (await answerOf(response)) as Methods[M]['result'];
}

/** Stores a file; what names it refers to it by the handle in the answered `upload`. */
export async function httpUpload(name: string, body: Uint8Array<ArrayBuffer> | Blob, type: string, options: HttpOptions = {}): Promise<Upload> {
  const response = await reach(`${options.base ?? ''}/api/v1/attachments?name=${encodeURIComponent(name)}`, {
    method: 'POST',
    headers: { 'Content-Type': type, ...options.headers },
    body,
    credentials: 'same-origin',
  });
  return (await answerOf(response)) as Upload;
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch {
    throw lost();
  }
}

const lost = (): CallError => new CallError('disconnected', 'The server cannot be reached.');

async function answerOf(response: Response): Promise<unknown> {
  const text = await response.text().catch(() => Promise.reject(lost()));
  let body: { error?: WireError } | null = null;
  try {
    body = JSON.parse(text) as { error?: WireError };
  } catch {
    if (response.ok) throw new CallError('internal', 'The server answered something that is not JSON.');
  }
  if (response.ok) return body;
  throw callError(body?.error ?? { message: `The server answered ${response.status}.` }, kindOf(response.status));
}

function kindOf(status: number): 'unavailable' | 'unauthenticated' | 'too_large' | 'internal' {
  if (status === 401) return 'unauthenticated';
  if (status === 413) return 'too_large';
  return status === 502 || status === 503 || status === 504 ? 'unavailable' : 'internal';
}
