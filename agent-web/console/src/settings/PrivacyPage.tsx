import { ScrollText } from 'lucide-react';
import { useState } from 'react';
import type { AuditEvent } from '@throughline/protocol';
import { personHref } from '../app/route.ts';
import { call } from '../connection/client.ts';
import { t, useT } from '../i18n/index.ts';
import { useStore } from '../lib/store.ts';
import { useLoaded } from '../lib/useLoaded.ts';
import { session } from '../session/session.ts';
import { Button } from '../ui/Button.tsx';
import { Empty } from '../ui/Empty.tsx';
import { toastError } from '../ui/toasts.ts';
import { When } from '../ui/When.tsx';
import { factWords, subjectWords } from './auditWords.ts';
import { Page } from './Page.tsx';
import { Problem } from './Problem.tsx';
import styles from './rows.module.css';

const PAGE = 50;

/** What was decided about people and their data, and who may do what: by whom, from where, when, why. */
type About = 'people' | 'access';

export function PrivacyPage() {
  const t = useT();
  const isAdmin = useStore(session, (now) => now.phase === 'in' && now.agent.role === 'admin');
  const [about, setAbout] = useState<About>('people');
  return (
    <Page title={t('settings.privacy')} lead={t('audit.lead')}>
      {isAdmin && (
        <div className={styles.tabs} role="group" aria-label={t('audit.about')}>
          {(['people', 'access'] as const).map((one) => (
            <Button key={one} small aria-pressed={about === one} look={about === one ? 'primary' : 'quiet'} onClick={() => setAbout(one)}>
              {t(`audit.about_${one}`)}
            </Button>
          ))}
        </div>
      )}
      <Events key={about} about={about} />
    </Page>
  );
}

function Events({ about }: { about: About }) {
  const t = useT();
  const first = useLoaded(() => call('audit.list', { about, limit: PAGE }));
  const [older, setOlder] = useState<readonly AuditEvent[]>([]);
  const [more, setMore] = useState<boolean | null>(null);
  const rows = [...(first.value?.events ?? []), ...older];
  const load = () => {
    call('audit.list', { about, limit: PAGE, before_id: rows.at(-1)?.id ?? null })
      .then((page) => {
        setOlder([...older, ...page.events]);
        setMore(page.more);
      })
      .catch(toastError);
  };
  if (first.error && !first.value) return <Problem text={first.error} again={first.reload} />;
  return (
    <>
      {first.value && rows.length === 0 && <Empty icon={ScrollText} title={t('audit.none')} text={t('audit.none_text')} />}
      {rows.length > 0 && (
        <ul className={styles.rows}>
          {rows.map((event) => (
            <li key={event.id} className={styles.row}>
              <span className={styles.mark}>{t(`audit.${event.action}`)}</span>
              <span className={styles.main}>
                <b>
                  {event.customer_id ? (
                    <a href={personHref(event.customer_id)}>{subjectWords(event.subject) || t('audit.erased_subject')}</a>
                  ) : (
                    subjectWords(event.subject)
                  )}
                </b>
                <small>{[actor(event), event.reason && `“${event.reason}”`, ...factWords(event), event.address].filter(Boolean).join(' · ')}</small>
              </span>
              {(event.count ?? 1) > 1 && (
                <span className={styles.mark} data-tone="warn">
                  {t('audit.times', { n: event.count ?? 1 })}
                </span>
              )}
              <When at={event.last_at ?? event.at} className={styles.end} />
            </li>
          ))}
        </ul>
      )}
      {(more ?? first.value?.more) && (
        <Button small look="quiet" onClick={load}>
          {t('ui.more')}
        </Button>
      )}
    </>
  );
}

/** Who did it; a try to log in is nobody's yet. */
function actor(event: AuditEvent): string | null {
  if (event.action === 'login_failed') return null;
  return event.agent_name ?? t('author.system');
}
