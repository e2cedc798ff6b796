// Keeps the page for verifying offline, and nothing else of the site. What it keeps, and a version that changes with any byte
// of it, stand before this text: `const kept = { version, pages, files }`.
const cacheName = `offline-page-${kept.version}`;
const all = [...kept.pages, ...kept.files];

const install = async () => {
  const cache = await caches.open(cacheName);
  await cache.addAll(all.map((file) => new Request(file, { cache: 'reload', credentials: 'omit' })));
  await skipWaiting();
};

const activate = async () => {
  const names = await caches.keys();
  const former = names.filter((name) => name.startsWith('offline-page-') && name !== cacheName);
  await Promise.all(former.map((name) => caches.delete(name)));
  await clients.claim();
};

const fromCache = async (request) => {
  const found = await (await caches.open(cacheName)).match(request.url.split('#')[0]);
  return found ?? fetch(request);
};

/** The address without a language: the server knows which was chosen; without it the browser's own language counts. */
const inSomeLanguage = (request) =>
  fetch(request).catch(() => {
    const page = kept.pages.find((path) => path.endsWith(`/${navigator.language}`)) ?? kept.pages[0];
    return Response.redirect(page);
  });

addEventListener('install', (event) => event.waitUntil(install()));
addEventListener('activate', (event) => event.waitUntil(activate()));
addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return;
  if (all.includes(pathname)) event.respondWith(fromCache(request));
  else if (pathname === '/offline' && request.mode === 'navigate') event.respondWith(inSomeLanguage(request));
});
