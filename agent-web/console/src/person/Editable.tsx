import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useT } from '../i18n/index.ts';
import { toast } from '../ui/toasts.ts';
import styles from './Editable.module.css';

interface Props {
  label: string;
  value: string;
  /** As it reads when nobody edits it. */
  shown?: string | undefined;
  empty: string;
  lines?: boolean;
  large?: boolean;
  type?: 'text' | 'number' | 'date';
  list?: readonly { value: string; name: string }[];
  onSave: (value: string) => Promise<boolean>;
}

/** A fact that becomes a field when one clicks it. */
export function Editable({ label, value, shown, empty, lines, large, type = 'text', list, onSave }: Props) {
  const t = useT();
  const [edited, setEdited] = useState<string | null>(null);
  /** As it was when editing began. */
  const [begun, setBegun] = useState(value);
  const field = useRef<HTMLInputElement & HTMLTextAreaElement & HTMLSelectElement>(null);
  const editing = edited !== null;
  useEffect(() => {
    if (!editing) return;
    field.current?.focus();
    if (!list && type === 'text') field.current?.select();
  }, [editing, list, type]);

  if (!editing)
    return (
      <button
        type="button"
        className={`${styles.shown} ${large ? styles.large : ''}`}
        data-empty={value === '' || undefined}
        aria-label={`${label}: ${shown || value || empty}`}
        onClick={() => {
          setBegun(value);
          setEdited(value);
        }}
      >
        <bdi>{shown || value || empty}</bdi>
      </button>
    );
  const save = async () => {
    const next = edited.trim();
    if (next !== begun && next !== value && value !== begun) {
      // What was typed stays; whoever saves it once more knows.
      toast(t('person.changed_meanwhile', { now: value || empty }), null, 'bad');
      return setBegun(value);
    }
    if (next === value || (await onSave(next))) setEdited(null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') {
      event.preventDefault();
      setEdited(null);
    } else if (event.key === 'Enter' && (!lines || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void save();
    }
  };
  const common = {
    ref: field,
    'aria-label': label,
    value: edited,
    className: `${styles.field} ${large ? styles.large : ''}`,
    onKeyDown,
    onBlur: () => void save(),
    onChange: (event: { target: { value: string } }) => setEdited(event.target.value),
  };
  if (lines) return <textarea rows={3} maxLength={2000} {...common} />;
  if (list)
    return (
      <select {...common}>
        <option value="">{empty}</option>
        {list.map((option) => (
          <option key={option.value} value={option.value}>
            {option.name}
          </option>
        ))}
      </select>
    );
  return <input type={type} maxLength={200} step="any" {...common} />;
}
