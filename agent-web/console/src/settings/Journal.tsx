import { CircleCheckBig, RotateCw } from 'lucide-react';
import { useState } from 'react';
import type { JournalRow } from '@throughline/protocol';
import { call } from '../connection/client.ts';
import { loadChannels } from '../directory/directory.ts';
import { useT } from '../i18n/index.ts';
import { saidAll } from '../i18n/said.ts';
import { bytes, dateTime, millis } from '../lib/format.ts';
import { Button } from '../ui/Button.tsx';
import { toast, toastError } from '../ui/toasts.ts';
import { Card } from './Page.tsx';
import { Problem } from './Problem.tsx';
import { useLoaded } from '../lib/useLoaded.ts';
import styles from './rows.module.css';

/** Raw inputs of a channel: those that could not be understood, or all. */
export function Journal({ channelId }: { channelId: string }) {
  const t = useT();
  const [all, setAll] = useState(false);
  const list = useLoaded(
    () => call('journal.list', { channel_id: channelId, limit: 30, ...(all ? {} : { status: 'failed' as const }) }),
    `${channelId}-${all}`,
  );
  const rows = list.value?.rows ?? [];
  return (
    <Card title={t('journal.title')}>
      <p className={styles.buttons}>
        <Button small aria-pressed={!all} look="quiet" onClick={() => setAll(false)}>
          {t('journal.failed')}
        </Button>
        <Button small aria-pressed={all} look="quiet" onClick={() => setAll(true)}>
          {t('journal.all')}
        </Button>
      </p>
      {list.error && <Problem text={list.error} again={list.reload} />}
      {list.value && rows.length === 0 && (
        <p className={styles.mark} data-tone="good" style={{ marginTop: 'var(--s3)' }}>
          <CircleCheckBig size={14} aria-hidden /> {t(all ? 'journal.empty' : 'journal.none')}
        </p>
      )}
      {rows.map((row) => (
        <Row key={row.id} row={row} onChanged={list.reload} />
      ))}
    </Card>
  );
}

function Row({ row, onChanged }: { row: JournalRow; onChanged: () => void }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const at = millis(row.received_at);
  const retry = async () => {
    setBusy(true);
    try {
      const { row: now, entries } = await call('journal.retry', { id: row.id });
      if (now?.status === 'failed') toast(t('journal.still_failed', { reason: saidAll(now.error) }), null, 'bad');
      else toast(t('journal.retried', { count: entries ?? 0 }));
      onChanged();
      void loadChannels().catch(() => undefined);
    } catch (error) {
      toastError(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className={styles.row} style={{ flexWrap: 'wrap', padding: 'var(--s2) 0' }}>
      <span className={styles.main}>
        <b>{saidAll(row.error) || t('journal.done')}</b>
        <small>{[at === null ? '' : dateTime(at), bytes(row.body_size ?? 0), t('journal.attempts', { count: row.attempts ?? 0 })].join(' · ')}</small>
      </span>
      <Button small look="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
        {t(open ? 'journal.hide' : 'journal.raw')}
      </Button>
      {row.status === 'failed' && (
        <Button small icon={RotateCw} disabled={busy} onClick={() => void retry()}>
          {t(busy ? 'journal.retrying' : 'journal.retry')}
        </Button>
      )}
      {open && (
        <pre className={styles.raw} style={{ flexBasis: '100%' }} tabIndex={0}>
          {rawOf(row)}
        </pre>
      )}
    </div>
  );
}

function rawOf({ method, query, headers, body }: JournalRow): string {
  const lines = Object.entries(headers ?? {}).map(([name, value]) => `${name}: ${value}`);
  return [`${method}${query ? ` ?${query}` : ''}`, ...lines, '', body ?? ''].join('\n');
}
