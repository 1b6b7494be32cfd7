import { useStore } from '../lib/store.ts';
import { Queue } from '../queue/Queue.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { MyDay, Panel, TimelinePane } from './parts.ts';
import { preferences } from './preferences.ts';
import type { Inbox as InboxRoute } from './route.ts';
import styles from './Inbox.module.css';

export function Inbox({ route }: { route: InboxRoute }) {
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
          <ErrorBoundary key="day">
            <MyDay />
          </ErrorBoundary>
        )}
      </main>
      {id && panel && (
        <ErrorBoundary key={`panel-${id}`}>
          <Panel customerId={id} />
        </ErrorBoundary>
      )}
    </div>
  );
}
