import { Unplug, UserX } from 'lucide-react';
import { useEffect, useState } from 'react';
import { AwayBar } from '../connection/AwayBar.tsx';
import { Composer } from '../app/parts.ts';
import { composerFull } from '../composer/full.ts';
import { connection } from '../connection/client.ts';
import { useT } from '../i18n/index.ts';
import { useStore } from '../lib/store.ts';
import { preferences } from '../app/preferences.ts';
import { chosenOf, conversationsOf } from '../queue/conversations.ts';
import { Button } from '../ui/Button.tsx';
import { Empty } from '../ui/Empty.tsx';
import { filterOpen } from '../actions/signals.ts';
import { announcement } from './announce.ts';
import { JourneyStrip } from './JourneyStrip.tsx';
import { FilterBar } from './FilterBar.tsx';
import { Gone } from './Gone.tsx';
import { followMoved } from './leads.ts';
import { PaneBars } from './PaneBars.tsx';
import { retryPerson, usePerson } from './person.ts';
import { markRead } from './read.ts';
import { liveSource, stretchSource } from './source.ts';
import { stretch } from './stretch.ts';
import { TimelineHead } from './TimelineHead.tsx';
import { TimelineList } from './TimelineList.tsx';
import styles from './TimelinePane.module.css';

interface Props {
  customerId: string;
  conversationId: string | null;
}

export function TimelinePane({ customerId, conversationId }: Props) {
  const t = useT();
  const person = usePerson(customerId, (now) => now);
  const { journey } = useStore(preferences);
  const conversation = useStore(conversationsOf(customerId), (rows) => chosenOf(rows, conversationId));
  const live = useStore(connection, ({ phase }) => phase === 'live');
  const away = useStore(connection, ({ phase }) => phase === 'away');
  const apart = useStore(stretch, (now) => (now?.customerId === customerId && !now.error ? now : null));
  const full = useStore(composerFull);
  const filtering = useStore(filterOpen) === customerId;
  const source = apart ? stretchSource(apart) : liveSource(person);
  const slow = useSlow(person.customer === null);
  useEffect(followMoved, [person.customer]);
  useEffect(() => () => filterOpen.set((open) => (open === customerId ? null : open)), [customerId]);
  useEffect(() => markRead(conversation, live && person.customer !== null), [conversation, live, person.customer]);

  if (person.error && !person.customer)
    return (
      <Empty icon={UserX} title={t('timeline.failed')} text={person.error.kind === 'not_found' ? t('timeline.not_found') : person.error.message}>
        <Button onClick={() => retryPerson(customerId)}>{t('error.again')}</Button>
      </Empty>
    );
  if (!person.customer && away) return <Empty icon={Unplug} title={t('away.unknown')} text={t('away.comes')} />;
  if (!person.customer)
    return slow ? (
      <p className={styles.loading} role="status">
        {t('timeline.loading')}
      </p>
    ) : null;
  if (person.customer.identities.length === 0 && person.customer.moved_to.length > 0) return <Gone customer={person.customer} />;
  return (
    <div className={styles.pane} data-pane>
      <TimelineHead person={person} conversation={conversation} />
      <div className={styles.story} inert={full}>
        {journey && <JourneyStrip person={person} />}
        {filtering && <FilterBar key={customerId} person={person} onClose={() => filterOpen.set(null)} />}
        <PaneBars customer={person.customer} />
        <TimelineList key={source.key} person={person} source={source} conversationId={conversationId} />
      </div>
      <AwayBar />
      <Composer person={person} />
      <Announcer />
    </div>
  );
}

/** Words of waiting come only when waiting is felt. */
function useSlow(waiting: boolean): boolean {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    setSlow(false);
    if (!waiting) return;
    const timer = setTimeout(() => setSlow(true), 400);
    return () => clearTimeout(timer);
  }, [waiting]);
  return slow;
}

function Announcer() {
  const text = useStore(announcement);
  return (
    <p className="visually-hidden" aria-live="polite">
      {text}
    </p>
  );
}
