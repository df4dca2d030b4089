/**
 * The memory scene: loaded only when shown, a real picture, its keys and switches, pointing at cells, and the death of
 * the graphics process.
 */
import { createHash } from 'node:crypto';
import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { captured, open, SMALL, stateOf } from '../support/lab';

const FLASH = `${SMALL}&kernel=flash2&at=0.0.3&row=2`;
test.describe.configure({ timeout: 150_000 });
/** A software GPU that other tests use as well needs time. */
const SLOW = { timeout: 45_000 };
const scene = (page: Page) => page.locator('.view-space');
/** The camera of the picture on screen; absent while another is being made. */
const eye = (page: Page): Promise<string | null> => page.locator('.view-space .stage').getAttribute('data-eye');
/** Waits until the scene shows this device's own capture instead of the recording, and rests. */
async function ready(page: Page): Promise<void> {
  await expect(page.locator('.view-space .moved')).toHaveAttribute('aria-description', /on this device/, SLOW);
  await expect(scene(page)).toHaveAttribute('data-status', 'ready', SLOW);
  await expect.poll(() => eye(page), SLOW).toBeTruthy();
}
const flip = (page: Page, to: '2D' | '3D') =>
  page.locator('.flip').getByRole('button', { name: to, exact: true }).locator('visible=true').click();

/** Scripts of the scene that the page has asked for. */
function chunks(page: Page): string[] {
  const asked: string[] = [];
  page.on('request', (request) => {
    if (/space-scene/.test(request.url())) asked.push(request.url());
  });
  return asked;
}

/** Undefined while the scene is being mounted again. */
async function shot(page: Page): Promise<Buffer> {
  const clip = await page.locator('.view-space .stage').boundingBox();
  return clip ? page.screenshot({ clip }) : Buffer.alloc(0);
}

/** A screenshot of the scene, to compare. */
const print = async (page: Page): Promise<string> =>
  createHash('sha1')
    .update(await shot(page))
    .digest('hex');

/** How many different colours the scene shows. */
async function colours(page: Page): Promise<number> {
  const png = (await shot(page)).toString('base64');
  if (!png) return 0;
  return page.evaluate(async (text) => {
    const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
    context.drawImage(bitmap, 0, 0);
    return new Set(new Uint32Array(context.getImageData(0, 0, bitmap.width, bitmap.height).data.buffer)).size;
  }, png);
}

/** A hash of the picture once it rests. */
async function settled(page: Page): Promise<string> {
  let last = '';
  const still = async (): Promise<boolean> => {
    const before = last;
    last = await print(page);
    return last === before;
  };
  await expect.poll(still, SLOW).toBe(true);
  return last;
}

test('2D to 3D and back: the scene is loaded when it is first shown, and its picture is not blank', async ({
  page,
}) => {
  const asked = chunks(page);
  await open(page, FLASH);
  await captured(page, { kernel: 'flash2' });
  await expect(page.locator('.pane-memory')).toBeVisible();
  expect(asked).toEqual([]);
  await flip(page, '3D');
  await ready(page);
  expect(asked).toHaveLength(1);
  await expect(page.locator('.pane-memory')).toBeHidden();
  await expect(page).toHaveURL(/3d=on/);
  await expect.poll(() => colours(page), SLOW).toBeGreaterThan(500);
  await expect(page.locator('.view-space .label:not(.out) b').filter({ hasText: /^K$/ })).toHaveCount(1);
  await flip(page, '2D');
  await expect(page.locator('.pane-memory')).toBeVisible();
  await expect(scene(page)).toBeHidden();
});

test('steps, kernels and words: what moves is counted, naive has real planes of S and P, screen readers are told', async ({
  page,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await open(page, `${FLASH}&3d=on`);
  await captured(page, { kernel: 'flash2' });
  await ready(page);
  const before = await settled(page);
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => print(page), SLOW).not.toBe(before);
  await page
    .locator('.deck')
    .getByLabel(/phase of this workgroup/)
    .fill('1');
  await expect(page.locator('.view-space .moved')).toHaveText(/^HBM → SRAM [\d.]+ (B|KiB)$/);
  await expect(page.locator('.view-space .groups')).toContainText(
    /\d+ workgroups in this dispatch, \d+ would fit into [\d.]+ KiB/,
  );
  await expect(page.locator('[data-describes=space]')).toContainText('S, P are never written to HBM');
  await expect(page.locator('.view-space .label.ghost:not(.out)').filter({ hasText: 'never written' })).toHaveCount(2);
  await page.locator('select[name=kernel]').selectOption('naive');
  await captured(page, { kernel: 'naive' });
  await expect(page.locator('.view-space .label.ghost').filter({ hasText: 'never written' })).toHaveCount(0);
  await expect(page.locator('.view-space .label.hbm').filter({ hasText: /^[SP]/ })).toHaveCount(2);
  await expect(page.locator('.view-space .groups')).toContainText('no workgroup memory');
});

test('point of view: keys, buttons, dragging and zooming change the camera, reset brings it back; a cell pointed at is told, a click pins it', async ({
  page,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await open(page, `${FLASH}&3d=on`);
  await captured(page, { kernel: 'flash2' });
  await ready(page);
  let last = { eye: await eye(page), picture: await settled(page) };
  /** Does it, and waits until the camera has moved and the picture differs. */
  const changes = async (act: () => Promise<unknown>): Promise<void> => {
    const before = last;
    await act();
    await page.mouse.move(0, 0);
    const stands = async () => (last = { eye: (await eye(page)) ?? before.eye, picture: await print(page) });
    await expect(async () => {
      const now = await stands();
      expect(now.eye).not.toBe(before.eye);
      expect(now.picture).not.toBe(before.picture);
    }).toPass({ ...SLOW, intervals: [100] });
  };
  const kept = async () => ({ eye: await eye(page), picture: await settled(page) });
  const same = async (wanted: typeof last): Promise<void> => {
    expect(await eye(page)).toBe(wanted.eye);
    await expect.poll(() => print(page), SLOW).toBe(wanted.picture);
  };
  const view = page.getByRole('group', { name: 'Point of view' });
  await changes(() => page.keyboard.press('t'));
  const top = await kept();
  await changes(() => page.keyboard.press('f'));
  await changes(() => page.keyboard.press('r'));
  const home = await kept();
  await changes(() => view.getByRole('button', { name: 'Top' }).click());
  await same(top);
  await changes(() => view.getByRole('button', { name: 'Front' }).click());
  await changes(() => view.getByRole('button', { name: 'Reset view' }).click());
  await same(home);
  await changes(() => page.getByRole('button', { name: 'Closer' }).click());
  await changes(() => page.getByRole('button', { name: 'Farther' }).click());
  const stage = page.locator('.view-space .stage');
  const { x, y, width, height } = (await stage.boundingBox())!;
  await changes(async () => {
    await page.mouse.move(x + width / 2, y + height - 40);
    await page.mouse.down();
    await page.mouse.move(x + width / 2 - 90, y + height - 60, { steps: 4 });
    await page.mouse.up();
  });
  const cursor = (await stateOf(page)).cursor;
  await stage.focus();
  await changes(() => page.keyboard.press('Shift+ArrowLeft'));
  // Without Shift the arrows move from cell to cell, with the same text as for the pointer; Enter pins.
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('PageUp');
  const readout = page.locator('.view-space .readout');
  await expect(readout).toContainText(/^\s*(HBM|SRAM|Registers) \w+ · \S+ · row \d+, column \d+: /);
  const before = await readout.textContent();
  await page.keyboard.press('ArrowRight');
  await expect(readout).not.toHaveText(before!);
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await stateOf(page)).pinned).toBeTruthy();
  await page.keyboard.press('Escape');
  await expect.poll(async () => (await stateOf(page)).pinned).toBeUndefined();
  expect((await stateOf(page)).cursor).toEqual(cursor);

  await changes(() => page.keyboard.press('t'));
  // The plane's last row is just above its name.
  const label = (await page.locator('.view-space .label.hbm:not(.out)').filter({ hasText: /^Q/ }).boundingBox())!;
  const cell = [label.x + label.width / 2, label.y - 14] as const;
  await page.mouse.move(...cell);
  await expect(page.locator('.view-space .readout')).toContainText(/^\s*Q · row \d+, column \d+: /);
  await page.mouse.click(...cell);
  await expect.poll(async () => (await stateOf(page)).link).toMatch(/cell=Q\.\d+\.\d+/);
});

test('a view asked for while the scene is being loaded is the one that comes up', async ({ page }) => {
  let answer = (): void => undefined;
  const held = new Promise<void>((resolve) => (answer = resolve));
  await page.route(/space-scene/, async (route) => {
    await held;
    await route.continue();
  });
  await open(page, `${FLASH}&3d=on`);
  await captured(page, { kernel: 'flash2' });
  await expect(scene(page)).toHaveAttribute('data-status', 'loading');
  await page.keyboard.press('t');
  answer();
  await ready(page);
  expect(await eye(page)).toMatch(/^top 0\.000 1\.57/);
});

test('no 3D: kept in the link, never loaded, and switched on again', async ({ page }) => {
  const asked = chunks(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page, `${FLASH}&3d=off&pane=space`);
  await captured(page, { kernel: 'flash2' });
  await expect(page.locator('.pane-space')).toContainText('3D is switched off');
  await expect(scene(page)).toBeHidden();
  await page.waitForTimeout(300);
  expect(asked).toEqual([]);
  await page.getByRole('button', { name: 'Switch it on' }).click();
  await ready(page);
  await expect.poll(() => colours(page), SLOW).toBeGreaterThan(300);
  await page.getByRole('button', { name: 'No 3D' }).click();
  await expect(page).toHaveURL(/3d=off/);
  await expect(scene(page)).toBeHidden();
});

test('no WebGL: a message in its place, and the rest goes on', async ({ page }) => {
  await page.addInitScript(() => {
    const get = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, kind: string, ...rest: unknown[]) {
      return kind === 'webgl2' ? null : (get as (...args: unknown[]) => unknown).call(this, kind, ...rest);
    } as typeof get;
  });
  await open(page, `${FLASH}&3d=on`);
  await captured(page, { kernel: 'flash2' });
  await expect(page.locator('.view-space .message')).toContainText('no WebGL 2');
  await page.keyboard.press('ArrowRight');
  await expect.poll(async () => (await stateOf(page)).cursor?.phase).toBe(4);
});

test.describe('the graphics process dies', () => {
  test.use({ allowedErrors: [/device|lost|WebGL|GPU|context/i] });

  test('the picture comes back by itself, right', async ({ page, browser }) => {
    test.setTimeout(120_000);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await open(page, `${FLASH}&3d=on`);
    await captured(page, { kernel: 'flash2' });
    await ready(page);
    await expect.poll(() => colours(page), SLOW).toBeGreaterThan(500);
    const before = await settled(page);
    const session = await browser.newBrowserCDPSession();
    await session.send('Browser.crashGpuProcess').catch(() => undefined);
    await expect.poll(() => print(page), { timeout: 60_000 }).toBe(before);
    await expect(scene(page)).toHaveAttribute('data-status', 'ready');
    await expect(page.locator('.view-space .message')).toHaveCount(0);
    // It still follows the cursor.
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => print(page), SLOW).not.toBe(before);
  });
});
