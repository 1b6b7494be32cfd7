import type { Way } from '@throughline/protocol';
import type { Translate } from '../i18n/index.ts';
import { mediumName } from '../ui/medium.ts';

/** Why a way to write is closed now, and what would open it, in the reader's language. */
export function closedText(t: Translate, way: Way | null): string | null {
  switch (way?.closed) {
    case 'off': return t('way.off');
    case 'write_first': return t('way.write_first', { by: mediumName(way.medium) });
    case 'window_over': return t('way.window_over', { by: mediumName(way.medium) });
    default: return way?.reason ?? null;
  }
}
