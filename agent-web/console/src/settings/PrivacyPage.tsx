import { ScrollText } from 'lucide-react';
import { useState } from 'react';
import type { AuditEvent } from '@throughline/protocol';
import { personHref } from '../app/route.ts';
import { call } from '../connection/client.ts';
import { useT } from '../i18n/index.ts';
import { useLoaded } from '../lib/useLoaded.ts';
import { Button } from '../ui/Button.tsx';
import { Empty } from '../ui/Empty.tsx';
import { toastError } from '../ui/toasts.ts';
import { When } from '../ui/When.tsx';
import { Page } from './Page.tsx';
import { Problem } from './Problem.tsx';
import styles from './rows.module.css';

const PAGE = 50;

/** What was decided about people and their data: by whom, when, why. */
export function PrivacyPage() {
  const t = useT();
  const first = useLoaded(() => call('audit.list', { limit: PAGE }));
  const [older, setOlder] = useState<readonly AuditEvent[]>([]);
  const [more, setMore] = useState<boolean | null>(null);
  const rows = [...(first.value?.events ?? []), ...older];
  const load = () => {
    call('audit.list', { limit: PAGE, before_id: rows.at(-1)?.id ?? null })
      .then((page) => { setOlder([...older, ...page.events]); setMore(page.more); })
      .catch(toastError);
  };
  if (first.error && !first.value) return <Problem text={first.error} again={first.reload} />;
  return (
    <Page title={t('settings.privacy')} lead={t('audit.lead')}>
      {first.value && rows.length === 0 && <Empty icon={ScrollText} title={t('audit.none')} text={t('audit.none_text')} />}
      {rows.length > 0 && (
        <ul className={styles.rows}>
          {rows.map((event) => (
            <li key={event.id} className={styles.row}>
              <span className={styles.mark}>{t(`audit.${event.action}`)}</span>
              <span className={styles.main}>
                <b>{event.customer_id ? <a href={personHref(event.customer_id)}>{event.subject || t('audit.erased_subject')}</a> : event.subject}</b>
                <small>{[event.agent_name ?? t('author.system'), event.reason && `“${event.reason}”`].filter(Boolean).join(' · ')}</small>
              </span>
              <When at={event.at} className={styles.end} />
            </li>
          ))}
        </ul>
      )}
      {(more ?? first.value?.more) && <Button small look="quiet" onClick={load}>{t('ui.more')}</Button>}
    </Page>
  );
}
