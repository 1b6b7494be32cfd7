import { Eraser } from 'lucide-react';
import { useState } from 'react';
import type { Task } from '@throughline/protocol';
import { uuid } from '@throughline/protocol/browser';
import { call } from '../connection/client.ts';
import { useT } from '../i18n/index.ts';
import { number } from '../lib/format.ts';
import { useAttempt } from '../lib/useAttempt.ts';
import { TaskProgress } from '../tasks/TaskProgress.tsx';
import { useTask } from '../tasks/tasks.ts';
import { refreshPerson } from '../timeline/person.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Field } from '../ui/Field.tsx';
import styles from './form.module.css';

/** Everything known of a person goes; the name has to be typed, since nothing brings it back. */
export function ErasePersonDialog({ customerId, name, onClose }: { customerId: string; name: string; onClose: () => void }) {
  const t = useT();
  const [reason, setReason] = useState('');
  const [confirm, setConfirm] = useState('');
  const { busy, problem, onSubmit } = useAttempt();
  const [started, setStarted] = useState<Task | null>(null);
  const task = useTask(started);
  const submit = async () => {
    setStarted(await call('privacy.erase_customer', { client_id: uuid(), customer_id: customerId, reason: reason.trim(), confirm: confirm.trim() }));
  };
  const close = () => {
    refreshPerson(customerId);
    onClose();
  };
  return (
    <Dialog title={t('erase.person_title', { name: name || t('person.unnamed') })} onClose={close}>
      {task ? (
        <div className={styles.form}>
          <TaskProgress task={task} />
          {task.state === 'done' && (
            <p className={styles.text}>
              {t('erase.person_done', { entries: count(task, 'entries'), files: count(task, 'files'), journal: count(task, 'journal') })}
            </p>
          )}
          <div className={styles.buttons}>
            <Button look="primary" onClick={close}>
              {t('channels.done')}
            </Button>
          </div>
        </div>
      ) : (
        <form className={styles.form} onSubmit={onSubmit(submit)}>
          <p className={styles.warn}>{t('erase.person_text')}</p>
          <Field
            label={t('erase.reason')}
            hint={t('erase.reason_hint')}
            required
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
          <Field
            label={t('erase.confirm', { name: name || t('person.unnamed') })}
            required={name !== ''}
            autoComplete="off"
            value={confirm}
            onChange={(event) => setConfirm(event.target.value)}
          />
          <p role="alert" className={styles.problem}>
            {problem}
          </p>
          <div className={styles.buttons}>
            <Button look="danger" type="submit" icon={Eraser} disabled={busy || confirm.trim() !== name.trim() || reason.trim() === ''}>
              {t('erase.person_submit')}
            </Button>
            <Button onClick={onClose}>{t('ui.cancel')}</Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}

function count(task: Task, name: string): string {
  const value = (task.result as Record<string, unknown> | null)?.[name];
  return number(typeof value === 'number' ? value : 0);
}
