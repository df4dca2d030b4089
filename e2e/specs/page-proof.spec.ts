/**
 * The proof of the Page lab: the paged kernel's result on screen, a request's way into the Step lab, typed text,
 * timing, and a browser without a device.
 */
import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { open, stateOf } from '../support/lab';

const proof = (page: Page) => page.locator('.page-proof');
const figure = async (page: Page, name: string): Promise<number> =>
  Number((await proof(page).locator(`[data-figure=${name}]`).textContent())?.replace('−', '-'));

/** Opens a moment of the lab and scrolls to the proof. */
async function openProof(page: Page, fragment: string): Promise<void> {
  await open(page, `lab=page&${fragment}`);
  await proof(page).scrollIntoViewIfNeeded();
  await proof(page)
    .locator('.proof-head')
    .evaluate((head) => head.scrollIntoView());
}

test('paged = contiguous = f64 at the moment on screen; a request opens in the Step lab, Back returns; timing runs and is cancelled', async ({
  page,
}) => {
  await openProof(page, 'moment=10');
  await expect(proof(page).locator('.proof-verdict')).toHaveText('Equal, up to rounding', { timeout: 30_000 });
  await expect(proof(page).locator('.proof-head')).toContainText(/Step 7: 3 requests/);
  for (const name of ['contiguous', 'f64']) {
    expect(await figure(page, name)).toBeLessThan(8e-6);
    expect(await figure(page, name)).toBeGreaterThanOrEqual(0);
  }
  await expect(proof(page).locator('.proof-facts')).toContainText('49 positions: generated');
  await expect(proof(page).locator('.proof-facts')).toContainText(/Poison in \d+ of 44 slots/);
  // Another moment is proved, too.
  await page.goto('/#lab=page&moment=0');
  await expect(proof(page).locator('.proof-head')).toContainText('Nothing has been computed yet');
  await page.goto('/#lab=page&moment=10');

  await proof(page).locator('select[name=proof-keys]').selectOption('256');
  await expect(proof(page).locator('.timing-bar')).toContainText('Nk 256');
  await proof(page).locator('.timing-start').click();
  await expect(proof(page).locator('.timing-cancel')).toBeVisible();
  await proof(page).locator('.timing-cancel').click();
  await expect(proof(page).locator('.timing-start')).toBeVisible({ timeout: 20_000 });
  await proof(page).getByRole('button', { name: 'The protocol' }).click();
  await expect(page.locator('dialog.protocol')).toContainText('warmed up twice');
  await page.keyboard.press('Escape');

  await proof(page).getByRole('button', { name: 'Open its step' }).click();
  await expect(page.locator('.from-file')).toContainText('From the Page lab Ada, step 7', { timeout: 30_000 });
  const { trace } = await stateOf(page);
  expect(trace?.provenance).toBe('this-device');
  expect(trace?.run).toMatchObject({ kernel: 'paged', shape: { queries: 1, keys: 16, dim: 32 } });
  expect(trace?.run.shape.pages?.table).toHaveLength(4);
  // Its only row is that of the last token.
  await expect(page.locator('.view-mask .list span').last()).toHaveClass('self');
  await page.goBack();
  await expect(proof(page)).toBeVisible();
  // One step back restores the link: it no longer names a file, and names its kernel again.
  expect(page.url()).toMatch(/[#&]lab=page&.*kernel=/);
  expect(page.url()).not.toContain('file=');
});

test('typed text has the model’s tokens, and its K and V', async ({ page }) => {
  await openProof(page, 'page=own*0a3.黄鹤一去不复返&moment=7&lang=zh');
  await expect(proof(page).locator('.proof-facts')).toContainText('由训练好的小模型读该文本得到', { timeout: 30_000 });
  await expect(proof(page).locator('.proof-facts')).not.toContainText('生成的数');
  expect(await figure(page, 'f64')).toBeLessThan(2e-5);
});

test('a large pool is proved when somebody asks', async ({ page }) => {
  await openProof(page, 'page=chat_pool-7000&moment=20');
  await expect(proof(page).locator('.proof-head')).toContainText('Not run unasked', { timeout: 30_000 });
  await proof(page).locator('.proof-run').click();
  await expect(proof(page).locator('.proof-verdict')).toHaveText('Equal, up to rounding', { timeout: 40_000 });
  await expect(proof(page).locator('.proof-facts')).toContainText('of 112,016 slots');
});

test('without WebGPU nothing stands in for a proof; the step opens interpreted', async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(Navigator.prototype, 'gpu', { get: () => undefined }));
  await openProof(page, 'moment=10');
  await expect(proof(page)).toContainText('Not run: there is no WebGPU here');
  await expect(proof(page).locator('[data-figure]')).toHaveCount(0);
  await expect(proof(page).locator('.timing-start')).toBeDisabled();
  await proof(page).getByRole('button', { name: 'Open its step' }).click();
  await expect(page.locator('.from-file')).toContainText('Ada, step 7', { timeout: 30_000 });
  expect((await stateOf(page)).trace?.provenance).toBe('interpreter');
});
