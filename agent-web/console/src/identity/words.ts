// Identities and the rules that put them where they are, in words.
import { BadgeCheck, CircleDashed, CircleHelp, Handshake, type LucideIcon } from 'lucide-react';
import type { Identity } from '@throughline/protocol';
import type { Medium } from '../app/route.ts';
import { t, type Key } from '../i18n/index.ts';

export const IDENTITY_MEDIUM: Record<Identity['kind'], Medium> = {
  email: 'email',
  phone: 'phone',
  visitor: 'chat',
  line: 'line',
  whatsapp: 'whatsapp',
  messenger: 'messenger',
  instagram: 'instagram',
  telegram: 'telegram',
  shop_customer: 'shop',
  loyalty_card: 'shop',
  external: 'other',
  unverified_email: 'email',
};

export const PROOFS: Record<Identity['proof'], LucideIcon> = {
  anonymous: CircleDashed,
  claimed: CircleHelp,
  proven: BadgeCheck,
  confirmed: Handshake,
};

const RULES: Record<string, Key> = {
  first_contact: 'rule.first_contact',
  same_email: 'rule.same_email',
  same_phone: 'rule.same_phone',
  same_whatsapp: 'rule.same_whatsapp',
  same_shop_customer: 'rule.same_shop_customer',
  same_card: 'rule.same_card',
  same_customer_number: 'rule.same_customer_number',
  signed_visitor: 'rule.signed_visitor',
  answered_mail: 'rule.answered_mail',
  vouched: 'rule.vouched',
  by_hand: 'rule.by_hand',
  merged: 'rule.merged',
};

const SIGNALS: Record<string, Key> = {
  same_email: 'signal.same_email',
  same_phone: 'signal.same_phone',
  claimed_email: 'signal.claimed_email',
  claimed_phone: 'signal.claimed_phone',
  claimed_customer_number: 'signal.claimed_customer_number',
  failed_authentication: 'signal.failed_authentication',
  answered_mail: 'rule.answered_mail',
  same_name: 'signal.same_name',
};

const said = (words: Record<string, Key>, name: string | null): string => {
  const key = name ? words[name] : undefined;
  return key ? t(key) : (name ?? '').replaceAll('_', ' ');
};

export const ruleWords = (rule: string | null): string => said(RULES, rule);
export const signalWords = (signal: string | null): string => said(SIGNALS, signal);

/** Addresses are for reading; the ids that providers make up are not, so their name stands for them. */
const OPAQUE = new Set<Identity['kind']>(['visitor', 'line', 'messenger', 'instagram', 'external']);
/** Numbers that say nothing without what they number. */
const NUMBERED = new Set<Identity['kind']>(['shop_customer', 'loyalty_card']);

export function identityWords({ kind, value, name }: Pick<Identity, 'kind' | 'value'> & { name?: string | null }): string {
  const what = t(`identity.${kind}`);
  if (OPAQUE.has(kind)) return name || what;
  return NUMBERED.has(kind) ? `${what} ${value}` : value;
}
