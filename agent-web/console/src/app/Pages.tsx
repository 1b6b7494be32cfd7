import { Compass } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { useT } from '../i18n/index.ts';
import { useStore } from '../lib/store.ts';
import { Empty } from '../ui/Empty.tsx';
import { dialog } from './dialogs.ts';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { Inbox } from './Inbox.tsx';
import { Rail } from './Rail.tsx';
import { SkipLinks } from './SkipLinks.tsx';
import { hrefOf, inboxRoute, route } from './route.ts';
import styles from './Pages.module.css';

const Dialogs = lazy(() => import('../identity/Dialogs.tsx'));
const DuplicatesPage = lazy(() => import('../identity/DuplicatesPage.tsx'));
const SearchPage = lazy(() => import('../search/SearchPage.tsx'));
const Settings = lazy(() => import('../settings/Settings.tsx'));

export function Pages() {
  const now = useStore(route);
  const asked = useStore(dialog);
  return (
    <div className={styles.app}>
      {now.page === 'inbox' && <SkipLinks route={now} />}
      <Rail />
      <ErrorBoundary key={now.page}>
        {now.page === 'inbox' && <Inbox route={now} />}
        {now.page === 'settings' && (
          <Suspense fallback={null}>
            <Settings route={now} />
          </Suspense>
        )}
        {now.page === 'search' && (
          <Suspense fallback={null}>
            <SearchPage route={now} />
          </Suspense>
        )}
        {now.page === 'duplicates' && (
          <Suspense fallback={null}>
            <DuplicatesPage />
          </Suspense>
        )}
        {now.page === 'missing' && <Missing />}
      </ErrorBoundary>
      {asked && (
        <ErrorBoundary>
          <Suspense fallback={null}>
            <Dialogs asked={asked} />
          </Suspense>
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
