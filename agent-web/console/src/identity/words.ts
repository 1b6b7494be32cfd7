// Identities and the rules that put them where they are, in words.
import { BadgeCheck, CircleDashed, CircleHelp, Handshake, type LucideIcon } from 'lucide-react';
import { IDENTITY_KINDS, type Attribute, type Identity, type IdentityKind, type Medium } from '@throughline/protocol';
import { isKey, t } from '../i18n/index.ts';
import { countryName, languageName } from '../lib/format.ts';
import { personName } from '../lib/personName.ts';
import { attributes, shownValue, valueOf } from '../person/facts.ts';

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

const ATTRIBUTE = 'attributes.';
const attributeNamed = (field: string): Attribute | undefined => attributes.get()?.find(({ key }) => field === `${ATTRIBUTE}${key}`);

/** A member of a profile, or an attribute as administrators have named it: who shows it uses useAttributes. */
export const profileName = (field: string): string =>
  field.startsWith(ATTRIBUTE) ? (attributeNamed(field)?.label ?? field.slice(ATTRIBUTE.length)) : said([`person.${field}`], field);

export function profileValue(field: string, value: string | null): string {
  const attribute = attributeNamed(field);
  if (attribute && value !== null) return shownValue(attribute, valueOf(attribute, value));
  return field === 'language' ? languageName(value) : (value ?? '');
}

const isKind = (what: string): what is IdentityKind => Object.hasOwn(IDENTITY_KINDS, what);

/** In what two people differ, and the values of one of them. */
export const differenceName = (what: string): string => (isKind(what) ? identityKind(what) : what === 'country' ? t('differs.country') : profileName(what));
export const differenceValue = (what: string, values: readonly string[]): string =>
  values.map((value) => (what === 'country' ? countryName(value) : profileValue(what, value))).join(t('ui.comma'));
