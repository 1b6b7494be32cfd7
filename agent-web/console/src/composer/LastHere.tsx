import type { Way } from '@throughline/protocol';
import { useT } from '../i18n/index.ts';
import { millis, since } from '../lib/format.ts';
import { useNow } from '../lib/now.ts';
import styles from './LastHere.module.css';

const A_MOMENT_MS = 60_000;

/** Of a chat, which is seen only by who is there: that they are, or when they last were. */
export function LastHere({ way, here }: { way: Way; here: boolean }) {
  const t = useT();
  const now = useNow();
  const at = millis(way.last_here_at);
  if (way.medium !== 'chat' || way.unproven || (!here && at === null)) return null;
  const gone = now - (at ?? 0);
  return (
    <small className={styles.last} data-here={here || undefined}>
      {here ? t('reach.here_now') : gone < A_MOMENT_MS ? t('reach.just_here') : t('reach.last_here', { at: since(at ?? 0, now) })}
    </small>
  );
}
