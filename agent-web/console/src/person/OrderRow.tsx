import { ChevronDown, ChevronRight, Store } from 'lucide-react';
import { useState } from 'react';
import type { Order } from '@throughline/protocol';
import { useT } from '../i18n/index.ts';
import { money } from '../lib/format.ts';
import { OrderBody } from '../timeline/OrderEntry.tsx';
import { When } from '../ui/When.tsx';
import styles from './OrderRow.module.css';

const UNDERWAY = new Set<Order['state']>(['placed', 'paid', 'preparing', 'ready_for_pickup', 'partly_shipped', 'shipped']);
const ENDED = new Set<Order['state']>(['cancelled', 'returned', 'refunded', 'deleted']);

const toneOf = (state: Order['state']) => (UNDERWAY.has(state) ? 'underway' : ENDED.has(state) ? 'ended' : 'done');
const wide = () => window.matchMedia('(min-width: 100em)').matches;

/** An order in two lines; in full when there is room and it is the newest or under way, or when asked for. */
export function OrderRow({ order, newest }: { order: Order; newest: boolean }) {
  const t = useT();
  const [open, setOpen] = useState(() => wide() && (newest || UNDERWAY.has(order.state)));
  const Icon = open ? ChevronDown : ChevronRight;
  const items = order.facts?.items ?? [];
  return (
    <li className={styles.order}>
      <button type="button" className={styles.head} aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon size={14} aria-hidden />
        <span className={styles.number}>
          {order.number}
          {order.place === 'store' && <Store size={13} aria-label={t('place.store')} />}
        </span>
        <span className={styles.state} data-tone={toneOf(order.state)}>
          {t(`order.${order.state}`)}
        </span>
        <span className={styles.total}>{money(order.total, order.currency)}</span>
        <bdi className={styles.items}>{items.map((item) => item.name).join(t('ui.comma'))}</bdi>
        <When at={order.placed_at} className={styles.when} />
      </button>
      {open && order.facts && (
        <div className={styles.body}>
          <OrderBody facts={order.facts} />
        </div>
      )}
    </li>
  );
}
