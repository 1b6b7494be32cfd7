// What an action has done: it is said in words, and its inverse is offered, which is an action itself.
import { t } from '../i18n/index.ts';
import { keepUndo } from './undoing.ts';
import { toast, toastError, type Toast } from '../ui/toasts.ts';

export interface Done {
  /** Null: it shows by itself. */
  words: string | null;
  /** Whom it is about, where the words do not say. */
  about?: string | null;
  /** Puts back what was changed, and only that; throws Refused when somebody has changed it since. */
  undo?: (() => Promise<Done>) | null;
  /** Where to go from here, when there is nothing to undo. */
  more?: Toast['action'];
  shownMs?: number;
}

/** What touches many, or is hard to see through, can be undone for longer. */
export const UNDO_LONG_MS = 15_000;

/** Nothing was done, for a reason that is not the server's; the message is for people. */
export class Refused extends Error {}

export function say({ words, about, undo, more, shownMs }: Done): void {
  if (words === null) return;
  const back = undo && keepUndo(words, about ?? null, () => void perform(undo()));
  toast(words, back ? { name: t('ui.undo'), run: back } : (more ?? null), 'done', shownMs);
}

/** True when it was done. */
export async function perform(work: Promise<Done>): Promise<boolean> {
  try {
    say(await work);
    return true;
  } catch (error) {
    if (error instanceof Refused) toast(error.message, null, 'bad');
    else toastError(error);
    return false;
  }
}
