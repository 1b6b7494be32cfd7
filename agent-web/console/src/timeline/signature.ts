// What the signature on a mail is worth, as the server has found it.
import type { Entry } from '@throughline/protocol';
import { t } from '../i18n/index.ts';

const STATES = ['valid', 'weak', 'expired', 'other', 'invalid', 'unknown', 'partial'] as const;
export type SignatureState = (typeof STATES)[number];

export interface Signature {
  state: SignatureState;
  by: string;
}

/** Null: it has none, or came before signatures were verified. */
export function signatureOf(entry: Entry): Signature | null {
  const value = entry.payload?.['signature'] as { state?: unknown; by?: unknown } | null | undefined;
  const state = STATES.find((one) => one === value?.state);
  return state ? { state, by: typeof value?.by === 'string' ? value.by : '' } : null;
}

export const signatureWords = ({ state, by }: Signature): string => t(`mail.signature.${state}`, { by });
