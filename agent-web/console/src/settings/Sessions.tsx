import { Laptop } from 'lucide-react';
import type { Session } from '@throughline/protocol';
import { call } from '../connection/client.ts';
import { useT } from '../i18n/index.ts';
import { dateTime, millis } from '../lib/format.ts';
import { useLoaded } from '../lib/useLoaded.ts';
import { Button } from '../ui/Button.tsx';
import { toast, toastError } from '../ui/toasts.ts';
import { Problem } from './Problem.tsx';
import styles from './rows.module.css';

/** Where one is logged in; for an administrator, where an agent is. */
export function Sessions({ agentId }: { agentId?: string }) {
  const t = useT();
  const whose = agentId ? { agent_id: agentId } : {};
  const list = useLoaded(() => call('session.list', whose), agentId);
  const end = async (what: Promise<{ ended: number | null }>) => {
    try {
      const { ended } = await what;
      toast(t('sessions.ended', { n: ended ?? 0 }));
      list.reload();
    } catch (error) {
      toastError(error);
    }
  };
  if (list.error && !list.value) return <Problem text={list.error} again={list.reload} />;
  const sessions = list.value?.sessions ?? [];
  const others = sessions.filter((session) => !session.current);
  return (
    <div className={styles.form}>
      {list.loaded && sessions.length === 0 && <p>{t('sessions.none')}</p>}
      {sessions.length > 0 && (
        <ul className={styles.rows}>
          {sessions.map((session) => (
            <Row key={session.id} session={session} onEnd={() => void end(call('session.end', { id: session.id, ...whose }))} />
          ))}
        </ul>
      )}
      {others.length > 0 && (
        <div className={styles.buttons}>
          <Button look="danger" onClick={() => void end(call('session.end_others', whose))}>
            {t(agentId ? 'sessions.end_all' : 'sessions.end_others')}
          </Button>
        </div>
      )}
    </div>
  );
}

function Row({ session, onEnd }: { session: Session; onEnd: () => void }) {
  const t = useT();
  const used = millis(session.used_at);
  const since = millis(session.created_at);
  const browser = session.browser ?? t('sessions.other_browser');
  return (
    <li className={styles.row}>
      <Laptop size={18} aria-hidden />
      <span className={styles.main}>
        <b>{session.system ? t('sessions.device', { browser, system: session.system }) : browser}</b>
        <small>
          {[session.address, since !== null && t('sessions.since', { at: dateTime(since) }), used !== null && t('sessions.used', { at: dateTime(used) })]
            .filter(Boolean)
            .join(' · ')}
        </small>
      </span>
      {session.current ? (
        <span className={styles.mark} data-tone="good">
          {t('sessions.current')}
        </span>
      ) : (
        <Button onClick={onEnd}>{t('sessions.end')}</Button>
      )}
    </li>
  );
}
