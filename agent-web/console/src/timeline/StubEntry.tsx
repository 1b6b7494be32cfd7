import { CornerUpRight, Eraser, LockKeyhole } from 'lucide-react';
import type { Entry } from '@throughline/protocol';
import { moveBack } from '../actions/entry.ts';
import { personHref } from '../app/route.ts';
import { useDirectory } from '../directory/directory.ts';
import { useT } from '../i18n/index.ts';
import { dateTime, millis } from '../lib/format.ts';
import { ChannelIcon } from '../ui/ChannelIcon.tsx';
import { mediumName } from '../ui/medium.ts';
import { When } from '../ui/When.tsx';
import { EntryTools } from './EntryTools.tsx';
import { isGone, movedFrom, movedTo } from './moved.ts';
import { useEntryLabel } from './useEntryLabel.ts';
import styles from './StubEntry.module.css';
import { personName } from '../lib/personName.ts';

/** In its place stands only that there is something: read by others, gone on, or erased. */
export const isStub = (entry: Entry): boolean => entry.closed || Boolean(entry.erased_at) || isGone(entry);

export function StubEntry({ entry }: { entry: Entry }) {
  const label = useEntryLabel(entry);
  return (
    <article aria-label={label} className={styles.stub} data-tone={entry.closed ? 'closed' : entry.erased_at ? 'erased' : 'moved'}>
      <ChannelIcon medium={entry.medium} size={14} silent />
      <Words entry={entry} />
      <When at={entry.occurred_at} clock className={styles.when} />
      <span className={styles.tools}>
        <EntryTools entry={entry} />
      </span>
    </article>
  );
}

function Words({ entry }: { entry: Entry }) {
  const t = useT();
  const { agentById } = useDirectory();
  const who = (id: string | null | undefined) => agentById.get(id ?? '')?.name ?? t('author.agent');
  const kind = t(`kind.${entry.kind}`);
  if (entry.closed)
    return (
      <span className={styles.words}>
        <LockKeyhole size={13} aria-hidden /> {t('stub.closed', { kind, by: mediumName(entry.medium) })}
      </span>
    );
  const erased = millis(entry.erased_at);
  if (erased !== null)
    return (
      <span className={styles.words}>
        <Eraser size={13} aria-hidden /> {t('stub.erased', { kind, by: mediumName(entry.medium), at: dateTime(erased) })}
      </span>
    );
  const moved = movedTo(entry);
  if (!moved)
    return (
      <span className={styles.words}>
        <CornerUpRight size={13} aria-hidden /> {t('stub.was_moved_back', { kind, name: personName(movedFrom(entry)?.name) })}
      </span>
    );
  return (
    <span className={styles.words}>
      <CornerUpRight size={13} aria-hidden />
      <span>
        {t('stub.moved_to', { kind })} <a href={personHref(moved.customer_id, moved.entry_id)}>{personName(moved.name)}</a>{' '}
        {t('stub.moved_by', { who: who(moved.by) })}
        {moved.reason && ` · ${moved.reason}`}
      </span>
      <button type="button" className={styles.undo} onClick={() => void moveBack(entry.id)}>
        {t('ui.undo')}
      </button>
    </span>
  );
}

/** On an entry that was written under somebody else's address. */
export function MovedFrom({ entry }: { entry: Entry }) {
  const t = useT();
  const { agentById } = useDirectory();
  const moved = movedFrom(entry);
  if (!moved || moved.undone) return null;
  return (
    <p className={styles.from}>
      <CornerUpRight size={12} aria-hidden />
      <span>
        {t('stub.moved_from')} <a href={personHref(moved.customer_id, moved.entry_id)}>{personName(moved.name)}</a>{' '}
        {t('stub.moved_by', { who: agentById.get(moved.by ?? '')?.name ?? t('author.agent') })}
        {moved.reason && ` · ${moved.reason}`}
      </span>
    </p>
  );
}
