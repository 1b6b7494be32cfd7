// Which stretch of time the timeline shows now; the journey strip marks it.
import { Store } from '../lib/store.ts';

export const viewport = new Store<{ from: number | null; to: number | null }>({ from: null, to: null });
