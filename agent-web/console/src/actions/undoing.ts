// Everything that can be taken back now, wherever it was done: the newest first.
import { Store } from '../lib/store.ts';

export interface Undoing {
  id: number;
  /** What was done, and to whom. */
  words: string;
  about: string | null;
  /** By this machine's clock. */
  until: number;
  run: () => void;
}

/** So long after it was done; it is undone only while nobody has changed it since. */
export const UNDO_KEPT_MS = 60_000;
const KEPT = 30;

export const undoing = new Store<readonly Undoing[]>([]);
let last = 0;

const drop = (id: number): void => undoing.set((all) => all.filter((one) => one.id !== id));

/** Gives what undoes it, once; then it leaves the list. */
export function keepUndo(words: string, about: string | null, run: () => void): () => void {
  const id = ++last;
  const once = () => {
    if (!undoing.get().some((one) => one.id === id)) return;
    drop(id);
    run();
  };
  undoing.set((all) => [{ id, words, about, until: Date.now() + UNDO_KEPT_MS, run: once }, ...all].slice(0, KEPT));
  setTimeout(() => drop(id), UNDO_KEPT_MS);
  return once;
}
