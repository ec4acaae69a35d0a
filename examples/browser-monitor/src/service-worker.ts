// Keeps the page, its model and its decoders on the device, so that it starts without a network. Each version has a cache of its own.

/** What of a service worker's scope is used here; TypeScript's own library for it contradicts that of pages. */
interface Scope {
  registration: { scope: string };
  clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: Lasting) => void): void;
  addEventListener(type: 'fetch', listener: (event: Fetching) => void): void;
}
interface Lasting {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Lasting {
  request: Request;
  respondWith(response: Promise<Response>): void;
}

const scope = globalThis as unknown as Scope;
/** The build puts version and files here. */
const { version, files } = '%PRECACHE%' as unknown as { version: string; files: string[] };
const PREFIX = `serial-oe-monitor ${scope.registration.scope} `;
const CACHE = PREFIX + version;
const MAX_TRIES = 3;

scope.addEventListener('install', (event) => event.waitUntil(install()));
scope.addEventListener('activate', (event) => event.waitUntil(activate()));
scope.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || !request.url.startsWith(scope.registration.scope)) return;
  event.respondWith(answer(request));
});

async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  for (const file of ['./', ...files]) await keep(cache, file);
  await scope.skipWaiting();
}

/** A connection that breaks once is no reason to do without. */
async function keep(cache: Cache, file: string): Promise<void> {
  for (let nTried = 1; ; nTried++) {
    try {
      return await cache.add(new Request(file, { cache: 'reload' }));
    } catch (error) {
      if (nTried === MAX_TRIES) throw error;
    }
  }
}

async function activate(): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
  }
  await scope.clients.claim();
}

/** What is kept; else the network. */
async function answer(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(request, { ignoreSearch: true })) ?? fetch(request);
}

export {};
