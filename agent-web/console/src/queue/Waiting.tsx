import type { Conversation } from '@throughline/protocol';
import { useT } from '../i18n/index.ts';
import { exact, millis, waited } from '../lib/format.ts';
import { useNow } from '../lib/now.ts';
import { When } from '../ui/When.tsx';
import styles from './Waiting.module.css';

const AMBER_MS = 15 * 60_000;
const RED_MS = 60 * 60_000;

const toneOf = (ms: number) => (ms >= RED_MS ? 'red' : ms >= AMBER_MS ? 'amber' : 'calm');

/** How long the person has waited; when nobody waits, when something last happened. */
export function Waiting({ row }: { row: Conversation }) {
  const t = useT();
  const now = useNow();
  const since = millis(row.waiting_since);
  if (since === null || row.status === 'resolved') return <When at={row.last_at} className={styles.when} />;
  const ms = Math.max(0, now - since);
  return (
    <span className={styles.waiting} data-tone={toneOf(ms)} title={t('queue.waits_since', { at: exact(since) })}>
      <span className="visually-hidden">{t('queue.waits')} </span>
      {waited(ms)}
    </span>
  );
}
