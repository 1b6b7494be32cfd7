import type { Customer } from '@throughline/protocol';
import { useT } from '../i18n/index.ts';
import { Editable } from './Editable.tsx';
import { update } from './update.ts';
import styles from './About.module.css';

/** What every agent should know at once. */
export function About({ customer }: { customer: Customer }) {
  const t = useT();
  const { about } = customer;
  return (
    <div className={styles.about} data-empty={!about || undefined}>
      <Editable lines label={t('person.about')} value={about ?? ''} empty={t('person.add_about')} onSave={(value) => update(customer, { about: value })} />
    </div>
  );
}
