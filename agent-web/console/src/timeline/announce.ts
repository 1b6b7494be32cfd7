// Says to a screen reader, politely, that something came.
import type { Entry } from '@throughline/protocol';
import { t } from '../i18n/index.ts';
import { Store } from '../lib/store.ts';
import { mediumName } from '../ui/medium.ts';
import { entryText } from './payload.ts';

export const announcement = new Store('');

export function announce(entry: Entry, who: string): void {
  if (entry.direction !== 'in') return;
  announcement.set(t('timeline.announce', { who, by: mediumName(entry.medium), text: entryText(entry).slice(0, 200) }));
}
