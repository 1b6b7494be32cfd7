import { BadgeCheck, CircleDashed, CircleHelp, Copy, Handshake, type LucideIcon } from 'lucide-react';
import type { Identity } from '@throughline/protocol';
import type { Medium } from '../app/route.ts';
import { useDirectory } from '../directory/directory.ts';
import { useT, type Key } from '../i18n/index.ts';
import { dateTime, millis } from '../lib/format.ts';
import { Button } from '../ui/Button.tsx';
import { ChannelIcon } from '../ui/ChannelIcon.tsx';
import { copyText } from '../ui/copy.ts';
import { Popover } from '../ui/Popover.tsx';
import { Section } from './Section.tsx';
import styles from './Identities.module.css';

const MEDIA: Record<Identity['kind'], Medium> = {
  email: 'email', phone: 'phone', visitor: 'chat', line: 'line', whatsapp: 'whatsapp', messenger: 'messenger',
  instagram: 'instagram', telegram: 'telegram', shop_customer: 'shop', loyalty_card: 'shop', external: 'other',
};

const PROOFS: Record<Identity['proof'], LucideIcon> = {
  anonymous: CircleDashed, claimed: CircleHelp, proven: BadgeCheck, confirmed: Handshake,
};

const RULES: Record<string, Key> = {
  first_contact: 'rule.first_contact', same_email: 'rule.same_email', same_phone: 'rule.same_phone', vouched: 'rule.vouched',
};

/** Addresses are for reading; the ids that providers make up are not, so their name stands for them. */
const OPAQUE = new Set<Identity['kind']>(['visitor', 'line', 'messenger', 'instagram', 'external']);

/** Numbers that say nothing without what they number. */
const NUMBERED = new Set<Identity['kind']>(['shop_customer', 'loyalty_card']);

export function Identities({ identities }: { identities: readonly Identity[] }) {
  const t = useT();
  return (
    <Section title={t('panel.identities')}>
      <ul className={styles.list}>{identities.map((identity) => <Row key={identity.id} identity={identity} />)}</ul>
    </Section>
  );
}

function Row({ identity }: { identity: Identity }) {
  const t = useT();
  const Proof = PROOFS[identity.proof];
  const proof = t(`proof.${identity.proof}`);
  const kind = t(`identity.${identity.kind}`);
  const value = OPAQUE.has(identity.kind) ? identity.name || kind : NUMBERED.has(identity.kind) ? `${kind} ${identity.value}` : identity.value;
  return (
    <li>
      <Popover
        label={t('identity.title')}
        trigger={
          <button type="button" className={styles.row} aria-label={`${kind}: ${value}, ${proof}`}>
            <ChannelIcon medium={MEDIA[identity.kind]} silent />
            <span className={styles.value}>{value}</span>
            <span className={styles.proof} data-proof={identity.proof}><Proof size={14} aria-hidden /> {proof}</span>
          </button>
        }
      >
        <Facts identity={identity} />
      </Popover>
    </li>
  );
}

function Facts({ identity }: { identity: Identity }) {
  const t = useT();
  const { channelById } = useDirectory();
  const rule = identity.rule && RULES[identity.rule];
  const when = (iso: string | null) => (millis(iso) === null ? null : dateTime(millis(iso)!));
  const rows: [string, string | null | undefined][] = [
    [t(`identity.${identity.kind}`), identity.value],
    [t('identity.called'), identity.name],
    [t('identity.within'), channelById.get(identity.channel_id ?? '')?.name],
    [t('identity.proof'), t(`proof.${identity.proof}.text`)],
    [t('identity.rule'), rule ? t(rule) : identity.rule],
    [t('identity.evidence'), identity.evidence],
    [t('identity.linked'), when(identity.linked_at)],
    [t('identity.first'), when(identity.first_at)],
    [t('identity.last'), when(identity.last_at)],
  ];
  return (
    <>
      <dl className={styles.facts}>
        {rows.map(([name, value]) => value && <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
      </dl>
      <Button small icon={Copy} onClick={() => void copyText(identity.value)}>{t('ui.copy')}</Button>
    </>
  );
}
