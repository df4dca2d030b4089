/** Without WebGPU the page computes small runs on the CPU: the visitor's own inputs, with progress, a way out, and a refusal that names what would do. */
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';
import { open, SMALL, stateOf } from './lab';

test.beforeEach(async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(Navigator.prototype, 'gpu', { get: () => undefined }));
});

/** Waits until the interpreter's own capture of a run that fits `wanted` is on screen. */
async function interpreted(page: Page, wanted: Record<string, unknown> = {}): Promise<void> {
  const flat = async () => {
    const { trace } = await stateOf(page);
    return { provenance: trace?.provenance, kernel: trace?.run.kernel, ...trace?.run.shape, ...trace?.run.tile };
  };
  await expect.poll(flat, { timeout: 45_000 }).toMatchObject({ provenance: 'interpreter', ...wanted });
}

const number = async (page: Page, name: string, value: number): Promise<void> => {
  await page.locator(`input[name=${name}]`).fill(String(value));
  await page.locator(`input[name=${name}]`).press('Enter');
};

test('changed inputs, tile, mask and kernel are computed here, labelled, checked, and can be stepped by line; there is no timing', async ({
  page,
}) => {
  await open(page, SMALL);
  await interpreted(page, { queries: 48, dim: 16 });
  await expect(page.locator('.chip.own')).toHaveText('computed on the CPU');
  await expect(page.locator('.message[data-code="no-webgpu"]')).toContainText('computed on the CPU');

  await number(page, 'keys', 21);
  await interpreted(page, { keys: 21 });
  await page.locator('.tile-menu summary').click();
  await page.locator('input[name=tile][value="8x8"]').check();
  await interpreted(page, { br: 8, bc: 8 });
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'full', exact: true }).click();
  await interpreted(page, { mask: 'full' });
  await page.locator('select[name=kernel]').selectOption('naive');
  await interpreted(page, { kernel: 'naive', keys: 21 });

  const { trace } = await stateOf(page);
  expect(trace?.maxOracle).toBeLessThan(1e-5);
  await expect.poll(async () => (await stateOf(page)).trace?.maxPlainTapped).toBe(0);

  // Lines of a thread are interpreted when they are asked for.
  const before = await page.locator('.phase-strip').innerText();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => page.locator('.phase-strip').innerText()).not.toBe(before);
  await expect(page.locator('.timing-start')).toBeDisabled();
});

test('a run that would take too long is refused beforehand; who insists sees how far it is, and can stop it', async ({ page }) => {
  await open(page, SMALL);
  await interpreted(page);
  await number(page, 'keys', 4096);
  const message = page.locator('.message[data-code="too-slow"]');
  await expect(message).toContainText(/about \d+ s here/, { timeout: 20_000 });
  await expect(message).toContainText(/at most \d+ keys/);
  expect((await stateOf(page)).trace?.run.shape.keys).toBe(48);

  await message.getByRole('button', { name: 'Compute it anyway' }).click();
  const progress = page.locator('header .progress');
  await expect(progress).toContainText('Computing the kernel on the CPU');
  await expect(progress.locator('progress')).toBeVisible({ timeout: 30_000 });
  await progress.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.locator('.message[data-code="cancelled"]')).toHaveCount(1);
  await expect(progress).toHaveCount(0);
  const state = await stateOf(page);
  expect(state.choice.keys).toBe(4096);
  expect(state.trace?.run.shape.keys).toBe(48);
  await number(page, 'keys', 24);
  await interpreted(page, { keys: 24 });
});
