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
  return {
    vendor,
    architecture,
    description,
    software: isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|basic render/i.test(names),
  };
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
  const listener = (event: GPUUncapturedErrorEvent) =>
    onUncaptured?.(new AttnError('unexpected', { message: event.error.message }));
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
        const dying =
          thrown instanceof DOMException && thrown.name !== 'OperationError'
            ? device.lost.then(() => rejected)
            : undefined;
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
