import { AlarmClock, CircleAlert, CircleCheckBig, Hourglass, PenLine, type LucideIcon } from 'lucide-react';
import type { Conversation } from '@throughline/protocol';
import { hrefOf, personHref } from '../app/route.ts';
import { draftsKept } from '../composer/drafts.ts';
import { call } from '../connection/client.ts';
import { useDirectory } from '../directory/directory.ts';
import { useT, type Key } from '../i18n/index.ts';
import { dateTimeShort, millis, waited } from '../lib/format.ts';
import { useNow } from '../lib/now.ts';
import { personName } from '../lib/personName.ts';
import { useStore } from '../lib/store.ts';
import { useLoaded } from '../lib/useLoaded.ts';
import { dayAfter, dayBegins, dayOf } from '../lib/zone.ts';
import { previewOf } from '../queue/preview.ts';
import { queue } from '../queue/queue.ts';
import { me } from '../session/session.ts';
import { faultsOf } from '../settings/fault.ts';
import { ChannelIcon } from '../ui/ChannelIcon.tsx';
import { Empty } from '../ui/Empty.tsx';
import { FirstSteps } from './FirstSteps.tsx';
import { ScannerAway } from './ScannerAway.tsx';
import styles from './MyDay.module.css';

const MOST = 6;
const SNOOZED_LOOKED_AT = 200;
/** Of so many at most customer.hints is asked. */
const HINTED = 200;
/** What is shown is looked at again after so long at the latest. */
const AGAIN_MS = 60_000;

interface Line {
  key: string;
  href: string;
  name: string;
  words: string;
  end: string;
  medium: Conversation['last_medium'] | null;
}

/** Nobody is open: what waits for me, what comes back today, what I have begun; on a new desk, how to begin. */
export default function MyDay() {
  return (
    <div className={styles.page}>
      <ScannerAway />
      <Day />
    </div>
  );
}

function Day() {
  const t = useT();
  const now = useNow();
  const { channels } = useDirectory();
  const counts = useStore(queue, (state) => state.counts);
  // What comes for others changes nothing here, and comes often.
  const day = useLoaded(read, [counts?.mine, counts?.snoozed, (counts?.open ?? 0) > 0, Math.floor(now / AGAIN_MS)].join());
  if (!day.value) return null;
  const { waiting, snoozed, drafts, any } = day.value;
  const faulty = me()?.role === 'admin' ? channels.filter((one) => faultsOf(one, now).length > 0) : [];
  if (channels.length === 0 || (!any && faulty.length === 0)) return <FirstSteps />;
  const row = (one: Conversation, end: string): Line => ({
    key: one.id,
    href: personHref(one.customer_id),
    name: personName(one.customer_name),
    words: previewOf(one, t),
    end,
    medium: one.last_medium,
  });
  const parts: [Key, LucideIcon, Line[]][] = [
    [
      'day.channels',
      CircleAlert,
      faulty.map((one) => ({
        key: one.id,
        href: hrefOf({ page: 'settings', section: 'channels', rest: [one.id] }),
        name: one.name,
        words: faultsOf(one, now)[0] ?? '',
        end: '',
        medium: one.medium,
      })),
    ],
    ['day.waiting', Hourglass, waiting.map((one) => row(one, waited(Math.max(0, now - (millis(one.waiting_since) ?? now)))))],
    ['day.snoozed', AlarmClock, snoozed.map((one) => row(one, dateTimeShort(millis(one.snoozed_until) ?? now)))],
    ['day.drafts', PenLine, drafts.map(({ id, name, text }) => ({ key: id, href: personHref(id), name, words: text, end: '', medium: null }))],
  ];
  const filled = parts.filter(([, , lines]) => lines.length > 0);
  if (filled.length === 0) return <Empty icon={CircleCheckBig} title={t('day.clear')} text={t('inbox.none_text')} />;
  return (
    <div className={styles.day}>
      <h1>{t('day.title')}</h1>
      {filled.map(([title, Icon, lines]) => (
        <section key={title} aria-label={t(title)}>
          <h2>
            <Icon size={15} aria-hidden /> {t(title)}
          </h2>
          <ul>
            {lines.map((line) => (
              <li key={line.key}>
                <a href={line.href}>
                  {line.medium && <ChannelIcon medium={line.medium} size={14} />}
                  <b>{line.name}</b>
                  <span className={styles.words}>{line.words}</span>
                  <span className={styles.end}>{line.end}</span>
                </a>
              </li>
            ))}
          </ul>
        </section>
      ))}
      <p className={styles.hint}>{t('inbox.none_text')}</p>
    </div>
  );
}

async function read() {
  const endOfDay = dayBegins(dayAfter(dayOf(Date.now()), 1));
  const [mine, snoozed, any, begun] = await Promise.all([
    call('conversation.list', { view: 'mine', sort: 'waiting', limit: MOST }),
    call('conversation.list', { view: 'snoozed', limit: SNOOZED_LOOKED_AT }),
    call('conversation.list', { view: 'all', limit: 1 }),
    drafts(),
  ]);
  const isMine = ({ assignee_id }: Conversation) => assignee_id === null || assignee_id === me()?.id;
  const until = ({ snoozed_until }: Conversation) => millis(snoozed_until) ?? Infinity;
  return {
    any: any.conversations.length > 0,
    waiting: mine.conversations.filter(({ waiting_since }) => waiting_since !== null),
    snoozed: snoozed.conversations
      .filter((one) => isMine(one) && until(one) < endOfDay)
      .sort((a, b) => until(a) - until(b))
      .slice(0, MOST),
    drafts: begun,
  };
}

/** What I have begun, in this browser and in others, the last first of each. */
async function drafts() {
  const here = draftsKept();
  const { drafts: there } = await call('draft.list', {});
  const elsewhere = there
    .filter(({ customer_id, beginning }) => beginning && !here.some(({ id }) => id === customer_id))
    .map(({ customer_id, beginning }) => ({ id: customer_id, text: beginning ?? '' }));
  const all = [...here, ...elsewhere].slice(0, HINTED);
  const { hints } = all.length > 0 ? await call('customer.hints', { customer_ids: all.map(({ id }) => id) }) : { hints: [] };
  return all
    .flatMap((draft) => hints.filter(({ id }) => id === draft.id).map(({ name, marks }) => ({ ...draft, name: personName(name, marks[0]) })))
    .slice(0, MOST);
}
