// The service worker: a reload while the server is away shows the console all the same. It keeps the page and its hashed files, and
// nothing else: no call, no file of a person, no answer of the API ever comes here (docs/SECURITY.md). vite.config.ts writes it to
// /worker.js and puts in the names of the files of that build, so each build has a worker, and a cache, of its own.

/** What of ServiceWorkerGlobalScope is used; its library cannot stand beside that of pages. */
interface Scope {
  registration: { scope: string };
  clients: { matchAll: (options: object) => Promise<unknown[]>; claim: () => Promise<void> };
  skipWaiting: () => Promise<void>;
  addEventListener(name: 'install' | 'activate' | 'message', listener: (event: { waitUntil: (work: Promise<unknown>) => void }) => void): void;
  addEventListener(name: 'fetch', listener: (event: { request: Request; respondWith: (answer: Promise<Response>) => void }) => void): void;
}

const worker = globalThis as unknown as Scope;
const BUILD = '__BUILD__';
const FILES = '__FILES__'.split(' ');
const CACHE = `throughline-${BUILD}`;
const SHELL = './';
const PATIENCE_MS = 3000;

/** The only page that is open is of this build: nobody needs the files of the one before. */
async function takeOver(): Promise<void> {
  if ((await worker.clients.matchAll({ type: 'window', includeUncontrolled: true })).length <= 1) await worker.skipWaiting();
}

async function keepAll(): Promise<void> {
  await (await caches.open(CACHE)).addAll([SHELL, ...FILES]);
  await takeOver();
}

async function dropOthers(): Promise<void> {
  for (const name of await caches.keys()) if (name.startsWith('throughline-') && name !== CACHE) await caches.delete(name);
  await worker.clients.claim();
}

/** The server's page, when it comes soon; else the one that is kept. */
async function shell(request: Request): Promise<Response> {
  const kept = await (await caches.open(CACHE)).match(SHELL);
  if (!kept) return fetch(request);
  const patience = new Promise<Response>((resolve) => setTimeout(() => resolve(kept.clone()), PATIENCE_MS));
  const answer = fetch(request).then(
    (response) => (response.status < 500 ? response : kept.clone()),
    () => kept.clone(),
  );
  return Promise.race([answer, patience]);
}

const asset = async (request: Request): Promise<Response> => (await caches.match(request)) ?? fetch(request);

worker.addEventListener('install', (event) => event.waitUntil(keepAll()));
worker.addEventListener('activate', (event) => event.waitUntil(dropOthers()));
worker.addEventListener('message', (event) => event.waitUntil(takeOver()));
worker.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || !request.url.startsWith(worker.registration.scope)) return;
  const path = request.url.slice(worker.registration.scope.length).replace(/[?#].*$/, '');
  if (request.mode === 'navigate' && (path === '' || path === 'index.html')) event.respondWith(shell(request));
  else if (path.startsWith('assets/')) event.respondWith(asset(request));
});
