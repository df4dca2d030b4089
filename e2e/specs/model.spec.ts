/** The small model's lab: a typed text is read and kept, its link opens it again, and nonsense is told. */
import { expect, test } from '../support/fixtures';
import { silenceGpu, stateOf } from '../support/lab';

test('the Model lab comes to rest, reads what is typed, and its link opens it again', async ({ page }) => {
  test.setTimeout(180_000);
  await silenceGpu(page);
  await page.goto('/#lab=model&lang=en');
  const tokens = page.locator('.token-strip .token');
  await expect(tokens.first()).toBeVisible({ timeout: 60_000 });
  const box = await page.locator('textarea').elementHandle();
  await page.locator('textarea').fill('The whale, the sea');
  await expect.poll(() => tokens.count(), { timeout: 60_000 }).toBeLessThan(10);
  await expect(page.locator('textarea')).toHaveValue('The whale, the sea');
  // The box that was typed into is still the one on the page: nothing was mounted anew.
  expect(await box?.evaluate((node) => node.isConnected)).toBe(true);
  await page.getByRole('button', { name: 'Next token' }).click();
  await expect(page.locator('.bars li').first()).toBeVisible({ timeout: 60_000 });
  await expect(page.locator('textarea')).toHaveValue('The whale, the sea');
  await expect.poll(async () => (await stateOf(page)).link).toContain('picture=next');
  await page.reload();
  await expect(page.locator('textarea')).toHaveValue('The whale, the sea', { timeout: 60_000 });
  await expect(page.locator('.bars li').first()).toBeVisible({ timeout: 60_000 });
});

test('settings that mean nothing are told, and the passage stands', async ({ page }) => {
  await silenceGpu(page);
  await page.goto('/#lab=model&model=garbage&lang=en');
  await expect(page.locator('.message')).toContainText('model');
  await expect(page.locator('.token-strip .token').first()).toBeVisible({ timeout: 60_000 });
});
