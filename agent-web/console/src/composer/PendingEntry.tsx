import { CircleAlert, Clock } from 'lucide-react';
import { useT } from '../i18n/index.ts';
import { Button } from '../ui/Button.tsx';
import { FoldedText } from '../timeline/FoldedText.tsx';
import { connection } from '../connection/client.ts';
import { useStore } from '../lib/store.ts';
import type { Pending } from './outbox.ts';
import { discard, sendAgain, takeBack } from './sending.ts';
import styles from './PendingEntry.module.css';

export function PendingEntry({ pending }: { pending: Pending }) {
  const t = useT();
  const failed = pending.error !== null;
  const live = useStore(connection, ({ phase }) => phase === 'live');
  return (
    <article aria-label={t('author.you')} className={styles.pending} data-failed={failed || undefined} data-kind={pending.kind}>
      <div className={styles.bubble}>
        {pending.text !== '' && <FoldedText text={pending.plain ?? pending.text} />}
        {pending.files.map((file) => (
          <p key={file.upload} className={styles.file}>
            {file.name}
          </p>
        ))}
      </div>
      <p className={styles.state} role="status">
        {failed ? <CircleAlert size={13} aria-hidden /> : <Clock size={13} aria-hidden />}
        {failed ? t('send.failed', { reason: pending.error ?? '' }) : t(live ? 'send.sending' : 'send.waits')}
        {failed && (
          <Button small onClick={() => sendAgain(pending)}>
            {t('error.again')}
          </Button>
        )}
        {(failed || !live) && (
          <Button small look="quiet" onClick={() => takeBack(pending)}>
            {t('send.back')}
          </Button>
        )}
        {failed && (
          <Button small look="quiet" onClick={() => discard(pending)}>
            {t('send.discard')}
          </Button>
        )}
      </p>
    </article>
  );
}
