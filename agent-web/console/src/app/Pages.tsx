import { Compass } from 'lucide-react';
import { useT } from '../i18n/index.ts';
import { useStore } from '../lib/store.ts';
import { Empty } from '../ui/Empty.tsx';
import { dialog } from './dialogs.ts';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { later } from './later.tsx';
import { Inbox } from './Inbox.tsx';
import { Rail } from './Rail.tsx';
import { SkipLinks } from './SkipLinks.tsx';
import { hrefOf, inboxRoute, route } from './route.ts';
import styles from './Pages.module.css';

const Dialogs = later(() => import('../identity/Dialogs.tsx'));
const DuplicatesPage = later(() => import('../identity/DuplicatesPage.tsx'));
const SearchPage = later(() => import('../search/SearchPage.tsx'));
const UnsentPage = later(() => import('../outbox/UnsentPage.tsx'));
const Settings = later(() => import('../settings/Settings.tsx'));

export function Pages() {
  const now = useStore(route);
  const asked = useStore(dialog);
  return (
    <div className={styles.app}>
      {now.page === 'inbox' && <SkipLinks route={now} />}
      <Rail />
      <ErrorBoundary key={now.page}>
        {now.page === 'inbox' && <Inbox route={now} />}
        {now.page === 'settings' && <Settings route={now} />}
        {now.page === 'search' && <SearchPage route={now} />}
        {now.page === 'duplicates' && <DuplicatesPage />}
        {now.page === 'unsent' && <UnsentPage state={now.state} />}
        {now.page === 'missing' && <Missing />}
      </ErrorBoundary>
      {asked && (
        <ErrorBoundary>
          <Dialogs asked={asked} />
        </ErrorBoundary>
      )}
    </div>
  );
}

function Missing() {
  const t = useT();
  return (
    <main className={styles.whole}>
      <Empty icon={Compass} title={t('missing.title')} text={t('missing.text')}>
        <a href={hrefOf(inboxRoute())}>{t('missing.back')}</a>
      </Empty>
    </main>
  );
}
