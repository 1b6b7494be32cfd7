import { CalendarClock, Check, CheckCheck, CircleAlert, CircleHelp, CircleSlash, Clock, type LucideIcon } from 'lucide-react';
import type { Entry } from '@throughline/protocol';
import { call } from '../connection/client.ts';
import { useDirectory } from '../directory/directory.ts';
import { useT } from '../i18n/index.ts';
import { saidAll } from '../i18n/said.ts';
import { millis, weekdayTime } from '../lib/format.ts';
import { Button } from '../ui/Button.tsx';
import { toastError } from '../ui/toasts.ts';
import { takeEntry } from './person.ts';
import { route } from '../app/route.ts';
import styles from './Delivery.module.css';

const ICONS: Partial<Record<Entry['delivery'], LucideIcon>> = {
  queued: Clock,
  uncertain: CircleHelp,
  sent: Check,
  delivered: CheckCheck,
  read: CheckCheck,
  failed: CircleAlert,
  cancelled: CircleSlash,
  scheduled: CalendarClock,
};

/** What became of an answer; when it failed, why, and the way to send it again. */
export function Delivery({ entry }: { entry: Entry }) {
  const t = useT();
  const { channelById } = useDirectory();
  const paused = entry.delivery === 'queued' && channelById.get(entry.channel_id ?? '')?.active === false;
  const planned = millis(entry.send_at);
  if (entry.direction !== 'out' || entry.delivery === 'none') return null;
  const Icon = ICONS[entry.delivery] ?? Clock;
  return (
    <p className={styles.delivery} data-state={entry.delivery}>
      <Icon size={13} aria-hidden />
      <span>{t(paused ? 'delivery.paused' : `delivery.${entry.delivery}`)}</span>
      {planned !== null && entry.delivery !== 'cancelled' && <span>{t('delivery.planned', { at: weekdayTime(planned) })}</span>}
      {entry.delivery_error.length > 0 &&
        (entry.delivery === 'failed' || entry.delivery === 'uncertain' || entry.delivery === 'queued' || entry.delivery === 'sent') && (
          <span className={styles.reason}>{saidAll(entry.delivery_error)}</span>
        )}
      {(entry.delivery === 'failed' || entry.delivery === 'uncertain') && (
        <Button small look="plain" onClick={() => void retry(entry)}>
          {t('delivery.retry')}
        </Button>
      )}
    </p>
  );
}

async function retry(entry: Entry): Promise<void> {
  const now = route.get();
  try {
    const changed = await call('message.retry', { id: entry.id });
    if (now.page === 'inbox' && now.customerId) takeEntry(now.customerId, changed);
  } catch (error) {
    toastError(error);
  }
}
