/**
 * Failures at a bad moment: the graphics process dies, a buffer cannot be read, files and links are broken or hostile,
 * the tab is hidden.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import fc from 'fast-check';
import { testFlags, findChromium } from '../tools/chromium.mjs';
import { expect, test } from '../support/fixtures';
import { captured, open, SMALL, stateOf } from '../support/lab';

const executablePath = findChromium();
// A browser of its own, so that what dies here does not affect other specs, and may die more than once.
test.use({
  launchOptions: {
    args: [...testFlags, '--disable-gpu-process-crash-limit', '--disable-domain-blocking-for-3d-apis'],
    ...(executablePath && { executablePath }),
  },
});
test.setTimeout(120_000);
// The last of the files in order: both workers share what is left.
test.describe.configure({ mode: 'parallel' });

const message = (page: Page, code: string) => page.locator(`.message[data-code="${code}"]`);
const type = async (page: Page, name: string, value: string): Promise<void> => {
  await page.locator(`input[name=${name}]`).fill(value);
  await page.locator(`input[name=${name}]`).press('Enter');
};
/** Counts the devices that the page asks for, so that a test knows that one was really lost. */
const countDevices = (): void => {
  const request = GPUAdapter.prototype.requestDevice;
  Object.assign(window, { asked: 0 });
  GPUAdapter.prototype.requestDevice = function (descriptor) {
    Object.assign(window, { asked: (Reflect.get(window, 'asked') as number) + 1 });
    return request.call(this, descriptor);
  };
};
const devicesAsked = (page: Page): Promise<number> => page.evaluate(() => Reflect.get(window, 'asked') as number);

/** Kills the graphics process; returns when the page has asked for another device. */
async function crash(page: Page): Promise<void> {
  const before = await devicesAsked(page);
  const session = await page.context().browser()!.newBrowserCDPSession();
  await session.send('Browser.crashGpuProcess').catch(() => undefined);
  await expect.poll(() => devicesAsked(page), { timeout: 30_000 }).toBeGreaterThan(before);
}

test.describe('the graphics process dies', () => {
  test.use({ allowedErrors: [/device|lost|WebGL|GPU|context/i] });
  test.beforeEach(({ page }) => page.addInitScript(countDevices));

  test('while capturing, twice with a run between: the run starts over by itself and the choices stay', async ({ page }) => {
    await open(page, `${SMALL}&kernel=flash2&by=tile&row=7`);
    await captured(page);
    for (const keys of [700, 650]) {
      await type(page, 'keys', String(keys));
      await expect(page.locator('.progress')).toHaveCount(1);
      await crash(page);
      await captured(page, { keys });
      await expect(message(page, 'device-lost')).toHaveCount(0);
    }
    expect(await stateOf(page)).toMatchObject({ granularity: 'tile', row: 7, choice: { keys: 650, dim: 16, heads: 2, seed: 3 } });
    await page.keyboard.press('ArrowRight');
    await expect(page.locator('.phase-strip')).toContainText(/id \d+ \(0–\d+\)/);
  });

  test('while timing: the strip is free again, claims nothing, and can be started anew', async ({ page }) => {
    await open(page, SMALL);
    await captured(page);
    const strip = page.locator('.pane-timing');
    await strip.getByRole('button', { name: /time/i }).click();
    await expect(strip.locator('progress')).toBeVisible();
    await crash(page);
    await expect(strip.locator('progress')).toHaveCount(0, { timeout: 45_000 });
    await expect(strip.locator('.timing-verdict')).toHaveCount(0);
    await captured(page, { keys: 48 });
    await strip.getByRole('button', { name: /time/i }).click();
    await expect(strip.locator('progress')).toBeVisible();
    await strip.getByRole('button', { name: 'Cancel' }).click();
    await expect(strip.locator('progress')).toHaveCount(0);
  });

  test('in a sweep of the Time lab: it ends and says why, what was measured stays, and it goes on with the rest', async ({ page }) => {
    await open(page, 'lab=time&t.n=16.32.512.1024&t.heads=2&t.d=16&t.s=1');
    await page.getByRole('button', { name: 'Measure on this device' }).click();
    const rows = page.locator('table.points tbody tr');
    await expect(rows.first()).toBeVisible({ timeout: 60_000 });
    await crash(page);
    await expect(page.locator('.start-bar.running')).toHaveCount(0, { timeout: 45_000 });
    await expect(page.locator('.start-bar .lost')).toContainText('lost the GPU device during the sweep. What was measured before stays');
    await expect(page.locator('.partial')).toBeVisible();
    await expect(page.getByRole('button', { name: /^Measure/ })).toBeEnabled({ timeout: 45_000 });
    const times = () => rows.evaluateAll((all) => all.map((row) => row.textContent.replaceAll(/\s+/g, ' ')));
    const before = await times();
    expect(before.length).toBeLessThan(8);
    await page.getByRole('button', { name: 'Go on with the rest' }).click();
    await expect(page.locator('.start-bar .lost')).toHaveCount(0);
    // The rest is measured after the finished points, which do not change.
    await expect(rows).toHaveCount(8, { timeout: 90_000 });
    expect((await times()).slice(0, before.length)).toEqual(before);
    await expect(page.locator('.partial')).toHaveCount(0);
    await expect(page.getByRole('button', { name: 'Go on with the rest' })).toHaveCount(0);
  });
});

test('a buffer that cannot be read back: a message, the picture and the choices stay, and the next run works', async ({ page }) => {
  await open(page, SMALL);
  await captured(page);
  await page.evaluate(() => {
    const map = GPUBuffer.prototype.mapAsync;
    Object.assign(window, { heal: () => (GPUBuffer.prototype.mapAsync = map) });
    GPUBuffer.prototype.mapAsync = () => Promise.reject(new DOMException('mapping failed', 'OperationError'));
  });
  await type(page, 'seed', '9');
  await expect(message(page, 'unexpected')).toContainText('mapping failed');
  await expect(page.locator('.stale-note')).toContainText('not the run that you chose');
  expect((await stateOf(page)).choice.seed).toBe(9);
  expect((await stateOf(page)).trace).toMatchObject({ provenance: 'this-device', run: { shape: { keys: 48 } } });
  await page.evaluate(() => (Reflect.get(window, 'heal') as () => void)());
  await type(page, 'keys', '40');
  await captured(page, { keys: 40 });
  await expect(message(page, 'unexpected')).toHaveCount(0);
});

test('more tokens than the model reads: told beside the box and in words, the text stays, so does the picture', async ({ page }) => {
  await open(page, 'kernel=flash2&input=text&text=the whale&lang=en');
  await captured(page);
  const before = (await stateOf(page)).trace?.run.shape.keys;
  const box = page.locator('textarea[name=sentence]');
  const long = '鲸'.repeat(300);
  await box.fill(long);
  await box.press('Enter');
  await expect(message(page, 'tokens-too-many')).toContainText(/300|301/);
  await expect(box).toHaveAccessibleDescription(/the model reads at most 256/);
  await expect(box).toHaveValue(long);
  expect((await stateOf(page)).trace?.run.shape.keys).toBe(before);
  await expect(page.locator('.stale-note')).toBeVisible();
});

test('trace files: truncated, foreign, newer, too large by word or in fact: each is told, and the picture stays', async ({ page }) => {
  await open(page, SMALL);
  await captured(page);
  const good = readFileSync(join(process.env['ATTNSCOPE_FOLDER']!, 'captures/flash2-zh.attn'));
  const begin = (version: number, total: number): Buffer => {
    const bytes = Buffer.alloc(64);
    Buffer.from([0x89, 0x41, 0x54, 0x54, 0x4e, 0x0d, 0x0a, 0x1a]).copy(bytes);
    [version, 8, total].forEach((n, i) => bytes.writeUInt32LE(n, 8 + 4 * i));
    return bytes;
  };
  const files: Record<string, Buffer> = {
    'trace-truncated': good.subarray(0, Math.floor(good.length / 2)),
    'trace-foreign': Buffer.from('PK\u0003\u0004 something else entirely, of another program'),
    'trace-newer': begin(99, 64),
    'trace-oversized': begin(1, 2 ** 30),
  };
  for (const [code, buffer] of Object.entries(files)) {
    await page.getByLabel('Import trace').setInputFiles({ name: `${code}.attn`, mimeType: 'application/octet-stream', buffer });
    await expect(message(page, code)).toHaveCount(1);
    expect((await stateOf(page)).trace?.provenance).toBe('this-device');
    await message(page, code).getByRole('button', { name: 'Dismiss' }).click();
  }
  // A gigabyte dropped on the page: refused by its size, before any of it is read.
  const read = await page.evaluate(() => {
    let asked = 0;
    for (const name of ['arrayBuffer', 'bytes', 'stream', 'slice', 'text'] as const) {
      const method = Reflect.get(Blob.prototype, name) as ((...args: unknown[]) => unknown) | undefined;
      if (method)
        Reflect.set(Blob.prototype, name, function (this: Blob, ...args: unknown[]) {
          if (this.size > 2 ** 29) asked++;
          return method.apply(this, args);
        });
    }
    const piece = new Blob([new Uint8Array(2 ** 20)]);
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(
      new File(
        Array.from({ length: 1024 }, () => piece),
        'huge.attn',
      ),
    );
    const lab = document.querySelector('attn-scope')!.shadowRoot!.querySelector('main.lab')!;
    lab.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    return asked;
  });
  await expect(message(page, 'trace-oversized')).toContainText('1.00 GiB');
  expect(read).toBe(0);
  await expect(page.locator('.from-file')).toHaveCount(0);
  // A complete one is still shown.
  await page.getByLabel('Import trace').setInputFiles({ name: 'good.attn', mimeType: 'application/octet-stream', buffer: good });
  await expect(page.locator('.from-file')).toContainText('good.attn');
  await expect(page.locator('.message')).toHaveCount(0);
});

const keys =
  'lab kernel input text passage layer head n nq d heads kv batch seed plane mask tile at row thread cell by speed pane theme lang file 3d q k v t.n t.d t.heads t.kernels t.mask t.s t.kv t.batch t.q vs both page moment'.split(
    ' ',
  );
const bad = [
  '',
  '-1',
  '0',
  '1',
  '4096',
  '4097',
  '1e9',
  '0x10',
  'NaN',
  'Infinity',
  '%',
  '%E0%A4%A',
  '%00',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '__proto__',
  'constructor',
  '../../etc',
  'file:///x',
  '99999999999999999999',
  '16x16',
  '32x32x32',
  '0.0.0',
  '9.9.9.9.9',
  'P.1.1',
  'P.-1',
  'Q.4095.4095',
  'time',
  'step',
  'compare',
  'page',
  'kernel:evil,tile:9x9,seed:-1',
  'kernel:naive,kernel:naive,mask:full:full',
  'bytes.99999999.cross',
  'rules:evil,pool:0',
  'naive',
  'flash2',
  'text',
  'seed',
  'file',
  'full',
  'causal',
  'on',
  '١٢٣',
  '鲸',
  '\u202e',
  '😀',
  'a'.repeat(3000),
  '1,2,3',
  '1.2.3',
  ' ',
];

/** Hostile fragments of every kind, the same in each run. */
const hostile = fc.sample(
  fc
    .array(
      fc.oneof(
        {
          weight: 6,
          arbitrary: fc
            .tuple(fc.constantFrom(...keys), fc.oneof(fc.constantFrom(...bad), fc.string({ unit: 'binary', maxLength: 40 })))
            .map(([key, value]) => `${key}=${value}`),
        },
        {
          weight: 1,
          arbitrary: fc.constantFrom(
            '__proto__=1',
            'constructor=2',
            'toString',
            '=',
            '&&&',
            '==',
            '#',
            '%=%',
            'n=1&n=2',
            'hasOwnProperty=x',
          ),
        },
        { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
      ),
      { minLength: 1, maxLength: 12 },
    )
    .map((parts) => parts.join('&')),
  { seed: 20_261_124, numRuns: 200 },
);

for (const half of [0, 1]) {
  test(`100 hostile links of 200, half ${half + 1}: none throws, a picture is always there, and the next good link works`, async ({
    page,
  }) => {
    await open(page, SMALL);
    await captured(page);
    for (const fragment of hostile.slice(100 * half, 100 * half + 100)) {
      const left = await page.evaluate(async (text) => {
        location.hash = text;
        await new Promise((resolve) => setTimeout(resolve, 20));
        const state = window.attnscope.state();
        const root = document.querySelector('attn-scope')!.shadowRoot!;
        // A lab that is chosen for the first time is being loaded.
        for (let i = 0; i < 250 && root.querySelector('main.lab')!.childElementCount === 0; i++)
          await new Promise((resolve) => setTimeout(resolve, 20));
        return {
          traced: state.trace !== undefined,
          lab: root.querySelector('main.lab')!.childElementCount,
          wild: root.querySelector('main img[src=x], script') !== null,
        };
      }, fragment);
      expect(left, fragment).toMatchObject({ traced: true, wild: false });
      expect(left.lab, fragment).toBeGreaterThan(0);
    }
    await expect(message(page, 'unexpected')).toHaveCount(0);
    await page.evaluate(() => (location.hash = 'lab=step&input=seed&n=20&d=8&heads=1&seed=1&kernel=flash2&mask=full&tile=8x8'));
    await captured(page, { keys: 20, dim: 8, mask: 'full' });
  });
}

test('the tab is hidden in a sweep: it pauses, throws the round away and goes on', async ({ page }) => {
  await page.addInitScript(() => {
    Object.assign(window, { seen: 'visible' });
    Object.defineProperty(document, 'visibilityState', { get: () => Reflect.get(window, 'seen') as string });
    document.hasFocus = () => Reflect.get(window, 'seen') === 'visible';
  });
  const see = (how: string) =>
    page.evaluate((to) => {
      Object.assign(window, { seen: to });
      document.dispatchEvent(new Event('visibilitychange'));
    }, how);
  await open(page, 'lab=time&t.n=16.256&t.heads=2&t.d=16&t.s=1');
  await page.getByRole('button', { name: 'Measure on this device' }).click();
  await expect(page.locator('.stage')).toContainText('round');
  await see('hidden');
  await expect(page.locator('.stage')).toContainText('Paused');
  const done = await page.locator('table.points tbody tr').count();
  await page.waitForTimeout(1_000);
  expect(await page.locator('table.points tbody tr').count()).toBe(done);
  await see('visible');
  await expect(page.locator('.start-bar.running')).toHaveCount(0, { timeout: 60_000 });
  await expect(page.locator('table.points tbody tr')).toHaveCount(4);
  await expect(page.locator('.facts')).toContainText(/[1-9]\d* thrown away/);
});
