import { useId, type InputHTMLAttributes, type TextareaHTMLAttributes } from 'react';
import styles from './Field.module.css';

type Words = string | null | undefined;

interface Props extends InputHTMLAttributes<HTMLInputElement> {
  label: string;
  hint?: Words;
  error?: Words;
}

export function Field({ label, hint, error, ...input }: Props) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <input id={id} aria-invalid={Boolean(error)} aria-describedby={describedBy(id, hint, error)} {...input} />
      <Beneath id={id} hint={hint} error={error} />
    </div>
  );
}

const describedBy = (id: string, hint: Words, error: Words): string | undefined =>
  [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined;

/** What a field is for, and what is wrong with what is in it. */
function Beneath({ id, hint, error }: { id: string; hint: Words; error: Words }) {
  return (
    <>
      {hint && (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className={styles.error}>
          {error}
        </p>
      )}
    </>
  );
}

interface LinesProps extends TextareaHTMLAttributes<HTMLTextAreaElement> {
  label: string;
  hint?: Words;
  error?: Words;
}

/** For more than a line. */
export function Lines({ label, hint, error, ...input }: LinesProps) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <textarea id={id} aria-invalid={Boolean(error)} aria-describedby={describedBy(id, hint, error)} {...input} />
      <Beneath id={id} hint={hint} error={error} />
    </div>
  );
}

/** Yes or no. */
export function Tick({ label, checked, onChange }: { label: string; checked: boolean; onChange: (on: boolean) => void }) {
  return (
    <label className={styles.tick}>
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} /> {label}
    </label>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  options: { value: string; name: string }[];
  onChange: (value: string) => void;
  hint?: Words;
  error?: Words;
}

export function Choice({ label, value, options, onChange, hint, error }: ChoiceProps) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        value={value}
        aria-invalid={Boolean(error)}
        aria-describedby={describedBy(id, hint, error)}
        onChange={(event) => onChange(event.target.value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.name}
          </option>
        ))}
      </select>
      <Beneath id={id} hint={hint} error={error} />
    </div>
  );
}
