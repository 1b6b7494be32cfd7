import type { AttachedMail, Attachment, Entry } from '@throughline/protocol';
import { call } from '../connection/client.ts';
import { useT } from '../i18n/index.ts';
import { bytes, exact, millis } from '../lib/format.ts';
import { useLoaded } from '../lib/useLoaded.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { FoldedText } from './FoldedText.tsx';
import { Invitation } from './Invitation.tsx';
import MailFrame from './MailFrame.tsx';
import { people, splitQuote } from './payload.ts';
import styles from './MailDialog.module.css';

interface Props {
  /** The entry that has it, and its content. */
  of: string;
  file: Attachment;
  onClose: () => void;
}

/** A mail that is attached to another. */
export function MailDialog({ of, file, onClose }: Props) {
  const t = useT();
  const sha256 = file.sha256 ?? '';
  const read = useLoaded(() => call('entry.open_mail', { id: of, sha256 }), sha256);
  return (
    <Dialog title={read.value?.subject || file.name || t('mail.no_subject')} text={read.value ? '' : t('settings.loading')} wide onClose={onClose}>
      {read.error && (
        <p role="alert" className={styles.problem}>
          {read.error}
        </p>
      )}
      {read.value && <Read mail={read.value} id={sha256} />}
    </Dialog>
  );
}

function Read({ mail, id }: { mail: AttachedMail; id: string }) {
  const t = useT();
  const entry = { ...mail, id, attachments: mail.attachments ?? [] } as unknown as Entry;
  const [own, quote] = splitQuote(entry);
  const rows = [
    [t('details.from'), people(entry, 'from')],
    [t('details.to'), people(entry, 'to')],
    [t('details.cc'), people(entry, 'cc')],
    [t('details.happened'), [exact(millis(mail.occurred_at) ?? 0)]],
    [t('mail.files'), (entry.attachments ?? []).map((file) => `${file.name} (${bytes(file.size ?? 0)})`)],
  ] as const;
  return (
    <>
      <dl className={styles.head}>
        {rows.map(
          ([name, list]) =>
            list.length > 0 && (
              <div key={name}>
                <dt>{name}</dt>
                <dd dir="auto">{list.join(t('ui.comma'))}</dd>
              </div>
            ),
        )}
      </dl>
      <Invitation entry={entry} />
      {entry.html ? <MailFrame entry={entry} /> : <FoldedText text={own} quote={quote} at={mail.occurred_at} />}
    </>
  );
}
