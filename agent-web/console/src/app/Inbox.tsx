import { useStore } from '../lib/store.ts';
import { useMedia } from '../lib/useMedia.ts';
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
  // Where there is room for one of them, the list is what it is about, until somebody is opened.
  const alone = useMedia('(max-width: 43.75em)') && !id;
  return (
    <div className={styles.inbox} data-open={id ? 'person' : 'queue'} data-panel={beside}>
      <div className={styles.list} role={alone ? 'main' : undefined}>
        <Queue route={route} />
      </div>
      {!alone && (
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
      )}
      {id && beside && (
        <ErrorBoundary key={`panel-${id}`}>
          <Panel customerId={id} />
        </ErrorBoundary>
      )}
    </div>
  );
}
