// Short words about what was done, with the way back.
import { CallError } from '@throughline/protocol';
import { t, type Key } from '../i18n/index.ts';
import { Store } from '../lib/store.ts';
import { isVersionConflict } from '../lib/conflict.ts';

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

const SAID: Partial<Record<string, Key>> = {
  disconnected: 'error.disconnected',
  timeout: 'error.timeout',
  closed: 'error.disconnected',
  unavailable: 'error.unavailable',
  busy: 'error.busy',
  forbidden: 'error.forbidden',
  rate_limited: 'error.rate_limited',
};

/** The reasons that the server gives beside the field. */
const BECAUSE: Partial<Record<string, Key>> = {
  password_short: 'error.password_short',
  password_personal: 'error.password_personal',
  password_common: 'error.password_common',
  password_same: 'error.password_same',
  password_wrong: 'error.password_wrong',
};

/** In the console's own words where it has some; the server's sentence names the field otherwise. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof CallError)) return t('error.unexpected');
  const key = BECAUSE[error.reason ?? ''] ?? (isVersionConflict(error) ? 'error.changed' : SAID[error.kind]);
  return key ? t(key) : error.message;
}

export const toastError = (error: unknown): number => toast(reasonOf(error), null, 'bad');
