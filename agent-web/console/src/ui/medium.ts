import type { CSSProperties } from 'react';
import { MEDIA, type Medium } from '@throughline/protocol';
import { t } from '../i18n/index.ts';

/** In the order in which filters and the journey strip list them. */
export const listedMedia = (): Medium[] => (Object.keys(MEDIA) as Medium[]).filter((medium) => medium !== 'none');

export const mediumName = (medium: Medium): string => t(MEDIA[medium].label);

/** For an element whose styles use var(--hue). */
export const hueOf = (medium: Medium): CSSProperties => ({ '--hue': `var(--channel-${MEDIA[medium].hue})` }) as CSSProperties;
