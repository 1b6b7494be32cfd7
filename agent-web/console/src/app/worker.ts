// Registers the service worker (worker/main.ts) once somebody works here: the log-in form needs none, and loads nothing for it.
import { session } from '../session/session.ts';

async function register(): Promise<void> {
  const registration = await navigator.serviceWorker.register(new URL('worker.js', document.baseURI), { updateViaCache: 'none' });
  registration.waiting?.postMessage('may you take over?');
}

export function startWorker(): void {
  if (!import.meta.env?.PROD || !('serviceWorker' in navigator)) return;
  const stop = session.subscribe(() => {
    const now = session.get();
    if (now.phase !== 'in' || now.asOf !== null) return;
    stop();
    // Where the browser allows none, the console works as before; only a reload while the server is away shows nothing.
    setTimeout(() => void register().catch(() => undefined), 0);
  });
}
