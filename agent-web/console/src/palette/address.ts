// An address or a number that somebody types, of whom nothing is known yet.
import type { IdentityRef } from '@throughline/protocol';

const EMAIL = /^[^\s@"<>(),;:]+@[^\s@"<>(),;:]+\.[^\s@"<>(),;:.]{2,}$/;
const PHONE = /^\+?[\d\s().\-/]{6,24}$/;

/** As far as the form tells; the server decides. */
export function addressIn(words: string): IdentityRef | null {
  const value = words.normalize('NFKC').trim();
  if (EMAIL.test(value)) return { kind: 'email', value };
  return PHONE.test(value) && value.replace(/\D/g, '').length >= 6 ? { kind: 'phone', value } : null;
}
