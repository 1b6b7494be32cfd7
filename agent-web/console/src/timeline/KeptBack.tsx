import type { Attachment } from '@throughline/protocol';
import { ShieldAlert, type LucideIcon } from 'lucide-react';
import { call } from '../connection/client.ts';
import { useT } from '../i18n/index.ts';
import { useAttempt } from '../lib/useAttempt.ts';
import { me } from '../session/session.ts';
import { Button } from '../ui/Button.tsx';
import { toast } from '../ui/toasts.ts';
import { fileHref } from './fileHref.ts';
import styles from './NotHere.module.css';

/** A file that the virus scanner has not looked at yet, or in which it has found something. `of`: the entry that holds it. */
export function KeptBack({ file, of, Icon }: { file: Attachment; of: string; Icon: LucideIcon }) {
  const t = useT();
  const { busy, problem, attempt } = useAttempt();
  const infected = file.scan === 'infected';
  const name = file.name || t('file.unnamed');
  const words = !infected ? t('file.scan_waiting') : file.found ? t('file.infected', { found: file.found }) : t('file.infected_unnamed');
  return (
    <div className={styles.file} data-state={file.scan} aria-busy={!infected}>
      {infected ? <ShieldAlert size={18} aria-hidden /> : <Icon size={18} aria-hidden />}
      <span className={styles.words}>
        <b>{name}</b> <span role="status">{problem ?? words}</span>
        {infected && me()?.role === 'admin' && (
          <>
            {' '}
            <a href={fileHref(file, file.url ?? '', { infected: 'yes' })} download={name} title={t('file.save_infected_title')}>
              {t('file.save_infected')}
            </a>
          </>
        )}
      </span>
      {infected && (
        <Button small look="plain" disabled={busy} onClick={() => attempt(() => scanAgain(of, file.sha256 ?? '', t('file.scan_asked')))}>
          {t('file.scan_again')}
        </Button>
      )}
    </div>
  );
}

async function scanAgain(entry_id: string, sha256: string, done: string): Promise<void> {
  await call('file.scan', { entry_id, sha256 });
  toast(done);
}
