import { Copy, Fingerprint, MailCheck, MailX, UsersRound } from 'lucide-react';
import { IDENTITY_KINDS, type Customer, type Identity, type Share } from '@throughline/protocol';
import { openDialog } from '../app/dialogs.ts';
import { personHref } from '../app/route.ts';
import { call } from '../connection/client.ts';
import { agentName, useDirectory } from '../directory/directory.ts';
import { useT } from '../i18n/index.ts';
import { saidAll } from '../i18n/said.ts';
import { identityKind, identityMedium, identityWords, PROOFS, ruleWords } from '../identity/words.ts';
import { dateTime, millis } from '../lib/format.ts';
import { refreshPerson } from '../timeline/person.ts';
import { Button } from '../ui/Button.tsx';
import { ChannelIcon } from '../ui/ChannelIcon.tsx';
import { copyText } from '../ui/copy.ts';
import { Choice } from '../ui/Field.tsx';
import { Popover } from '../ui/Popover.tsx';
import { toast, toastError } from '../ui/toasts.ts';
import { Section } from './Section.tsx';
import styles from './Identities.module.css';

const CONSENTS = ['unknown', 'granted', 'refused'] as const;

export function Identities({ customer }: { customer: Customer }) {
  const t = useT();
  const { identities, shares, id } = customer;
  const origins = (
    <Button small look="quiet" icon={Fingerprint} onClick={() => openDialog({ type: 'origins', customerId: id })}>
      {t('origins.open')}
    </Button>
  );
  return (
    <Section title={t('panel.identities')} end={origins}>
      <ul className={styles.list}>
        {identities.map((identity) => (
          <Row key={identity.id} identity={identity} customerId={id} />
        ))}
        {shares.map((share) => (
          <SharedRow key={share.identity_id} share={share} />
        ))}
      </ul>
    </Section>
  );
}

function Row({ identity, customerId }: { identity: Identity; customerId: string }) {
  const t = useT();
  const Proof = PROOFS[identity.proof];
  const proof = t(`proof.${identity.proof}`);
  const kind = identityKind(identity.kind);
  const value = identityWords(identity);
  const consent = identity.consent === 'unknown' ? null : t(`consent.${identity.consent}`);
  const words = [`${kind}: ${value}`, proof, consent, identity.bounced_at && t('identity.bounced'), identity.shared && t('identity.shared')]
    .filter(Boolean)
    .join(t('ui.comma'));
  return (
    <li>
      <Popover
        label={t('identity.title')}
        trigger={
          <button type="button" className={styles.row} aria-label={words}>
            <ChannelIcon medium={identityMedium(identity.kind)} silent />
            <bdi className={styles.value}>{value}</bdi>
            {identity.shared && <UsersRound size={14} aria-hidden className={styles.mark} />}
            {identity.bounced_at && <MailX size={14} aria-hidden className={styles.bad} />}
            {consent && (
              <span className={styles.consent} data-consent={identity.consent}>
                {consent}
              </span>
            )}
            <span className={styles.proof} data-proof={identity.proof}>
              <Proof size={14} aria-hidden /> {proof}
            </span>
          </button>
        }
      >
        <Facts identity={identity} customerId={customerId} />
      </Popover>
    </li>
  );
}

/** An address that several use has a record of its own. */
function SharedRow({ share }: { share: Share }) {
  const t = useT();
  return (
    <li>
      <a className={styles.row} href={personHref(share.customer_id)}>
        <ChannelIcon medium={identityMedium(share.kind)} silent />
        <bdi className={styles.value}>{identityWords(share)}</bdi>
        <span className={styles.proof}>
          <UsersRound size={14} aria-hidden /> {t('identity.shared_with', { count: share.others ?? 0 })}
        </span>
      </a>
    </li>
  );
}

function Facts({ identity, customerId }: { identity: Identity; customerId: string }) {
  const t = useT();
  const { channelById } = useDirectory();
  const when = (iso: string | null) => (millis(iso) === null ? null : dateTime(millis(iso)!));
  const rows: [string, string | null | undefined | false][] = [
    [identityKind(identity.kind), identity.value],
    [t('identity.called'), identity.name],
    [t('identity.within'), channelById.get(identity.channel_id ?? '')?.name],
    [t('identity.proof'), t(`proof.${identity.proof}.text`)],
    [t('identity.rule'), ruleWords(identity.rule)],
    [t('identity.evidence'), saidAll(identity.evidence)],
    [t('identity.by'), agentName(identity.linked_by)],
    [t('identity.linked'), when(identity.linked_at)],
    [t('identity.first'), when(identity.first_at)],
    [t('identity.last'), when(identity.last_at)],
    [t('identity.bounced'), identity.bounced_at && [when(identity.bounced_at), saidAll(identity.bounced_reason)].filter(Boolean).join(' · ')],
    [t('consent.since'), identity.consent !== 'unknown' && when(identity.consent_at)],
  ];
  const setConsent = async (consent: string) => {
    try {
      await call('identity.set_consent', { identity_id: identity.id, consent: consent as Identity['consent'] });
      refreshPerson(customerId);
      toast(t('consent.saved'));
    } catch (error) {
      toastError(error);
    }
  };
  const clearBounce = () =>
    call('identity.clear_bounce', { identity_id: identity.id })
      .then(() => refreshPerson(customerId))
      .catch(toastError);
  return (
    <div className={styles.about}>
      <dl className={styles.facts}>
        {rows.map(
          ([name, value]) =>
            value && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
      {IDENTITY_KINDS[identity.kind].reached && (
        <Choice
          label={t('consent.label')}
          value={identity.consent}
          options={CONSENTS.map((value) => ({ value, name: t(`consent.${value}.text`) }))}
          onChange={(value) => void setConsent(value)}
        />
      )}
      <p className={styles.buttons}>
        {identity.bounced_at && (
          <Button small icon={MailCheck} onClick={() => void clearBounce()}>
            {t('identity.clear_bounce')}
          </Button>
        )}
        <Button small icon={Copy} onClick={() => void copyText(identity.value)}>
          {t('ui.copy')}
        </Button>
        <Button small icon={UsersRound} onClick={() => openDialog({ type: 'share', customerId, identity })}>
          {t(identity.shared ? 'share.change' : 'share.begin')}
        </Button>
      </p>
    </div>
  );
}
