import { useT, type Translate } from '../i18n/index.ts';
import { time } from '../lib/format.ts';
import { useStore } from '../lib/store.ts';
import { Tip } from '../ui/Tip.tsx';
import { sending } from '../composer/sending.ts';
import { client, connection } from './client.ts';
import styles from './ConnectionDot.module.css';
import type { ConnectionState } from '@throughline/protocol';

function words(t: Translate, { phase, since }: ConnectionState): string {
  if (phase === 'live') return t('connection.live');
  if (phase === 'away') return t('connection.away', { since: time(since) });
  return t(phase === 'catching_up' ? 'connection.catching_up' : 'connection.connecting');
}

/** Says whether what is on the screen is true now. */
export function ConnectionDot() {
  const t = useT();
  const state = useStore(connection);
  const waiting = useStore(sending, (all) => all.filter((one) => one.error === null).length);
  const text = words(t, state) + (state.phase !== 'live' && waiting > 0 ? ` · ${t('connection.waiting', { count: waiting })}` : '');
  const away = state.phase === 'away';
  return (
    <Tip text={away ? t('connection.away_help') : t('connection.live_help')} side="end">
      <button type="button" className={styles.dot} data-phase={state.phase} aria-label={text} onClick={() => client.wake()}>
        <span className={`${styles.mark} keeps-colour`} aria-hidden />
        <span className={styles.text} role="status">
          {text}
        </span>
      </button>
    </Tip>
  );
}
