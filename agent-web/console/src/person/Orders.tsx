import { useState } from 'react';
import type { Order } from '@throughline/protocol';
import { useT } from '../i18n/index.ts';
import { money } from '../lib/format.ts';
import { Button } from '../ui/Button.tsx';
import { OrderRow } from './OrderRow.tsx';
import { Section } from './Section.tsx';
import styles from './Orders.module.css';

const FEW = 4;
const NOT_BOUGHT = new Set<Order['state']>(['cancelled', 'refunded', 'returned']);

/** Sum of what was kept, when all of it is in one currency. */
function totalOf(orders: readonly Order[]): string {
  const kept = orders.filter((order) => !NOT_BOUGHT.has(order.state));
  const currencies = new Set(kept.map((order) => order.currency));
  const currency = currencies.size === 1 ? kept[0]?.currency : undefined;
  if (!currency) return '';
  return money(String(kept.reduce((sum, order) => sum + Number(order.total || 0), 0)), currency);
}

export function Orders({ orders }: { orders: readonly Order[] | null }) {
  const t = useT();
  const [all, setAll] = useState(false);
  if (!orders) return null;
  const shown = all ? orders : orders.slice(0, FEW);
  return (
    <Section title={t('panel.orders')} end={orders.length > 0 ? [t('panel.order_count', { count: orders.length }), totalOf(orders)].filter(Boolean).join(' · ') : undefined}>
      {orders.length === 0 && <p className={styles.none}>{t('panel.no_orders')}</p>}
      <ul className={styles.orders}>{shown.map((order) => <OrderRow key={order.id} order={order} newest={order === orders[0]} />)}</ul>
      {orders.length > shown.length && (
        <Button small look="quiet" onClick={() => setAll(true)}>{t('panel.all_orders', { n: orders.length })}</Button>
      )}
    </Section>
  );
}
