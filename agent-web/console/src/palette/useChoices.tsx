import { Check, Clock } from 'lucide-react';
import type { ReactNode } from 'react';
import { contextNow, useActionContext, type ActionContext } from '../actions/action.ts';
import { assign, assignChoices, snooze, snoozeChoices } from '../actions/conversation.ts';
import { actions } from '../actions/registry.ts';
import { goInbox } from '../app/route.ts';
import { useT, type Translate } from '../i18n/index.ts';
import { dateTime } from '../lib/format.ts';
import { Avatar } from '../ui/Avatar.tsx';
import type { PalettePage } from './palette.ts';
import { usePeople } from './usePeople.ts';

export interface Choice {
  id: string;
  name: string;
  group: string;
  icon: ReactNode;
  detail?: string | null;
  keys?: string | undefined;
  run: () => void;
}

const matches = (name: string, query: string) => name.toLowerCase().includes(query.trim().toLowerCase());

/** What the palette offers for what was typed, and a word when that is nothing. */
export function useChoices(page: Exclude<PalettePage, 'help'>, query: string): { choices: Choice[]; note: string | null } {
  const t = useT();
  const context = useActionContext();
  const people = usePeople(page === 'all' || page === 'people' ? query : '');
  const fixed = page === 'assign' ? assigning(t, context) : page === 'snooze' ? snoozing(t, context) : page === 'all' ? doing(t, context) : [];
  const found: Choice[] = people.hits.map((hit) => ({
    id: `person-${hit.id}`,
    name: hit.name || hit.matched || t('person.unnamed'),
    group: t('palette.people'),
    icon: <Avatar name={hit.name || hit.matched} size={24} />,
    detail: hit.matched,
    run: () => goInbox({ customerId: hit.id, conversationId: null }),
  }));
  const kept = fixed.filter((choice) => matches(choice.name, query));
  const choices = query.trim().length > 1 ? [...found, ...kept] : kept;
  if (choices.length > 0) return { choices, note: people.failed };
  if (people.failed) return { choices, note: people.failed };
  if (people.searching) return { choices, note: t('palette.searching') };
  if (page === 'people' && query.trim().length < 2) return { choices, note: t('palette.people_help') };
  return { choices, note: t('palette.none') };
}

function doing(t: Translate, context: ActionContext): Choice[] {
  return actions
    .filter((action) => action.id !== 'palette' && action.when(context))
    .map(({ id, name, icon: Icon, group, keys, run }) => ({
      id, name: t(name), group: t(group), icon: <Icon size={18} aria-hidden />, keys: keys?.[0], run: () => run(contextNow()),
    }));
}

function assigning(t: Translate, context: ActionContext): Choice[] {
  const row = context.conversation;
  if (!row) return [];
  return assignChoices(context).map(({ id, name, current }) => ({
    id: id ?? 'nobody',
    name,
    group: t('palette.ask_assign'),
    icon: current ? <Check size={18} aria-hidden /> : <Avatar name={id ? name : null} size={24} />,
    run: () => assign(row, id),
  }));
}

function snoozing(t: Translate, { conversation: row }: ActionContext): Choice[] {
  if (!row) return [];
  return snoozeChoices().map(({ id, name, until }) => ({
    id, name, group: t('palette.ask_snooze'), icon: <Clock size={18} aria-hidden />, detail: dateTime(until.getTime()), run: () => snooze(row, until),
  }));
}
