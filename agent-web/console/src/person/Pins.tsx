import { Pin } from 'lucide-react';
import type { Entry } from '@throughline/protocol';
import { personHref } from '../app/route.ts';
import { useT } from '../i18n/index.ts';
import { ChannelIcon } from '../ui/ChannelIcon.tsx';
import { When } from '../ui/When.tsx';
import styles from './Pins.module.css';
import { entryText } from '../timeline/payload.ts';

const SHOWN = 220;

/** Notes and messages that stay on top. */
export function Pins({ customerId, pins }: { customerId: string; pins: readonly Entry[] }) {
  const t = useT();
  if (pins.length === 0) return null;
  return (
    <ul className={styles.pins} aria-label={t('pins.label')}>
      {pins.map((entry) => (
        <li key={entry.id} data-kind={entry.kind}>
          <a href={personHref(customerId, entry.id)}>
            <span className={styles.head}>
              <Pin size={12} aria-hidden /> {entry.kind !== 'note' && <ChannelIcon medium={entry.medium} size={12} />} <When at={entry.occurred_at} />
            </span>
            <span className={styles.text}>{(entryText(entry) || entry.subject || '').slice(0, SHOWN) || t('queue.no_text')}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}
