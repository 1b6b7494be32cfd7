import { Pin, StickyNote } from 'lucide-react';
import { useT } from '../i18n/index.ts';
import { me } from '../session/session.ts';
import { When } from '../ui/When.tsx';
import { Attachments } from './Attachments.tsx';
import { EntryTools } from './EntryTools.tsx';
import { BotMark, useAuthor } from './EntryHead.tsx';
import type { EntryProps } from './entryView.ts';
import { FoldedText } from './FoldedText.tsx';
import { quietWords } from './quietWords.ts';
import { useEntryLabel } from './useEntryLabel.ts';
import styles from './NoteEntry.module.css';

export function NoteEntry({ entry }: EntryProps) {
  const t = useT();
  const who = useAuthor(entry);
  const label = useEntryLabel(entry);
  const files = entry.attachments ?? [];
  return (
    <article aria-label={label} className={styles.note}>
      <p className={styles.head}>
        <StickyNote size={14} aria-hidden />
        <b>{entry.kind === 'activity' ? quietWords(t, entry, who) : entry.author_id === me()?.id ? t('note.yours') : t('note.by', { who })}</b>
        <BotMark entry={entry} />
        <span>{t('note.private')}</span>
        {entry.pinned && (
          <span>
            <Pin size={12} aria-hidden /> {t('entry.pinned')}
          </span>
        )}
        <When at={entry.occurred_at} clock />
        <span className={styles.tools}>
          <EntryTools entry={entry} />
        </span>
      </p>
      <FoldedText text={entry.text ?? ''} at={entry.occurred_at} />
      {files.length > 0 && <Attachments files={files} of={entry.id} />}
    </article>
  );
}
