import { EllipsisVertical, Package, Store as StoreIcon, Truck } from 'lucide-react';
import type { OrderFacts } from '@throughline/protocol';
import { useT } from '../i18n/index.ts';
import { money } from '../lib/format.ts';
import { customerOf, route } from '../app/route.ts';
import { useStore } from '../lib/store.ts';
import { hueOf } from '../ui/medium.ts';
import { When } from '../ui/When.tsx';
import { EntryTools } from './EntryTools.tsx';
import type { EntryProps } from './entryView.ts';
import { OrderSteps } from './OrderSteps.tsx';
import { orderFacts } from './payload.ts';
import { usePerson } from './person.ts';
import { useEntryLabel } from './useEntryLabel.ts';
import styles from './OrderEntry.module.css';

const ITEMS = 4;

export function OrderEntry({ entry }: EntryProps) {
  const label = useEntryLabel(entry);
  const facts = orderFacts(entry);
  if (!facts) return null;
  return (
    <article aria-label={label} className={styles.card}>
      <header className={styles.head}>
        <OrderTitle facts={facts} />
        <Today facts={facts} />
        <When at={entry.occurred_at} clock className={styles.when} />
        <EntryTools entry={entry} />
      </header>
      <OrderBody facts={facts} />
    </article>
  );
}

/** When the order has gone on since this snapshot. */
function Today({ facts }: { facts: OrderFacts }) {
  const t = useT();
  const id = useStore(route, customerOf);
  const state = usePerson(
    id,
    ({ orders }) => orders?.find((order) => order.facts?.external_id === facts.external_id && order.number === facts.number)?.state ?? null,
  );
  if (state === null || state === facts.state) return null;
  return <span className={styles.today}>{t('order.today', { state: t(`order.${state}`) })}</span>;
}

export function OrderTitle({ facts }: { facts: OrderFacts }) {
  const t = useT();
  const inStore = facts.place === 'store';
  const Icon = inStore ? StoreIcon : Package;
  const place = facts.store || t(`place.${facts.place ?? 'web'}`);
  return (
    <>
      <span className={styles.icon} style={hueOf('shop')}>
        <Icon size={16} aria-hidden />
      </span>
      <p className={styles.title}>
        <b>{t('order.title', { number: facts.number })}</b>
        <span className={styles.place}>{place}</span>
      </p>
      <b className={styles.total}>{money(facts.total, facts.currency)}</b>
    </>
  );
}

/** What has gone back, and a payment that the order's state does not say. */
function OrderMoney({ facts }: { facts: OrderFacts }) {
  const t = useT();
  const { payment, refunds } = facts;
  const told = payment && payment !== 'unknown' && payment !== 'paid' && payment !== 'refunded';
  return (
    <>
      {told && <p className={styles.note}>{t(`payment.${payment}`)}</p>}
      {(refunds ?? []).map((refund, index) => (
        <p key={index} className={styles.note}>
          {t('order.refund', { amount: money(refund.amount, facts.currency) })} {refund.at && <When at={refund.at} said className={styles.when} />}
          {(refund.items ?? []).map((item) => ` · ${item.quantity ?? 1}× ${item.name}`).join('')}
        </p>
      ))}
    </>
  );
}

export function OrderBody({ facts }: { facts: OrderFacts }) {
  const t = useT();
  const items = facts.items ?? [];
  const more = items.length - ITEMS;
  return (
    <>
      <OrderSteps facts={facts} />
      <ul className={styles.items}>
        {items.slice(0, ITEMS).map((item, index) => (
          <li key={index}>
            <span className={styles.quantity}>{item.quantity ?? 1}×</span>
            <span className={styles.name}>{item.name}</span>
            <span className={styles.price}>{money(item.price, facts.currency)}</span>
          </li>
        ))}
        {more > 0 && (
          <li className={styles.more}>
            <EllipsisVertical size={12} aria-hidden /> {t('order.more_items', { n: more })}
          </li>
        )}
      </ul>
      {(facts.removed ?? []).map((item, index) => (
        <p key={index} className={styles.note}>
          {t('order.removed', { quantity: item.quantity ?? 1, name: item.name })}
        </p>
      ))}
      <OrderMoney facts={facts} />
      {(facts.tracking ?? []).map((parcel, index) => (
        <p key={index} className={styles.parcel}>
          <Truck size={14} aria-hidden />
          {[parcel.carrier, parcel.number].filter(Boolean).join(' ')}
          {/^https?:\/\//i.test(parcel.url ?? '') && (
            <a href={parcel.url ?? ''} target="_blank" rel="noopener noreferrer">
              {t('order.track')}
            </a>
          )}
        </p>
      ))}
      {facts.note && <p className={styles.note}>{facts.note}</p>}
    </>
  );
}
