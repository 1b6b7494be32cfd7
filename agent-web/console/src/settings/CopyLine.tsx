import { Copy } from 'lucide-react';
import { useT } from '../i18n/index.ts';
import { copyText } from '../ui/copy.ts';
import { IconButton } from '../ui/IconButton.tsx';
import styles from './CopyLine.module.css';

/** A value to be carried elsewhere by hand. */
export function CopyLine({ label, value }: { label: string; value: string }) {
  const t = useT();
  return (
    <div className={styles.line}>
      <span className={styles.label}>{label}</span>
      <code className={styles.value}>{value}</code>
      <IconButton icon={Copy} label={t('ui.copy')} small onClick={() => void copyText(value)} />
    </div>
  );
}
