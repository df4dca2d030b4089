// Owns the one device: opens it with all that the adapter offers, says what it is, and tells when it is lost.
import { AttnError, messageOf } from '../../errors';
import type { Limits } from '../../ops/limits';

/** Limits asked for: as much as the adapter has, because tiles and materialised matrices run into them. */
const WANTED = [
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxStorageBuffersPerShaderStage',
] as const satisfies readonly (keyof Limits)[];

/** Features asked for where the adapter has them: the GPU's own clock, and what tuned kernels are written with. */
const FEATURES: readonly GPUFeatureName[] = ['timestamp-query', 'subgroups'];

/** The adapter as the browser names it. `software`: it computes on the CPU, so its times say nothing about a GPU. */
export interface AdapterInfo {
  vendor: string;
  architecture: string;
  description: string;
  software: boolean;
}

/** A device in use. */
export interface Session {
  readonly device: GPUDevice;
  readonly info: AdapterInfo;
  readonly limits: Limits;
  /** Whether passes can be timed on the GPU's own clock. */
  readonly timestamps: boolean;
  /** Lanes of the smallest subgroup that a shader may run in; 0 without the feature `subgroups`. */
  readonly subgroupMin: number;
  /** Resolves with the error when the device is lost, never when `close` ended it. */
  readonly lost: Promise<AttnError<'device-lost'>>;
  /** Waits for GPU work; rejects with `device-lost` instead of hanging when the device goes away meanwhile. */
  during<T>(work: Promise<T>): Promise<T>;
  close(): void;
}

function infoOf(adapter: GPUAdapter): AdapterInfo {
  const { vendor, architecture, description, isFallbackAdapter } = adapter.info;
  const names = `${vendor} ${architecture} ${description}`;
  return { vendor, architecture, description, software: isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|basic render/i.test(names) };
}

/** Ms after which an adapter is asked for once more. */
const ASK_AGAIN = 500;
/** Ms that a device may take. Some drivers never answer. */
const DEVICE_MS = 20_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function requestAdapter(): Promise<GPUAdapter> {
  // Absent in browsers without WebGPU, whatever the type says.
  const gpu = navigator.gpu as GPU | undefined;
  if (!gpu) throw new AttnError('no-webgpu');
  const ask = () => gpu.requestAdapter({ powerPreference: 'high-performance' });
  const first = await ask();
  if (first) return first;
  // While its GPU process starts, or starts anew, a browser may have none for a moment.
  await pause(ASK_AGAIN);
  const second = await ask();
  if (!second) throw new AttnError('no-adapter');
  return second;
}

async function requestDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  const requiredLimits = Object.fromEntries(WANTED.map((name) => [name, adapter.limits[name]]));
  const requiredFeatures = FEATURES.filter((name) => adapter.features.has(name));
  let late = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const asked = adapter.requestDevice({ requiredFeatures, requiredLimits }).then(
    (device) => {
      // Nobody waits for it any more.
      if (late) device.destroy();
      return device;
    },
    (thrown: unknown) => {
      throw new AttnError('device-refused', { reason: messageOf(thrown) });
    },
  );
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      late = true;
      reject(new AttnError('device-silent', { seconds: DEVICE_MS / 1000 }));
    }, DEVICE_MS);
  });
  return Promise.race([asked, silence]).finally(() => clearTimeout(timer));
}

/**
 * Opens the device.
 * @param onUncaptured told of every GPU error that no error scope caught, so that nothing is swallowed
 * @throws AttnError `no-webgpu`, `no-adapter`, `device-refused` (reason) or `device-silent` (seconds)
 */
export async function openSession(onUncaptured?: (error: AttnError) => void): Promise<Session> {
  const adapter = await requestAdapter();
  const device = await requestDevice(adapter);
  const listener = (event: GPUUncapturedErrorEvent) => onUncaptured?.(new AttnError('unexpected', { message: event.error.message }));
  device.addEventListener('uncapturederror', listener);

  let closed = false;
  const lost = new Promise<AttnError<'device-lost'>>((resolve) => {
    void device.lost.then(({ message, reason }) => {
      if (!closed) resolve(new AttnError('device-lost', { reason: message || reason }));
    });
  });
  const rejected = lost.then((error) => Promise.reject(error));
  rejected.catch(() => undefined); // whoever waits in `during` sees it
  return {
    device,
    info: infoOf(adapter),
    limits: device.limits,
    timestamps: device.features.has('timestamp-query'),
    subgroupMin: device.features.has('subgroups') ? adapter.info.subgroupMinSize : 0,
    lost,
    during: async (work) => {
      try {
        return await Promise.race([work, rejected]);
      } catch (thrown) {
        // A dying device rejects what it had under way just before it says that it is lost.
        const dying = thrown instanceof DOMException && thrown.name !== 'OperationError' ? device.lost.then(() => rejected) : undefined;
        if (dying && !closed) await Promise.race([dying, new Promise((resolve) => setTimeout(resolve, 1000))]);
        throw thrown;
      }
    },
    close: () => {
      closed = true;
      device.removeEventListener('uncapturederror', listener);
      device.destroy();
    },
  };
}

/** Hands out the one session and opens a new one after a loss. */
export interface SessionKeeper {
  /** The open session, or a new one. Throws what `openSession` throws, and `device-lost-again` when two devices in a row were lost. */
  session(): Promise<Session>;
  /** Says that work came to its end on the present device: a later loss is a first one again. */
  settled(): void;
  /** Tries anew after `device-lost-again`. */
  reset(): void;
  close(): void;
}

/** Losses in a row after which no further device is opened by itself. */
const PATIENCE = 2;

/**
 * Keeps the one session of the page.
 * @param onLost told of every loss, with `device-lost` or, the second time in a row, `device-lost-again`
 */
export function keepSession(onLost: (error: AttnError) => void, onUncaptured?: (error: AttnError) => void): SessionKeeper {
  let current: Promise<Session> | undefined;
  let losses = 0;
  let last: AttnError | undefined;
  const watch = async (opening: Promise<Session>) => {
    const error = await (await opening).lost;
    if (current === opening) current = undefined;
    losses++;
    last = losses < PATIENCE ? error : new AttnError('device-lost-again', error.details);
    onLost(last);
  };
  return {
    session: () => {
      if (losses >= PATIENCE && last) return Promise.reject(last);
      if (!current) {
        const opening = openSession(onUncaptured);
        current = opening;
        watch(opening).catch(() => {
          // It never opened: who asked for it has the error; the next one to ask tries again.
          if (current === opening) current = undefined;
        });
      }
      return current;
    },
    settled: () => {
      losses = 0;
    },
    reset: () => {
      losses = 0;
    },
    close: () => {
      void current?.then((session) => session.close()).catch(() => undefined);
      current = undefined;
    },
  };
}
