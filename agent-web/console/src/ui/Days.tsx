import { CalendarRange } from 'lucide-react';
import { useId, type ReactNode } from 'react';
import { useT } from '../i18n/index.ts';
import { dateShort, zoneName } from '../lib/format.ts';
import { dayBegins, useDeskZone } from '../lib/zone.ts';
import { Button } from './Button.tsx';
import { Popover } from './Popover.tsx';
import styles from './Days.module.css';

interface Props {
  /** Days such as 2026-11-21, both with it; '': open. */
  from: string;
  to: string;
  /** In place of the two, when they have a name; what offers such names is above them. */
  named?: string | null;
  children?: ReactNode;
  onChange: (days: { from?: string; to?: string }) => void;
}

const shown = (day: string): string => (day ? dateShort(dayBegins(day)) : '…');

/** Since when and until when, in days of the desk. */
export function Days({ from, to, named = null, children, onChange }: Props) {
  const t = useT();
  const zone = useDeskZone();
  const words = named ?? (from || to ? `${shown(from)} – ${shown(to)}` : null);
  return (
    <Popover
      label={t('filter.days')}
      align="start"
      trigger={
        <Button small icon={CalendarRange} aria-pressed={words !== null}>
          {words ?? t('filter.days')}
        </Button>
      }
    >
      {children}
      <div className={styles.days}>
        <Day label={t('filter.from')} value={from} onChange={(day) => onChange({ from: day })} />
        <Day label={t('filter.to')} value={to} onChange={(day) => onChange({ to: day })} />
        <small>{t('time.days_of', { zone: zoneName(zone) })}</small>
      </div>
    </Popover>
  );
}

function Day({ label, value, onChange }: { label: string; value: string; onChange: (day: string) => void }) {
  const id = useId();
  return (
    <span>
      <label htmlFor={id}>{label}</label>
      <input id={id} type="date" value={value} onChange={(event) => onChange(event.target.value)} />
    </span>
  );
}
