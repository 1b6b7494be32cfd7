import { Fragment, useState } from 'react';
import type { Entry } from '@throughline/protocol';
import { customerOf, route } from '../app/route.ts';
import { useT, type Key } from '../i18n/index.ts';
import { useStore } from '../lib/store.ts';
import { people, type PayloadName } from './payload.ts';
import { usePerson } from './person.ts';
import styles from './Recipients.module.css';

const FEW = 3;

const LISTS: readonly [PayloadName, Key][] = [
  ['to', 'mail.to'],
  ['cc', 'mail.cc'],
  ['bcc', 'mail.bcc'],
];

/** Who else has the mail: To and Cc, the first few of many. */
export function Recipients({ entry }: { entry: Entry }) {
  const t = useT();
  const [all, setAll] = useState(false);
  const current = useStore(route, customerOf);
  // Ours goes to the address that it is filed under, and does not say so besides.
  const filed = usePerson(current, (person) => person.customer?.identities.find((one) => one.id === entry.identity_id)?.value ?? null);
  const listed = LISTS.map(([name, key]) => ({ key, list: people(entry, name) })).filter(({ list }) => list.length > 0);
  const lists =
    entry.direction === 'out' && filed?.includes('@') && people(entry, 'to').length === 0 ? [{ key: LISTS[0]![1], list: [filed] }, ...listed] : listed;
  if (lists.length === 0) return null;
  const hidden = all ? 0 : lists.reduce((sum, { list }) => sum + Math.max(0, list.length - FEW), 0);
  return (
    <p className={styles.line} aria-label={t('mail.recipients')} role="group">
      {lists.map(({ key, list }) => (
        <Fragment key={key}>
          <b>{t(key)}</b> <span>{(all ? list : list.slice(0, FEW)).join(t('ui.comma'))}</span>{' '}
        </Fragment>
      ))}
      {hidden > 0 && (
        <button type="button" onClick={() => setAll(true)}>
          {t('mail.more_people', { count: hidden })}
        </button>
      )}
    </p>
  );
}
