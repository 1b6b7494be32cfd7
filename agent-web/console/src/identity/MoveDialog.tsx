import { CornerUpRight } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import type { Entry } from '@throughline/protocol';
import { moveEntry } from '../actions/entry.ts';
import { useT } from '../i18n/index.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Field } from '../ui/Field.tsx';
import styles from './form.module.css';
import { personName } from '../lib/personName.ts';
import { entryText } from '../timeline/payload.ts';

const SHOWN = 240;

/** Files an entry under another person, with the reason that leaves a trace. */
export function MoveDialog({ entry, customerId, name, onClose }: { entry: Entry; customerId: string; name: string; onClose: () => void }) {
  const t = useT();
  const [reason, setReason] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void moveEntry(entry, customerId, name, reason.trim());
    onClose();
  };
  return (
    <Dialog title={t('move.title', { name: personName(name) })} text={t('move.text')} onClose={onClose}>
      <form className={styles.form} onSubmit={submit}>
        <p className={styles.quote}>{(entryText(entry) || entry.subject || '').slice(0, SHOWN) || t('queue.no_text')}</p>
        <Field label={t('merge.reason')} hint={t('move.reason_hint')} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
        <div className={styles.buttons}>
          <Button look="primary" type="submit" icon={CornerUpRight}>
            {t('move.submit')}
          </Button>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
        </div>
      </form>
    </Dialog>
  );
}
