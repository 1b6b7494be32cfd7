import { useState } from 'react';
import { useT } from '../i18n/index.ts';
import { LinkedText } from './LinkedText.tsx';
import styles from './FoldedText.module.css';

const LONG = 1800;

/** Plain text with its links; history that a mail repeats is folded, and so is the rest of a very long text. */
export function FoldedText({ text, quote = '', at = null }: { text: string; quote?: string; at?: string | null }) {
  const t = useT();
  const [whole, setWhole] = useState(false);
  const [quoted, setQuoted] = useState(false);
  const cut = !whole && text.length > LONG + 200;
  return (
    <>
      {text !== '' && (
        <p className={styles.text} dir="auto">
          <LinkedText text={cut ? `${text.slice(0, LONG)}…` : text} at={at} />
        </p>
      )}
      {cut && (
        <button type="button" className={styles.more} onClick={() => setWhole(true)}>
          {t('text.show_all')}
        </button>
      )}
      {quote.trim() !== '' && (
        <>
          <button type="button" className={styles.more} aria-expanded={quoted} onClick={() => setQuoted(!quoted)}>
            {t(quoted ? 'text.hide_quote' : 'text.show_quote')}
          </button>
          {quoted && (
            <blockquote className={styles.quote} dir="auto">
              <LinkedText text={quote.trim()} at={at} />
            </blockquote>
          )}
        </>
      )}
    </>
  );
}
