import { Check } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useT } from '../i18n/index.ts';
import { useStore } from '../lib/store.ts';
import { useAttempt } from '../lib/useAttempt.ts';
import type { Person } from '../timeline/person.ts';
import { Button } from '../ui/Button.tsx';
import { mediumName } from '../ui/medium.ts';
import { cancel } from './cancel.ts';
import { undoables, type Undoable } from './sending.ts';
import styles from './ComposerBars.module.css';

/** What was just sent, and the way to take it back while there is time: beside the box, wherever the timeline stands. */
export function SentBars({ person }: { person: Person }) {
  const held = useStore(undoables).filter(({ entry, customerId }) => customerId === person.id && isHeld(person, entry.id));
  return held.map((one) => <SentBar key={one.entry.id} sent={one} />);
}

/** As long as nothing else is known: not when it was taken back in another tab. */
const isHeld = (person: Person, id: string) => (person.entries.find((entry) => entry.id === id)?.delivery ?? 'queued') === 'queued';

function SentBar({ sent }: { sent: Undoable }) {
  const t = useT();
  const left = useSecondsLeft(sent.until);
  const { busy, attempt } = useAttempt();
  if (left <= 0) return null;
  return (
    <p className={styles.bar}>
      <Check size={14} aria-hidden /> <span>{t('send.sent', { by: mediumName(sent.entry.medium) })}</span>
      <Button small disabled={busy} onClick={() => attempt(() => cancel(sent))}>
        {t('send.undo', { n: left })}
      </Button>
    </p>
  );
}

function useSecondsLeft(until: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (until <= Date.now()) return;
    const timer = setInterval(() => {
      setNow(Date.now());
      if (Date.now() >= until) clearInterval(timer);
    }, 250);
    return () => clearInterval(timer);
  }, [until]);
  return Math.max(0, Math.ceil((until - Math.max(now, until - 60_000)) / 1000));
}
