import { useState } from 'react';
import type { Order, OrderSum } from '@throughline/protocol';
import { useT } from '../i18n/index.ts';
import { money } from '../lib/format.ts';
import { Button } from '../ui/Button.tsx';
import { OrderRow } from './OrderRow.tsx';
import { Section } from './Section.tsx';
import styles from './Orders.module.css';

const FEW = 4;
/** Over all shops, each currency by itself. */
const totalsOf = (totals: readonly OrderSum[]): string => totals.map(({ total, currency }) => money(total, currency)).join(' + ');

export function Orders({ orders, totals }: { orders: readonly Order[] | null; totals: readonly OrderSum[] }) {
  const t = useT();
  const [all, setAll] = useState(false);
  if (!orders) return null;
  const shown = all ? orders : orders.slice(0, FEW);
  return (
    <Section
      title={t('panel.orders')}
      end={orders.length > 0 ? [t('panel.order_count', { count: orders.length }), totalsOf(totals)].filter(Boolean).join(' · ') : undefined}
    >
      {orders.length === 0 && <p className={styles.none}>{t('panel.no_orders')}</p>}
      <ul className={styles.orders}>
        {shown.map((order) => (
          <OrderRow key={order.id} order={order} newest={order === orders[0]} />
        ))}
      </ul>
      {orders.length > shown.length && (
        <Button small look="quiet" onClick={() => setAll(true)}>
          {t('panel.all_orders', { n: orders.length })}
        </Button>
      )}
    </Section>
  );
}
