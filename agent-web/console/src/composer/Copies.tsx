import { X } from 'lucide-react';
import { useId, useRef, useState, type ClipboardEvent, type KeyboardEvent } from 'react';
import type { Entry, Way } from '@throughline/protocol';
import { useT } from '../i18n/index.ts';
import { nameOf } from '../lib/personName.ts';
import type { Person } from '../timeline/person.ts';
import { Button } from '../ui/Button.tsx';
import { draftOf, type Draft } from './drafts.ts';
import { addressesOf, addressIn, othersOf } from './mail.ts';
import styles from './Copies.module.css';

interface Props {
  person: Person;
  draft: Draft;
  way: Way;
  /** What is answered. */
  mail: Entry | null;
}

/** Who has the answer besides: at first all who had the mail. */
export function Copies({ person, draft, way, mail }: Props) {
  const t = useT();
  const store = draftOf(person.id);
  const { cc: had, unseen } = othersOf(mail, way);
  const cc = draft.cc ?? had;
  const [open, setOpen] = useState<'cc' | 'bcc' | null>(null);
  const room = (way.copies_max ?? 0) - cc.length - draft.bcc.length;
  const shown = { cc: cc.length > 0 || open === 'cc', bcc: draft.bcc.length > 0 || open === 'bcc' };
  return (
    <div role="group" aria-label={t('composer.copies')} className={styles.copies}>
      {shown.cc && <Line name={t('composer.cc')} list={cc} room={room} focus={open === 'cc'} onChange={(list) => store.patch({ cc: list })} />}
      {shown.bcc && <Line name={t('composer.bcc')} list={draft.bcc} room={room} focus={open === 'bcc'} onChange={(list) => store.patch({ bcc: list })} />}
      <div className={styles.more}>
        {!shown.cc && (
          <Button small look="quiet" onClick={() => setOpen('cc')}>
            {t('composer.cc')}
          </Button>
        )}
        {!shown.bcc && (
          <Button small look="quiet" onClick={() => setOpen('bcc')}>
            {t('composer.bcc')}
          </Button>
        )}
        {had.length > 0 && cc.length > 0 && (
          <Button small look="quiet" onClick={() => store.patch({ cc: [] })}>
            {t('composer.only', { name: nameOf(person.customer) })}
          </Button>
        )}
        {had.length > 0 && cc.length === 0 && (
          <Button small look="quiet" onClick={() => store.patch({ cc: null })}>
            {t('composer.all')}
          </Button>
        )}
      </div>
      {unseen && (
        <p className={styles.warning} role="status">
          {t('composer.not_open')}
        </p>
      )}
    </div>
  );
}

interface LineProps {
  name: string;
  list: readonly string[];
  /** How many more there may be. */
  room: number;
  focus: boolean;
  onChange: (list: string[]) => void;
}

function Line({ name, list, room, focus, onChange }: LineProps) {
  const t = useT();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState('');
  const [wrong, setWrong] = useState<string | null>(null);
  /** False: some of it is no address; that stays, to be mended. */
  const take = (text: string): boolean => {
    const given = addressesOf(text);
    const bad = given.filter((one) => addressIn(one) === null);
    const known = new Set(list.map(addressIn));
    const added = given.filter((one) => !bad.includes(one) && !known.has(addressIn(one)));
    if (added.length > room) {
      setWrong(t('composer.too_many_copies', { max: list.length + room }));
      return false;
    }
    if (added.length > 0) onChange([...list, ...added]);
    setTyped(bad.join(', '));
    setWrong(bad.length > 0 ? t('composer.not_address', { text: bad[0] ?? '' }) : null);
    return bad.length === 0;
  };
  const remove = (index: number) => {
    onChange(list.filter((_, other) => other !== index));
    input.current?.focus();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.metaKey || event.ctrlKey) return;
    if (event.key === 'Backspace' && typed === '' && list.length > 0) remove(list.length - 1);
    if (![',', ';', 'Enter'].includes(event.key)) return;
    event.preventDefault();
    if (typed.trim() !== '') take(typed);
  };
  const onPaste = (event: ClipboardEvent) => {
    event.stopPropagation();
    const text = event.clipboardData.getData('text/plain');
    if (!/[,;\n]/.test(text)) return;
    event.preventDefault();
    take(`${typed}${text}`);
  };
  return (
    <div className={styles.line}>
      <label htmlFor={id}>{name}</label>
      <ul className={styles.chips}>
        {list.map((one, index) => (
          <li key={one} className={styles.chip} title={one}>
            <bdi>{one}</bdi>
            <button type="button" aria-label={t('composer.remove_copy', { address: one })} onClick={() => remove(index)}>
              <X size={12} aria-hidden />
            </button>
          </li>
        ))}
        <li className={styles.typed}>
          <input
            id={id}
            ref={input}
            type="text"
            inputMode="email"
            autoComplete="off"
            // The field has been asked for by its button.
            autoFocus={focus} // oxlint-disable-line jsx-a11y/no-autofocus
            placeholder={list.length === 0 ? t('composer.add_address') : ''}
            aria-invalid={wrong !== null}
            aria-describedby={wrong === null ? undefined : `${id}-wrong`}
            value={typed}
            onChange={(event) => {
              setTyped(event.target.value);
              setWrong(null);
            }}
            onKeyDown={onKey}
            onPaste={onPaste}
            onBlur={() => typed.trim() !== '' && take(typed)}
          />
        </li>
      </ul>
      {wrong !== null && (
        <p id={`${id}-wrong`} className={styles.wrong} role="alert">
          {wrong}
        </p>
      )}
    </div>
  );
}
