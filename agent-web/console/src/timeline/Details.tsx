import { Info } from 'lucide-react';
import type { Entry } from '@throughline/protocol';
import { useDirectory } from '../directory/directory.ts';
import { useT } from '../i18n/index.ts';
import { authWord, checkWord, saidAll } from '../i18n/said.ts';
import { bytes, exact, millis } from '../lib/format.ts';
import { useConversation } from '../queue/conversations.ts';
import { Button } from '../ui/Button.tsx';
import { copyText } from '../ui/copy.ts';
import { mediumName } from '../ui/medium.ts';
import { LightPopover } from '../ui/Light.tsx';
import { people, text } from './payload.ts';
import { currentPerson } from './person.ts';
import { signatureOf, signatureWords } from './signature.ts';
import styles from './Details.module.css';

/** Everything that is known of an entry, for whoever has to find out. */
export function Details({ entry }: { entry: Entry }) {
  const t = useT();
  return (
    <LightPopover label={t('details.title')} trigger={<Button icon={Info} look="quiet" small aria-label={t('details.title')} title={t('details.title')} />}>
      <Facts entry={entry} />
    </LightPopover>
  );
}

function Facts({ entry }: { entry: Entry }) {
  const t = useT();
  const { channelById } = useDirectory();
  const number = useConversation(entry.conversation_id)?.number ?? null;
  const identity = currentPerson()?.customer?.identities.find((one) => one.id === entry.identity_id);
  const when = (iso: string | null) => (millis(iso) === null ? null : exact(millis(iso)!));
  const word = (say: (one: string) => string, value: string | null) => value && say(value);
  const signature = signatureOf(entry);
  const rows: [string, string | null | undefined][] = [
    [t('details.happened'), when(entry.occurred_at)],
    [t('details.received'), when(entry.received_at)],
    [t('details.written'), when(text(entry, 'written_at'))],
    [t('details.date_claimed'), when(text(entry, 'date_claimed'))],
    [t('details.edited'), when(text(entry, 'edited_at'))],
    [t('details.taken_back'), when(text(entry, 'taken_back_at'))],
    [t('details.by'), [mediumName(entry.medium), channelById.get(entry.channel_id ?? '')?.name].filter(Boolean).join(' · ')],
    [t('details.identity'), identity && `${identity.value}`],
    [t('details.from'), people(entry, 'from').join(', ')],
    [t('details.to'), people(entry, 'to').join(', ')],
    [t('details.cc'), people(entry, 'cc').join(', ')],
    [t('details.bcc'), people(entry, 'bcc').join(', ')],
    [t('details.delivered_to'), people(entry, 'delivered_to').join(', ')],
    [t('details.auth'), word(authWord, text(entry, 'auth'))],
    [t('details.spf'), word(checkWord, text(entry, 'spf'))],
    [t('details.dkim'), word(checkWord, text(entry, 'dkim'))],
    [t('details.dmarc'), word(checkWord, text(entry, 'dmarc'))],
    [t('details.signature'), signature && signatureWords(signature)],
    [t('details.message_id'), text(entry, 'message_id')],
    [t('details.conversation'), number === null ? null : `#${number}`],
    [t('details.delivery'), entry.delivery === 'none' ? null : t(`delivery.${entry.delivery}`)],
    [t('details.error'), saidAll(entry.delivery_error)],
    ...(entry.attachments ?? []).map((file): [string, string] => [
      file.name || t('file.unnamed'),
      [file.type, bytes(file.size ?? 0), file.sha256 && `SHA-256 ${file.sha256}`].filter(Boolean).join(' · '),
    ]),
    [t('details.external_id'), entry.external_id],
    [t('details.journal_id'), entry.journal_id],
    [t('details.id'), entry.id],
  ];
  return (
    <>
      <dl className={styles.facts}>
        {rows.map(
          ([name, value], index) =>
            value && (
              <div key={index}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
      <Button small onClick={() => void copyText(JSON.stringify(entry, null, 2))}>
        {t('details.copy')}
      </Button>
    </>
  );
}
