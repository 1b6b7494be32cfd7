// What actions ask of parts of the screen.
import { Signal } from '../lib/signal.ts';
import { Store } from '../lib/store.ts';

export const queueMove = new Signal<1 | -1>();
/** The same without opening anybody. */
export const queueStep = new Signal<1 | -1>();
export const queueFocus = new Signal();
export const timelineFocus = new Signal();
/** Turns the composer to an answer or a note and puts the cursor in it. */
export const composeFocus = new Signal<'reply' | 'note'>(true);
/** Scrolls to the end of the timeline. */
export const jumpToNow = new Signal();
/** Scrolls to the entry nearest to a moment. */
export const travelTo = new Signal<number>();
/** Of this person the timeline has the bar that narrows it; another one begins without. */
export const filterOpen = new Store<string | null>(null);
