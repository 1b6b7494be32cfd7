import { Handshake, PhoneIncoming, PhoneMissed, PhoneOutgoing } from 'lucide-react';
import { useState } from 'react';
import { customerOf, route } from '../app/route.ts';
import { useDirectory } from '../directory/directory.ts';
import { useT } from '../i18n/index.ts';
import { duration } from '../lib/format.ts';
import { useNow } from '../lib/now.ts';
import { useStore } from '../lib/store.ts';
import { Button } from '../ui/Button.tsx';
import { EntryTools } from './EntryTools.tsx';
import { When } from '../ui/When.tsx';
import { Attachments } from './Attachments.tsx';
import type { EntryProps } from './entryView.ts';
import { numberOf, outcomeOf, wordsOf } from './calls.ts';
import { FoldedText } from './FoldedText.tsx';
import { count, text } from './payload.ts';
import { usePerson } from './person.ts';
import { at } from './rows.ts';
import { useEntryLabel } from './useEntryLabel.ts';
import styles from './CallEntry.module.css';

const BAD = new Set(['missed', 'busy', 'failed']);
/** A call that nobody has ended after so long has ended without our hearing of it. */
const LONGEST_MS = 4 * 3_600_000;
const NOW = new Set(['ringing', 'in_progress']);

export function CallEntry({ entry }: EntryProps) {
  const t = useT();
  const now = useNow();
  const label = useEntryLabel(entry);
  const [open, setOpen] = useState(false);
  const state = text(entry, 'state') ?? '';
  const visit = entry.medium === 'in_person';
  const outcome = outcomeOf(state, entry.direction, entry.medium);
  const files = entry.attachments ?? [];
  const seconds = count(entry, 'duration_s');
  const out = entry.direction === 'out';
  const Icon = visit ? Handshake : BAD.has(state) && !out ? PhoneMissed : out ? PhoneOutgoing : PhoneIncoming;
  const course = [outcome && t(outcome), seconds !== null && seconds > 0 && duration(seconds)].filter(Boolean).join(' · ');
  const words = wordsOf(entry);
  const transcript = text(entry, 'transcript') ?? (state === '' ? entry.text : null);
  const current = useStore(route, customerOf);
  const number = usePerson(current, (person) => numberOf(entry, person.customer?.identities ?? []));
  return (
    <article aria-label={label} className={styles.call} data-tone={BAD.has(state) ? 'bad' : NOW.has(state) && now - at(entry) < LONGEST_MS ? 'now' : 'done'}>
      <div className={styles.bar}>
        <span className={styles.icon}>
          <Icon size={16} aria-hidden />
        </span>
        <p className={styles.what}>
          <b>{t(visit ? (out ? 'visit.outgoing' : 'visit.incoming') : out ? 'call.outgoing' : 'call.incoming')}</b>
          <span className={styles.detail}>
            {course}
            {course && number && ' · '}
            <bdi>{number}</bdi>
          </span>
        </p>
        <When at={entry.occurred_at} clock className={styles.when} />
        {transcript && (
          <Button small look="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
            {t('call.transcript')}
          </Button>
        )}
        <EntryTools entry={entry} />
      </div>
      {files.length > 0 && <Attachments files={files} of={entry.id} />}
      {files.length === 0 && <KeptRecording entry={entry} />}
      {words && (
        <div className={styles.transcript}>
          <FoldedText text={words} />
        </div>
      )}
      {open && transcript && (
        <div className={styles.transcript}>
          <FoldedText text={transcript} />
        </div>
      )}
    </article>
  );
}

/** The provider gives a recording only to who has its password, and no browser is given that: it is heard there. */
function KeptRecording({ entry }: { entry: EntryProps['entry'] }) {
  const t = useT();
  const { channelById } = useDirectory();
  if (!text(entry, 'recording_url')) return null;
  const seconds = count(entry, 'recording_s');
  const channel = channelById.get(entry.channel_id ?? '')?.name ?? '';
  return (
    <p className={styles.kept}>{seconds ? t('call.recording_kept_long', { length: duration(seconds), channel }) : t('call.recording_kept', { channel })}</p>
  );
}
