import { CircleAlert, Clock } from 'lucide-react';
import { useT } from '../i18n/index.ts';
import { Button } from '../ui/Button.tsx';
import { FoldedText } from '../timeline/FoldedText.tsx';
import { sendAgain, takeBack, type Pending } from './sending.ts';
import styles from './PendingEntry.module.css';

export function PendingEntry({ pending }: { pending: Pending }) {
  const t = useT();
  const failed = pending.error !== null;
  return (
    <article className={styles.pending} data-failed={failed || undefined} data-kind={pending.kind}>
      <div className={styles.bubble}>
        {pending.text !== '' && <FoldedText text={pending.text} />}
        {pending.files.map((file) => <p key={file.upload} className={styles.file}>{file.name}</p>)}
      </div>
      <p className={styles.state} role="status">
        {failed ? <CircleAlert size={13} aria-hidden /> : <Clock size={13} aria-hidden />}
        {failed ? t('send.failed', { reason: pending.error ?? '' }) : t('send.sending')}
        {failed && <Button small onClick={() => sendAgain(pending)}>{t('error.again')}</Button>}
        {failed && <Button small look="quiet" onClick={() => takeBack(pending)}>{t('send.back')}</Button>}
      </p>
    </article>
  );
}
