import { useT } from '../i18n/index.ts';
import { number } from '../lib/format.ts';
import { Button } from '../ui/Button.tsx';
import { partsOf, plainly } from './sms.ts';
import styles from './SmsParts.module.css';

/** In how many parts it goes, and with how many fewer when what only looks nicer is written plainly. */
export function SmsParts({ text, onPlain }: { text: string; onPlain: (text: string) => void }) {
  const t = useT();
  const { parts, left } = partsOf(text);
  const plain = plainly(text);
  const fewer = partsOf(plain).parts;
  return (
    <p className={styles.parts} role="status">
      <span>{t('sms.parts', { count: parts, left: number(left) })}</span>
      {fewer < parts && (
        <Button small onClick={() => onPlain(plain)}>
          {t('sms.plainly', { count: fewer })}
        </Button>
      )}
    </p>
  );
}
