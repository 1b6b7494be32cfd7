import { UserPlus, UsersRound, X } from 'lucide-react';
import { useState } from 'react';
import type { CustomerHit, Identity } from '@throughline/protocol';
import { goPerson } from '../app/route.ts';
import { call } from '../connection/client.ts';
import { useT } from '../i18n/index.ts';
import { useAttempt } from '../lib/useAttempt.ts';
import { usePeople } from '../palette/usePeople.ts';
import { refreshPerson, usePerson } from '../timeline/person.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Field } from '../ui/Field.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { toast } from '../ui/toasts.ts';
import { identityWords } from './words.ts';
import styles from './form.module.css';
import { nameOf, personName } from '../lib/personName.ts';

interface One {
  id: string;
  name: string;
}

/** Who uses this address or number together; or that it belongs to one of them again. */
export function ShareDialog({ customerId, identity, onClose }: { customerId: string; identity: Identity; onClose: () => void }) {
  const t = useT();
  const customer = usePerson(customerId, (person) => person.customer);
  const known: One[] = (customer?.shared_by ?? []).map(({ id, name }) => ({ id, name: personName(name) }));
  const [people, setPeople] = useState<readonly One[]>(() => (identity.shared ? known : customer ? [{ id: customer.id, name: nameOf(customer) }] : []));
  const [query, setQuery] = useState('');
  const [reason, setReason] = useState('');
  const { busy, problem, attempt, onSubmit } = useAttempt();
  const { hits } = usePeople(query);
  const offered = hits.filter((hit) => !people.some(({ id }) => id === hit.id)).slice(0, 6);
  const add = (hit: CustomerHit) => {
    setPeople([...people, { id: hit.id, name: personName(hit.name, hit.matched) }]);
    setQuery('');
  };
  const done = () => {
    people.forEach(({ id }) => refreshPerson(id));
    refreshPerson(customerId);
    onClose();
  };
  const given = reason.trim() ? { reason: reason.trim() } : {};
  const share = async () => {
    const record = await call('identity.share', { identity_id: identity.id, customer_ids: people.map(({ id }) => id), ...given });
    toast(t('share.done'), { name: t('share.open'), run: () => goPerson(record.id) });
    done();
  };
  const keep = (id: string) =>
    attempt(async () => {
      await call('identity.unshare', { identity_id: identity.id, customer_id: id, ...given });
      toast(t('share.ended'));
      goPerson(id);
      done();
    });
  return (
    <Dialog title={t('share.title', { value: identityWords(identity) })} text={t('share.text')} onClose={onClose}>
      <form className={styles.form} onSubmit={onSubmit(share)}>
        <ul className={styles.rows} aria-label={t('share.people')}>
          {people.map((one) => (
            <li key={one.id}>
              <Avatar name={one.name} size={28} />
              <span>{one.name}</span>
              {identity.shared && (
                <Button small disabled={busy} onClick={() => keep(one.id)}>
                  {t('share.keep')}
                </Button>
              )}
              <IconButton icon={X} small label={t('share.remove', { name: one.name })} onClick={() => setPeople(people.filter(({ id }) => id !== one.id))} />
            </li>
          ))}
        </ul>
        <Field label={t('share.add')} hint={t('palette.people_help')} value={query} onChange={(event) => setQuery(event.target.value)} />
        {offered.length > 0 && (
          <ul className={styles.rows}>
            {offered.map((hit) => (
              <li key={hit.id}>
                <Avatar name={hit.name || hit.matched} size={28} />
                <span>
                  {personName(hit.name)} <small>{hit.matched}</small>
                </span>
                <Button small icon={UserPlus} aria-label={t('share.add_this', { name: hit.name || hit.matched || '' })} onClick={() => add(hit)} />
              </li>
            ))}
          </ul>
        )}
        <Field label={t('merge.reason')} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
        <div className={styles.buttons}>
          <Button look="primary" type="submit" icon={UsersRound} disabled={busy || people.length < 2}>
            {t('share.submit', { count: people.length })}
          </Button>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
        </div>
      </form>
    </Dialog>
  );
}
