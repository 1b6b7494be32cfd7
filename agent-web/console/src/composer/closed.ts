import type { Way } from '@throughline/protocol';
import type { Key, Translate } from '../i18n/index.ts';
import { mediumName } from '../ui/medium.ts';

const NOT_KNOWN: Partial<Record<Way['medium'], Key>> = { email: 'way.no_email', phone: 'way.no_phone', sms: 'way.no_phone', whatsapp: 'way.no_phone' };

/** Why a way to write is closed now, and what would open it, in the reader's language. */
export function closedText(t: Translate, way: Way | null): string | null {
  if (!way) return null;
  switch (way.closed) {
    case 'off':
      return t('way.off');
    case 'write_first':
      return t('way.write_first', { by: mediumName(way.medium) });
    case 'window_over':
      return t('way.window_over', { by: mediumName(way.medium) });
    case 'opted_out':
      return t('way.opted_out');
    case 'bounced':
      return t('way.bounced', { reason: way.reason ?? '' });
    case 'unproven':
      return t('way.unproven');
    case 'restricted':
      return t('way.restricted');
    case 'no_identity':
      return t(NOT_KNOWN[way.medium] ?? 'way.no_identity', { by: mediumName(way.medium) });
    default:
      return way.reason;
  }
}
