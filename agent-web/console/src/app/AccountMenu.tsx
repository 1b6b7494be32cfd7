import { Keyboard, LogOut, Monitor, Moon, Sun, UserRound, type LucideIcon } from 'lucide-react';
import { LANGUAGES, useLanguage, useT } from '../i18n/index.ts';
import { useStore } from '../lib/store.ts';
import { openPalette } from '../palette/palette.ts';
import { logOut, session } from '../session/session.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Menu, type MenuEntry } from '../ui/Menu.tsx';
import { chooseLanguage, preferences, setTheme, THEMES, type Theme } from './preferences.ts';
import { goSettings } from './route.ts';
import styles from './AccountMenu.module.css';

const THEME_ICONS: Record<Theme, LucideIcon> = { system: Monitor, light: Sun, dark: Moon };

export function AccountMenu() {
  const t = useT();
  const now = useStore(session);
  const { theme } = useStore(preferences);
  const language = useLanguage();
  if (now.phase !== 'in') return null;
  const items: MenuEntry[] = [
    { heading: `${now.agent.name} · ${now.agent.email}` },
    { id: 'you', name: t('account.you'), icon: UserRound, run: () => goSettings('you') },
    { id: 'help', name: t('account.keys'), icon: Keyboard, keys: '?', run: () => openPalette('help') },
    'line',
    { heading: t('account.theme') },
    ...THEMES.map((id) => ({
      id,
      name: t(`theme.${id}`),
      icon: THEME_ICONS[id],
      checked: theme === id,
      run: () => setTheme(id),
    })),
    'line',
    { heading: t('account.language') },
    ...LANGUAGES.map((id) => ({ id, name: t(`language.${id}`), checked: language === id, run: () => chooseLanguage(id) })),
    'line',
    { id: 'out', name: t('account.log_out'), icon: LogOut, run: () => void logOut() },
  ];
  return (
    <Menu items={items} side="end" align="end">
      <button type="button" className={styles.trigger} aria-label={t('account.label', { name: now.agent.name })}>
        <Avatar name={now.agent.name} size={32} />
      </button>
    </Menu>
  );
}
