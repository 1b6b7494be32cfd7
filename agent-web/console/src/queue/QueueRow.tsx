import { Bot, CalendarClock, ChevronsUp, Clock, CornerUpLeft, Flame, PencilLine } from 'lucide-react';
import { memo } from 'react';
import type { Conversation } from '@throughline/protocol';
import { hrefOf, type Inbox } from '../app/route.ts';
import { useDirectory } from '../directory/directory.ts';
import { useT } from '../i18n/index.ts';
import { useIsHere } from '../identity/here.ts';
import { useHint } from '../identity/hints.ts';
import { millis, dateTime } from '../lib/format.ts';
import { tagsOf } from '../person/facts.ts';
import { drafted } from '../composer/drafted.ts';
import { useStore } from '../lib/store.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { ChannelIcon } from '../ui/ChannelIcon.tsx';
import { Tip } from '../ui/Tip.tsx';
import { previewOf } from './preview.ts';
import { Waiting } from './Waiting.tsx';
import styles from './QueueRow.module.css';
import { personName } from '../lib/personName.ts';

interface Props {
  row: Conversation;
  route: Inbox;
  open: boolean;
  /** The keyboard stops here. */
  stop: boolean;
  /** What tells the person from others of the same name. */
  mark: string | null;
  /** So many more conversations of this person are in the list. */
  others: number;
}

export const QueueRow = memo(function QueueRow({ row, route, open, stop, mark, others }: Props) {
  const t = useT();
  const unread = row.unread ?? 0;
  const name = personName(row.customer_name);
  const draft = useStore(drafted, (all) => all.get(row.customer_id));
  return (
    <a
      href={hrefOf({ ...route, customerId: row.customer_id, conversationId: row.id, entryId: null })}
      className={styles.row}
      tabIndex={stop ? 0 : -1}
      aria-current={open ? 'true' : undefined}
      data-unread={unread > 0 || undefined}
    >
      <span className={styles.face}>
        <Avatar name={name} />
        <span className={styles.channel}>
          <ChannelIcon medium={row.last_medium} size={12} />
        </span>
      </span>
      <span className={styles.text}>
        <span className={styles.line} data-first>
          <span className={styles.name}>
            <bdi>{name}</bdi>
            {mark && <bdi className={styles.mark}>{mark}</bdi>}
          </span>
          {others > 0 && (
            <span className={styles.others} aria-label={t('queue.others', { count: others })} title={t('queue.others', { count: others })}>
              +{others}
            </span>
          )}
          <Perhaps customerId={row.customer_id} />
          <HereNow customerId={row.customer_id} />
          <RowTags tags={tagsOf(row)} />
          <Urgency priority={row.priority} />
          <Waiting row={row} />
        </span>
        <span className={styles.line}>
          {row.last_direction === 'out' && <Replied bot={row.preview_code === 'bot'} />}
          {row.notice !== 'none' && (
            <span className={styles.notice} data-notice={row.notice}>
              {t(`queue.notice.${row.notice}`)}
            </span>
          )}
          <Planned row={row} />
          {draft !== undefined && (
            <span className={styles.draft} title={draft}>
              <PencilLine size={12} aria-hidden /> {t('queue.draft')}
            </span>
          )}
          <bdi className={styles.preview}>{previewOf(row, t)}</bdi>
          {row.status === 'snoozed' && <Snoozed until={row.snoozed_until} />}
          {unread > 0 && (
            <span className={styles.unread} aria-label={t('queue.unread', { n: unread })}>
              {unread > 99 ? '99+' : unread}
            </span>
          )}
          <Assignee id={row.assignee_id} />
        </span>
      </span>
    </a>
  );
});

/** Somebody else may be the same person; the panel says who. */
function Perhaps({ customerId }: { customerId: string }) {
  const t = useT();
  if (!useHint(customerId)?.perhaps) return null;
  return <span className={styles.perhaps} role="img" aria-label={t('queue.perhaps')} title={t('queue.perhaps')} />;
}

function HereNow({ customerId }: { customerId: string }) {
  const t = useT();
  if (!useIsHere(customerId)) return null;
  return <span className={styles.here} role="img" aria-label={t('queue.here')} title={t('queue.here')} />;
}

function Replied({ bot }: { bot: boolean }) {
  const t = useT();
  const Icon = bot ? Bot : CornerUpLeft;
  return <Icon size={13} className={styles.replied} aria-label={t(bot ? 'queue.bot_replied' : 'queue.replied')} />;
}

/** The first tag in words, the others as a number. */
function RowTags({ tags }: { tags: readonly string[] }) {
  if (tags.length === 0) return null;
  return (
    <span className={styles.tag} title={tags.join(' · ')}>
      {tags[0]}
      {tags.length > 1 && ` +${tags.length - 1}`}
    </span>
  );
}

function Urgency({ priority }: { priority: Conversation['priority'] }) {
  const t = useT();
  if (priority !== 'high' && priority !== 'urgent') return null;
  const Icon = priority === 'urgent' ? Flame : ChevronsUp;
  return <Icon size={14} className={styles.urgency} data-priority={priority} aria-label={t(`priority.${priority}`)} />;
}

/** Whoever waits while an answer is planned has written since it was. */
function Planned({ row }: { row: Conversation }) {
  const t = useT();
  const at = millis(row.planned_at);
  if (at === null) return null;
  const words = t(row.waiting_since ? 'queue.planned_wrote' : 'queue.planned', { at: dateTime(at) });
  return (
    <span className={row.waiting_since ? styles.notice : styles.draft} title={words} aria-label={words}>
      <CalendarClock size={12} aria-hidden /> {t(row.waiting_since ? 'queue.planned_wrote_short' : 'queue.planned_short')}
    </span>
  );
}

function Snoozed({ until }: { until: string | null }) {
  const t = useT();
  const at = millis(until);
  return <Clock size={13} className={styles.replied} aria-label={at === null ? t('status.snoozed_open') : t('queue.snoozed_until', { at: dateTime(at) })} />;
}

function Assignee({ id }: { id: string | null }) {
  const t = useT();
  const { agentById } = useDirectory();
  if (!id) return null;
  const name = agentById.get(id)?.name ?? t('person.unnamed');
  return (
    <Tip text={t('queue.assigned_to', { name })}>
      <span className={styles.assignee}>
        <Avatar name={name} size={20} />
        <span className="visually-hidden">{t('queue.assigned_to', { name })}</span>
      </span>
    </Tip>
  );
}
