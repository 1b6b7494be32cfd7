import { MessageSquareReply, StickyNote } from 'lucide-react';
import { withPerson, type Action } from './action.ts';
import { composeFocus } from './signals.ts';

export const writeActions: readonly Action[] = [
  {
    id: 'reply',
    name: 'action.reply',
    icon: MessageSquareReply,
    group: 'actions.write',
    keys: ['r'],
    when: withPerson,
    run: () => composeFocus.emit('reply'),
  },
  {
    id: 'note',
    name: 'action.note',
    icon: StickyNote,
    group: 'actions.write',
    keys: ['n'],
    when: withPerson,
    run: () => composeFocus.emit('note'),
  },
];
