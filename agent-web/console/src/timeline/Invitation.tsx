import type { Entry } from '@throughline/protocol';
import { CalendarCheck, CalendarDays, CalendarX, LockKeyhole, ShieldAlert, ShieldCheck, ShieldQuestionMark, type LucideIcon } from 'lucide-react';
import { useT, type Key } from '../i18n/index.ts';
import { eventTime } from '../lib/format.ts';
import { LinkedText } from './LinkedText.tsx';
import { text } from './payload.ts';
import { signatureOf, signatureWords, type SignatureState } from './signature.ts';
import styles from './Invitation.module.css';

const METHODS: Record<string, { name: Key; icon: LucideIcon }> = {
  request: { name: 'calendar.request', icon: CalendarDays },
  cancel: { name: 'calendar.cancel', icon: CalendarX },
  reply: { name: 'calendar.reply', icon: CalendarCheck },
};
const EVENT = { name: 'calendar.event', icon: CalendarDays } as const;

/** What a mail invites to. */
export function Invitation({ entry }: { entry: Entry }) {
  const t = useT();
  const calendar = entry.payload?.['calendar'] as Record<string, unknown> | null | undefined;
  if (!calendar || typeof calendar !== 'object') return null;
  const of = (name: string): string => (typeof calendar[name] === 'string' ? (calendar[name] as string) : '');
  const { name, icon: Icon } = METHODS[of('method')] ?? EVENT;
  const rows: [Key, string][] = [
    ['calendar.when', [eventTime(of('starts'), of('ends')), of('repeats') && t('calendar.repeats')].filter(Boolean).join(' · ')],
    ['calendar.where', of('location')],
    ['calendar.who', of('organizer')],
  ];
  return (
    <section className={styles.card} aria-label={t(name)}>
      <p className={styles.title}>
        <Icon size={16} aria-hidden />
        <span>{t(name)}</span>
        <b dir="auto">{of('summary') || t('calendar.untitled')}</b>
      </p>
      <dl>
        {rows.map(
          ([row, value]) =>
            value && (
              <div key={row}>
                <dt>{t(row)}</dt>
                <dd dir="auto">
                  <LinkedText text={value} at={entry.occurred_at} />
                </dd>
              </div>
            ),
        )}
      </dl>
    </section>
  );
}

const SECURE: Record<string, { name: Key; icon: LucideIcon }> = {
  smime_signed: { name: 'mail.smime_signed', icon: ShieldQuestionMark },
  pgp_signed: { name: 'mail.pgp_signed', icon: ShieldQuestionMark },
  smime_encrypted: { name: 'mail.smime_encrypted', icon: LockKeyhole },
  pgp_encrypted: { name: 'mail.pgp_encrypted', icon: LockKeyhole },
};

const SIGNATURES: Partial<Record<SignatureState, { icon: LucideIcon; tone: 'good' | 'bad' }>> = {
  valid: { icon: ShieldCheck, tone: 'good' },
  other: { icon: ShieldAlert, tone: 'bad' },
  invalid: { icon: ShieldAlert, tone: 'bad' },
};

/** That a mail is signed and by whom, or cannot be read here. */
export function SecureMark({ entry }: { entry: Entry }) {
  const t = useT();
  const mark = SECURE[text(entry, 'secure') ?? ''];
  if (!mark) return null;
  const signature = signatureOf(entry);
  const look = signature && SIGNATURES[signature.state];
  const Icon = look?.icon ?? mark.icon;
  return (
    <p className={styles.secure} data-tone={look?.tone}>
      <Icon size={13} aria-hidden /> {signature ? signatureWords(signature) : t(mark.name)}
    </p>
  );
}
