import {
  ArrowDown,
  ArrowDownToLine,
  ArrowUp,
  CopyCheck,
  FileUp,
  Inbox,
  MailWarning,
  PanelRight,
  Radio,
  Search,
  SquareTerminal,
  TextSearch,
  UserRound,
  UserRoundCog,
  X,
} from 'lucide-react';
import { preferences } from '../app/preferences.ts';
import { go, goInbox, goSearch, goSettings, VIEWS } from '../app/route.ts';
import type { Key } from '../i18n/index.ts';
import { openPalette } from '../palette/palette.ts';
import { always, withPerson, type Action, type ActionContext } from './action.ts';
import { jumpToNow, queueMove, queueStep } from './signals.ts';

const administers = ({ agent }: ActionContext): boolean => agent?.role === 'admin';

const GROUP: Key = 'actions.navigate';
const inInbox = ({ page }: ActionContext) => page === 'inbox';

export const navigateActions: readonly Action[] = [
  { id: 'next', name: 'action.next', icon: ArrowDown, group: GROUP, keys: ['j'], when: inInbox, run: () => queueMove.emit(1), held: () => queueStep.emit(1) },
  {
    id: 'previous',
    name: 'action.previous',
    icon: ArrowUp,
    group: GROUP,
    keys: ['k'],
    when: inInbox,
    run: () => queueMove.emit(-1),
    held: () => queueStep.emit(-1),
  },
  { id: 'search', name: 'action.search', icon: Search, group: GROUP, keys: ['/'], when: always, run: () => openPalette('people') },
  { id: 'search_page', name: 'action.search_page', icon: TextSearch, group: GROUP, keys: ['mod+shift+f'], when: always, run: () => goSearch('') },
  { id: 'duplicates', name: 'duplicates.title', icon: CopyCheck, group: GROUP, keys: ['d'], when: always, run: () => go({ page: 'duplicates' }) },
  { id: 'unsent', name: 'unsent.title', icon: MailWarning, group: GROUP, when: always, run: () => go({ page: 'unsent', state: 'failed' }) },
  { id: 'palette', name: 'action.palette', icon: SquareTerminal, group: GROUP, keys: ['mod+k'], when: always, run: () => openPalette() },
  { id: 'now', name: 'action.now', icon: ArrowDownToLine, group: GROUP, keys: ['g'], when: withPerson, run: () => jumpToNow.emit() },
  {
    id: 'panel',
    name: 'action.panel',
    icon: PanelRight,
    group: GROUP,
    keys: ['p'],
    when: withPerson,
    run: () => preferences.patch({ panel: !preferences.get().panel }),
  },
  {
    id: 'close',
    name: 'action.close',
    icon: X,
    group: GROUP,
    keys: ['escape'],
    when: withPerson,
    run: () => goInbox({ customerId: null, conversationId: null }),
  },
  ...VIEWS.map((view): Action => ({
    id: `view.${view}`,
    name: `view.${view}.title`,
    icon: Inbox,
    group: GROUP,
    when: always,
    run: () => goInbox({ view, customerId: null, conversationId: null }),
  })),
  { id: 'channels', name: 'settings.channels', icon: Radio, group: 'actions.settings', when: administers, run: () => goSettings('channels') },
  { id: 'agents', name: 'settings.agents', icon: UserRoundCog, group: 'actions.settings', when: administers, run: () => goSettings('agents') },
  {
    id: 'import',
    name: 'settings.import',
    icon: FileUp,
    group: 'actions.settings',
    when: administers,
    run: () => goSettings('import'),
  },
  { id: 'you', name: 'settings.you', icon: UserRound, group: 'actions.settings', when: always, run: () => goSettings('you') },
];
