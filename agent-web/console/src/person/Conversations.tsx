import { goInbox, hrefOf, inboxRoute } from '../app/route.ts';
import { travelTo } from '../actions/signals.ts';
import { useT } from '../i18n/index.ts';
import { millis } from '../lib/format.ts';
import { useStore } from '../lib/store.ts';
import { conversationsOf, newestFirst } from '../queue/conversations.ts';
import { previewOf } from '../queue/preview.ts';
import { ChannelIcon } from '../ui/ChannelIcon.tsx';
import { When } from '../ui/When.tsx';
import { Section } from './Section.tsx';
import styles from './Conversations.module.css';

/** All stretches of work with this person; choosing one goes there in the timeline. */
export function Conversations({ customerId }: { customerId: string }) {
  const t = useT();
  const rows = newestFirst(useStore(conversationsOf(customerId)));
  if (rows.length === 0) return null;
  return (
    <Section title={t('panel.conversations')} end={rows.length}>
      <ul className={styles.list}>
        {rows.map((row) => (
          <li key={row.id}>
            <a
              className={styles.row}
              href={hrefOf(inboxRoute({ customerId: row.customer_id, conversationId: row.id }))}
              onClick={() => {
                goInbox({ customerId: row.customer_id, conversationId: row.id });
                travelTo.emit(millis(row.created_at) ?? 0);
              }}
            >
              <ChannelIcon medium={row.last_medium} />
              <bdi className={styles.words}>{row.subject || previewOf(row, t)}</bdi>
              <span className={styles.state} data-status={row.status}>
                {t(`status.${row.status}`)}
              </span>
              <When at={row.last_at} className={styles.when} />
            </a>
          </li>
        ))}
      </ul>
    </Section>
  );
}
