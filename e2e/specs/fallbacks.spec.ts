/**
 * Browsers and devices that fail: each failure has its message, keeps the visitor's choices, and leaves recorded
 * captures to step through.
 */
import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { captured, open, SMALL, stateOf } from '../support/lab';

const message = (page: Page, code: string) => page.locator(`.message[data-code="${code}"]`);

/** Recordings are shown, labelled, and can be stepped. */
async function recordingSteps(page: Page, keys = 48): Promise<void> {
  await expect(page.locator('.chip.other')).toContainText('recorded on');
  const before = await page.locator('.phase-strip').innerText();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => page.locator('.phase-strip').innerText()).not.toBe(before);
  expect((await stateOf(page)).choice).toMatchObject({ input: 'seed', keys, dim: 16, seed: 3 });
}

const openings = [
  { code: 'no-webgpu', stub: () => Object.defineProperty(Navigator.prototype, 'gpu', { get: () => undefined }) },
  {
    code: 'no-adapter',
    stub: () => Object.defineProperty(GPU.prototype, 'requestAdapter', { value: () => Promise.resolve(null) }),
  },
  {
    code: 'device-refused',
    stub: () =>
      Object.defineProperty(GPUAdapter.prototype, 'requestDevice', {
        value: () => Promise.reject(new DOMException('no device today')),
      }),
  },
];

for (const { code, stub } of openings) {
  test(`${code}: a message, and what is too long for the CPU leaves the recorded captures`, async ({ page }) => {
    await page.addInitScript(stub);
    await open(page, SMALL.replace('n=48', 'n=4096'));
    await expect(message(page, code)).toHaveCount(1);
    await expect(message(page, 'too-slow')).toHaveCount(1);
    await expect(page.locator('.chip.warn').first()).toHaveText('no GPU');
    await recordingSteps(page, 4096);
    // The other kernel has its recording too.
    await page.locator('select[name=kernel]').selectOption('naive');
    await expect.poll(async () => (await stateOf(page)).trace?.run.kernel).toBe('naive');
  });
}

test('a shader that does not compile: its message with the line; the last picture and the choices stay', async ({
  page,
}) => {
  await page.addInitScript(() => {
    const make = GPUDevice.prototype.createShaderModule;
    GPUDevice.prototype.createShaderModule = function (descriptor) {
      return make.call(this, { ...descriptor, code: descriptor.code.replace('fn main', 'fn main(') });
    };
  });
  await open(page, SMALL);
  await expect(message(page, 'compile-failed')).toContainText(/Line \d+/);
  await recordingSteps(page);
});

test('out of memory: its message; the last picture and the choices stay', async ({ page }) => {
  await page.addInitScript(() => {
    const pop = GPUDevice.prototype.popErrorScope;
    const push = GPUDevice.prototype.pushErrorScope;
    const filters: string[] = [];
    GPUDevice.prototype.pushErrorScope = function (filter) {
      filters.push(filter);
      return push.call(this, filter);
    };
    GPUDevice.prototype.popErrorScope = async function () {
      const filter = filters.pop();
      const error = await pop.call(this);
      return filter === 'out-of-memory' ? new GPUOutOfMemoryError('full') : error;
    };
  });
  await open(page, SMALL);
  await expect(message(page, 'out-of-memory')).toHaveCount(1);
  await recordingSteps(page);
});

/** Keeps every device that the page gets, so that a test can take one away. */
const keepDevices = (): void => {
  const request = GPUAdapter.prototype.requestDevice;
  const devices: GPUDevice[] = [];
  Object.assign(window, { devices });
  GPUAdapter.prototype.requestDevice = async function (descriptor) {
    const device = await request.call(this, descriptor);
    devices.push(device);
    return device;
  };
};

const loseDevice = (page: Page): Promise<void> =>
  page.evaluate(() => (Reflect.get(window, 'devices') as GPUDevice[]).at(-1)?.destroy());
const devicesAsked = (page: Page): Promise<number> =>
  page.evaluate(() => (Reflect.get(window, 'devices') as GPUDevice[]).length);

test('device lost: one fresh start by itself, state kept; lost while capturing twice in a row: a message with a retry', async ({
  page,
}) => {
  await page.addInitScript(keepDevices);
  await open(page, `${SMALL}&by=line`);
  await captured(page);
  await loseDevice(page);
  await expect.poll(() => devicesAsked(page)).toBe(2);
  await captured(page, { keys: 48 });
  expect((await stateOf(page)).granularity).toBe('line');

  // Every further device is lost as soon as work is submitted to it: while capturing, twice in a row.
  await page.evaluate(() => {
    const submit = GPUQueue.prototype.submit;
    Object.assign(window, { heal: () => (GPUQueue.prototype.submit = submit) });
    GPUQueue.prototype.submit = function (buffers) {
      submit.call(this, buffers);
      (Reflect.get(window, 'devices') as GPUDevice[]).at(-1)?.destroy();
    };
  });
  await page.locator('input[name=seed]').fill('4');
  await page.locator('input[name=seed]').press('Enter');
  await expect(message(page, 'device-lost-again')).toHaveCount(1, { timeout: 45_000 });
  expect(await devicesAsked(page)).toBeLessThanOrEqual(4);
  expect((await stateOf(page)).choice.seed).toBe(4);

  await page.evaluate(() => (Reflect.get(window, 'heal') as () => void)());
  await message(page, 'device-lost-again').getByRole('button', { name: 'Try again' }).click();
  await captured(page, { keys: 48 });
  await expect(message(page, 'device-lost-again')).toHaveCount(0);
});

test('device lost while timing: the strip is free again, the page starts over', async ({ page }) => {
  await page.addInitScript(keepDevices);
  await open(page, SMALL);
  await captured(page);
  await page.locator('.pane-timing').getByRole('button', { name: /time/i }).click();
  await expect(page.locator('.pane-timing progress')).toBeVisible();
  await loseDevice(page);
  await expect.poll(() => devicesAsked(page)).toBe(2);
  await captured(page, { keys: 48 });
  await expect(page.locator('.pane-timing progress')).toHaveCount(0);
});

test('without timestamp-query the clock on the wall is used, and says so', async ({ page }) => {
  await page.addInitScript(() => {
    const has = GPUSupportedFeatures.prototype.has;
    GPUSupportedFeatures.prototype.has = function (name) {
      return name !== 'timestamp-query' && has.call(this, name);
    };
  });
  test.setTimeout(120_000);
  await open(page, SMALL);
  await captured(page);
  const [first] = await page.evaluate(async () => {
    const numbers = () => Float32Array.from({ length: 64 * 8 }, (_, i) => Math.sin(i));
    const shape = { batch: 1, heads: 1, kvHeads: 1, queries: 64, keys: 64, dim: 8 };
    const request = { kernel: 'flash2' as const, shape, q: numbers(), k: numbers(), v: numbers() };
    return (await window.attnscope.time([request])).map(({ method, n, maxAbsError }) => ({ method, n, maxAbsError }));
  });
  expect(first).toMatchObject({ method: 'wall' });
  expect(first?.maxAbsError).toBeLessThan(1e-5);
});
