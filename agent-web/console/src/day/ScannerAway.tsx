import { ShieldAlert } from 'lucide-react';
import { call } from '../connection/client.ts';
import { useT } from '../i18n/index.ts';
import { millis } from '../lib/format.ts';
import { useNow } from '../lib/now.ts';
import { useLoaded } from '../lib/useLoaded.ts';
import styles from './MyDay.module.css';

const MINUTE_MS = 60_000;
/** A file waits some seconds for the scanner, and some minutes when many have come. */
const ALARM_MS = 5 * MINUTE_MS;

/** Files have waited too long for the virus scanner: somebody has to look after it. */
export function ScannerAway() {
  const t = useT();
  const now = useNow();
  const { value } = useLoaded(() => call('file.scanner', {}), String(Math.floor(now / MINUTE_MS)));
  const since = millis(value?.waiting_since ?? null);
  if (since === null || now - since < ALARM_MS) return null;
  return (
    <p role="alert" className={styles.alarm}>
      <ShieldAlert size={16} aria-hidden /> {t('day.scanner', { minutes: Math.floor((now - since) / MINUTE_MS), count: value?.waiting ?? 0 })}
    </p>
  );
}
