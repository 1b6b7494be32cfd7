import { useState } from 'react';
import { CodeXml, TextAlignStart } from 'lucide-react';
import { later } from '../app/later.tsx';
import { useT } from '../i18n/index.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { hueOf } from '../ui/medium.ts';
import { Attachments } from './Attachments.tsx';
import { Delivery } from './Delivery.tsx';
import { EntryTools } from './EntryTools.tsx';
import { EntryHead } from './EntryHead.tsx';
import type { EntryProps } from './entryView.ts';
import { FoldedText } from './FoldedText.tsx';
import { FormattedText } from './FormattedText.tsx';
import { Forwarded } from './Forwarded.tsx';
import { Invitation, SecureMark } from './Invitation.tsx';
import { isKeptBack } from './keptBack.ts';
import { LinkedText } from './LinkedText.tsx';
import { isNamed } from './mailRules.ts';
import { isExtra, isWordless, MessageExtra } from './MessageExtra.tsx';
import { splitQuote, text } from './payload.ts';
import { Recipients } from './Recipients.tsx';
import { MovedFrom } from './StubEntry.tsx';
import { ThreadOf } from './ThreadOf.tsx';
import { useEntryLabel } from './useEntryLabel.ts';
import { WhoWrote } from './WhoWrote.tsx';
import styles from './MessageEntry.module.css';

/** Where it cannot be loaded, its words are there. */
const MailFrame = later(
  () => import('./MailFrame.tsx'),
  ({ entry }) => <FoldedText text={entry.text ?? ''} quote="" at={entry.occurred_at} />,
);

/** Marks that carry meaning which plain text loses. */
const RICH = /<(img|table|ul|ol|h[1-4]|b|strong|em|a)[\s>]/i;

export function MessageEntry({ entry, joined }: EntryProps) {
  const t = useT();
  const label = useEntryLabel(entry);
  const formatted = text(entry, 'markdown') !== null;
  const html = formatted ? '' : (entry.html ?? '');
  const [asHtml, setAsHtml] = useState(() => html !== '' && (RICH.test(html) || !entry.text));
  const mail = entry.medium === 'email';
  const [own, quote] = splitQuote(entry);
  const seen = formatted ? (entry.html ?? '') : asHtml ? html : '';
  const files = (entry.attachments ?? []).filter((file) => !file.inline || !isNamed(seen, file.cid) || isKeptBack(file));
  const shown = files.length > 0 && <Attachments files={files} of={entry.id} />;
  return (
    <article aria-label={label} className={styles.message} data-direction={entry.direction} data-mail={mail || undefined} style={hueOf(entry.medium)}>
      {!joined && <EntryHead entry={entry} />}
      <MovedFrom entry={entry} />
      <div className={styles.line}>
        <div className={styles.bubble} data-failed={entry.delivery === 'failed' || undefined} data-cancelled={entry.delivery === 'cancelled' || undefined}>
          {mail && entry.subject && (
            <p className={styles.subject}>
              <LinkedText text={entry.subject} at={entry.occurred_at} />
            </p>
          )}
          {mail && <Recipients entry={entry} />}
          {mail && <Forwarded entry={entry} />}
          {mail && <ThreadOf entry={entry} />}
          {mail && <SecureMark entry={entry} />}
          {mail && <Invitation entry={entry} />}
          {!mail && shown}
          {asHtml ? (
            <MailFrame entry={entry} />
          ) : formatted && entry.html ? (
            <FormattedText html={entry.html} at={entry.occurred_at} files={entry.attachments ?? []} />
          ) : isExtra(entry) ? (
            <MessageExtra entry={entry} />
          ) : isWordless(entry) ? null : (
            <FoldedText text={own} quote={quote} at={entry.occurred_at} />
          )}
          {mail && shown}
        </div>
        <div className={styles.tools}>
          <EntryTools entry={entry} />
          {html !== '' && entry.text && (
            <IconButton icon={asHtml ? TextAlignStart : CodeXml} label={t(asHtml ? 'mail.as_text' : 'mail.as_html')} small onClick={() => setAsHtml(!asHtml)} />
          )}
        </div>
      </div>
      <Delivery entry={entry} />
      <WhoWrote entry={entry} />
    </article>
  );
}
