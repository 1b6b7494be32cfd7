import { Suspense } from 'react';
import { MessagesSquare } from 'lucide-react';
import { useT } from '../i18n/index.ts';
import { useStore } from '../lib/store.ts';
import { Panel } from './later.tsx';
import { Queue } from '../queue/Queue.tsx';
import { TimelinePane } from '../timeline/TimelinePane.tsx';
import { Empty } from '../ui/Empty.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { preferences } from './preferences.ts';
import type { Inbox as InboxRoute } from './route.ts';
import styles from './Inbox.module.css';

export function Inbox({ route }: { route: InboxRoute }) {
  const t = useT();
  const { panel } = useStore(preferences);
  const id = route.customerId;
  return (
    <div className={styles.inbox} data-open={id ? 'person' : 'queue'} data-panel={panel}>
      <Queue route={route} />
      <main className={styles.main}>
        {id ? (
          <ErrorBoundary key={id}>
            <TimelinePane customerId={id} conversationId={route.conversationId} />
          </ErrorBoundary>
        ) : (
          <Empty icon={MessagesSquare} title={t('inbox.none')} text={t('inbox.none_text')} />
        )}
      </main>
      {id && panel && (
        <ErrorBoundary key={`panel-${id}`}>
          <Suspense fallback={null}>
            <Panel customerId={id} />
          </Suspense>
        </ErrorBoundary>
      )}
    </div>
  );
}
