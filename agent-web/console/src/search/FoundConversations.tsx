import { memo, useMemo } from 'react';
import type { SearchConversation } from '@throughline/protocol';
import { hrefOf, inboxRoute } from '../app/route.ts';
import { agentName } from '../directory/directory.ts';
import { useT } from '../i18n/index.ts';
import { useMarks } from '../identity/hints.ts';
import { dateTime, millis } from '../lib/format.ts';
import { personName } from '../lib/personName.ts';
import { useStore } from '../lib/store.ts';
import { conversationsOf } from '../queue/conversations.ts';
import { pick, pickTo, selection } from '../queue/selection.ts';
import { SelectionBar } from '../queue/SelectionBar.tsx';
import { Waiting } from '../queue/Waiting.tsx';
import { Avatar } from '../ui/Avatar.tsx';
import { Hit } from './Hit.tsx';
import styles from './FoundConversations.module.css';

/** What was found by conversation, as each stands now, so that something is done with them. */
export function FoundConversations({ found }: { found: readonly SearchConversation[] }) {
  const t = useT();
  const chosen = useStore(selection);
  const people = useMemo(() => found.map(({ conversation: { customer_id: id, customer_name: name } }) => ({ id, name })), [found]);
  const marks = useMarks(people);
  return (
    <>
      <div className={styles.bar}>
        <SelectionBar rows={found.map(({ conversation }) => conversation)} />
      </div>
      <ol className={styles.list} aria-label={t('search.results_conversations')}>
        {found.map((one) => (
          <Found
            key={one.conversation.id}
            found={one}
            mark={marks.get(one.conversation.customer_id) ?? null}
            chosen={chosen.has(one.conversation.id)}
            choosing={chosen.size > 0}
          />
        ))}
      </ol>
    </>
  );
}

interface FoundProps {
  found: SearchConversation;
  /** What tells the person from others of the same name. */
  mark: string | null;
  chosen: boolean;
  choosing: boolean;
}

const Found = memo(function Found({ found, mark, chosen, choosing }: FoundProps) {
  const t = useT();
  const rows = useStore(conversationsOf(found.conversation.customer_id));
  const row = rows.find(({ id }) => id === found.conversation.id) ?? found.conversation;
  const name = personName(row.customer_name);
  const until = millis(row.snoozed_until);
  const assignee = agentName(row.assignee_id);
  return (
    <li className={styles.item} data-conversation={row.id} data-picked={chosen || undefined}>
      <div className={styles.head}>
        <label className={styles.pick} data-shown={choosing || undefined}>
          <input
            type="checkbox"
            checked={chosen}
            onChange={(event) => ((event.nativeEvent as MouseEvent).shiftKey ? pickTo(row.id) : pick(row.id))}
            aria-label={t('select.row', { name })}
          />
        </label>
        <a className={styles.who} href={hrefOf(inboxRoute({ customerId: row.customer_id, conversationId: row.id }))} data-stop>
          <Avatar name={name} size={28} />
          <span className={styles.name}>
            <span className={styles.called}>
              <b>{name}</b>{' '}
              {mark && (
                <small className={styles.mark}>
                  <bdi>{mark}</bdi>
                </small>
              )}
            </span>
            <span className={styles.subject}>
              #{row.number} {row.subject}
            </span>
          </span>
          {assignee && <span className={styles.assignee}>{assignee}</span>}
          <span className={styles.status} data-status={row.status}>
            {row.status === 'snoozed' && until !== null ? t('status.snoozed_until', { until: dateTime(until) }) : t(`status.${row.status}`)}
          </span>
          <Waiting row={row} />
        </a>
      </div>
      <ol>
        {found.hits.map((hit) => (
          <Hit key={hit.entry_id} customerId={row.customer_id} hit={hit} />
        ))}
      </ol>
    </li>
  );
});
