import type { Difference } from '@throughline/protocol';
import { useT } from '../i18n/index.ts';
import { useAttributes } from '../person/facts.ts';
import styles from './Differs.module.css';
import { differenceName, differenceValue } from './words.ts';

/** What two people, who are perhaps one, have both and not in common: of the one, and of the other. */
export function Differs({ differs }: { differs: readonly Difference[] }) {
  const t = useT();
  useAttributes();
  if (differs.length === 0) return <small className={styles.none}>{t('differs.none')}</small>;
  return (
    <span className={styles.all} role="group" aria-label={t('differs.label')}>
      {differs.map(({ what, a, b }) => (
        <small key={what} className={styles.one}>
          {differenceName(what)}
          {t('search.colon')}
          <bdi>{differenceValue(what, a)}</bdi> ≠ <bdi>{differenceValue(what, b)}</bdi>
        </small>
      ))}
    </span>
  );
}
