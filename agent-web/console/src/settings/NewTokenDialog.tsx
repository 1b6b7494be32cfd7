import { useState, type FormEvent } from 'react';
import type { Token } from '@throughline/protocol';
import { call } from '../connection/client.ts';
import { useT } from '../i18n/index.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Choice, Field } from '../ui/Field.tsx';
import { toastError } from '../ui/toasts.ts';
import { ROLES } from './AgentDialog.tsx';
import { CopyLine } from './CopyLine.tsx';
import styles from './rows.module.css';

export function NewTokenDialog({ onMade, onClose }: { onMade: () => void; onClose: () => void }) {
  const t = useT();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Token['role']>('agent');
  const [secret, setSecret] = useState<string | null>(null);
  const make = async (event: FormEvent) => {
    event.preventDefault();
    try {
      setSecret((await call('token.create', { name, role })).secret);
      onMade();
    } catch (error) {
      toastError(error);
    }
  };
  return (
    <Dialog title={t('tokens.add')} onClose={onClose}>
      {secret === null ? (
        <form className={styles.form} onSubmit={(event) => void make(event)}>
          <Field label={t('tokens.name')} hint={t('tokens.name_hint')} required maxLength={100} value={name} onChange={(event) => setName(event.target.value)} />
          <Choice label={t('agents.role')} value={role} options={ROLES.map((value) => ({ value, name: t(`role.${value}`) }))} hint={t(`role.${role}.text`)} onChange={(value) => setRole(value as Token['role'])} />
          <div className={styles.buttons}><Button look="primary" type="submit">{t('tokens.create')}</Button></div>
        </form>
      ) : (
        <div className={styles.form}>
          <div className={styles.once}>
            <p>{t('tokens.once')}</p>
            <CopyLine label={t('tokens.use')} value={secret} />
          </div>
          <div className={styles.buttons}><Button look="primary" onClick={onClose}>{t('channels.done')}</Button></div>
        </div>
      )}
    </Dialog>
  );
}
