// The service worker: isolates the page on hosts that send no headers, and keeps one whole build for offline use. It is
// built on its own, as a plain script; `e2e/tools/stamp.mjs` puts BUILD, the files of the build with their checksums,
// before it. A build is kept whole or not at all, and served only whole.

declare const BUILD: { version: string; files: Record<string, string> };

/** The little of a service worker's types that is used here; the project is checked against those of a page. */
interface Extendable extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Extendable {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}
interface Messaging extends Extendable {
  readonly data: Order;
  readonly ports: readonly MessagePort[];
}
interface Scope {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void>; matchAll(options: object): Promise<readonly { readonly url: string }[]> };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listen: (event: Extendable) => void): void;
  addEventListener(type: 'fetch', listen: (event: Fetching) => void): void;
  addEventListener(type: 'message', listen: (event: Messaging) => void): void;
}

/**
 * What a page asks for: to be controlled at once; that this build takes over from an older one; that it is kept.
 * `entry`: the page's own script.
 */
export type Order = { order: 'claim' | 'replace' } | { order: 'keep'; entry: string };
/** How keeping went: all of it is here; this browser has no room; the page or the host is of another build. */
export type Kept = 'whole' | 'full' | 'other';

const worker = self as unknown as Scope;
const { scope } = worker.registration;
const { version, files } = BUILD;

/** Caches are shared by all pages of a host: a name says whose it is. A finished one holds a mark. */
const family = `attnscope ${scope} `;
const own = family + version;
const mark = new URL('whole', scope).href;
const isWhole = async (name: string): Promise<boolean> => (await (await caches.open(name)).match(mark)) !== undefined;
let whole: Promise<boolean> | undefined;

/** Fetches every file anew and checks it: what the host serves by now may be another build. */
async function keep(): Promise<void> {
  const cache = await caches.open(own);
  if (await cache.match(mark)) return;
  try {
    for (const [path, integrity] of Object.entries(files)) {
      const request = new Request(new URL(path, scope), { integrity, cache: 'no-cache' });
      if (await cache.match(request.url)) continue;
      // oxlint-disable-next-line no-await-in-loop -- one at a time: the page beside it is at work
      await cache.put(request.url, await fetch(request));
    }
    await cache.put(mark, new Response());
    whole = undefined;
  } catch (thrown) {
    await caches.delete(own);
    throw thrown;
  }
}

/** The file that a request is for; a visit is for the page, whatever its query. */
function pathOf({ url, mode }: Request): string | undefined {
  const { origin, pathname } = new URL(url);
  const home = new URL(scope);
  if (origin !== home.origin || !pathname.startsWith(home.pathname)) return undefined;
  const path = pathname.slice(home.pathname.length);
  return mode === 'navigate' && path === '' ? 'index.html' : path;
}

async function answer(request: Request): Promise<Response> {
  const path = pathOf(request);
  whole ??= isWhole(own);
  const here =
    path !== undefined && Object.hasOwn(files, path) && (await whole)
      ? await caches.match(new URL(path, scope).href, { cacheName: own })
      : undefined;
  return isolated(here ?? (await fetch(request)));
}

/** Adds what makes the browser isolate the page, and so gives it its fine clock. */
function isolated(response: Response): Response {
  // A redirection is followed by the browser itself; one that was followed here may not answer a visit.
  if (response.status === 0) return response;
  const headers = new Headers(response.headers);
  headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  headers.set('Cross-Origin-Embedder-Policy', 'require-corp');
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}

/** Older builds in this browser that are whole: pages may live by them. */
async function others(): Promise<string[]> {
  const names = (await caches.keys()).filter((name) => name.startsWith(family) && name !== own);
  const finished = await Promise.all(names.map(isWhole));
  return names.filter((_, i) => finished[i]);
}

const kept = async (entry: string): Promise<Kept> => {
  if (!Object.hasOwn(files, pathOf(new Request(entry)) ?? '')) return 'other';
  try {
    await keep();
    return 'whole';
  } catch (thrown) {
    return thrown instanceof DOMException && thrown.name === 'QuotaExceededError' ? 'full' : 'other';
  }
};

worker.addEventListener('install', (event) => {
  // After an older build comes this one whole, once no page of the other is left; the first of all has nothing to wait
  // for.
  event.waitUntil(others().then((older) => (older.length > 0 ? keep() : worker.skipWaiting())));
});

worker.addEventListener('activate', (event) => {
  const old = caches
    .keys()
    .then((names) =>
      Promise.all(names.filter((name) => name.startsWith(family) && name !== own).map((name) => caches.delete(name))),
    );
  event.waitUntil(old);
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const foreign = new URL(request.url).origin !== new URL(scope).origin;
  if (request.method !== 'GET' || foreign || (request.cache === 'only-if-cached' && request.mode !== 'same-origin'))
    return;
  event.respondWith(answer(request));
});

worker.addEventListener('message', (event) => {
  const { data, ports } = event;
  if (data.order === 'claim') event.waitUntil(worker.clients.claim());
  else if (data.order === 'keep') event.waitUntil(kept(data.entry).then((how) => ports[0]?.postMessage(how)));
  else {
    // Other pages may live by the older build.
    const pages = worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
    const alone = pages.then((all) => all.filter(({ url }) => url.startsWith(scope)).length === 1);
    event.waitUntil(alone.then((yes) => (yes ? worker.skipWaiting() : undefined)));
  }
});
