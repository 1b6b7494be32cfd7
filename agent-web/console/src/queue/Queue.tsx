import { RefreshCw, Unplug } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import { preferences } from '../app/preferences.ts';
import type { Inbox } from '../app/route.ts';
import { useT } from '../i18n/index.ts';
import { connection } from '../connection/client.ts';
import { useStore } from '../lib/store.ts';
import { nameOf } from '../lib/personName.ts';
import { usePerson } from '../timeline/person.ts';
import { Button } from '../ui/Button.tsx';
import { Empty } from '../ui/Empty.tsx';
import { unseen } from './assigned.ts';
import { shownCount } from './counts.ts';
import { queue, retryQueue } from './queue.ts';
import { perPerson } from './rows.ts';
import { QueueEmpty } from './QueueEmpty.tsx';
import { QueueHead } from './QueueHead.tsx';
import { QueueList } from './QueueList.tsx';
import { SelectionBar } from './SelectionBar.tsx';
import styles from './Queue.module.css';

export function Queue({ route }: { route: Inbox }) {
  const t = useT();
  const { rows: all, loading, error } = useStore(queue);
  const people = useStore(preferences, (now) => now.people);
  const { rows, others } = useMemo(() => (people ? perPerson(all) : { rows: all, others: null }), [all, people]);
  const away = useStore(connection, ({ phase }) => phase === 'away');
  const waiting = useStore(queue, (now) => now.counts?.unassigned ?? 0);
  const given = useStore(unseen, (ids) => ids.length);
  const name = usePerson(route.customerId, ({ customer }) => (customer ? nameOf(customer) : null));
  useEffect(() => {
    const of = [name, 'Throughline'].filter(Boolean).join(' · ');
    const counted = waiting > 0 ? `(${shownCount(waiting)}) ${of}` : of;
    document.title = given > 0 ? `● ${given} ${counted}` : counted;
    return () => void (document.title = 'Throughline');
  }, [waiting, given, name]);
  return (
    <section className={styles.queue} aria-label={t('queue.label')}>
      <QueueHead route={route} />
      <SelectionBar rows={rows} />
      {away && rows.length === 0 ? (
        <Empty icon={Unplug} title={t('away.unknown')} text={t('away.comes')} />
      ) : error && rows.length === 0 ? (
        <Empty icon={RefreshCw} title={t('queue.failed')} text={error}>
          <Button onClick={retryQueue}>{t('error.again')}</Button>
        </Empty>
      ) : rows.length > 0 ? (
        <QueueList key={`${route.view}-${route.medium}-${route.sort}`} rows={rows} others={others} route={route} />
      ) : (
        loading === null && <QueueEmpty route={route} />
      )}
    </section>
  );
}
