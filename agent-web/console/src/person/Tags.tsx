import { Plus, X } from 'lucide-react';
import { useId, useState, type KeyboardEvent } from 'react';
import { useT } from '../i18n/index.ts';
import { useLoaded } from '../lib/useLoaded.ts';
import { knownTags } from './facts.ts';
import styles from './Tags.module.css';

const LONGEST = 60;

interface Props {
  tags: readonly string[];
  label: string;
  onChange: (tags: string[]) => Promise<unknown>;
}

/** Words that sort people or conversations; those in use elsewhere are offered. */
export function Tags({ tags, label, onChange }: Props) {
  const t = useT();
  const [adding, setAdding] = useState(false);
  const remove = (tag: string) => void onChange(tags.filter((one) => one !== tag));
  const add = (tag: string) => {
    const wanted = tag.trim();
    if (wanted !== '' && !tags.some((one) => one.toLowerCase() === wanted.toLowerCase())) void onChange([...tags, wanted]);
  };
  return (
    <ul className={styles.tags} aria-label={label}>
      {tags.map((tag) => (
        <li key={tag} className={styles.tag}>
          {tag}
          <button type="button" aria-label={t('tags.remove', { tag })} onClick={() => remove(tag)}>
            <X size={12} aria-hidden />
          </button>
        </li>
      ))}
      <li>
        {adding ? (
          <AddTag used={tags} onAdd={add} onClose={() => setAdding(false)} />
        ) : (
          <button type="button" className={styles.add} onClick={() => setAdding(true)}>
            <Plus size={12} aria-hidden /> {t('tags.add')}
          </button>
        )}
      </li>
    </ul>
  );
}

function AddTag({ used, onAdd, onClose }: { used: readonly string[]; onAdd: (tag: string) => void; onClose: () => void }) {
  const t = useT();
  const id = useId();
  const [text, setText] = useState('');
  const known = useLoaded(knownTags);
  const offered = (known.value ?? []).filter((one) => !used.includes(one));
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || (event.key !== 'Enter' && event.key !== 'Escape' && event.key !== ',')) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key !== 'Escape') onAdd(text);
    setText('');
    if (event.key !== ',') onClose();
  };
  return (
    <>
      <input
        autoFocus
        className={styles.field}
        list={id}
        maxLength={LONGEST}
        aria-label={t('tags.add')}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={() => {
          onAdd(text);
          onClose();
        }}
      />
      <datalist id={id}>
        {offered.map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
    </>
  );
}
