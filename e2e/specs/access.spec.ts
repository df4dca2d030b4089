/**
 * Accessibility: no serious finding of axe in either theme and language; no sideways scrolling, no small text and no
 * small target at any width.
 */
import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { axe, captured, faults, open, SMALL } from '../support/lab';

async function grave(page: Page): Promise<string[]> {
  const { violations } = await axe(page).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(' | ')}`);
}

test('axe finds nothing serious: in both themes and languages, for both kernels', async ({ page }) => {
  test.setTimeout(120_000);
  await open(page, `${SMALL}&kernel=flash2&theme=dark&lang=en&cell=P.20.3`);
  for (const kernel of ['flash2', 'naive'] as const) {
    await page.locator('select[name=kernel]').selectOption(kernel);
    await captured(page, { kernel });
    expect(await grave(page), `${kernel}, dark, en`).toEqual([]);
    await page.getByRole('button', { name: 'Light theme' }).click();
    await page.locator('.language').click();
    await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
    await expect(page.locator('attn-scope')).toHaveAttribute('data-theme', 'light');
    expect(await grave(page), `${kernel}, light, zh`).toEqual([]);
    await page.getByRole('button', { name: '深色主题' }).click();
    await page.locator('.language').click();
    await expect(page.locator('attn-scope')).toHaveAttribute('data-theme', 'dark');
  }
});

test('at 1440, 1024 and 390: no sideways scrolling, no text under 13px, targets of 24px; on the small screen each tab shows its pane alone', async ({
  page,
}) => {
  await open(page, `${SMALL}&kernel=flash2&lang=zh`);
  await captured(page);
  for (const [width, height] of [
    [1440, 900],
    [1024, 768],
    [390, 844],
  ] as const) {
    await page.setViewportSize({ width, height });
    if (width >= 800) {
      await expect(page.locator('.tabs')).toBeHidden();
      await expect.poll(() => faults(page), `${width}x${height}`).toEqual({ sideways: 0, small: [], tight: [] });
      continue;
    }
    await expect(page.locator('.tabs')).toBeVisible();
    for (const tab of await page.locator('.tabs button').all()) {
      await tab.click();
      await expect(tab).toHaveAttribute('aria-pressed', 'true');
      await expect(page.locator('section[data-pane]:visible')).toHaveCount(1);
      // The playback bar stays in reach.
      await expect(page.getByRole('button', { name: /播放/ })).toBeInViewport();
      await expect
        .poll(() => faults(page), `${width}x${height}, ${await tab.textContent()}`)
        .toEqual({ sideways: 0, small: [], tight: [] });
    }
  }
});

test('reduced motion is asked for and kept', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await open(page, `${SMALL}&kernel=flash2&at=0.0.1`);
  await captured(page);
  await page.keyboard.press('ArrowRight');
  const moving = await page.evaluate(
    () =>
      document.getAnimations().filter((a) => a.playState === 'running' && Number(a.effect?.getTiming().duration) > 0)
        .length,
  );
  expect(moving).toBe(0);
});
