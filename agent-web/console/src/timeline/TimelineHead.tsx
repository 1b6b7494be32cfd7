import { ChevronLeft, Clock, Ellipsis, Tag, UserRoundPen, UserRoundPlus } from 'lucide-react';
import type { Conversation } from '@throughline/protocol';
import { ActionButton } from '../actions/ActionButton.tsx';
import { contextNow, useActionContext } from '../actions/action.ts';
import { action } from '../actions/registry.ts';
import { attempt, useWhyOff } from '../actions/remote.ts';
import { assign, assignChoices, setTags, snooze, snoozeChoices } from '../actions/conversation.ts';
import { openDialog } from '../app/dialogs.ts';
import { goInbox } from '../app/route.ts';
import { useDirectory } from '../directory/directory.ts';
import { useT } from '../i18n/index.ts';
import { dateTime, dateTimeShort, millis } from '../lib/format.ts';
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
import { nameOf, personName } from '../lib/personName.ts';

const IN_MORE = ['take', 'filter', 'panel'];

interface Props {
  person: Person;
  conversation: Conversation | null;
}

export function TimelineHead({ person, conversation }: Props) {
  const t = useT();
  const name = person.customer ? nameOf(person.customer) : personName(conversation?.customer_name);
  return (
    <header className={styles.head}>
      <div className={styles.row}>
        <IconButton icon={ChevronLeft} label={t('timeline.back')} className={styles.back} onClick={() => goInbox({ customerId: null, conversationId: null })} />
        <div className={styles.who}>
          <div className={styles.first}>
            <h1 className={styles.name} dir="auto">
              {name}
            </h1>
            {conversation && <Status conversation={conversation} />}
          </div>
        </div>
        <Onlookers presence={person.presence} />
        {conversation && <AssignMenu conversation={conversation} />}
        {conversation?.status === 'open' && <SnoozeMenu conversation={conversation} />}
        <span className={styles.roomy}>
          <ActionButton id="take" />
        </span>
        <ActionButton id="reopen" />
        <ActionButton id="resolve" look="primary" />
        <span className={styles.wide}>
          <ActionButton id="filter" bare />
        </span>
        <span className={styles.roomy}>
          <ActionButton id="panel" bare />
        </span>
        <span className={styles.narrow}>
          <More />
        </span>
      </div>
      {conversation && (
        <div className={styles.second}>
          <bdi className={styles.subject} title={conversation.subject ?? undefined}>
            {[conversation.number === null ? null : `#${conversation.number}`, conversation.subject].filter(Boolean).join(' · ')}
          </bdi>
          <TagsButton conversation={conversation} />
        </div>
      )}
    </header>
  );
}

function Status({ conversation: { status, snoozed_until } }: { conversation: Conversation }) {
  const t = useT();
  const until = millis(snoozed_until);
  const words =
    status !== 'snoozed' ? t(`status.${status}`) : until === null ? t('status.snoozed_open') : t('status.snoozed_until', { until: dateTimeShort(until) });
  return (
    <span className={styles.state} data-status={status} title={until === null ? undefined : dateTime(until)}>
      {words}
    </span>
  );
}

/** What there is no room for. */
function More() {
  const t = useT();
  const context = useActionContext();
  const items = IN_MORE.map(action)
    .filter(({ when }) => when(context))
    .map(({ id, name, icon, keys, run }) => ({ id, name: t(name), icon, keys: keys?.[0], run: () => run(contextNow()) }));
  return (
    <Menu items={items} align="end">
      <IconButton icon={Ellipsis} label={t('timeline.more')} />
    </Menu>
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
          <Button small icon={Tag} look="quiet" aria-label={t('tags.conversation')} title={t('tags.conversation')} />
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
  const off = useWhyOff('assign');
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
        <IconButton icon={UserRoundPlus} label={label} keys="a" disabled={off !== null} title={off ?? undefined} />
      </Menu>
    );
  return (
    <Menu items={items} align="end">
      <button type="button" className={styles.holder} aria-label={label} title={off ?? label} disabled={off !== null}>
        <Avatar name={holder} size={26} />
      </button>
    </Menu>
  );
}

function SnoozeMenu({ conversation }: { conversation: Conversation }) {
  const t = useT();
  const off = useWhyOff('snooze');
  const items = snoozeChoices().map(({ id, name, until }) => ({
    id,
    name,
    end: until && dateTime(until.getTime()),
    run: () => snooze(conversation, until),
  }));
  const more = { id: 'more', name: t('snooze.choose'), run: () => attempt(action('snooze'), contextNow()) };
  return (
    <Menu items={[...items, 'line', more]} align="end">
      <IconButton icon={Clock} label={t('action.snooze')} keys="s" disabled={off !== null} title={off ?? undefined} />
    </Menu>
  );
}
