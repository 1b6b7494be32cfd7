import { useState } from 'react';
import type { Entry } from '@throughline/protocol';
import { useT } from '../i18n/index.ts';
import { mediumName } from '../ui/medium.ts';
import { When } from '../ui/When.tsx';
import { EntryTools } from './EntryTools.tsx';
import { useAuthor } from './EntryHead.tsx';
import { OrderEntry } from './OrderEntry.tsx';
import { text } from './payload.ts';
import { quietIcon, quietWords } from './quietWords.ts';
import styles from './QuietLine.module.css';

export function QuietLine({ entry }: { entry: Entry }) {
  const t = useT();
  const who = useAuthor(entry);
  const [open, setOpen] = useState(false);
  const Icon = quietIcon(entry);
  const words = entry.closed ? t('stub.closed', { kind: t(`kind.${entry.kind}`), by: mediumName(entry.medium) }) : quietWords(t, entry, who);
  const href = entry.kind === 'visit' ? text(entry, 'url') : null;
  return (
    <>
      <p className={styles.line}>
        <Icon size={14} aria-hidden className={styles.icon} />
        {entry.kind === 'order' ? (
          <button type="button" className={styles.words} aria-expanded={open} onClick={() => setOpen(!open)}>
            {words}
          </button>
        ) : href?.startsWith('http') ? (
          <a className={styles.words} href={href} target="_blank" rel="noopener noreferrer">
            {words}
          </a>
        ) : (
          <span className={styles.words} title={words}>
            {words}
          </span>
        )}
        <When at={entry.occurred_at} clock className={styles.when} />
        <span className={styles.tools}>
          <EntryTools entry={entry} />
        </span>
      </p>
      {open && <OrderEntry entry={entry} joined={false} />}
    </>
  );
}
