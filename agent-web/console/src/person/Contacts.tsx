import { Repeat2 } from 'lucide-react';
import { useMemo } from 'react';
import type { JourneyDay, Medium } from '@throughline/protocol';
import { useT } from '../i18n/index.ts';
import { number } from '../lib/format.ts';
import { useNow } from '../lib/now.ts';
import { useStore } from '../lib/store.ts';
import { askedOn, conversationsOf } from '../queue/conversations.ts';
import { ChannelIcon } from '../ui/ChannelIcon.tsx';
import { mediumName } from '../ui/medium.ts';
import { contactsOf, SPANS, type SpanName } from './contacts.ts';
import { Section } from './Section.tsx';
import styles from './Contacts.module.css';

const NAMES = Object.keys(SPANS) as SpanName[];

/** How often the person got in touch, by what; and that the same is being asked in several places. */
export function Contacts({ customerId, days }: { customerId: string; days: readonly JourneyDay[] }) {
  const t = useT();
  const now = useNow();
  const asked = askedOn(useStore(conversationsOf(customerId)));
  const contacts = useMemo(() => contactsOf(days, now), [days, now]);
  if (contacts.length === 0) return null;
  const sum = (span: SpanName | 'total') => contacts.reduce((all, one) => all + one[span], 0);
  return (
    <Section title={t('panel.contacts')} end={t('contacts.total', { count: sum('total') })}>
      {asked.length > 1 && (
        <p className={styles.asked}>
          <Repeat2 size={14} aria-hidden />
          {t('contacts.asked_on', { n: asked.length, media: asked.map((medium) => mediumName(medium as Medium)).join(t('ui.comma')) })}
        </p>
      )}
      <table className={styles.table}>
        <thead>
          <tr>
            <th>
              <span className="visually-hidden">{t('filter.channel')}</span>
            </th>
            {NAMES.map((span) => (
              <th key={span} scope="col">
                {t(`contacts.${span}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {contacts.map((one) => (
            <tr key={one.medium}>
              <th scope="row">
                <ChannelIcon medium={one.medium} size={14} silent /> {mediumName(one.medium)}
              </th>
              {NAMES.map((span) => (
                <td key={span} data-none={!one[span] || undefined}>
                  {number(one[span])}
                </td>
              ))}
            </tr>
          ))}
          {contacts.length > 1 && (
            <tr className={styles.sum}>
              <th scope="row">{t('contacts.all')}</th>
              {NAMES.map((span) => (
                <td key={span}>{number(sum(span))}</td>
              ))}
            </tr>
          )}
        </tbody>
      </table>
    </Section>
  );
}
