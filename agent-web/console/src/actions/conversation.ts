// What is done with a conversation. Each says what it did and how to take it back.
import { Ban, CircleCheckBig, Clock, Flag, Hand, RotateCcw, UserRoundPlus } from 'lucide-react';
import { CallError, type Conversation } from '@throughline/protocol';
import { openDialog } from '../app/dialogs.ts';
import { call } from '../connection/client.ts';
import { agentName, directory } from '../directory/directory.ts';
import { t, type Key } from '../i18n/index.ts';
import { dateTime } from '../lib/format.ts';
import { openPalette } from '../palette/palette.ts';
import { take } from '../queue/queue.ts';
import { toast, toastError } from '../ui/toasts.ts';
import type { Action, ActionContext } from './action.ts';

const GROUP: Key = 'actions.conversation';

async function change(row: Conversation, work: Promise<Conversation>, words: string): Promise<void> {
  try {
    take(await work);
    toast(words, { name: t('ui.undo'), run: () => void undo(row) });
  } catch (error) {
    if (error instanceof CallError) toastError(error);
    else toast(String((error as Error).message), null, 'bad');
  }
}

/** Puts back what can have changed: who has it, and where it stands. */
async function undo(before: Conversation): Promise<void> {
  try {
    const { id, assignee_id, status, snoozed_until, priority } = before;
    take(await call('conversation.assign', { id, agent_id: assignee_id }));
    take(await call('conversation.set_priority', { id, priority }));
    take(await call('conversation.set_status', { id, status, ...(status === 'snoozed' ? { until: snoozed_until } : {}) }));
  } catch (error) {
    toastError(error);
  }
}

const named = (row: Conversation) => (row.number === null ? '' : `#${row.number}`);

/** Whoever was first keeps it, and is named; any other change since the row was read is none of this one's. */
async function give(row: Conversation, agent_id: string | null): Promise<Conversation> {
  try {
    return await call('conversation.assign', { id: row.id, agent_id, version: row.version });
  } catch (error) {
    if (!(error instanceof CallError) || error.kind !== 'conflict' || error.field !== 'version') throw error;
    const now = await call('conversation.get', { id: row.id });
    take(now);
    if (now.assignee_id === row.assignee_id) return await call('conversation.assign', { id: row.id, agent_id, version: now.version });
    throw new Error(now.assignee_id ? t('assign.first', { name: agentName(now.assignee_id) ?? '' }) : t('assign.first_freed'));
  }
}

export function assign(row: Conversation, agentId: string | null): void {
  const words = agentId === null ? t('done.unassigned', { n: named(row) }) : t('done.assigned', { n: named(row), name: agentName(agentId) ?? '' });
  void change(row, give(row, agentId), words);
}

export function setStatus(row: Conversation, status: 'open' | 'resolved'): void {
  const words = t(status === 'open' ? 'done.reopened' : 'done.resolved', { n: named(row) });
  void change(row, call('conversation.set_status', { id: row.id, status }), words);
}

export function snooze(row: Conversation, until: Date): void {
  const words = t('done.snoozed', { n: named(row), until: dateTime(until.getTime()) });
  void change(row, call('conversation.set_status', { id: row.id, status: 'snoozed', until: until.toISOString() }), words);
}

const PRIORITIES = ['urgent', 'high', 'normal', 'low'] as const;

function setPriority(row: Conversation, priority: Conversation['priority']): void {
  const words = t('done.priority', { n: named(row), priority: t(`priority.${priority}`) });
  void change(row, call('conversation.set_priority', { id: row.id, priority }), words);
}

export interface SnoozeChoice {
  id: string;
  name: string;
  until: Date;
}

export function snoozeChoices(now = new Date()): SnoozeChoice[] {
  const inHours = (hours: number) => new Date(now.getTime() + hours * 3_600_000);
  const morning = (days: number) => {
    const at = new Date(now);
    at.setDate(at.getDate() + days);
    at.setHours(9, 0, 0, 0);
    return at;
  };
  const monday = (8 - now.getDay()) % 7 || 7;
  return [
    { id: 'hour', name: t('snooze.hour'), until: inHours(1) },
    { id: 'later', name: t('snooze.later'), until: inHours(4) },
    { id: 'tomorrow', name: t('snooze.tomorrow'), until: morning(1) },
    { id: 'monday', name: t('snooze.monday'), until: morning(monday) },
    { id: 'week', name: t('snooze.week'), until: morning(7) },
  ];
}

/** Oneself first, then colleagues, then nobody. */
export function assignChoices({ agent, conversation }: ActionContext): { id: string | null; name: string; current: boolean }[] {
  const current = conversation?.assignee_id ?? null;
  const others = directory.get().agents.filter((one) => one.active && one.id !== agent?.id);
  return [
    ...(agent ? [{ id: agent.id, name: t('assign.me', { name: agent.name }), current: current === agent.id }] : []),
    ...others.map(({ id, name }) => ({ id, name, current: current === id })),
    { id: null, name: t('assign.nobody'), current: current === null },
  ];
}

export const conversationActions: readonly Action[] = [
  {
    id: 'take',
    name: 'action.take',
    icon: Hand,
    group: GROUP,
    keys: ['t'],
    when: ({ conversation, agent }) => conversation !== null && conversation.status !== 'resolved' && conversation.assignee_id !== agent?.id,
    run: ({ conversation, agent }) => conversation && agent && assign(conversation, agent.id),
  },
  {
    id: 'assign',
    name: 'action.assign',
    icon: UserRoundPlus,
    group: GROUP,
    keys: ['a'],
    when: ({ conversation }) => conversation !== null,
    run: () => openPalette('assign'),
  },
  {
    id: 'resolve',
    name: 'action.resolve',
    icon: CircleCheckBig,
    group: GROUP,
    keys: ['e'],
    when: ({ conversation }) => conversation !== null && conversation.status !== 'resolved',
    run: ({ conversation }) => conversation && setStatus(conversation, 'resolved'),
  },
  {
    id: 'reopen',
    name: 'action.reopen',
    icon: RotateCcw,
    group: GROUP,
    keys: ['o'],
    when: ({ conversation }) => conversation !== null && conversation.status !== 'open',
    run: ({ conversation }) => conversation && setStatus(conversation, 'open'),
  },
  {
    id: 'snooze',
    name: 'action.snooze',
    icon: Clock,
    group: GROUP,
    keys: ['s'],
    when: ({ conversation }) => conversation !== null && conversation.status === 'open',
    run: () => openPalette('snooze'),
  },
  {
    id: 'block',
    name: 'action.block',
    icon: Ban,
    group: GROUP,
    when: ({ chatted }) => chatted,
    run: ({ conversation }) => conversation && openDialog({ type: 'block', rows: [conversation], many: false }),
  },
  ...PRIORITIES.map((priority): Action => ({
    id: `priority.${priority}`,
    name: `priority.${priority}`,
    icon: Flag,
    group: GROUP,
    when: ({ conversation }) => conversation !== null && conversation.priority !== priority,
    run: ({ conversation }) => conversation && setPriority(conversation, priority),
  })),
];
