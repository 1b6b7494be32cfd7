// What agents, visitors and the system have done, by the word the server has for it: how it is said, and its icon.
import type { Entry } from '@throughline/protocol';
import { Activity, AtSign, CircleCheckBig, CircleSlash, Clock, Flag, Handshake, RotateCcw, ShieldCheck, UserRound, type LucideIcon } from 'lucide-react';
import { isKey, type Key, type Translate } from '../i18n/index.ts';
import { agentName } from '../directory/directory.ts';
import { dateTime, millis } from '../lib/format.ts';
import { text } from './payload.ts';

export interface ActivityView {
  icon: LucideIcon;
  /** null: not enough is known of it to say more than what it is. */
  words: (t: Translate, entry: Entry, who: string) => string | null;
}

/** A status is an activity by itself: its word stands here too. */
export const ACTIVITIES: Readonly<Record<string, ActivityView>> = {
  assigned: { icon: UserRound, words: assigned },
  priority: { icon: Flag, words: priority },
  identified: { icon: AtSign, words: (t, entry) => t('activity.identified', { what: identity(entry) }) },
  identified_proven: { icon: ShieldCheck, words: (t, entry) => t('activity.identified_proven', { what: identity(entry) }) },
  consent_granted: { icon: Handshake, words: (t, entry, who) => consent(t, entry, who, 'activity.consent_granted') },
  consent_refused: { icon: CircleSlash, words: (t, entry, who) => consent(t, entry, who, 'activity.consent_refused') },
  consent_unknown: { icon: Handshake, words: (t, entry, who) => consent(t, entry, who, 'activity.consent_unknown') },
  open: { icon: RotateCcw, words: (t, entry, who) => t('activity.opened', { who, n: numbered(t, entry) }) },
  snooze_ended: { icon: RotateCcw, words: (t, entry) => t('activity.snooze_ended', { n: numbered(t, entry) }) },
  snoozed: { icon: Clock, words: snoozed },
  resolved: { icon: CircleCheckBig, words: (t, entry, who) => t('activity.resolved', { who, n: numbered(t, entry) }) },
};

const OTHER: ActivityView = { icon: Activity, words: () => null };

export const activityView = (entry: Entry): ActivityView => ACTIVITIES[wordOf(entry)] ?? OTHER;

/** Some actions are several things, by a member of theirs. */
function wordOf(entry: Entry): string {
  const action = text(entry, 'action') ?? 'status';
  if (action === 'identified') return entry.payload?.['proven'] === true ? 'identified_proven' : action;
  if (action === 'consent') return `consent_${text(entry, 'consent') ?? 'unknown'}`;
  return action === 'status' ? (text(entry, 'why') ?? text(entry, 'status') ?? '') : action;
}

/** "#12"; of old ones, which do not say of which: the conversation. */
function numbered(t: Translate, entry: Entry): string {
  const n = text(entry, 'number');
  return n ? `#${n}` : t('activity.conversation');
}

function assigned(t: Translate, entry: Entry, who: string): string {
  const n = numbered(t, entry);
  const id = text(entry, 'agent_id');
  const name = text(entry, 'agent_name') ?? agentName(id);
  if (!name) return t('activity.unassigned', { who, n });
  return id !== null && id === entry.author_id ? t('activity.took', { who, n }) : t('activity.assigned', { who, name, n });
}

function priority(t: Translate, entry: Entry, who: string): string {
  const key = `priority.${text(entry, 'priority') ?? ''}`;
  const n = numbered(t, entry);
  return isKey(key) ? t('activity.priority', { who, n, priority: t(key) }) : t('activity.priority_changed', { who, n });
}

function snoozed(t: Translate, entry: Entry, who: string): string {
  const n = numbered(t, entry);
  const until = millis(text(entry, 'until'));
  return until === null ? t('activity.snoozed_open', { who, n }) : t('activity.snoozed', { who, n, until: dateTime(until) });
}

/** As what the visitor is known. */
const identity = (entry: Entry): string =>
  (['name', 'email', 'user_id'] as const)
    .map((field) => text(entry, field))
    .filter(Boolean)
    .join(' · ');

const consent = (t: Translate, entry: Entry, who: string, key: Key): string =>
  [t(key, { who, address: text(entry, 'address') ?? '' }), text(entry, 'source')].filter(Boolean).join(' · ');
