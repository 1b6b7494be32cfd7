import { Files } from 'lucide-react';
import { useT } from '../i18n/index.ts';
import { useStore } from '../lib/store.ts';
import { Button } from '../ui/Button.tsx';
import { plainOf } from './drafts.ts';
import { dropOther, swapDraft, syncedOf } from './synced.ts';
import styles from './ComposerBars.module.css';

/** What the same agent has written to the same person in another browser. */
export function OtherDraft({ customerId }: { customerId: string }) {
  const t = useT();
  const other = useStore(syncedOf(customerId), (now) => now.other);
  if (!other) return null;
  const words = (plainOf(other) || other.note).replace(/\s+/g, ' ').trim().slice(0, 80);
  return (
    <p className={styles.bar} data-tone="warn">
      <Files size={14} aria-hidden />
      <span>{t('draft.other', { words })}</span>
      <Button small onClick={() => swapDraft(customerId)}>
        {t('draft.swap')}
      </Button>
      <Button small look="quiet" onClick={() => dropOther(customerId)}>
        {t('draft.drop')}
      </Button>
    </p>
  );
}
