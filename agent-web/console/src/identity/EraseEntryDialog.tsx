import { Eraser } from 'lucide-react';
import { useState } from 'react';
import type { Entry } from '@throughline/protocol';
import { customerOf, route } from '../app/route.ts';
import { call } from '../connection/client.ts';
import { useT } from '../i18n/index.ts';
import { useAttempt } from '../lib/useAttempt.ts';
import { takeEntry } from '../timeline/person.ts';
import { takeInto } from '../timeline/stretch.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Field } from '../ui/Field.tsx';
import { toast } from '../ui/toasts.ts';
import styles from './form.module.css';
import { entryText } from '../timeline/payload.ts';

const SHOWN = 240;

export function EraseEntryDialog({ entry, onClose }: { entry: Entry; onClose: () => void }) {
  const t = useT();
  const [reason, setReason] = useState('');
  const { busy, problem, onSubmit } = useAttempt();
  const submit = async () => {
    const erased = await call('privacy.erase_entry', { entry_id: entry.id, reason: reason.trim() });
    const customerId = customerOf(route.get());
    if (customerId) {
      takeEntry(customerId, erased);
      takeInto(customerId, erased);
    }
    toast(t('erase.entry_done'));
    onClose();
  };
  return (
    <Dialog title={t('erase.entry_title')} text={t('erase.entry_text')} onClose={onClose}>
      <form className={styles.form} onSubmit={onSubmit(submit)}>
        <p className={styles.quote}>{(entryText(entry) || entry.subject || '').slice(0, SHOWN) || t('queue.no_text')}</p>
        <Field
          label={t('erase.reason')}
          hint={t('erase.reason_hint')}
          required
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
        <div className={styles.buttons}>
          <Button look="danger" type="submit" icon={Eraser} disabled={busy}>
            {t('erase.entry_submit')}
          </Button>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
        </div>
      </form>
    </Dialog>
  );
}
