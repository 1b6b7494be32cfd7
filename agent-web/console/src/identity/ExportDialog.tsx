import { Download, FileDown } from 'lucide-react';
import { useState } from 'react';
import type { Task } from '@throughline/protocol';
import { uuid } from '@throughline/protocol/browser';
import { call } from '../connection/client.ts';
import { useT } from '../i18n/index.ts';
import { bytes } from '../lib/format.ts';
import { useAttempt } from '../lib/useAttempt.ts';
import { TaskProgress } from '../tasks/TaskProgress.tsx';
import { fileOf, useTask } from '../tasks/tasks.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Field } from '../ui/Field.tsx';
import styles from './form.module.css';
import { personName } from '../lib/personName.ts';

/** Everything that is known of a person, in one file. */
export function ExportDialog({ customerId, name, onClose }: { customerId: string; name: string; onClose: () => void }) {
  const t = useT();
  const [reason, setReason] = useState('');
  const { busy, problem, onSubmit } = useAttempt();
  const [started, setStarted] = useState<Task | null>(null);
  const task = useTask(started);
  const file = task && fileOf(task);
  const submit = async () => {
    setStarted(await call('privacy.export', { client_id: uuid(), customer_id: customerId, ...(reason.trim() ? { reason: reason.trim() } : {}) }));
  };
  return (
    <Dialog title={t('export.title', { name: personName(name) })} text={t('export.text')} onClose={onClose}>
      {task ? (
        <div className={styles.form}>
          <TaskProgress task={task} />
          <div className={styles.buttons}>
            {file && (
              <a className={styles.download} href={file.url} download={file.name}>
                <Download size={16} aria-hidden /> {t('export.download', { name: file.name, size: bytes(file.size) })}
              </a>
            )}
            <Button onClick={onClose}>{t('ui.close')}</Button>
          </div>
        </div>
      ) : (
        <form className={styles.form} onSubmit={onSubmit(submit)}>
          <Field label={t('merge.reason')} hint={t('export.reason_hint')} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
          <p role="alert" className={styles.problem}>
            {problem}
          </p>
          <div className={styles.buttons}>
            <Button look="primary" type="submit" icon={FileDown} disabled={busy}>
              {t('export.submit')}
            </Button>
            <Button onClick={onClose}>{t('ui.cancel')}</Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
