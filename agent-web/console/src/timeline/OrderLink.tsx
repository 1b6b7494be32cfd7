import type { OrderFound } from '@throughline/protocol';
import { personHref } from '../app/route.ts';
import { call } from '../connection/client.ts';
import { useT } from '../i18n/index.ts';
import { dateTime, millis } from '../lib/format.ts';
import { useLoaded } from '../lib/useLoaded.ts';
import { Popover } from '../ui/Popover.tsx';
import { OrderBody, OrderTitle } from './OrderEntry.tsx';
import { factsOf } from './payload.ts';
import styles from './OrderLink.module.css';
import { personName } from '../lib/personName.ts';

interface Props {
  text: string;
  number: string;
  customerId: string;
  at: string | null;
}

/** An order number in a text: the order as it is, and as it was when that was written. */
export function OrderLink({ text, number, customerId, at }: Props) {
  const t = useT();
  return (
    <Popover
      label={t('order.title', { number })}
      align="start"
      trigger={
        <button type="button" className={styles.link}>
          {text}
        </button>
      }
    >
      <Found number={number} customerId={customerId} at={at} />
    </Popover>
  );
}

function Found({ number, customerId, at }: Omit<Props, 'text'>) {
  const t = useT();
  const found = useLoaded(() => call('order.find', { number, customer_id: customerId, ...(at ? { at } : {}) }), `${number}-${at ?? ''}`);
  if (found.error)
    return (
      <p role="alert" className={styles.none}>
        {found.error}
      </p>
    );
  if (!found.value)
    return (
      <p className={styles.none} role="status">
        {t('palette.searching')}
      </p>
    );
  if (found.value.orders.length === 0) return <p className={styles.none}>{t('order.none_such', { number })}</p>;
  return (
    <ul className={styles.orders}>
      {found.value.orders.map((hit, index) => (
        <li key={hit.order?.id ?? index}>
          <Hit hit={hit} customerId={customerId} at={at} />
        </li>
      ))}
    </ul>
  );
}

function Hit({ hit: { order, customer_id, customer_name, then: earlier }, customerId, at }: { hit: OrderFound; customerId: string; at: string | null }) {
  const t = useT();
  const when = millis(at);
  const then = factsOf(earlier, at);
  if (!order?.facts) return null;
  const differs = then !== null && then.state !== order.state;
  return (
    <div className={styles.order}>
      <header>
        <OrderTitle facts={{ ...order.facts, tracking: order.facts.tracking ?? null }} />
      </header>
      {customer_id !== customerId && (
        <p className={styles.whose}>
          {t('order.of')} <a href={personHref(customer_id)}>{personName(customer_name)}</a>
        </p>
      )}
      {differs && when !== null && (
        <section className={styles.then}>
          <h3>{t('order.then', { at: dateTime(when) })}</h3>
          <p>{t(`order.${then.state}`)}</p>
        </section>
      )}
      {when !== null && then === null && millis(order.placed_at) !== null && millis(order.placed_at)! > when && (
        <p className={styles.whose}>{t('order.not_yet', { at: dateTime(when) })}</p>
      )}
      <h3 className={styles.now}>{t('order.now')}</h3>
      <OrderBody facts={order.facts} />
    </div>
  );
}
