// Small events in one line of words.
import type { Entry } from '@throughline/protocol';
import type { Translate } from '../i18n/index.ts';
import { agentName } from '../directory/directory.ts';
import { dateTime, millis, money, number } from '../lib/format.ts';
import { count, entryText, orderFacts, text } from './payload.ts';

type Say = (t: Translate, entry: Entry, who: string) => string | null;

const SAY: Partial<Record<Entry['kind'], Say>> = {
  visit: (t, entry) => t('quiet.visit', { page: text(entry, 'title') ?? text(entry, 'url') ?? entry.text ?? '' }),
  campaign: (t, entry) => t('quiet.campaign', { name: text(entry, 'name') ?? entry.subject ?? entry.text ?? '' }),
  points: sayPoints,
  order: sayOrder,
  activity: sayActivity,
};

export function quietWords(t: Translate, entry: Entry, who: string): string {
  return SAY[entry.kind]?.(t, entry, who) ?? (entryText(entry) || entry.subject) ?? t('quiet.unknown', { kind: entry.kind });
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

function sayActivity(t: Translate, entry: Entry, who: string): string | null {
  const action = text(entry, 'action');
  const n = text(entry, 'number') ?? '';
  if (action === 'assigned') return sayAssigned(t, entry, who);
  if (action === 'identified') return sayIdentified(t, entry);
  if (action === 'priority') return t('activity.priority', { who, n });
  const status = text(entry, 'status');
  if (status === 'resolved') return t('activity.resolved', { who, n });
  if (status === 'open') return t('activity.opened', { who, n });
  if (status !== 'snoozed') return null;
  const until = millis(text(entry, 'until'));
  return until === null ? t('activity.snoozed_open', { who, n }) : t('activity.snoozed', { who, n, until: dateTime(until) });
}

function sayIdentified(t: Translate, entry: Entry): string {
  const what = (['name', 'email', 'user_id'] as const)
    .map((field) => text(entry, field))
    .filter(Boolean)
    .join(' · ');
  return t(entry.payload?.['proven'] === true ? 'activity.identified_proven' : 'activity.identified', { what });
}

function sayAssigned(t: Translate, entry: Entry, who: string): string {
  const id = text(entry, 'agent_id');
  const name = text(entry, 'agent_name') ?? agentName(id);
  if (!name) return t('activity.unassigned', { who });
  return id !== null && id === entry.author_id ? t('activity.took', { who }) : t('activity.assigned', { who, name });
}
