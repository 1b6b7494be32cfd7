import { Building2, Clock3, Languages, Sparkles } from 'lucide-react';
import type { Customer } from '@throughline/protocol';
import { useLanguage, useT } from '../i18n/index.ts';
import { exact, languageName, localTime, millis, number, since } from '../lib/format.ts';
import { nameOf } from '../lib/personName.ts';
import { useNow } from '../lib/now.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Editable } from './Editable.tsx';
import { update } from './update.ts';
import styles from './Who.module.css';

const TAGS = ['en', 'ja', 'de', 'fr', 'es', 'pt', 'it', 'nl', 'pl', 'tr', 'zh-Hans', 'zh-Hant', 'ko', 'vi', 'th', 'ar', 'he', 'hi', 'sv', 'uk'];

export function Who({ customer }: { customer: Customer }) {
  const t = useT();
  useLanguage();
  const now = useNow();
  const { name, company, language, time_zone: zone } = customer;
  const tags = language && !TAGS.includes(language) ? [language, ...TAGS] : TAGS;
  const languages = tags.map((value) => ({ value, name: languageName(value) }));
  const clock = localTime(zone, now);
  return (
    <header>
      <div className={styles.top}>
        <Avatar name={nameOf(customer)} size={48} />
        <div className={styles.name}>
          <Editable large label={t('person.name')} value={name ?? ''} empty={nameOf(customer)} onSave={(value) => update(customer, { name: value })} />
        </div>
      </div>
      <dl className={styles.facts}>
        <Fact icon={Languages} name={t('person.language')}>
          <Editable
            label={t('person.language')}
            value={language ?? ''}
            shown={languageName(language)}
            empty={t('person.add_language')}
            list={languages}
            onSave={(value) => update(customer, { language: value })}
          />
        </Fact>
        <Fact icon={Clock3} name={t('person.time_zone')}>
          <Editable
            label={t('person.time_zone')}
            value={zone ?? ''}
            shown={clock ? t('person.local_time', { at: clock, zone: (zone ?? '').split('/').at(-1)?.replaceAll('_', ' ') ?? '' }) : undefined}
            empty={t('person.add_time_zone')}
            onSave={(value) => update(customer, { time_zone: value })}
          />
        </Fact>
        <Fact icon={Building2} name={t('person.company')}>
          <Editable
            label={t('person.company')}
            value={company ?? ''}
            empty={t('person.add_company')}
            onSave={(value) => update(customer, { company: value })}
          />
        </Fact>
      </dl>
      {customer.points !== null && (
        <p className={styles.points}>
          <Sparkles size={16} aria-hidden />
          <b>{t('person.points', { n: number(customer.points) })}</b>
          {customer.tier && <span className={styles.tier}>{customer.tier}</span>}
        </p>
      )}
      <p className={styles.contact}>
        <Contact label={t('person.first_contact')} iso={customer.first_at} now={now} />
        <Contact label={t('person.last_contact')} iso={customer.last_at} now={now} />
      </p>
    </header>
  );
}

function Fact({ icon: Icon, name, children }: { icon: typeof Clock3; name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>
        <Icon size={15} aria-hidden />
        <span className="visually-hidden">{name}</span>
      </dt>
      <dd>{children}</dd>
    </div>
  );
}

function Contact({ label, iso, now }: { label: string; iso: string | null; now: number }) {
  const at = millis(iso);
  if (at === null) return null;
  return (
    <span>
      <small>{label}</small>
      <time dateTime={iso ?? ''} title={exact(at)}>
        {since(at, now)}
      </time>
    </span>
  );
}
