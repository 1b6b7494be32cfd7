import { useStore } from '../lib/store.ts';
import { Queue } from '../queue/Queue.tsx';
import { usePerson } from '../timeline/person.ts';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { MyDay, Panel, TimelinePane } from './parts.ts';
import { preferences } from './preferences.ts';
import type { Inbox as InboxRoute } from './route.ts';
import styles from './Inbox.module.css';

export function Inbox({ route }: { route: InboxRoute }) {
  const { panel } = useStore(preferences);
  const id = route.customerId;
  const failed = usePerson(id, ({ error, customer }) => error !== null && customer === null);
  const beside = panel && !failed;
  return (
    <div className={styles.inbox} data-open={id ? 'person' : 'queue'} data-panel={beside}>
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
      {id && beside && (
        <ErrorBoundary key={`panel-${id}`}>
          <Panel customerId={id} />
        </ErrorBoundary>
      )}
    </div>
  );
}
