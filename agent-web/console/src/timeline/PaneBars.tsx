import { ArrowRightLeft, CircleAlert, Eraser, UsersRound, X } from 'lucide-react';
import type { Customer } from '@throughline/protocol';
import { openDialog } from '../app/dialogs.ts';
import { goInbox, personHref } from '../app/route.ts';
import { useT } from '../i18n/index.ts';
import { dateTime, millis } from '../lib/format.ts';
import { useStore } from '../lib/store.ts';
import { Button } from '../ui/Button.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { ledHere } from './leads.ts';
import { showNewest, stretch } from './stretch.ts';
import styles from './PaneBars.module.css';
import { personName } from '../lib/personName.ts';

/** What one has to know before reading: where one was led from, and whose address this is. */
export function PaneBars({ customer }: { customer: Customer }) {
  return (
    <>
      <Led customer={customer} />
      <Erased customer={customer} />
      <SharedBy customer={customer} />
      <StretchFailed customerId={customer.id} />
    </>
  );
}

function Led({ customer }: { customer: Customer }) {
  const t = useT();
  const led = useStore(ledHere);
  if (led?.toId !== customer.id) return null;
  return (
    <p className={styles.bar} role="status">
      <ArrowRightLeft size={14} aria-hidden />
      <span>{t('person.led_here', { name: personName(led.name) })}</span>
      <Button small look="quiet" onClick={() => openDialog({ type: 'origins', customerId: customer.id })}>
        {t('person.led_why')}
      </Button>
      <IconButton icon={X} small label={t('ui.close')} onClick={() => ledHere.set(null)} />
    </p>
  );
}

function Erased({ customer }: { customer: Customer }) {
  const t = useT();
  const at = millis(customer.erased_at);
  if (at === null) return null;
  return (
    <p className={styles.bar} role="status" data-tone="bad">
      <Eraser size={14} aria-hidden />
      <span>{t('person.erased', { at: dateTime(at) })}</span>
    </p>
  );
}

function SharedBy({ customer: { shared_by: sharers, identities } }: { customer: Customer }) {
  const t = useT();
  if (sharers.length === 0) return null;
  return (
    <p className={styles.bar} data-tone="note">
      <UsersRound size={14} aria-hidden />
      <span>{t('shared.banner', { value: identities[0]?.value ?? '', count: sharers.length })}</span>
      {sharers.map((one) => (
        <a key={one.id} href={personHref(one.id)}>
          {personName(one.name)}
        </a>
      ))}
    </p>
  );
}

function StretchFailed({ customerId }: { customerId: string }) {
  const t = useT();
  const failed = useStore(stretch, (now) => (now?.customerId === customerId ? now.error : null));
  if (!failed) return null;
  return (
    <p className={styles.bar} role="alert" data-tone="bad">
      <CircleAlert size={14} aria-hidden />
      <span>{failed}</span>
      <Button
        small
        onClick={() => {
          showNewest();
          goInbox({ customerId, conversationId: null });
        }}
      >
        {t('timeline.to_now')}
      </Button>
    </p>
  );
}
