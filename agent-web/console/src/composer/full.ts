// The composer over the whole pane: for who writes much. It ends with the person.
import { Store } from '../lib/store.ts';

export const composerFull = new Store(false);
export const toggleFull = (): void => composerFull.set((full) => !full);
