import { Check, Clock, TextSearch, UserPlus } from 'lucide-react';
import type { IdentityRef } from '@throughline/protocol';
import type { ReactNode } from 'react';
import { contextNow, useActionContext, type ActionContext } from '../actions/action.ts';
import { assignChoices, snoozeChoices, type SnoozeChoice } from '../actions/conversation.ts';
import { attempt } from '../actions/remote.ts';
import { actions } from '../actions/registry.ts';
import { goInbox, goPerson, goSearch } from '../app/route.ts';
import { useT, type Key, type Translate } from '../i18n/index.ts';
import { dateTime, weekdayTime } from '../lib/format.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { ChannelIcon } from '../ui/ChannelIcon.tsx';
import { Marked } from '../ui/Marked.tsx';
import { addressIn } from './address.ts';
import { openDialog } from '../app/dialogs.ts';
import { planChoices } from '../composer/planned.ts';
import { assigning, choosePlan, chooseSnooze, picking, type PalettePage } from './palette.ts';
import { usePeople } from './usePeople.ts';
import { useWhen, type When } from './useWhen.ts';
import { useUndo } from './useUndo.tsx';
import { useSaid } from './useSaid.ts';
import { personName } from '../lib/personName.ts';

export interface Choice {
  id: string;
  name: string;
  /** In place of the name, with what matched marked in it. */
  shown?: ReactNode;
  group: string;
  icon: ReactNode;
  detail?: string | null;
  keys?: string | undefined;
  run: () => void;
  /** Instead, by Tab. */
  more?: { name: string; run: () => void };
}

/** Pages that ask for a time: what they offer, and what a time that is typed is called. */
const TIMES = {
  snooze: { ask: 'palette.ask_snooze', typed: 'snooze.until', choices: snoozeChoices, run: chooseSnooze },
  plan: { ask: 'palette.ask_plan', typed: 'plan.at', choices: planChoices, run: choosePlan },
} as const satisfies Record<string, { ask: Key; typed: Key; choices: () => SnoozeChoice[]; run: (at: Date | null) => void }>;

const matches = (name: string, query: string) => name.toLowerCase().includes(query.trim().toLowerCase());

/** What the palette offers for what was typed, and a word when that is nothing. */
export function useChoices(page: Exclude<PalettePage, 'help'>, query: string): { choices: Choice[]; note: string | null } {
  const t = useT();
  const context = useActionContext();
  const asks = page === 'all' || page === 'people' || page === 'pick';
  const people = usePeople(asks ? query : '');
  const said = useSaid(page === 'all' || page === 'people' ? query : '');
  const pick = page === 'pick' ? picking() : null;
  const times = page === 'snooze' || page === 'plan' ? TIMES[page] : null;
  const when = useWhen(times ? query : '');
  const undo = useUndo(page === 'undo');
  const fixed = page === 'undo' ? undo : page === 'assign' ? colleagues(t, context) : times ? timing(t, times, when) : page === 'all' ? doing(t, context) : [];
  const found: Choice[] = people.hits
    .filter((hit) => hit.id !== pick?.except)
    .map((hit) => ({
      id: `person-${hit.id}`,
      name: personName(hit.name, hit.matched),
      group: t('palette.people'),
      icon: <Avatar name={hit.name || hit.matched} size={24} />,
      detail: hit.mark ?? hit.matched,
      run: () => (pick ? pick.run(hit) : goInbox({ customerId: hit.id, conversationId: null })),
    }));
  const entries: Choice[] = said.hits.map(({ customerId, who, hit }) => ({
    id: `entry-${hit.entry_id}`,
    name: hit.snippet ?? '',
    shown: <Marked text={hit.snippet ?? ''} marks={hit.marks} />,
    group: t('palette.said'),
    icon: <ChannelIcon medium={hit.medium} />,
    detail: personName(who),
    run: () => goPerson(customerId, hit.entry_id),
  }));
  const wanted = query.trim();
  const everywhere: Choice[] = [
    {
      id: 'everywhere',
      name: t('palette.everywhere', { query: wanted }),
      group: t('palette.said'),
      icon: <TextSearch size={18} aria-hidden />,
      run: () => goSearch(wanted),
    },
  ];
  if (times && when) return { choices: fixed, note: when.past ? t('snooze.past', { at: dateTime(when.at.getTime()) }) : null };
  const address = pick?.make ? addressIn(query) : null;
  if (address && pick?.make) found.push(making(t, address, pick.make));
  const kept = fixed.filter((choice) => matches(choice.name, query));
  const choices: Choice[] = wanted.length > 1 ? [...found, ...kept, ...(pick || !asks ? [] : [...entries, ...everywhere])] : kept;
  if (choices.length > 0) return { choices, note: people.failed ?? choices[0]?.more?.name ?? null };
  if (people.failed) return { choices, note: people.failed };
  if (people.searching) return { choices, note: t('palette.searching') };
  if (asks && page !== 'all' && wanted.length < 2) return { choices, note: t('palette.people_help') };
  return { choices, note: t(times ? 'snooze.unread' : page === 'undo' && wanted === '' ? 'undo.nothing' : 'palette.none') };
}

const making = (t: Translate, identity: IdentityRef, make: (identity: IdentityRef) => void): Choice => ({
  id: 'make',
  name: t('compose.make', { address: identity.value }),
  group: t('compose.somebody_new'),
  icon: <UserPlus size={18} aria-hidden />,
  run: () => make(identity),
});

function doing(t: Translate, context: ActionContext): Choice[] {
  return actions
    .filter((action) => action.id !== 'palette' && action.when(context))
    .map(({ id, name, icon: Icon, group, keys, run }) => ({
      id,
      name: t(name),
      group: t(group),
      icon: <Icon size={18} aria-hidden />,
      keys: keys?.[0],
      run: () => attempt({ id, run }, contextNow()),
    }));
}

function colleagues(t: Translate, { agent }: ActionContext): Choice[] {
  const asked = assigning();
  return assignChoices(agent, asked?.rows ?? null).map(({ id, name, current }) => ({
    id: id ?? 'nobody',
    name,
    group: t('palette.ask_assign'),
    icon: current ? <Check size={18} aria-hidden /> : <Avatar name={id ? name : null} size={24} />,
    run: () => asked?.run(id),
    ...(id && asked ? { more: { name: t('palette.assign_note'), run: () => openDialog({ type: 'assign', agentId: id, run: asked.run }) } } : {}),
  }));
}

/** What was typed, when that is a time to come; else the usual ones. */
function timing(t: Translate, { ask, typed, choices, run }: (typeof TIMES)[keyof typeof TIMES], when: When | null): Choice[] {
  const choice = (id: string, name: string, until: Date | null): Choice => ({
    id,
    name,
    group: t(ask),
    icon: <Clock size={18} aria-hidden />,
    detail: until && dateTime(until.getTime()),
    run: () => run(until),
  });
  if (when) return when.past ? [] : [choice('typed', t(typed, { at: weekdayTime(when.at.getTime()) }), when.at)];
  return choices().map(({ id, name, until }) => choice(id, name, until));
}
