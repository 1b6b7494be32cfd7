import { Repeat2 } from 'lucide-react';
import type { Overview, Medium } from '@throughline/protocol';
import { useT } from '../i18n/index.ts';
import { number } from '../lib/format.ts';
import { ChannelIcon } from '../ui/ChannelIcon.tsx';
import { mediumName } from '../ui/medium.ts';
import { Section } from './Section.tsx';
import styles from './Contacts.module.css';

const SPANS = ['d7', 'd30', 'd365'] as const;

/** How often the person got in touch, by what; and that the same is being asked in several places. */
export function Contacts({ overview }: { overview: Overview | null }) {
  const t = useT();
  if (!overview || overview.contacts.length === 0) return null;
  const sum = (span: (typeof SPANS)[number] | 'total') => overview.contacts.reduce((all, one) => all + (one[span] ?? 0), 0);
  return (
    <Section title={t('panel.contacts')} end={t('contacts.total', { count: sum('total') })}>
      {overview.asked_on.length > 1 && (
        <p className={styles.asked}>
          <Repeat2 size={14} aria-hidden />
          {t('contacts.asked_on', { n: overview.asked_on.length, media: overview.asked_on.map((medium) => mediumName(medium as Medium)).join(t('ui.comma')) })}
        </p>
      )}
      <table className={styles.table}>
        <thead>
          <tr>
            <th>
              <span className="visually-hidden">{t('filter.channel')}</span>
            </th>
            {SPANS.map((span) => (
              <th key={span} scope="col">
                {t(`contacts.${span}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {overview.contacts.map((one) => (
            <tr key={one.medium}>
              <th scope="row">
                <ChannelIcon medium={one.medium as Medium} size={14} silent /> {mediumName(one.medium as Medium)}
              </th>
              {SPANS.map((span) => (
                <td key={span} data-none={!one[span] || undefined}>
                  {number(one[span] ?? 0)}
                </td>
              ))}
            </tr>
          ))}
          {overview.contacts.length > 1 && (
            <tr className={styles.sum}>
              <th scope="row">{t('contacts.all')}</th>
              {SPANS.map((span) => (
                <td key={span}>{number(sum(span))}</td>
              ))}
            </tr>
          )}
        </tbody>
      </table>
    </Section>
  );
}
