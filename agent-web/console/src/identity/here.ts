// Who of the people on the screen has a page with the chat open: asked for all of them at once, again and again while they are shown.
import { call, connection } from '../connection/client.ts';
import { Store, useStore } from '../lib/store.ts';

const EVERY_MS = 15_000;
const AT_ONCE = 200;
const NONE: ReadonlySet<string> = new Set();

const here = new Store<ReadonlySet<string>>(NONE);
let shown: readonly string[] = [];
let asked = '';
let timer: ReturnType<typeof setTimeout> | null = null;

async function ask(): Promise<void> {
  timer = null;
  if (shown.length === 0 || document.visibilityState !== 'visible') return again();
  const ids = [...new Set(shown)].slice(0, AT_ONCE);
  asked = ids.join();
  if (connection.get().phase === 'live') {
    const answer = await call('visitor.here', { customer_ids: ids }).catch(() => null);
    if (answer) here.set(new Set(answer.customer_ids));
  }
  again();
}

function again(): void {
  timer ??= setTimeout(() => void ask(), EVERY_MS);
}

/** These are on the screen: of new ones it is asked at once. */
export function watchHere(ids: readonly string[]): void {
  shown = ids;
  if (ids.length === 0 || [...new Set(ids)].slice(0, AT_ONCE).join() === asked) return;
  if (timer) clearTimeout(timer);
  timer = setTimeout(() => void ask(), 300);
}

export const useIsHere = (id: string): boolean => useStore(here, (all) => all.has(id));
