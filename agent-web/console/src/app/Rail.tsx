import { CopyCheck, Inbox, MailWarning, Search, Settings, TextSearch } from 'lucide-react';
import { ConnectionDot } from '../connection/ConnectionDot.tsx';
import { useT } from '../i18n/index.ts';
import { useStore } from '../lib/store.ts';
import { openPalette } from '../palette/palette.ts';
import { shownCount } from '../queue/counts.ts';
import { queue } from '../queue/queue.ts';
import { useDirectory } from '../directory/directory.ts';
import { useNow } from '../lib/now.ts';
import { faultsOf } from '../settings/fault.ts';
import { session } from '../session/session.ts';
import { firstSection } from '../settings/seen.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { Tip } from '../ui/Tip.tsx';
import mark from '../ui/mark.svg';
import { AccountMenu } from './AccountMenu.tsx';
import { hrefOf, inboxRoute, route } from './route.ts';
import type { LucideIcon } from 'lucide-react';
import styles from './Rail.module.css';

export function Rail() {
  const t = useT();
  const { page } = useStore(route);
  const role = useStore(session, (now) => (now.phase === 'in' ? now.agent.role : 'agent'));
  const faulty = useFaulty(role === 'admin');
  const waiting = useStore(queue, (now) => now.counts?.unassigned ?? 0);
  return (
    <nav className={styles.rail} aria-label={t('rail.label')}>
      <img src={mark} alt="Throughline" width={32} height={32} className={styles.mark} />
      <Tip text={t('rail.inbox')} side="end">
        <a
          href={hrefOf(inboxRoute(page === 'inbox' ? { customerId: null, conversationId: null } : {}))}
          className={styles.link}
          aria-current={page === 'inbox' ? 'page' : undefined}
          aria-label={waiting > 0 ? t('rail.inbox_waiting', { n: shownCount(waiting) }) : t('rail.inbox')}
        >
          <Inbox size={20} aria-hidden />
          {waiting > 0 && (
            <span className={styles.badge} aria-hidden>
              {shownCount(waiting, 99)}
            </span>
          )}
        </a>
      </Tip>
      <IconButton icon={Search} label={t('rail.search')} keys="mod+k" side="end" className={styles.link} onClick={() => openPalette()} />
      <RailLink to={{ page: 'search', query: '', filter: {}, show: 'people' }} icon={TextSearch} label={t('search.title')} current={page === 'search'} />
      <RailLink to={{ page: 'duplicates' }} icon={CopyCheck} label={t('duplicates.title')} current={page === 'duplicates'} />
      <RailLink to={{ page: 'unsent', state: 'failed' }} icon={MailWarning} label={t('unsent.title')} current={page === 'unsent'} />
      <Tip text={t('rail.settings')} side="end">
        <a
          href={hrefOf({ page: 'settings', section: firstSection(role), rest: [] })}
          className={styles.link}
          aria-current={page === 'settings' ? 'page' : undefined}
          aria-label={faulty > 0 ? t('rail.settings_faulty', { n: faulty }) : t('rail.settings')}
        >
          <Settings size={20} aria-hidden />
          {faulty > 0 && (
            <span className={styles.badge} data-tone="bad" aria-hidden>
              {faulty}
            </span>
          )}
        </a>
      </Tip>
      <div className={styles.rest} />
      <ConnectionDot />
      <AccountMenu />
    </nav>
  );
}

/** How many channels need somebody. */
function useFaulty(admin: boolean): number {
  const now = useNow();
  const { channels } = useDirectory();
  return admin ? channels.filter((one) => faultsOf(one, now).length > 0).length : 0;
}

function RailLink({ to, icon: Icon, label, current }: { to: Parameters<typeof hrefOf>[0]; icon: LucideIcon; label: string; current: boolean }) {
  return (
    <Tip text={label} side="end">
      <a href={hrefOf(to)} className={styles.link} aria-current={current ? 'page' : undefined} aria-label={label}>
        <Icon size={20} aria-hidden />
      </a>
    </Tip>
  );
}
