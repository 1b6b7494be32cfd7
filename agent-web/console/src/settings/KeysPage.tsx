import { FileKey, Plus } from 'lucide-react';
import { useState } from 'react';
import type { MailKey } from '@throughline/protocol';
import { call } from '../connection/client.ts';
import { useT } from '../i18n/index.ts';
import { dateTime, millis } from '../lib/format.ts';
import { useNow } from '../lib/now.ts';
import { useLoaded } from '../lib/useLoaded.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Empty } from '../ui/Empty.tsx';
import { Field, Lines } from '../ui/Field.tsx';
import { toast, toastError } from '../ui/toasts.ts';
import { useDraft } from './draft.ts';
import { Page } from './Page.tsx';
import { Problem } from './Problem.tsx';
import styles from './rows.module.css';

/** Whose signatures on mail are known. */
export function KeysPage() {
  const t = useT();
  const list = useLoaded(() => call('mail_key.list', {}));
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<MailKey | null>(null);
  const keys = list.value?.keys ?? [];
  if (list.error && !list.value) return <Problem text={list.error} again={list.reload} />;
  return (
    <Page
      title={t('settings.keys')}
      lead={t('keys.lead')}
      action={
        <Button look="primary" icon={Plus} onClick={() => setAdding(true)}>
          {t('keys.add')}
        </Button>
      }
    >
      {list.value && keys.length === 0 && <Empty icon={FileKey} title={t('keys.none')} text={t('keys.none_text')} />}
      {keys.length > 0 && (
        <ul className={styles.rows}>
          {keys.map((key) => (
            <Row key={key.id} of={key} onRemove={() => setRemoving(key)} />
          ))}
        </ul>
      )}
      {adding && <AddDialog onAdded={list.reload} onClose={() => setAdding(false)} />}
      {removing && <RemoveDialog of={removing} onRemoved={list.reload} onClose={() => setRemoving(null)} />}
    </Page>
  );
}

/** Four digits a group, as people compare them. */
const grouped = (fingerprint: string): string => fingerprint.toUpperCase().replace(/(.{4})(?=.)/g, '$1 ');

function Row({ of: key, onRemove }: { of: MailKey; onRemove: () => void }) {
  const t = useT();
  const now = useNow();
  const ends = millis(key.expires_at);
  const over = ends !== null && ends < now;
  return (
    <li className={styles.row} data-off={over || undefined}>
      <span className={styles.mark}>{t(`keys.kind_${key.kind}`)}</span>
      <span className={styles.main}>
        <b>{key.label}</b>
        <small>{key.kind === 'authority' ? t('keys.for_all') : (key.addresses ?? []).join(t('ui.comma'))}</small>
        <small>{grouped(key.fingerprint)}</small>
      </span>
      <span className={styles.mark} data-tone={over ? 'warn' : undefined}>
        {ends === null ? t('keys.no_end') : t(over ? 'keys.ended' : 'keys.ends', { at: dateTime(ends) })}
      </span>
      <Button look="danger" onClick={onRemove} aria-label={t('keys.remove_of', { name: key.label })}>
        {t('keys.remove')}
      </Button>
    </li>
  );
}

const typed = () => ({ text: '', label: '', addresses: '' });
const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((one) => one.trim())
    .filter(Boolean);

function AddDialog({ onAdded, onClose }: { onAdded: () => void; onClose: () => void }) {
  const t = useT();
  const save = async ({ text, label, addresses }: ReturnType<typeof typed>) => {
    const { key } = await call('mail_key.add', { text, label: label.trim() || null, addresses: linesOf(addresses) });
    toast(t('keys.added', { name: key?.label ?? label }));
    onAdded();
    onClose();
    return null;
  };
  const { values, set, submit, busy, problem, wrong } = useDraft<MailKey, ReturnType<typeof typed>>(null, typed, save, () => Promise.resolve(null));
  const elsewhere = problem && !['text', 'label', 'addresses'].includes(problem.field ?? '');
  return (
    <Dialog title={t('keys.add')} onClose={onClose}>
      <form className={styles.form} onSubmit={submit} autoComplete="off">
        <Lines
          label={t('keys.text')}
          hint={t('keys.text_hint')}
          error={wrong('text')}
          rows={8}
          required
          spellCheck={false}
          value={values.text}
          onChange={(event) => set('text')(event.target.value)}
        />
        <Field
          label={t('keys.label')}
          hint={t('keys.label_hint')}
          error={wrong('label')}
          maxLength={200}
          value={values.label}
          onChange={(event) => set('label')(event.target.value)}
        />
        <Lines
          label={t('keys.addresses')}
          hint={t('keys.addresses_hint')}
          error={wrong('addresses')}
          rows={2}
          spellCheck={false}
          value={values.addresses}
          onChange={(event) => set('addresses')(event.target.value)}
        />
        <p role="alert" className={styles.problem}>
          {elsewhere ? problem.text : ''}
        </p>
        <div className={styles.buttons}>
          <Button look="primary" type="submit" disabled={busy}>
            {t('keys.add')}
          </Button>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
        </div>
      </form>
    </Dialog>
  );
}

function RemoveDialog({ of: key, onRemoved, onClose }: { of: MailKey; onRemoved: () => void; onClose: () => void }) {
  const t = useT();
  const remove = async () => {
    try {
      await call('mail_key.remove', { id: key.id });
      toast(t('keys.removed', { name: key.label }));
      onRemoved();
      onClose();
    } catch (error) {
      toastError(error);
    }
  };
  return (
    <Dialog title={t('keys.remove_title', { name: key.label })} text={t('keys.remove_text')} onClose={onClose}>
      <div className={styles.buttons}>
        <Button look="danger" onClick={() => void remove()}>
          {t('keys.remove')}
        </Button>
        <Button onClick={onClose}>{t('ui.cancel')}</Button>
      </div>
    </Dialog>
  );
}
