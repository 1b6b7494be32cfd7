import { Globe, Languages, Monitor, MousePointerClick, Smartphone, Tablet, Undo2, type LucideIcon } from 'lucide-react';
import type { PresencePush, Visit as Facts } from '@throughline/protocol';
import type { ReactNode } from 'react';
import { useT, type Key } from '../i18n/index.ts';
import { languageName, localTime } from '../lib/format.ts';
import { useNow } from '../lib/now.ts';
import { Section } from './Section.tsx';
import styles from './Visit.module.css';

const DEVICES: Record<NonNullable<Facts['device']>, [LucideIcon, Key]> = {
  phone: [Smartphone, 'visit.phone'],
  tablet: [Tablet, 'visit.tablet'],
  computer: [Monitor, 'visit.computer'],
};

/** Where the visitor is now, and whence they came, as long as they are there. */
export function Visit({ presence }: { presence: PresencePush | null }) {
  const t = useT();
  const now = useNow();
  const visit = presence?.visit;
  if (!presence?.visitor_here || !visit) return null;
  const { url, title, before_url: before, referrer, language, time_zone: zone, device } = visit;
  const clock = localTime(zone, now);
  const [DeviceIcon, deviceWords] = DEVICES[device ?? 'computer'];
  return (
    <Section title={t('visit.title')}>
      <ul className={styles.facts}>
        {url && <Fact icon={MousePointerClick} name={t('visit.page')} value={<Page url={url} title={title} />} />}
        {before && <Fact icon={Undo2} name={t('visit.before')} value={<Page url={before} title={null} />} />}
        {referrer && <Fact icon={Globe} name={t('visit.referrer')} value={<Page url={referrer} title={hostOf(referrer)} />} />}
        {(language || clock) && <Fact icon={Languages} name={t('visit.language')} value={[languageName(language), clock].filter(Boolean).join(' · ')} />}
        {device && <Fact icon={DeviceIcon} name={t('visit.device')} value={t(deviceWords)} />}
      </ul>
    </Section>
  );
}

function Fact({ icon: Icon, name, value }: { icon: LucideIcon; name: string; value: ReactNode }) {
  return (
    <li title={name}>
      <Icon size={14} aria-hidden />
      <span className="visually-hidden">{name}: </span>
      <bdi className={styles.value}>{value}</bdi>
    </li>
  );
}

/** Of the visitor's own site: where it is there. */
function Page({ url, title }: { url: string; title: string | null | undefined }) {
  if (!/^https?:/i.test(url)) return title || url;
  return (
    <a href={url} target="_blank" rel="noopener noreferrer" title={url}>
      {title || pathOf(url)}
    </a>
  );
}

function parsed(url: string): URL | null {
  try {
    return new URL(url);
  } catch {
    return null;
  }
}

const hostOf = (url: string): string => parsed(url)?.host ?? url;

function pathOf(url: string): string {
  const page = parsed(url);
  return page ? page.pathname + page.search : url;
}
