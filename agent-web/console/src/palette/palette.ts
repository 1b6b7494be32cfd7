import { Store } from '../lib/store.ts';

/** all: actions and people; help: the list of shortcuts. */
export type PalettePage = 'all' | 'people' | 'assign' | 'snooze' | 'help';

export const palette = new Store<PalettePage | null>(null);
export const openPalette = (page: PalettePage = 'all'): void => palette.set(page);
export const closePalette = (): void => palette.set(null);
