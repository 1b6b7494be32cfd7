import { Archive, ArchiveRestore, Pencil, Plus, SlidersHorizontal } from 'lucide-react';
import { useEffect, useState, type FormEvent } from 'react';
import { CallError, type Attribute } from '@throughline/protocol';
import { call } from '../connection/client.ts';
import { useT } from '../i18n/index.ts';
import { useStore } from '../lib/store.ts';
import { attributes, loadAttributes } from '../person/facts.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Empty } from '../ui/Empty.tsx';
import { Choice, Field } from '../ui/Field.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { reasonOf, toast, toastError } from '../ui/toasts.ts';
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
  const archive = (one: Attribute) => void call('attribute.archive', { key: one.key, archived: !one.archived }).then(loadAttributes).catch(toastError);
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

function AttributeDialog({ attribute, onClose }: { attribute: Attribute | null; onClose: () => void }) {
  const t = useT();
  const [label, setLabel] = useState(attribute?.label ?? '');
  const [key, setKey] = useState(attribute?.key ?? '');
  const [type, setType] = useState<Attribute['type']>(attribute?.type ?? 'text');
  const [choices, setChoices] = useState((attribute?.choices ?? []).join('\n'));
  const [problem, setProblem] = useState<{ field: string | null; text: string } | null>(null);
  const wrong = (field: string) => (problem?.field === field ? problem.text : null);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const list = choices
      .split('\n')
      .map((one) => one.trim())
      .filter(Boolean);
    try {
      await call('attribute.put', { key: attribute?.key ?? (key || keyOf(label)), label, type, ...(type === 'choice' ? { choices: list } : {}) });
      await loadAttributes();
      toast(t('agents.saved', { name: label }));
      onClose();
    } catch (error) {
      setProblem({ field: error instanceof CallError ? error.field : null, text: reasonOf(error) });
    }
  };
  return (
    <Dialog title={attribute ? t('attributes.edit', { name: attribute.label }) : t('attributes.add')} onClose={onClose}>
      <form className={styles.form} onSubmit={(event) => void save(event)} autoComplete="off">
        <Field
          label={t('attributes.label')}
          hint={t('attributes.label_hint')}
          error={wrong('label')}
          required
          maxLength={200}
          value={label}
          onChange={(event) => setLabel(event.target.value)}
        />
        <div className={styles.pair}>
          <Field
            label={t('attributes.key')}
            hint={t('attributes.key_hint')}
            error={wrong('key')}
            disabled={attribute !== null}
            placeholder={keyOf(label)}
            pattern="[a-z][a-z0-9_]*"
            maxLength={64}
            value={key}
            onChange={(event) => setKey(event.target.value)}
          />
          <Choice
            label={t('attributes.type')}
            value={type}
            options={TYPES.map((value) => ({ value, name: t(`attribute.${value}`) }))}
            onChange={(value) => setType(value as Attribute['type'])}
          />
        </div>
        {type === 'choice' && (
          <div className={styles.long}>
            <label htmlFor="choices">{t('attributes.choices')}</label>
            <textarea id="choices" rows={5} required value={choices} onChange={(event) => setChoices(event.target.value)} />
          </div>
        )}
        <p role="alert" className={styles.problem}>
          {problem && problem.field !== 'label' && problem.field !== 'key' ? problem.text : ''}
        </p>
        <div className={styles.buttons}>
          <Button look="primary" type="submit">
            {t('ui.save')}
          </Button>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
        </div>
      </form>
    </Dialog>
  );
}
