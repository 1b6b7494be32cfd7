import { CalendarClock } from 'lucide-react';
import type { Entry } from '@throughline/protocol';
import { useT } from '../i18n/index.ts';
import { millis, weekdayTime } from '../lib/format.ts';
import { useAttempt } from '../lib/useAttempt.ts';
import { me } from '../session/session.ts';
import type { Person } from '../timeline/person.ts';
import { Button } from '../ui/Button.tsx';
import { newestIn } from './news.ts';
import { plan, planAgain, takeBackPlanned } from './planned.ts';
import styles from './ComposerBars.module.css';

/** What is planned for this person, beside the box wherever the timeline stands; it says so when they have written since. */
export function PlannedBars({ person }: { person: Person }) {
  const came = newestIn(person.entries);
  return person.entries
    .filter(({ delivery, closed }) => delivery === 'scheduled' && !closed)
    .map((entry) => (
      <PlannedBar
        key={entry.id}
        customerId={person.id}
        entry={entry}
        wroteSince={came !== null && person.entries.indexOf(came) > person.entries.indexOf(entry)}
      />
    ));
}

function PlannedBar({ customerId, entry, wroteSince }: { customerId: string; entry: Entry; wroteSince: boolean }) {
  const t = useT();
  const { busy, attempt } = useAttempt();
  const own = entry.author_id === me()?.id;
  const at = weekdayTime(millis(entry.send_at) ?? 0);
  return (
    <p className={styles.bar} data-tone={wroteSince ? 'warn' : undefined}>
      <CalendarClock size={14} aria-hidden />
      <span>
        {own ? t('plan.own', { at }) : t('plan.others', { at, name: entry.author_name ?? t('author.agent') })} {wroteSince && t('plan.wrote_since')}
      </span>
      <Button small disabled={busy} onClick={() => planAgain(customerId, entry.id, attempt)}>
        {t('plan.change')}
      </Button>
      <Button small disabled={busy} onClick={() => attempt(() => plan(customerId, entry.id, null))}>
        {t('plan.now')}
      </Button>
      <Button small look="quiet" disabled={busy} onClick={() => attempt(() => takeBackPlanned(customerId, entry.id))}>
        {t('send.back')}
      </Button>
    </p>
  );
}
