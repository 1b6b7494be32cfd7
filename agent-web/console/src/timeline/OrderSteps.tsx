import { Check } from 'lucide-react';
import type { OrderFacts } from '@throughline/protocol';
import { useT } from '../i18n/index.ts';
import styles from './OrderSteps.module.css';

type State = OrderFacts['state'];

const SHIPPED: readonly State[] = ['placed', 'paid', 'preparing', 'shipped', 'delivered'];
const PICKED_UP: readonly State[] = ['placed', 'paid', 'preparing', 'ready_for_pickup', 'delivered'];
const ENDED = new Set<State>(['cancelled', 'returned', 'refunded', 'deleted']);

/** How far the order has come; one that ended otherwise says so in a word. */
export function OrderSteps({ facts }: { facts: OrderFacts }) {
  const t = useT();
  const { state } = facts;
  if (ENDED.has(state)) return <p className={styles.ended}>{t(`order.${state}`)}</p>;
  if (facts.place === 'store' && state === 'delivered')
    return (
      <p className={styles.done}>
        <Check size={13} aria-hidden /> {t('order.taken')}
      </p>
    );
  const pickup = state === 'ready_for_pickup';
  const steps = pickup ? PICKED_UP : SHIPPED;
  const reached = steps.indexOf(state === 'partly_shipped' ? 'shipped' : state);
  return (
    <ol className={styles.steps} aria-label={t('order.progress', { state: t(`order.${state}`) })}>
      {steps.map((step, index) => {
        const shown = step === 'shipped' && state === 'partly_shipped' ? 'partly_shipped' : step;
        return (
          <li key={step} data-reached={index <= reached || undefined} aria-current={index === reached ? 'step' : undefined}>
            {t(`order.${shown}`)}
          </li>
        );
      })}
    </ol>
  );
}
