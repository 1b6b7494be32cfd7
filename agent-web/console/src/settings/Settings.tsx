import { Ban, FileKey, FileUp, KeyRound, Radio, ScrollText, ShieldAlert, SlidersHorizontal, UserRound, UsersRound, type LucideIcon } from 'lucide-react';
import { hrefOf, type Route, type Section } from '../app/route.ts';
import { useT } from '../i18n/index.ts';
import { useStore } from '../lib/store.ts';
import { session } from '../session/session.ts';
import { Empty } from '../ui/Empty.tsx';
import { AgentsPage } from './AgentsPage.tsx';
import { AttributesPage } from './AttributesPage.tsx';
import { BlockedPage } from './BlockedPage.tsx';
import { ChannelPage } from './ChannelPage.tsx';
import { ChannelsPage } from './ChannelsPage.tsx';
import { ImportPage } from './ImportPage.tsx';
import { KeysPage } from './KeysPage.tsx';
import { NewChannelPage } from './NewChannelPage.tsx';
import { PrivacyPage } from './PrivacyPage.tsx';
import { sectionsOf, seesSection } from './seen.ts';
import { NotBegun } from './SignInCard.tsx';
import { TokensPage } from './TokensPage.tsx';
import { YouPage } from './YouPage.tsx';
import styles from './Settings.module.css';

const ICONS: Record<Section, LucideIcon> = {
  channels: Radio,
  agents: UsersRound,
  tokens: KeyRound,
  attributes: SlidersHorizontal,
  keys: FileKey,
  import: FileUp,
  privacy: ScrollText,
  blocked: Ban,
  you: UserRound,
};

export default function Settings({ route }: { route: Extract<Route, { page: 'settings' }> }) {
  const t = useT();
  const role = useStore(session, (now) => (now.phase === 'in' ? now.agent.role : 'visitor'));
  return (
    <div className={styles.settings}>
      <nav className={styles.nav} aria-label={t('settings.label')}>
        <h1>{t('settings.label')}</h1>
        {sectionsOf(role).map((section) => {
          const Icon = ICONS[section];
          return (
            <a key={section} href={hrefOf({ page: 'settings', section, rest: [] })} aria-current={route.section === section ? 'page' : undefined}>
              <Icon size={16} aria-hidden /> {t(`settings.${section}`)}
            </a>
          );
        })}
      </nav>
      <main className={styles.main}>
        {seesSection(role, route.section) ? (
          <Page route={route} />
        ) : (
          <Empty icon={ShieldAlert} title={t('settings.forbidden')} text={t('settings.forbidden_text')} />
        )}
      </main>
    </div>
  );
}

function Page({ route: { section, rest } }: { route: Extract<Route, { page: 'settings' }> }) {
  if (section === 'agents') return <AgentsPage />;
  if (section === 'tokens') return <TokensPage />;
  if (section === 'attributes') return <AttributesPage />;
  if (section === 'keys') return <KeysPage />;
  if (section === 'import') return <ImportPage />;
  if (section === 'privacy') return <PrivacyPage />;
  if (section === 'blocked') return <BlockedPage />;
  if (section === 'you') return <YouPage />;
  const [id, type] = rest;
  if (id === 'new') return <NewChannelPage key={type} type={type ?? null} />;
  if (id === 'sign_in') return <NotBegun code={type ?? ''} />;
  return id ? <ChannelPage key={id} id={id} /> : <ChannelsPage />;
}
