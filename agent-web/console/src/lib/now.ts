// The time as the screen shows it; moves twice a minute, so that all relative times move together.
import { Store, useStore } from './store.ts';

const now = new Store(Date.now());

export function startNow(): void {
  const tick = () => now.set(Date.now());
  setInterval(tick, 30_000);
  document.addEventListener('visibilitychange', tick);
}

export const useNow = (): number => useStore(now);
