/** Failures at a bad moment: the graphics process dies, a buffer cannot be read, the tab is hidden. */
import type { Page } from '@playwright/test';
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

  test('while capturing, twice with a run between: the run starts over by itself and the choices stay', async ({
    page,
  }) => {
    await open(page, `${SMALL}&kernel=flash2&by=tile&row=7`);
    await captured(page);
    for (const keys of [700, 650]) {
      await type(page, 'keys', String(keys));
      await expect(page.locator('.progress')).toHaveCount(1);
      await crash(page);
      await captured(page, { keys });
      await expect(message(page, 'device-lost')).toHaveCount(0);
    }
    expect(await stateOf(page)).toMatchObject({
      granularity: 'tile',
      row: 7,
      choice: { keys: 650, dim: 16, heads: 2, seed: 3 },
    });
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

  test('in a sweep of the Time lab: it ends and says why, what was measured stays, and it goes on with the rest', async ({
    page,
  }) => {
    await open(page, 'lab=time&t.n=16.32.512.1024&t.heads=2&t.d=16&t.s=1');
    await page.getByRole('button', { name: 'Measure on this device' }).click();
    const rows = page.locator('table.points tbody tr');
    await expect(rows.first()).toBeVisible({ timeout: 60_000 });
    await crash(page);
    await expect(page.locator('.start-bar.running')).toHaveCount(0, { timeout: 45_000 });
    await expect(page.locator('.start-bar .lost')).toContainText(
      'lost the GPU device during the sweep. What was measured before stays',
    );
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

test('a buffer that cannot be read back: a message, the picture and the choices stay, and the next run works', async ({
  page,
}) => {
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

test('more tokens than the model reads: told beside the box and in words, the text stays, so does the picture', async ({
  page,
}) => {
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
