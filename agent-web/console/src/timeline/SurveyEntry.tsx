import { ClipboardList } from 'lucide-react';
import { useT } from '../i18n/index.ts';
import { When } from '../ui/When.tsx';
import { EntryTools } from './EntryTools.tsx';
import type { EntryProps } from './entryView.ts';
import { text } from './payload.ts';
import { useEntryLabel } from './useEntryLabel.ts';
import styles from './SurveyEntry.module.css';

export function SurveyEntry({ entry }: EntryProps) {
  const label = useEntryLabel(entry);
  const t = useT();
  const question = text(entry, 'question') ?? entry.subject;
  const answer = text(entry, 'answer') ?? entry.text;
  const score = text(entry, 'score');
  return (
    <article aria-label={label} className={styles.survey}>
      <ClipboardList size={16} aria-hidden className={styles.icon} />
      <div className={styles.text}>
        <p className={styles.question}>{question ?? t('quiet.survey')}</p>
        {answer && <p>{answer}</p>}
      </div>
      {score !== null && (
        <b className={styles.score} aria-label={t('survey.score', { score })}>
          {score}
        </b>
      )}
      <When at={entry.occurred_at} clock className={styles.when} />
      <EntryTools entry={entry} />
    </article>
  );
}
