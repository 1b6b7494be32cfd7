import { composeFocus, queueFocus, timelineFocus } from '../actions/signals.ts';
import { useT } from '../i18n/index.ts';
import type { Inbox } from './route.ts';
import styles from './SkipLinks.module.css';

/** The first stops of the keyboard: past everything else to what one works with. Seen while they have the focus. */
export function SkipLinks({ route }: { route: Inbox }) {
  const t = useT();
  return (
    <div className={styles.links}>
      <button type="button" onClick={() => queueFocus.emit()}>
        {t('skip.queue')}
      </button>
      {route.customerId && (
        <>
          <button type="button" onClick={() => timelineFocus.emit()}>
            {t('skip.timeline')}
          </button>
          <button type="button" onClick={() => composeFocus.emit('reply')}>
            {t('skip.composer')}
          </button>
        </>
      )}
    </div>
  );
}
