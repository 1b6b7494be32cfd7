import { Fragment } from 'react';
import type { Mark } from '@throughline/protocol';
import styles from './Marked.module.css';

/** Plain text with parts of it marked; places count UTF-16 units, as the browser does. */
export function Marked({ text, marks }: { text: string; marks: readonly Mark[] }) {
  const parts: { words: string; marked: boolean }[] = [];
  let done = 0;
  for (const { start, end } of marks) {
    const [from, to] = [start ?? 0, end ?? 0];
    if (from < done || to <= from || to > text.length) continue;
    parts.push({ words: text.slice(done, from), marked: false }, { words: text.slice(from, to), marked: true });
    done = to;
  }
  parts.push({ words: text.slice(done), marked: false });
  return parts.map(({ words, marked }, index) =>
    marked ? (
      <mark key={index} className={styles.mark}>
        {words}
      </mark>
    ) : (
      <Fragment key={index}>{words}</Fragment>
    ),
  );
}
