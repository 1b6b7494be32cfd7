import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './Empty.module.css';

interface Props {
  icon: LucideIcon;
  title: string;
  text?: string | undefined;
  children?: ReactNode;
}

/** A place where nothing is: why, and what to do. */
export function Empty({ icon: Icon, title, text, children }: Props) {
  return (
    <div className={styles.empty}>
      <Icon size={28} strokeWidth={1.5} aria-hidden />
      <p className={styles.title}>{title}</p>
      {text && <p className={styles.text}>{text}</p>}
      {children}
    </div>
  );
}
