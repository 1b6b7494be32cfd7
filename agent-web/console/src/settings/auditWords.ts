// What the audit has noted, in the reader's words. The server sends codes and values, and no sentences.
import type { AuditEvent } from '@throughline/protocol';
import { directory } from '../directory/directory.ts';
import { t, type Key } from '../i18n/index.ts';
import { channelType, settingName } from '../i18n/said.ts';
import { dateTime, millis } from '../lib/format.ts';
import { personName } from '../lib/personName.ts';

type Facts = Record<string, string | number | boolean>;

const NAMES: Record<string, Key> = {
  name: 'fact.name',
  role: 'fact.role',
  language: 'fact.language',
  active: 'fact.active',
  readers: 'fact.readers',
  type: 'fact.type',
  settings: 'fact.settings',
  device: 'fact.device',
  why: 'fact.why',
  ended: 'fact.ended',
  by: 'fact.by',
  address: 'fact.address',
  scopes: 'fact.scopes',
  channels: 'fact.channels',
  expires_at: 'fact.expires_at',
  erased: 'fact.erased',
  consent: 'fact.consent',
  channel: 'fact.channel',
  kind: 'fact.kind',
  fingerprint: 'fact.fingerprint',
  addresses: 'fact.addresses',
};
const VALUES: Record<string, Key> = {
  'device known': 'fact.device_known',
  'device new': 'fact.device_new',
  'why password': 'fact.why_password',
  'why unknown': 'fact.why_unknown',
  'why inactive': 'fact.why_inactive',
  'why too_many': 'fact.why_too_many',
  'why old_password': 'fact.why_old_password',
  'by command line': 'fact.by_command_line',
  'erased entry': 'fact.erased_entry',
  'erased person': 'fact.erased_person',
  'consent granted': 'consent.granted.text',
  'consent refused': 'consent.refused.text',
  'consent unknown': 'consent.unknown.text',
  'kind smime': 'keys.kind_smime',
  'kind authority': 'keys.kind_authority',
  'kind pgp': 'keys.kind_pgp',
};
const ROLES: Record<string, Key> = { agent: 'role.agent', supervisor: 'role.supervisor', admin: 'role.admin' };
const SCOPES: Record<string, Key> = { put: 'scope.put', read: 'scope.read', send: 'scope.send', administer: 'scope.administer' };

const wordOf = (words: Record<string, Key>, value: string): string => (words[value] ? t(words[value]) : value);
const eachOf = (list: string, word: (one: string) => string): string => list.split(/[ ,]+/).filter(Boolean).map(word).join(', ');
const channelName = (id: string): string => directory.get().channelById.get(id)?.name ?? id;
const SAID: Record<string, (value: string) => string> = {
  type: channelType,
  role: (value) => wordOf(ROLES, value),
  readers: (value) => wordOf(ROLES, value),
  scopes: (value) => eachOf(value, (one) => wordOf(SCOPES, one)),
  channels: (value) => eachOf(value, channelName),
  channel: channelName,
  expires_at: (value) => {
    const at = millis(value);
    return at === null ? value : dateTime(at);
  },
};

const factsOf = (value: unknown): Facts => (value && typeof value === 'object' ? (value as Facts) : {});

function said(name: string, value: string | number | boolean): string {
  if (typeof value === 'boolean') return t(value ? 'fact.yes' : 'fact.no');
  const key = VALUES[`${name} ${value}`];
  return key ? t(key) : (SAID[name]?.(String(value)) ?? String(value));
}

/** A name, or two with a sign between them: who was merged into whom. */
export const subjectWords = (subject: string | null): string =>
  subject
    ? subject
        .split(/( (?:→|≠) )/)
        .map((part) => personName(part))
        .join('')
    : '';

/** "Role: Agent → Administrator", and the like; what has not changed is left out. */
export function factWords({ before, after, subject }: Pick<AuditEvent, 'before' | 'after'> & { subject?: string | null }): string[] {
  const was = factsOf(before);
  const is = factsOf(after);
  const changed = before !== null && after !== null;
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((name) => {
    const label = NAMES[name];
    const [old, now] = [was[name], is[name]];
    if (!label || (changed && old === now)) return [];
    if (name === 'settings')
      return [t('fact.is', { name: t(label), value: eachOf(String(now ?? old), (one) => settingName(String(is['type'] ?? was['type'] ?? ''), one)) })];
    // The channel that a line is about is its subject already.
    if (name === 'channel' && subject) return [];
    if (old !== undefined && now !== undefined) return [t('fact.changed', { name: t(label), before: said(name, old), after: said(name, now) })];
    return [t('fact.is', { name: t(label), value: said(name, (now ?? old)!) })];
  });
}
