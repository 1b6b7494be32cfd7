import { memo } from 'react';
import { useT } from '../i18n/index.ts';
import { money } from '../lib/format.ts';
import type { Journey } from './journey.ts';
import styles from './JourneyLanes.module.css';

export const JourneyLanes = memo(function JourneyLanes({ journey: { lanes, flags, unknownUntil } }: { journey: Journey }) {
  const t = useT();
  return (
    <>
      {lanes.map(({ medium, dots }) => (
        <div key={medium} className={styles.lane} data-medium={medium} aria-hidden>
          {dots.map(({ key, x, tone }) => <i key={key} data-tone={tone} style={{ left: `${x * 100}%` }} />)}
          {medium === 'shop' && flags.map(({ key, x, order }) => (
            <b
              key={key}
              style={{ left: `${x * 100}%` }}
              data-place={order.place}
              title={`${t('order.title', { number: order.number })} · ${t(`order.${order.state}`)} · ${money(order.total, order.currency)}`}
            />
          ))}
        </div>
      ))}
      {unknownUntil > 0 && <span className={styles.unknown} style={{ width: `${unknownUntil * 100}%` }} />}
    </>
  );
});
