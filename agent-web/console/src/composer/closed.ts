import type { Way } from '@throughline/protocol';
import { saidAll } from '../i18n/said.ts';

/** Why a way to write is closed now, and what would open it, in the reader's language. */
export const closedText = (way: Way | null): string | null => (way && !way.usable ? saidAll(way.reason) : null);
