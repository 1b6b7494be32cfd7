// The time as the screen shows it; moves twice a minute, so that all relative times move together.
import { Store, useStore } from './store.ts';

const now = new Store(Date.now());

export function startNow(): void {
  const tick = () => now.set(Date.now());
  setInterval(tick, 30_000);
  document.addEventListener('visibilitychange', tick);
}

/** `still`: what is drawn does not change with it. */
export const useNow = (still = false): number => useStore(now, (at) => (still ? 0 : at));
