import { Check, Star, X } from 'lucide-react';
import type { Way } from '@throughline/protocol';
import { composeFocus } from '../actions/signals.ts';
import { LastHere } from '../composer/LastHere.tsx';
import { bestWay } from '../composer/ways.ts';
import { closedText } from '../composer/closed.ts';
import { draftOf } from '../composer/drafts.ts';
import { useT, type Translate } from '../i18n/index.ts';
import { dateTime, millis, waited } from '../lib/format.ts';
import { useNow } from '../lib/now.ts';
import { ChannelIcon } from '../ui/ChannelIcon.tsx';
import { mediumName } from '../ui/medium.ts';
import { Popover } from '../ui/Popover.tsx';
import { Section } from './Section.tsx';
import styles from './Reach.module.css';

/** By what this person can be answered now, for how long still, and why not by the rest. */
export function Reach({ customerId, ways, here }: { customerId: string; ways: readonly Way[] | null; here: boolean }) {
  const t = useT();
  const now = useNow();
  if (!ways || ways.length === 0) return null;
  const best = bestWay(ways, { here, now });
  return (
    <Section title={t('panel.reach')}>
      <ul className={styles.ways}>
        {ways.map((way) => (
          <li key={`${way.identity_id}-${way.channel_id}-${way.medium}`}>
            <One
              customerId={customerId}
              way={way}
              best={way === best}
              here={here}
              several={ways.filter(({ medium }) => medium === way.medium).length > 1}
              now={now}
            />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function One({ customerId, way, best, here, several, now }: { customerId: string; way: Way; best: boolean; here: boolean; several: boolean; now: number }) {
  const t = useT();
  const name = several && way.channel_name ? (way.from ?? way.channel_name) : mediumName(way.medium);
  const left = leftOf(t, way, now);
  const words = [name, way.usable ? left : closedText(way), way.usable && way.unproven ? t('reach.left_in_chat') : null].filter(Boolean).join(' · ');
  const chip = (
    <button
      type="button"
      className={styles.way}
      data-usable={way.usable || undefined}
      data-best={best || undefined}
      aria-label={`${words}${best ? ` · ${t('reach.best')}` : ''}`}
      onClick={way.usable ? () => answer(customerId, way) : undefined}
      title={way.usable ? t('reach.answer', { address: way.address ?? '' }) : undefined}
    >
      <ChannelIcon medium={way.medium} size={14} silent />
      <span>{name}</span>
      {left && way.usable && <small>{left}</small>}
      <LastHere way={way} here={here} />
      {way.usable && way.unproven && <small>{t('reach.not_proven')}</small>}
      {best ? <Star size={12} aria-hidden /> : way.usable ? <Check size={12} aria-hidden /> : <X size={12} aria-hidden />}
    </button>
  );
  if (way.usable) return chip;
  return (
    <Popover trigger={chip} label={mediumName(way.medium)} align="start">
      <p className={styles.reason}>
        {closedText(way)}
        {way.address && <small>{way.address}</small>}
      </p>
    </Popover>
  );
}

function leftOf(t: Translate, { window_until }: Way, now: number): string | null {
  const until = millis(window_until);
  if (until === null) return null;
  return until - now > 7 * 86_400_000 ? t('reach.until', { until: dateTime(until) }) : t('reach.left', { span: waited(Math.max(0, until - now)) });
}

function answer(customerId: string, { identity_id, channel_id }: Way): void {
  if (!identity_id || !channel_id) return;
  draftOf(customerId).patch({ way: { identity_id, channel_id } });
  composeFocus.emit('reply');
}
