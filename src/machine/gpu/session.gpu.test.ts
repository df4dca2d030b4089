/** The one device: what it says of itself, and each way in which it fails. */
import { expect, test, vi } from 'vitest';
import type { AttnError } from '../../errors';
import { createPipeline } from './pipeline';
import { keepSession } from './keeper';
import { openSession } from './session';
import { createBuffer, readBytes } from './tensors';

test('a session knows its adapter and has the limits that the adapter offers', async () => {
  const session = await openSession();
  const adapter = await navigator.gpu.requestAdapter();
  expect(session.info.software).toBe(true); // the tests run on SwiftShader
  expect(session.info.vendor).toBe(adapter!.info.vendor);
  expect(session.limits.maxComputeWorkgroupStorageSize).toBe(adapter!.limits.maxComputeWorkgroupStorageSize);
  expect(session.limits.maxStorageBufferBindingSize).toBe(adapter!.limits.maxStorageBufferBindingSize);
  expect(session.timestamps).toBe(adapter!.features.has('timestamp-query'));
  session.close();
});

test('no WebGPU, no adapter, a refused device: each its own error', async () => {
  const gpu = vi.spyOn(navigator, 'gpu', 'get');
  try {
    gpu.mockReturnValue(undefined as unknown as GPU);
    await expect(openSession()).rejects.toMatchObject({ code: 'no-webgpu' });
    gpu.mockReturnValue({ requestAdapter: () => Promise.resolve(null) } as unknown as GPU);
    await expect(openSession()).rejects.toMatchObject({ code: 'no-adapter' });
    const requestDevice = () => Promise.reject(new Error('not today'));
    const adapter = { limits: {}, features: new Set(), requestDevice };
    gpu.mockReturnValue({ requestAdapter: () => Promise.resolve(adapter) } as unknown as GPU);
    await expect(openSession()).rejects.toMatchObject({ code: 'device-refused', details: { reason: 'not today' } });
  } finally {
    gpu.mockRestore();
  }
});

test('an adapter that comes at the second asking is taken', async () => {
  const real = navigator.gpu;
  let asked = 0;
  const gpu = vi.spyOn(navigator, 'gpu', 'get');
  try {
    gpu.mockReturnValue({
      requestAdapter: () => (asked++ === 0 ? Promise.resolve(null) : real.requestAdapter()),
    } as unknown as GPU);
    const session = await openSession();
    expect(asked).toBe(2);
    session.close();
  } finally {
    gpu.mockRestore();
  }
});

test('a device that never comes is not waited for, and one that comes late is given back', async () => {
  const gpu = vi.spyOn(navigator, 'gpu', 'get');
  vi.useFakeTimers();
  try {
    let deliver: (device: unknown) => void = () => undefined;
    const requestDevice = () => new Promise((resolve) => (deliver = resolve));
    const adapter = { limits: {}, features: new Set(), requestDevice };
    gpu.mockReturnValue({ requestAdapter: () => Promise.resolve(adapter) } as unknown as GPU);
    const refused = expect(openSession()).rejects.toMatchObject({ code: 'device-silent', details: { seconds: 20 } });
    await vi.advanceTimersByTimeAsync(20_000);
    await refused;
    const destroy = vi.fn<() => void>();
    deliver({ destroy });
    await vi.advanceTimersByTimeAsync(0);
    expect(destroy).toHaveBeenCalledOnce();
  } finally {
    vi.useRealTimers();
    gpu.mockRestore();
  }
});

test('a compile error names its line', async () => {
  const session = await openSession();
  const code = 'const N: u32 = 4u;\n@compute @workgroup_size(N)\nfn main() {\n  let x: u32 = 1.5;\n}\n';
  await expect(createPipeline(session, 'mine', code, [])).rejects.toMatchObject({
    code: 'compile-failed',
    details: { kernel: 'mine', line: 4 },
  });
  // Valid text that does not fit its layout: no line, but the browser's words.
  const unbound =
    '@group(0) @binding(0) var<storage, read_write> x: array<u32>;\n@compute @workgroup_size(1) fn main() { x[0] = 1u; }\n';
  await expect(createPipeline(session, 'mine', unbound, [])).rejects.toMatchObject({
    code: 'compile-failed',
    details: { line: 0 },
  });
  session.close();
});

test('errors that no scope catches are told, and only while the session is open', async () => {
  const told: AttnError[] = [];
  const session = await openSession((error) => told.push(error));
  session.device.createBuffer({ size: 16, usage: 0 });
  await session.device.queue.onSubmittedWorkDone();
  await vi.waitFor(() => expect(told).toHaveLength(1), { timeout: 20_000 });
  expect(told[0]).toMatchObject({ code: 'unexpected' });
  session.close();
});

test('what waits for a lost device hears of the loss', async () => {
  const session = await openSession();
  const buffer = await createBuffer(session, 64, GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC, 'x');
  expect((await readBytes(session, buffer)).byteLength).toBe(64);
  const reading = readBytes(session, buffer);
  session.device.destroy();
  await expect(reading).rejects.toMatchObject({ code: 'device-lost' });
  await expect(session.lost).resolves.toMatchObject({ code: 'device-lost' });
  await expect(readBytes(session, buffer)).rejects.toMatchObject({ code: 'device-lost' });
});

test('closing is no loss', async () => {
  const session = await openSession();
  let lost = false;
  void session.lost.then(() => (lost = true));
  session.close();
  await session.device.lost;
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(lost).toBe(false);
});

test('a keeper reopens after a loss, gives up after two in a row, and tries anew when told to', async () => {
  const losses: string[] = [];
  const keeper = keepSession((error) => losses.push(error.code));
  const first = await keeper.session();
  expect(await keeper.session()).toBe(first);
  first.device.destroy();
  await vi.waitFor(() => expect(losses).toEqual(['device-lost']), { timeout: 20_000 });
  const second = await keeper.session();
  expect(second).not.toBe(first);
  keeper.settled(); // work came to its end in between: the next loss is a first one
  second.device.destroy();
  await vi.waitFor(() => expect(losses).toEqual(['device-lost', 'device-lost']), { timeout: 20_000 });
  (await keeper.session()).device.destroy();
  await vi.waitFor(() => expect(losses.at(-1)).toBe('device-lost-again'), { timeout: 20_000 });
  await expect(keeper.session()).rejects.toMatchObject({ code: 'device-lost-again' });
  keeper.reset();
  expect((await keeper.session()).device).toBeDefined();
  keeper.close();
});
