// Identities and the rules that put them where they are, in words.
import { BadgeCheck, CircleDashed, CircleHelp, Handshake, type LucideIcon } from 'lucide-react';
import { IDENTITY_KINDS, type Identity, type IdentityKind, type Medium } from '@throughline/protocol';
import { isKey, t } from '../i18n/index.ts';
import { personName } from '../lib/personName.ts';

export const PROOFS: Record<Identity['proof'], LucideIcon> = {
  anonymous: CircleDashed,
  claimed: CircleHelp,
  proven: BadgeCheck,
  confirmed: Handshake,
};

/** One that has no words yet is said by its name. */
function said(keys: string[], name: string | null): string {
  const key = keys.find(isKey);
  return key ? t(key) : (name ?? '').replaceAll('_', ' ');
}

export const ruleWords = (rule: string | null): string => said([`rule.${rule}`], rule);
export const signalWords = (signal: string | null): string => said([`signal.${signal}`, `rule.${signal}`], signal);

export const identityMedium = (kind: IdentityKind): Medium => IDENTITY_KINDS[kind].medium;
export const identityKind = (kind: IdentityKind): string => t(IDENTITY_KINDS[kind].label);

/** Addresses are for reading; for ids that providers make up, the name stands. */
export function identityWords({ kind, value, name }: Pick<Identity, 'kind' | 'value'> & { name?: string | null }): string {
  const { opaque, numbered } = IDENTITY_KINDS[kind];
  if (opaque) return name ? personName(name) : identityKind(kind);
  return numbered ? `${identityKind(kind)} ${value}` : value;
}
