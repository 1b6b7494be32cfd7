import { X } from 'lucide-react';
import { useId, useRef, useState, type ClipboardEvent, type KeyboardEvent, type ReactNode } from 'react';
import type { Entry, Way } from '@throughline/protocol';
import { useT } from '../i18n/index.ts';
import { nameOf } from '../lib/personName.ts';
import type { Person } from '../timeline/person.ts';
import { Button } from '../ui/Button.tsx';
import { draftOf, type Draft } from './drafts.ts';
import { addressesOf, addressIn, copiesOf, othersOf, replySubject, senderOf } from './mail.ts';
import styles from './MailHead.module.css';

interface Props {
  person: Person;
  draft: Draft;
  way: Way;
  /** What is answered. */
  mail: Entry | null;
}

/** What a mail has besides its words: who has it besides, at first all who had the mail that is answered; and its subject. */
export function MailHead({ person, draft, way, mail }: Props) {
  const t = useT();
  const store = draftOf(person.id);
  const { cc: had, unseen } = othersOf(mail, way);
  const { cc, bcc } = copiesOf(draft, mail, way);
  const [open, setOpen] = useState<'cc' | 'bcc' | null>(null);
  const room = (way.copies_max ?? 0) - cc.length - bcc.length;
  const lists = [
    { name: 'cc', list: cc, change: (list: string[]) => store.patch({ cc: list }) },
    { name: 'bcc', list: bcc, change: (list: string[]) => store.patch({ bcc: list }) },
  ] as const;
  const isShown = ({ name, list }: (typeof lists)[number]) => list.length > 0 || open === name;
  return (
    <div role="group" aria-label={t('composer.copies')} className={styles.head}>
      {way.senders.length > 1 && (
        <label className={styles.from}>
          <span>{t('composer.from')}</span>
          <select value={senderOf(draft, mail, way)?.address} onChange={(event) => store.patch({ from: event.target.value })}>
            {way.senders.map(({ address, name }) => (
              <option key={address} value={address}>
                {`${name} <${address}>`}
              </option>
            ))}
          </select>
        </label>
      )}
      {way.copies_max !== 0 &&
        lists.filter(isShown).map(({ name, list, change }) => (
          <Line key={name} name={t(`composer.${name}`)} list={list} room={room} focus={open === name} onChange={change}>
            {name === 'cc' && had.length > 0 && list.length > 0 && (
              <Button small look="quiet" onClick={() => store.patch({ cc: [] })}>
                {t('composer.only', { name: nameOf(person.customer) })}
              </Button>
            )}
          </Line>
        ))}
      <div className={styles.subject}>
        <input
          dir="auto"
          aria-label={t('composer.subject')}
          placeholder={t('composer.subject')}
          value={draft.subject ?? replySubject(mail)}
          maxLength={250}
          onChange={(event) => store.patch({ subject: event.target.value })}
        />
        {had.length > 0 && cc.length === 0 && (
          <Button small look="quiet" onClick={() => store.patch({ cc: null })}>
            {t('composer.all')}
          </Button>
        )}
        {way.copies_max !== 0 &&
          lists
            .filter((one) => !isShown(one))
            .map(({ name }) => (
              <Button key={name} small look="quiet" onClick={() => setOpen(name)}>
                {t(`composer.${name}`)}
              </Button>
            ))}
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
  children?: ReactNode;
}

function Line({ name, list, room, focus, onChange, children }: LineProps) {
  const t = useT();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState('');
  const wrong = list.find((one) => addressIn(one) === null);
  const problem =
    wrong !== undefined ? t('composer.not_address', { text: wrong }) : room < 0 ? t('composer.too_many_copies', { max: list.length + room }) : null;
  /** What is no address is shown as such, and is to be mended before anything leaves. */
  const take = (text: string) => {
    const known = new Set(list.map((one) => addressIn(one) ?? one));
    const added = addressesOf(text).filter((one) => !known.has(addressIn(one) ?? one));
    if (added.length > 0) onChange([...list, ...added]);
    setTyped('');
  };
  const without = (index: number) => list.filter((_, other) => other !== index);
  const remove = (index: number) => {
    onChange(without(index));
    input.current?.focus();
  };
  const mend = (index: number) => {
    onChange(without(index));
    setTyped(list[index] ?? '');
    input.current?.focus();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.metaKey || event.ctrlKey) return;
    if (event.key === 'Backspace' && typed === '' && list.length > 0) {
      event.preventDefault();
      mend(list.length - 1);
    }
    if (![',', ';', 'Enter'].includes(event.key)) return;
    event.preventDefault();
    take(typed);
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
          <li key={one} className={styles.chip} data-wrong={addressIn(one) === null || undefined}>
            <button type="button" className={styles.text} title={one} onClick={() => mend(index)}>
              <bdi>{one}</bdi>
            </button>
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
            aria-invalid={problem !== null}
            aria-describedby={problem === null ? undefined : `${id}-wrong`}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            onKeyDown={onKey}
            onPaste={onPaste}
            onBlur={() => take(typed)}
          />
        </li>
      </ul>
      {children}
      {problem !== null && (
        <p id={`${id}-wrong`} className={styles.wrong} role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
