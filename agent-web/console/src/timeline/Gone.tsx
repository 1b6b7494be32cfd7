import { Split } from 'lucide-react';
import type { Customer } from '@throughline/protocol';
import { personHref } from '../app/route.ts';
import { call } from '../connection/client.ts';
import { useT } from '../i18n/index.ts';
import { Empty } from '../ui/Empty.tsx';
import { useLoaded } from '../lib/useLoaded.ts';
import styles from './Gone.module.css';
import { personName } from '../lib/personName.ts';

/** A record whose identities went to several persons: the reader chooses. */
export function Gone({ customer: { name, moved_to: targets } }: { customer: Customer }) {
  const t = useT();
  const people = useLoaded(() => Promise.all(targets.map(({ id }) => call('customer.get', { id }))), targets.map(({ id }) => id).join());
  if (targets.length === 1) return null;
  return (
    <Empty icon={Split} title={t('person.gone', { name: personName(name) })} text={t('person.gone_text')}>
      <ul className={styles.targets}>
        {(people.value ?? []).map((one) => (
          <li key={one.id}>
            <a href={personHref(one.id)}>{personName(one.name, one.identities[0]?.value)}</a>
          </li>
        ))}
      </ul>
    </Empty>
  );
}
