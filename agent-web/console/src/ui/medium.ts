import type { Medium } from '../app/route.ts';
import { t } from '../i18n/index.ts';

/** In the order in which filters and the journey strip list them. */
export const MEDIA: readonly Medium[] = ['email', 'chat', 'phone', 'line', 'whatsapp', 'messenger', 'instagram', 'telegram', 'sms', 'shop', 'other'];

export const mediumName = (medium: Medium): string => t(`medium.${medium}`);
