import type { ReactNode } from 'react';
import styles from './Section.module.css';

export function Section({ title, end, children }: { title: string; end?: ReactNode; children: ReactNode }) {
  return (
    <section className={styles.section} role="group" aria-label={title}>
      <h3 className={styles.title}>
        {title}
        {end !== undefined && <span className={styles.end}>{end}</span>}
      </h3>
      {children}
    </section>
  );
}
