/**
 * The page as it ships: cross-origin isolated, under its content policy, without other hosts. The guard in fixtures.ts
 * checks everything else.
 */
import { contentSecurityPolicy } from '../../vite.config';
import { expect, test } from '../support/fixtures';
import { silenceGpu } from '../support/lab';

test('the page shows itself, isolated and under its policy', async ({ page }) => {
  await silenceGpu(page);
  await page.goto('/');
  await expect(page).toHaveTitle('Attnscope');
  await expect(page.locator('attn-scope').getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.locator('meta[http-equiv="Content-Security-Policy"]')).toHaveAttribute(
    'content',
    contentSecurityPolicy,
  );
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
});
