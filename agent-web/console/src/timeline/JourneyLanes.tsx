import { memo } from 'react';
import { useT } from '../i18n/index.ts';
import { hueOf } from '../ui/medium.ts';
import type { Flag, Lane } from './journey.ts';
import styles from './JourneyLanes.module.css';

export const JourneyLanes = memo(function JourneyLanes({ lanes, flags }: { lanes: readonly Lane[]; flags: readonly Flag[] }) {
  const t = useT();
  return lanes.map(({ medium, dots }) => (
    <div key={medium} className={styles.lane} style={hueOf(medium)} aria-hidden>
      {dots.map(({ key, x, tone, size }) => (
        <i key={key} data-tone={tone} data-size={size} style={{ insetInlineStart: `${x * 100}%` }} />
      ))}
      {medium === 'shop' &&
        flags.map(({ key, x, order }) => (
          <b key={key} style={{ insetInlineStart: `${x * 100}%` }} title={`${t('order.title', { number: order.number })} · ${t(`order.${order.state}`)}`} />
        ))}
    </div>
  ));
});
