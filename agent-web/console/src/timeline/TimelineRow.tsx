import { memo } from 'react';
import { Flag } from 'lucide-react';
import { PendingEntry } from '../composer/PendingEntry.tsx';
import { useT } from '../i18n/index.ts';
import { day } from '../lib/format.ts';
import { CallEntry } from './CallEntry.tsx';
import { MessageEntry } from './MessageEntry.tsx';
import { NoteEntry } from './NoteEntry.tsx';
import { OrderEntry } from './OrderEntry.tsx';
import { QuietGroup } from './QuietGroup.tsx';
import { SurveyEntry } from './SurveyEntry.tsx';
import { isStub, MovedFrom, StubEntry } from './StubEntry.tsx';
import { StretchRail } from './StretchRail.tsx';
import { WhoWrote } from './WhoWrote.tsx';
import type { EntryView } from './entryView.ts';
import type { Row } from './rows.ts';
import styles from './TimelineRow.module.css';

interface Props {
  row: Row;
  now: number;
  lit: boolean;
  /** A link named an entry of it. */
  named: boolean;
  onLight: (conversationId: string | null) => void;
}

/** How each kind that is not a quiet one-liner is drawn. */
const VIEWS: Partial<Record<string, EntryView>> = {
  message: MessageEntry,
  note: NoteEntry,
  call: CallEntry,
  order: OrderEntry,
  survey: SurveyEntry,
};

export const TimelineRow = memo(
  function TimelineRow({ row, now, lit, named, onLight }: Props) {
    if (row.type === 'day')
      return (
        <h2 className={styles.day}>
          <span>{day(row.at, now)}</span>
        </h2>
      );
    if (row.type === 'start') return <Start />;
    if (row.type === 'pending')
      return (
        <div className={styles.body}>
          <PendingEntry pending={row.pending} />
        </div>
      );
    const conversationId = row.type === 'entry' ? row.entry.conversation_id : (row.entries[0]?.conversation_id ?? null);
    return (
      <div
        className={styles.frame}
        data-lit={lit || undefined}
        data-named={named || undefined}
        aria-current={named || undefined}
        data-joined={(row.type === 'entry' && row.joined) || undefined}
      >
        <StretchRail stretch={row.stretch} conversationId={conversationId} lit={lit} onLight={onLight} />
        <div className={styles.body}>{row.type === 'quiet' ? <QuietGroup entries={row.entries} /> : <One row={row} />}</div>
      </div>
    );
  },
  (a, b) => a.row === b.row && a.lit === b.lit && a.named === b.named && (a.now === b.now || a.row.type !== 'day') && a.onLight === b.onLight,
);

function One({ row }: { row: Extract<Row, { type: 'entry' }> }) {
  if (isStub(row.entry)) return <StubEntry entry={row.entry} />;
  const View = row.entry.kind === 'activity' && row.entry.text ? NoteEntry : VIEWS[row.entry.kind];
  if (!View) return <QuietGroup entries={[row.entry]} />;
  // A message says these things between its own lines.
  if (row.entry.kind === 'message') return <View entry={row.entry} joined={row.joined} />;
  return (
    <>
      <MovedFrom entry={row.entry} />
      <View entry={row.entry} joined={row.joined} />
      <WhoWrote entry={row.entry} />
    </>
  );
}

function Start() {
  const t = useT();
  return (
    <p className={styles.start}>
      <Flag size={14} aria-hidden /> {t('timeline.start')}
    </p>
  );
}
