import type { Entry, JournalRow } from '@throughline/protocol';
import { call } from '../connection/client.ts';
import { useT } from '../i18n/index.ts';
import { useLoaded } from '../lib/useLoaded.ts';
import { Dialog } from '../ui/Dialog.tsx';
import styles from './form.module.css';

/** The id just after, so that the page before it begins with this one: ids of raw inputs rise with time. */
function idAfter(id: string): string {
  const next = (BigInt(`0x${id.replaceAll('-', '')}`) + 1n).toString(16).padStart(32, '0');
  return [next.slice(0, 8), next.slice(8, 12), next.slice(12, 16), next.slice(16, 20), next.slice(20)].join('-');
}

async function rawOf({ journal_id: id, channel_id }: Entry): Promise<JournalRow | null> {
  if (!id) return null;
  const { rows } = await call('journal.list', { ...(channel_id ? { channel_id } : {}), before: idAfter(id), limit: 1 });
  return rows.find((row) => row.id === id) ?? null;
}

/** What the provider sent, byte by byte as text. */
export function RawDialog({ entry, onClose }: { entry: Entry; onClose: () => void }) {
  const t = useT();
  const raw = useLoaded(() => rawOf(entry), entry.id);
  const row = raw.value;
  const lines = Object.entries(row?.headers ?? {}).map(([name, value]) => `${name}: ${value}`);
  return (
    <Dialog title={t('raw.title')} text={t('raw.text')} wide onClose={onClose}>
      {raw.error && (
        <p role="alert" className={styles.problem}>
          {raw.error}
        </p>
      )}
      {row ? (
        <pre className={styles.raw} tabIndex={0}>
          {[`${row.method}${row.query ? ` ?${row.query}` : ''}`, ...lines, '', row.body ?? ''].join('\n')}
        </pre>
      ) : (
        !raw.error && <p className={styles.text}>{t(raw.loaded ? 'raw.none' : 'settings.loading')}</p>
      )}
    </Dialog>
  );
}
