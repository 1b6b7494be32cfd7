import { ChevronLeft, Clock, Tag, UserRoundPen, UserRoundPlus } from 'lucide-react';
import type { Conversation } from '@throughline/protocol';
import { ActionButton } from '../actions/ActionButton.tsx';
import { contextNow, useActionContext } from '../actions/action.ts';
import { action } from '../actions/registry.ts';
import { assign, assignChoices, setTags, snooze, snoozeChoices } from '../actions/conversation.ts';
import { openDialog } from '../app/dialogs.ts';
import { goInbox } from '../app/route.ts';
import { useDirectory } from '../directory/directory.ts';
import { useT } from '../i18n/index.ts';
import { dateTime, millis } from '../lib/format.ts';
import { tagsOf } from '../person/facts.ts';
import { Tags } from '../person/Tags.tsx';
import { Avatar } from '../ui/Avatar.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { Button } from '../ui/Button.tsx';
import { Menu } from '../ui/Menu.tsx';
import { Popover } from '../ui/Popover.tsx';
import { Onlookers } from './Onlookers.tsx';
import type { Person } from './person.ts';
import styles from './TimelineHead.module.css';
import { personName } from '../lib/personName.ts';

interface Props {
  person: Person;
  conversation: Conversation | null;
}

export function TimelineHead({ person, conversation }: Props) {
  const t = useT();
  const name = personName(person.customer?.name, conversation?.customer_name);
  return (
    <header className={styles.head}>
      <IconButton icon={ChevronLeft} label={t('timeline.back')} className={styles.back} onClick={() => goInbox({ customerId: null, conversationId: null })} />
      <div className={styles.who}>
        <h2 className={styles.name}>{name}</h2>
        {conversation && <Status conversation={conversation} />}
      </div>
      {conversation && (
        <span className={styles.wide}>
          <TagsButton conversation={conversation} />
        </span>
      )}
      <Onlookers presence={person.presence} />
      {conversation && <AssignMenu conversation={conversation} />}
      {conversation?.status === 'open' && <SnoozeMenu conversation={conversation} />}
      <span className={styles.roomy}>
        <ActionButton id="take" />
      </span>
      <span className={styles.narrow}>
        <ActionButton id="take" bare />
      </span>
      <ActionButton id="reopen" />
      <ActionButton id="resolve" look="primary" />
      <span className={styles.wide}>
        <ActionButton id="filter" bare />
      </span>
      <ActionButton id="panel" bare />
    </header>
  );
}

function Status({ conversation: { number, status, snoozed_until, subject } }: { conversation: Conversation }) {
  const t = useT();
  const until = millis(snoozed_until);
  const words =
    status !== 'snoozed' ? t(`status.${status}`) : until === null ? t('status.snoozed_open') : t('status.snoozed_until', { until: dateTime(until) });
  return (
    <p className={styles.status}>
      <span className={styles.state} data-status={status}>
        {words}
      </span>
      <span className={styles.subject}>{[number === null ? null : `#${number}`, subject].filter(Boolean).join(' · ')}</span>
    </p>
  );
}

function TagsButton({ conversation }: { conversation: Conversation }) {
  const t = useT();
  const tags = tagsOf(conversation);
  const change = (next: string[]) => setTags(conversation, next);
  return (
    <Popover
      label={t('tags.conversation')}
      trigger={
        tags.length > 0 ? (
          <button type="button" className={styles.tags}>
            <Tag size={13} aria-hidden />
            <span className="visually-hidden">{t('tags.conversation')}: </span>
            <span>{tags.join(t('ui.comma'))}</span>
          </button>
        ) : (
          <Button icon={Tag} look="quiet" aria-label={t('tags.conversation')} title={t('tags.conversation')} />
        )
      }
    >
      <div className={styles.tagList}>
        <Tags tags={tags} label={t('tags.conversation')} onChange={change} />
      </div>
    </Popover>
  );
}

function AssignMenu({ conversation }: { conversation: Conversation }) {
  const t = useT();
  const { agent } = useActionContext();
  const { agentById } = useDirectory();
  const holder = conversation.assignee_id ? (agentById.get(conversation.assignee_id)?.name ?? null) : null;
  const label = holder ? t('queue.assigned_to', { name: holder }) : t('action.assign');
  const items = [
    ...assignChoices(agent, [conversation]).map(({ id, name, current }) => ({
      id: id ?? 'nobody',
      name,
      checked: current,
      run: () => assign(conversation, id),
    })),
    {
      id: 'note',
      name: t('action.assign_note'),
      icon: UserRoundPen,
      run: () => openDialog({ type: 'assign', agentId: null, run: (to, note) => assign(conversation, to, note) }),
    },
  ];
  if (!holder)
    return (
      <Menu items={items} align="end">
        <IconButton icon={UserRoundPlus} label={label} keys="a" />
      </Menu>
    );
  return (
    <Menu items={items} align="end">
      <button type="button" className={styles.holder} aria-label={label} title={label}>
        <Avatar name={holder} size={26} />
      </button>
    </Menu>
  );
}

function SnoozeMenu({ conversation }: { conversation: Conversation }) {
  const t = useT();
  const items = snoozeChoices().map(({ id, name, until }) => ({
    id,
    name,
    end: until && dateTime(until.getTime()),
    run: () => snooze(conversation, until),
  }));
  const more = { id: 'more', name: t('snooze.choose'), run: () => action('snooze').run(contextNow()) };
  return (
    <Menu items={[...items, 'line', more]} align="end">
      <IconButton icon={Clock} label={t('action.snooze')} keys="s" />
    </Menu>
  );
}
