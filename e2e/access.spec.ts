/** Reach: nothing serious for axe in either theme and language; no sideways scrolling, no small text, no small target at any width. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';
import { captured, open, SMALL } from './lab';

async function grave(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(' | ')}`);
}

for (const [theme, lang] of [
  ['dark', 'en'],
  ['light', 'zh'],
] as const) {
  test(`axe finds nothing serious: ${theme}, ${lang}, both kernels`, async ({ page }) => {
    await open(page, `${SMALL}&kernel=flash2&theme=${theme}&lang=${lang}&cell=P.20.3`);
    await captured(page);
    expect(await grave(page)).toEqual([]);
    await page.locator('select[name=kernel]').selectOption('naive');
    await captured(page, { kernel: 'naive' });
    expect(await grave(page)).toEqual([]);
  });
}

for (const [width, height] of [
  [1440, 900],
  [1024, 768],
  [390, 844],
] as const) {
  test(`${width}x${height}: no sideways scrolling, no text under 13px, targets of 24px`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await open(page, `${SMALL}&kernel=flash2&lang=zh`);
    await captured(page);
    const panes = width < 800 ? await page.locator('.tabs button').all() : [undefined];
    for (const pane of panes) {
      await pane?.click();
      const found = await page.evaluate(() => {
        const root = document.querySelector('attn-scope')!.shadowRoot!;
        const seen = (element: Element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest('.sr-only');
        const elements = [...root.querySelectorAll('*')].filter(seen);
        const name = (element: Element) =>
          `${element.tagName}.${element.getAttribute('class') ?? ''} ${element.textContent?.trim().slice(0, 30)}`;
        const ownText = (element: Element) =>
          [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
        const small = elements.filter((element) => ownText(element) && parseFloat(getComputedStyle(element).fontSize) < 12.99);
        const tight = elements.filter((element) => {
          if (!element.matches('button, select, summary, input:not([type=radio])')) return false;
          const box = element.getBoundingClientRect();
          return box.width > 0 && (box.height < 23.5 || box.width < 23.5);
        });
        return { sideways: document.documentElement.scrollWidth - innerWidth, small: small.map(name), tight: tight.map(name) };
      });
      expect(found).toEqual({ sideways: expect.any(Number), small: [], tight: [] });
      expect(found.sideways).toBeLessThanOrEqual(0);
    }
  });
}

test('on a small screen each tab shows its pane and only that, and the transport stays in reach', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page, `${SMALL}&kernel=flash2`);
  await captured(page);
  for (const tab of await page.locator('.tabs button').all()) {
    await tab.click();
    await expect(tab).toHaveAttribute('aria-pressed', 'true');
    await expect(page.locator('section[data-pane]:visible')).toHaveCount(1);
    await expect(page.getByRole('button', { name: /play/ })).toBeInViewport();
  }
});

test('reduced motion is asked for and kept', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await open(page, `${SMALL}&kernel=flash2&at=0.0.1`);
  await captured(page);
  await page.keyboard.press('ArrowRight');
  const moving = await page.evaluate(
    () => document.getAnimations().filter((a) => a.playState === 'running' && Number(a.effect?.getTiming().duration) > 0).length,
  );
  expect(moving).toBe(0);
});
