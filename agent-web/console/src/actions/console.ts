import { CircleQuestionMark, Languages, LogOut, Milestone, Moon, Sun, SunMoon, Undo2 } from 'lucide-react';
import { chooseLanguage, preferences, setJourney, setTheme } from '../app/preferences.ts';
import { currentLanguage, type Key } from '../i18n/index.ts';
import { openPalette } from '../palette/palette.ts';
import { logOut } from '../session/session.ts';
import { always, type Action } from './action.ts';

const GROUP: Key = 'actions.console';

export const consoleActions: readonly Action[] = [
  { id: 'help', name: 'action.help', icon: CircleQuestionMark, group: GROUP, keys: ['?'], when: always, run: () => openPalette('help') },
  { id: 'undo', name: 'action.undo', icon: Undo2, group: GROUP, keys: ['z'], when: always, run: () => openPalette('undo') },
  {
    id: 'journey',
    name: 'action.journey',
    icon: Milestone,
    group: GROUP,
    when: ({ customerId }) => customerId !== null,
    run: () => setJourney(!preferences.get().journey),
  },
  { id: 'theme.light', name: 'action.light', icon: Sun, group: GROUP, when: always, run: () => setTheme('light') },
  { id: 'theme.dark', name: 'action.dark', icon: Moon, group: GROUP, when: always, run: () => setTheme('dark') },
  { id: 'theme.system', name: 'action.system', icon: SunMoon, group: GROUP, when: always, run: () => setTheme('system') },
  {
    id: 'language',
    name: 'action.language',
    icon: Languages,
    group: GROUP,
    when: always,
    run: () => chooseLanguage(currentLanguage() === 'en' ? 'ja' : 'en'),
  },
  { id: 'log_out', name: 'account.log_out', icon: LogOut, group: GROUP, when: always, run: () => void logOut() },
];
