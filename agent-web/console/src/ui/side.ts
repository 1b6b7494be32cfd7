// Where what opens stands beside what opened it. `end` is onward in the direction of reading.
import type { Direction } from '../i18n/direction.ts';

export type Side = 'top' | 'bottom' | 'end';

/** As Radix names it, which knows left and right alone. */
export const sideOf = (side: Side, direction: Direction): 'top' | 'bottom' | 'left' | 'right' =>
  side !== 'end' ? side : direction === 'rtl' ? 'left' : 'right';
