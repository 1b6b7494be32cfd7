import type { Entry } from '@throughline/protocol';
import { useT } from '../i18n/index.ts';
import { dateTime, millis } from '../lib/format.ts';
import { mediumName } from '../ui/medium.ts';
import { useAuthor } from './EntryHead.tsx';

/** "Zadie Patel, Email, 10 Mar 2026, 17:06": what a screen reader says of an entry before its words. */
export function useEntryLabel(entry: Entry): string {
  const t = useT();
  const who = useAuthor(entry);
  const at = millis(entry.occurred_at);
  return [who, mediumName(entry.medium), at === null ? '' : dateTime(at)].filter(Boolean).join(t('ui.comma'));
}
