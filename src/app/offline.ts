// The page's side of the service worker: one reload where the host sends no isolating headers, a newer build when it is
// there, and this one kept offline.
import { asAttnError, AttnError } from '../errors';
import type { Kept, Order } from './service-worker';

export interface OfflineEnv {
  /** The page's first run is over: from then on files may be fetched beside it. */
  ready: Promise<void>;
  report(error: AttnError): void;
  /** Every file of the build is kept: true from now on. */
  onWhole(): void;
}

/** True the first time in this tab; false afterwards, and where the browser remembers nothing. */
function once(what: string): boolean {
  try {
    const key = `attnscope ${what} ${new URL('.', document.baseURI).href}`;
    const first = sessionStorage.getItem(key) === null;
    sessionStorage.setItem(key, '1');
    return first;
  } catch {
    return false;
  }
}

const tell = (worker: ServiceWorker | null, order: Order, port?: MessagePort): void =>
  worker?.postMessage(order, port ? [port] : []);

/** Asks for this build to be kept, and waits. */
function keep(worker: ServiceWorker | null, entry: string): Promise<Kept> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.addEventListener('message', ({ data }: MessageEvent<Kept>) => resolve(data));
    port1.start();
    tell(worker, { order: 'keep', entry }, port2);
  });
}

/**
 * Asks a worker to take the page over; once it has, the page starts anew under it, unless `stay` says otherwise. What
 * the link carries comes back.
 */
function handOver(worker: ServiceWorker | null, order: 'claim' | 'replace', stay: () => boolean = () => false): void {
  const reload = (): void => {
    if (!stay()) location.reload();
  };
  navigator.serviceWorker.addEventListener('controllerchange', reload, { once: true });
  tell(worker, { order });
}

async function serve({ ready, report, onWhole }: OfflineEnv, entry: string): Promise<void> {
  const { serviceWorker } = navigator;
  const folder = new URL('.', document.baseURI);
  // A newer build has come whole since: it takes over now, while nothing is in use yet.
  const earlier = await serviceWorker.getRegistration(folder);
  if (earlier?.waiting && serviceWorker.controller) handOver(earlier.waiting, 'replace');
  const isolate = !crossOriginIsolated && !serviceWorker.controller && window.top === window && once('isolated');
  // Isolation is worth an early reload; where the host sees to it, nothing comes before the first run.
  if (!isolate) await ready;
  await serviceWorker.register(new URL('service-worker.js', folder));
  const { active } = await serviceWorker.ready;
  if (isolate) {
    // A page that is already in use is left alone: it is isolated at its next visit.
    handOver(active, 'claim', () => navigator.userActivation.hasBeenActive);
    await ready;
  }
  const how = await keep(active, entry);
  if (how === 'whole') onWhole();
  if (how === 'full') report(new AttnError('offline-full'));
}

/** Starts the service worker where there can be one. Never throws: the page works without. */
export function startOffline(env: OfflineEnv, entry: string): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  serve(env, entry).catch((thrown: unknown) => console.warn(asAttnError(thrown).message));
}
