// What can be done with a person as a whole.
import { Eraser, Eye, FileDown, Fingerprint, Link2, ListFilter, Merge } from 'lucide-react';
import { openDialog } from '../app/dialogs.ts';
import { personHref } from '../app/route.ts';
import type { Key } from '../i18n/index.ts';
import { nameOf } from '../lib/personName.ts';
import { askPerson } from '../palette/palette.ts';
import { personStore } from '../timeline/person.ts';
import { copyText } from '../ui/copy.ts';
import { oversees, withPerson, type Action } from './action.ts';
import { filterOpen } from './signals.ts';

const GROUP: Key = 'actions.person';
const named = (id: string) => nameOf(personStore(id).get().customer);
/** As the server has it: it is typed once more before all is erased. */
const storedName = (id: string) => personStore(id).get().customer?.name ?? '';

export function mergeWith(customerId: string): void {
  askPerson({ ask: 'merge.ask', except: customerId, run: ({ id }) => openDialog({ type: 'merge', intoId: customerId, fromId: id }) });
}

export const personActions: readonly Action[] = [
  {
    id: 'filter',
    name: 'action.filter',
    icon: ListFilter,
    group: GROUP,
    keys: ['f'],
    when: withPerson,
    run: ({ customerId }) => filterOpen.set((open) => (open === customerId ? null : customerId)),
  },
  { id: 'merge', name: 'action.merge', icon: Merge, group: GROUP, keys: ['m'], when: withPerson, run: ({ customerId }) => customerId && mergeWith(customerId) },
  {
    id: 'origins',
    name: 'action.origins',
    icon: Fingerprint,
    group: GROUP,
    keys: ['i'],
    when: withPerson,
    run: ({ customerId }) => customerId && openDialog({ type: 'origins', customerId }),
  },
  {
    id: 'copy_person',
    name: 'action.copy_person',
    icon: Link2,
    group: GROUP,
    when: withPerson,
    run: ({ customerId }) => customerId && void copyText(new URL(personHref(customerId), document.baseURI).href),
  },
  {
    id: 'looked',
    name: 'action.looked',
    icon: Eye,
    group: GROUP,
    when: (context) => withPerson(context) && oversees(context.agent),
    run: ({ customerId }) => customerId && openDialog({ type: 'looked', customerId, name: named(customerId) }),
  },
  {
    id: 'export',
    name: 'action.export',
    icon: FileDown,
    group: GROUP,
    when: (context) => withPerson(context) && oversees(context.agent),
    run: ({ customerId }) => customerId && openDialog({ type: 'export', customerId, name: named(customerId) }),
  },
  {
    id: 'erase',
    name: 'action.erase',
    icon: Eraser,
    group: GROUP,
    when: ({ customerId, agent }) => customerId !== null && agent?.role === 'admin',
    run: ({ customerId }) => customerId && openDialog({ type: 'erase_person', customerId, name: storedName(customerId) }),
  },
];
