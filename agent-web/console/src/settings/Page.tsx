import type { ReactNode } from 'react';
import { useT } from '../i18n/index.ts';
import styles from './Page.module.css';

interface Props {
  title: string;
  lead?: string | undefined;
  /** Beside the title: what one can do here. */
  action?: ReactNode;
  back?: { href: string; name: string };
  children: ReactNode;
}

export function Page({ title, lead, action, back, children }: Props) {
  const t = useT();
  return (
    <div className={styles.page}>
      {back && (
        <a className={styles.back} href={back.href}>
          {t('settings.back_to', { name: back.name })}
        </a>
      )}
      <header className={styles.head}>
        <div>
          <h2>{title}</h2>
          {lead && <p className={styles.lead}>{lead}</p>}
        </div>
        {action}
      </header>
      {children}
    </div>
  );
}

export function Card({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <section className={styles.card}>
      {title && <h3>{title}</h3>}
      {children}
    </section>
  );
}
