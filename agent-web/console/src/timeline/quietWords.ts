// Small events in one line of words.
import { Activity, Eye, Megaphone, Package, Sparkles, Store, type LucideIcon } from 'lucide-react';
import type { Entry } from '@throughline/protocol';
import type { Translate } from '../i18n/index.ts';
import { money, number } from '../lib/format.ts';
import { activityView } from './activities.ts';
import { count, entryText, orderFacts, text } from './payload.ts';

interface Quiet {
  icon: (entry: Entry) => LucideIcon;
  words: (t: Translate, entry: Entry, who: string) => string | null;
}

/** A page has an address; without one somebody came to a store. */
const isPage = (entry: Entry): boolean => text(entry, 'url') !== null;
const placeOf = (entry: Entry): string => text(entry, 'title') ?? text(entry, 'url') ?? entry.text ?? '';

const QUIET: Partial<Record<Entry['kind'], Quiet>> = {
  visit: {
    icon: (entry) => (isPage(entry) ? Eye : Store),
    words: (t, entry) => (isPage(entry) ? t('quiet.visit', { page: placeOf(entry) }) : t('quiet.store_visit', { place: placeOf(entry) })),
  },
  campaign: { icon: () => Megaphone, words: (t, entry) => t('quiet.campaign', { name: text(entry, 'name') ?? entry.subject ?? entry.text ?? '' }) },
  points: { icon: () => Sparkles, words: sayPoints },
  order: { icon: () => Package, words: sayOrder },
  activity: { icon: (entry) => activityView(entry).icon, words: (t, entry, who) => activityView(entry).words(t, entry, who) },
};

export const quietIcon = (entry: Entry): LucideIcon => QUIET[entry.kind]?.icon(entry) ?? Activity;

export function quietWords(t: Translate, entry: Entry, who: string): string {
  return QUIET[entry.kind]?.words(t, entry, who) ?? (entryText(entry) || entry.subject || t('quiet.unknown', { kind: entry.kind }));
}

function sayPoints(t: Translate, entry: Entry): string | null {
  const delta = count(entry, 'delta');
  const balance = count(entry, 'balance');
  const parts = [
    delta !== null && t(delta < 0 ? 'quiet.points_spent' : 'quiet.points_earned', { n: number(Math.abs(delta)) }),
    text(entry, 'reason'),
    balance !== null && t('quiet.balance', { n: number(balance) }),
    text(entry, 'tier'),
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(' · ') : null;
}

function sayOrder(t: Translate, entry: Entry): string | null {
  const facts = orderFacts(entry);
  if (!facts) return null;
  return [t('order.title', { number: facts.number }), t(`order.${facts.state}`), money(facts.total, facts.currency)].filter(Boolean).join(' · ');
}
