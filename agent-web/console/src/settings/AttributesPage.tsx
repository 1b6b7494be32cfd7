import { Archive, ArchiveRestore, Pencil, Plus, SlidersHorizontal } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Attribute } from '@throughline/protocol';
import { call } from '../connection/client.ts';
import { useT } from '../i18n/index.ts';
import { useStore } from '../lib/store.ts';
import { attributes, loadAttributes } from '../person/facts.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Empty } from '../ui/Empty.tsx';
import { Choice, Field, Lines } from '../ui/Field.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { toast, toastError } from '../ui/toasts.ts';
import { useDraft } from './draft.ts';
import { Page } from './Page.tsx';
import styles from './rows.module.css';

const TYPES = ['text', 'number', 'date', 'yes_no', 'choice'] as const;

/** What the company wants to know of people beside what every shop knows. */
export function AttributesPage() {
  const t = useT();
  const all = useStore(attributes);
  const [edited, setEdited] = useState<Attribute | 'new' | null>(null);
  useEffect(() => {
    loadAttributes().catch(toastError);
  }, []);
  const archive = (one: Attribute) =>
    void call('attribute.archive', { key: one.key, archived: !one.archived, version: one.version ?? 0 })
      .catch(toastError)
      .then(loadAttributes)
      .catch(toastError);
  return (
    <Page
      title={t('settings.attributes')}
      lead={t('attributes.lead')}
      action={
        <Button look="primary" icon={Plus} onClick={() => setEdited('new')}>
          {t('attributes.add')}
        </Button>
      }
    >
      {all?.length === 0 && <Empty icon={SlidersHorizontal} title={t('attributes.none')} text={t('attributes.none_text')} />}
      {all && all.length > 0 && (
        <ul className={styles.rows}>
          {all.map((one) => (
            <li key={one.key} className={styles.row} data-off={one.archived || undefined}>
              <span className={styles.main}>
                <b>{one.label}</b>
                <small>{[one.key, ...(one.choices ?? [])].join(' · ')}</small>
              </span>
              {one.archived && <span className={styles.mark}>{t('attributes.archived')}</span>}
              <span className={styles.mark}>{t(`attribute.${one.type}`)}</span>
              <IconButton icon={Pencil} label={t('attributes.edit', { name: one.label })} onClick={() => setEdited(one)} />
              <IconButton
                icon={one.archived ? ArchiveRestore : Archive}
                label={t(one.archived ? 'attributes.restore' : 'attributes.archive', { name: one.label })}
                onClick={() => archive(one)}
              />
            </li>
          ))}
        </ul>
      )}
      {edited && <AttributeDialog attribute={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
    </Page>
  );
}

const keyOf = (label: string): string =>
  label
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 64);

const valuesOf = (one: Attribute | null) => ({
  label: one?.label ?? '',
  key: one?.key ?? '',
  type: one?.type ?? 'text',
  choices: (one?.choices ?? []).join('\n'),
});

async function reread(key: string): Promise<Attribute | null> {
  await loadAttributes();
  return attributes.get()?.find((one) => one.key === key) ?? null;
}

function AttributeDialog({ attribute, onClose }: { attribute: Attribute | null; onClose: () => void }) {
  const t = useT();
  const keyIn = (values: ReturnType<typeof valuesOf>) => attribute?.key ?? (values.key || keyOf(values.label));
  const save = async (typed: ReturnType<typeof valuesOf>, base: Attribute | null) => {
    const list = typed.choices
      .split('\n')
      .map((one) => one.trim())
      .filter(Boolean);
    const type = TYPES.find((one) => one === typed.type) ?? 'text';
    await call('attribute.put', { key: keyIn(typed), label: typed.label, type, version: base?.version ?? 0, ...(type === 'choice' ? { choices: list } : {}) });
    await loadAttributes();
    toast(t('agents.saved', { name: typed.label }));
    onClose();
    return base;
  };
  const { base, values, set, submit, busy, problem, wrong } = useDraft(attribute, valuesOf, save, (typed) => reread(keyIn(typed)));
  const { label, key, type, choices } = values;
  return (
    <Dialog title={attribute ? t('attributes.edit', { name: attribute.label }) : t('attributes.add')} onClose={onClose}>
      <form className={styles.form} onSubmit={submit} autoComplete="off">
        <Field
          label={t('attributes.label')}
          hint={t('attributes.label_hint')}
          error={wrong('label')}
          required
          maxLength={200}
          value={label}
          onChange={(event) => set('label')(event.target.value)}
        />
        <div className={styles.pair}>
          <Field
            label={t('attributes.key')}
            hint={t('attributes.key_hint')}
            error={wrong('key')}
            disabled={base !== null}
            placeholder={keyOf(label)}
            pattern="[a-z][a-z0-9_]*"
            maxLength={64}
            value={key}
            onChange={(event) => set('key')(event.target.value)}
          />
          <Choice label={t('attributes.type')} value={type} options={TYPES.map((value) => ({ value, name: t(`attribute.${value}`) }))} onChange={set('type')} />
        </div>
        {type === 'choice' && (
          <Lines label={t('attributes.choices')} rows={5} required value={choices} onChange={(event) => set('choices')(event.target.value)} />
        )}
        <p role="alert" className={styles.problem}>
          {problem && problem.field !== 'label' && problem.field !== 'key' ? problem.text : ''}
        </p>
        <div className={styles.buttons}>
          <Button look="primary" type="submit" disabled={busy}>
            {t('ui.save')}
          </Button>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
        </div>
      </form>
    </Dialog>
  );
}
