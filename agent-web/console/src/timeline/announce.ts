// Says to a screen reader, politely, that something came.
import type { Entry } from '@throughline/protocol';
import { t } from '../i18n/index.ts';
import { Store } from '../lib/store.ts';
import { mediumName } from '../ui/medium.ts';
import { personName } from '../lib/personName.ts';
import { entryText } from './payload.ts';

export const announcement = new Store('');

export function announce(entry: Entry, name: string | null): void {
  if (entry.direction !== 'in') return;
  const who = personName(name);
  announcement.set(t('timeline.announce', { who, by: mediumName(entry.medium), text: entryText(entry).slice(0, 200) }));
}
