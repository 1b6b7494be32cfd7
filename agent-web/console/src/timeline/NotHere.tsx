import { REMOTE_FILE_BYTES_MAX, type Attachment } from '@throughline/protocol';
import type { LucideIcon } from 'lucide-react';
import { customerOf, route } from '../app/route.ts';
import { call } from '../connection/client.ts';
import { useT, type Key } from '../i18n/index.ts';
import { bytes } from '../lib/format.ts';
import { useAttempt } from '../lib/useAttempt.ts';
import { Button } from '../ui/Button.tsx';
import { takeEntry } from './person.ts';
import { takeInto } from './stretch.ts';
import styles from './NotHere.module.css';

type Fetch = NonNullable<Attachment['fetch']>;

const WORDS: Record<Exclude<Fetch, 'done'>, Key> = {
  waiting: 'file.fetch.waiting',
  gone: 'file.fetch.gone',
  refused: 'file.fetch.refused',
  too_large: 'file.fetch.too_large',
  damaged: 'file.fetch.damaged',
  unreachable: 'file.fetch.unreachable',
};

/** A file that its provider keeps: on its way, or why not, and the way to ask for it once more. `of`: the entry that holds it. */
export function NotHere({ file, of, Icon }: { file: Attachment; of: string; Icon: LucideIcon }) {
  const t = useT();
  const { busy, problem, attempt } = useAttempt();
  const state = file.fetch && file.fetch !== 'done' ? file.fetch : 'gone';
  return (
    <div className={styles.file} data-state={state} aria-busy={state === 'waiting'}>
      <Icon size={18} aria-hidden />
      <span className={styles.words}>
        <b>{file.name || t('file.unnamed')}</b> <span role="status">{problem ?? t(WORDS[state], { size: bytes(REMOTE_FILE_BYTES_MAX) })}</span>
      </span>
      {state !== 'waiting' && (
        <Button small look="plain" disabled={busy} onClick={() => attempt(() => fetchAgain(of))}>
          {t('file.fetch_again')}
        </Button>
      )}
    </div>
  );
}

async function fetchAgain(id: string): Promise<void> {
  const customerId = customerOf(route.get());
  const changed = await call('entry.fetch', { id });
  if (!customerId) return;
  takeEntry(customerId, changed);
  takeInto(customerId, changed);
}
