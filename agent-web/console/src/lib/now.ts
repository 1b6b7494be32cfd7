// The time as the screen shows it; moves twice a minute, so that all relative times move together.
import { Store, useStore } from './store.ts';

const now = new Store(Date.now());
setInterval(() => now.set(Date.now()), 30_000);
document.addEventListener('visibilitychange', () => now.set(Date.now()));

export const useNow = (): number => useStore(now);
