// The page's side of the service worker: one reload where the host sends no isolating headers, a newer build when it is there, and this one kept offline.
import { asAttnError, AttnError } from '../attention/errors';
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

/** Reloads when another worker takes the page over. A page that is already in use is left alone; what the link carries comes back either way. */
function reloadWhenTaken(): void {
  const reload = (): void => {
    if (!navigator.userActivation.hasBeenActive) location.reload();
  };
  navigator.serviceWorker.addEventListener('controllerchange', reload, { once: true });
}

const tell = (worker: ServiceWorker | null, order: Order, port?: MessagePort): void => worker?.postMessage(order, port ? [port] : []);

/** Asks for this build to be kept, and waits. */
function keep(worker: ServiceWorker | null, entry: string): Promise<Kept> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.addEventListener('message', ({ data }: MessageEvent<Kept>) => resolve(data));
    port1.start();
    tell(worker, { order: 'keep', entry }, port2);
  });
}

async function serve({ ready, report, onWhole }: OfflineEnv, entry: string): Promise<void> {
  const { serviceWorker } = navigator;
  const isolate = !crossOriginIsolated && !serviceWorker.controller && window.top === window && once('isolated');
  // Isolation is worth an early reload; where the host sees to it, nothing comes before the first run.
  if (!isolate) await ready;
  await serviceWorker.register(new URL('service-worker.js', document.baseURI));
  const registration = await serviceWorker.ready;
  if (isolate) {
    reloadWhenTaken();
    tell(registration.active, { order: 'claim' });
    await ready;
  }
  if (registration.waiting && once('renewed')) {
    reloadWhenTaken();
    tell(registration.waiting, { order: 'replace' });
    return;
  }
  const how = await keep(registration.active, entry);
  if (how === 'whole') onWhole();
  if (how === 'full') report(new AttnError('offline-full'));
}

/** Starts the service worker where there can be one. Never throws: the page works without. */
export function startOffline(env: OfflineEnv, entry: string): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  serve(env, entry).catch((thrown: unknown) => console.warn(asAttnError(thrown).message));
}
