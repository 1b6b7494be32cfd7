import { ChevronDown, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import type { Entry } from '@throughline/protocol';
import { t, useT, type Key } from '../i18n/index.ts';
import { dateTime, millis } from '../lib/format.ts';
import { QuietLine } from './QuietLine.tsx';
import { useTarget } from './target.ts';
import styles from './QuietGroup.module.css';

const FEW = 3;

const KINDS: Partial<Record<Entry['kind'], Key>> = {
  visit: 'quiet.visits',
  points: 'quiet.points',
  campaign: 'quiet.campaigns',
  activity: 'quiet.activities',
  order: 'quiet.orders',
};

/** Small events: one line each, and one line for all when they are many. */
export function QuietGroup({ entries }: { entries: readonly Entry[] }) {
  const t = useT();
  const target = useTarget();
  const [open, setOpen] = useState(() => entries.some((entry) => entry.id === target));
  const counts = new Map<Key, number>();
  for (const { kind } of entries) {
    const key = KINDS[kind] ?? 'quiet.others';
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const words = [...counts].map(([key, count]) => t(key, { count })).join(t('ui.comma'));
  const label = groupLabel(entries[0], words);
  if (entries.length <= FEW)
    return (
      <div className={styles.group} role="group" aria-label={label}>
        {entries.map((entry) => (
          <QuietLine key={entry.id} entry={entry} />
        ))}
      </div>
    );
  const Icon = open ? ChevronDown : ChevronRight;
  return (
    <div className={styles.group} role="group" aria-label={label}>
      <button type="button" className={styles.toggle} aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon size={14} aria-hidden /> {words}
      </button>
      {open && entries.map((entry) => <QuietLine key={entry.id} entry={entry} />)}
    </div>
  );
}

/** What they are, and when the first of them was. */
function groupLabel(first: Entry | undefined, words: string): string {
  const at = millis(first?.occurred_at ?? null);
  return [words, at === null ? '' : dateTime(at)].filter(Boolean).join(t('ui.comma'));
}
