import { Unplug } from 'lucide-react';
import { sending } from '../composer/sending.ts';
import { useT } from '../i18n/index.ts';
import { dateTime, time } from '../lib/format.ts';
import { useStore } from '../lib/store.ts';
import { session } from '../session/session.ts';
import { Button } from '../ui/Button.tsx';
import styles from './AwayBar.module.css';
import { client, connection } from './client.ts';

/** Over the composer while the server does not answer: since when, and that nothing that is typed is lost. */
export function AwayBar() {
  const t = useT();
  const { phase, since, doubtful } = useStore(connection);
  const waiting = useStore(sending, (all) => all.filter((one) => one.error === null).length);
  const asOf = useStore(session, (now) => (now.phase === 'in' ? now.asOf : null));
  const away = phase === 'away' || (phase === 'connecting' && asOf !== null);
  const words = [
    away ? t('away.since', { since: time(since) }) : t('away.doubtful'),
    t('away.kept'),
    waiting > 0 ? t('away.waiting', { count: waiting }) : '',
    asOf !== null ? t('away.as_of', { at: dateTime(asOf) }) : '',
  ];
  return (
    <div role="status">
      {(away || doubtful) && (
        <div className={styles.bar}>
          <Unplug size={14} aria-hidden />
          <span className={styles.words}>{words.filter(Boolean).join(' ')}</span>
          {away && (
            <Button small onClick={() => client.wake()}>
              {t('away.try')}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
