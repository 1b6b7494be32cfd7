import { BellDot, MessageSquareOff, MessageSquarePlus, MessageSquareReply, PenLine } from 'lucide-react';
import type { Way } from '@throughline/protocol';
import { jumpToNow } from '../actions/signals.ts';
import { useDirectory } from '../directory/directory.ts';
import { useT } from '../i18n/index.ts';
import type { Person } from '../timeline/person.ts';
import { mediumName } from '../ui/medium.ts';
import { Button } from '../ui/Button.tsx';
import { closedText } from './closed.ts';
import { draftOf, type Draft } from './drafts.ts';
import { answeredMail } from './mail.ts';
import { dateTime, millis } from '../lib/format.ts';
import { me } from '../session/session.ts';
import { newestNews } from './news.ts';
import { PlannedBars } from './PlannedBar.tsx';
import { OtherDraft } from './OtherDraft.tsx';
import { SentBars } from './SentBar.tsx';
import styles from './ComposerBars.module.css';
import { nameOf } from '../lib/personName.ts';

/** What one must know before sending: something newer came, or a colleague is answering. */
export function ComposerBars({ person, draft, way }: { person: Person; draft: Draft; way: Way | null }) {
  const t = useT();
  const { agentById } = useDirectory();
  const newest = newestNews(person.entries, me()?.id ?? null);
  const newer = draft.seen !== null && draft.text !== '' && newest !== null && newest.id !== draft.seen;
  const answered = draft.answers === null ? null : answeredMail(person.entries, way, draft);
  const chosen = answered === answeredMail(person.entries, way, { answers: null, fresh: draft.fresh }) ? null : answered;
  const typing = (person.presence?.agents ?? []).filter((one) => one.typing).map((one) => agentById.get(one.agent_id)?.name ?? t('person.unnamed'));
  return (
    <div className={styles.bars} aria-live="polite">
      <SentBars person={person} />
      <PlannedBars person={person} />
      <OtherDraft customerId={person.id} />
      {person.presence?.visitor_typing && (
        <p className={styles.typing}>
          <PenLine size={13} aria-hidden /> {t('presence.visitor', { name: nameOf(person.customer) })}
          {person.presence.visitor_text && <q className={styles.typed}>{person.presence.visitor_text}</q>}
        </p>
      )}
      {typing.length > 0 && (
        <p className={styles.bar} data-tone="warn">
          <PenLine size={14} aria-hidden /> <span>{t('presence.answering', { name: typing.join(', ') })}</span>
        </p>
      )}
      {draft.mode === 'reply' && way?.usable === false && (
        <p className={styles.bar} data-tone="warn">
          <MessageSquareOff size={14} aria-hidden /> <span>{closedText(way)}</span>
        </p>
      )}
      {draft.fresh && draft.mode === 'reply' && (
        <p className={styles.bar}>
          <MessageSquarePlus size={14} aria-hidden /> <span>{t('compose.fresh')}</span>
          {person.entries.length > 0 && (
            <Button small onClick={() => draftOf(person.id).patch({ fresh: false })}>
              {t('compose.join')}
            </Button>
          )}
        </p>
      )}
      {chosen && draft.mode === 'reply' && (
        <p className={styles.bar}>
          <MessageSquareReply size={14} aria-hidden />
          <span>{t('composer.answers', { subject: chosen.subject || t('mail.no_subject'), when: dateTime(millis(chosen.occurred_at) ?? 0) })}</span>
          <Button small onClick={() => draftOf(person.id).patch({ answers: null, cc: null, subject: null })}>
            {t('composer.answers_newest')}
          </Button>
        </p>
      )}
      {newer && (
        <p className={styles.bar}>
          <BellDot size={14} aria-hidden />
          <span>
            {newest.direction === 'out'
              ? t('composer.answered', { name: newest.author_name ?? t('author.agent'), by: mediumName(newest.medium) })
              : t('composer.newer', { by: mediumName(newest.medium) })}
          </span>
          <Button
            small
            onClick={() => {
              jumpToNow.emit();
              draftOf(person.id).patch({ seen: newest.id });
            }}
          >
            {t('composer.newer_show')}
          </Button>
        </p>
      )}
    </div>
  );
}
