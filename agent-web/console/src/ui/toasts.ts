// Short words about what was done, with the way back.
import { CallError } from '@throughline/protocol';
import { isKey, t } from '../i18n/index.ts';
import { saidWords } from '../i18n/said.ts';
import { Store } from '../lib/store.ts';

export interface Toast {
  id: number;
  tone: 'done' | 'bad';
  text: string;
  action: { name: string; run: () => void } | null;
}

export const toasts = new Store<readonly Toast[]>([]);
let last = 0;

export const dismiss = (id: number): void => toasts.set((all) => all.filter((toast) => toast.id !== id));

export function toast(text: string, action: Toast['action'] = null, tone: Toast['tone'] = 'done', ms = 6000): number {
  const id = ++last;
  toasts.set((all) => [...all.slice(-2), { id, tone, text, action }]);
  setTimeout(() => dismiss(id), tone === 'bad' ? Math.max(ms, 9000) : ms);
  return id;
}

/** In the reader's words. Where there are none for the reason, those of the kind, with what the server says as a detail. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof CallError)) return t('error.unexpected');
  const words = error.reason === null ? null : saidWords({ code: error.reason, params: error.params });
  if (words !== null) return words;
  const key = `error.${error.kind}`;
  const general = t(isKey(key) ? key : 'error.unexpected');
  return error.reason === null ? general : t('error.with_detail', { general, detail: error.message });
}

export const toastError = (error: unknown): number => toast(reasonOf(error), null, 'bad');
