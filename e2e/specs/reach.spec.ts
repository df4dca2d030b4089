/** A phone, forced colours, 400 % zoom and print: the main parts are there in each. */
import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { captured, open, SMALL } from '../support/lab';

const RUN = `${SMALL}&kernel=flash2&at=0.0.3&theme=dark`;
/** Position and size in the window of elements in the page's shadow root, in order. */
const boxes = (page: Page, selector: string): Promise<{ x: number; y: number; width: number; height: number }[]> =>
  page.evaluate(
    (of) =>
      [...document.querySelector('attn-scope')!.shadowRoot!.querySelectorAll(of)]
        .filter((element) => element.checkVisibility())
        .map((element) => element.getBoundingClientRect().toJSON() as DOMRect),
    selector,
  );

test.describe(() => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  for (const lang of ['en', 'zh'] as const)
    test(`phone, ${lang}: the figure has 55 % of the height, the sentence two lines and the rest at a tap, the phases their names`, async ({
      page,
    }) => {
      await open(page, `${RUN}&lang=${lang}`);
      await captured(page);
      const share = async (): Promise<number> => {
        const [pane, strip] = [await boxes(page, '.pane.shown'), await boxes(page, '.deck .strip')];
        return (Math.min(pane[0]!.y + pane[0]!.height, strip[0]!.y) - pane[0]!.y) / 844;
      };
      for (let step = 0; step < 4; step++) {
        await expect.poll(share).toBeGreaterThanOrEqual(0.55);
        const story = page.locator('.story');
        const lines = () =>
          story.evaluate((p) => Math.round(p.clientHeight / Number.parseFloat(getComputedStyle(p).lineHeight)));
        expect(await lines()).toBeLessThanOrEqual(2);
        await page.locator('.strip .next').tap();
      }
      const story = page.locator('.story');
      // A part that is cut off is marked as such, wherever one has scrolled to.
      const unfold = page.locator('.unfold');
      await page.locator('.strip .first').tap();
      await expect(unfold).toHaveAttribute('aria-expanded', 'false');
      await page.evaluate(() => scrollTo(0, 400));
      await expect(story).toBeInViewport({ ratio: 1 });
      await unfold.tap();
      await expect(unfold).toHaveAttribute('aria-expanded', 'true');
      await expect.poll(() => story.evaluate((p) => p.scrollHeight - p.clientHeight)).toBeLessThanOrEqual(1);
      await story.tap();
      await expect(unfold).toHaveAttribute('aria-expanded', 'false');
      await page.evaluate(() => scrollTo(0, 0));
      // The ending is complete without a tap.
      for (let press = 0; press < 3; press++) await page.locator('.strip .last').tap();
      await expect(story.locator('.ending')).toBeVisible();
      await expect(unfold).toBeHidden();
      for (const onward of await story.locator('.ending button').all())
        await expect(onward).toBeInViewport({ ratio: 1 });
      // Names of phases do not overlap.
      const over = () =>
        page.evaluate(() => {
          const cells = [...document.querySelector('attn-scope')!.shadowRoot!.querySelectorAll('.strip .detail .cell')];
          const rights = cells.map((cell) => cell.getBoundingClientRect());
          return rights.filter((box, i) => box.right > (rights[i + 1]?.left ?? innerWidth) + 1).length;
        });
      await expect.poll(over).toBe(0);
      const names = page.locator('.strip .detail .cell, .strip .overview.named .cell');
      await expect(names.filter({ hasText: /\S/ }).first()).toBeInViewport();
      expect(await names.evaluateAll((cells) => cells.every((cell) => cell.textContent.trim() !== ''))).toBe(true);
      // Speed and workgroup are one tap away.
      await expect(page.locator('select.speed')).toBeHidden();
      await page.locator('.strip .options').tap();
      await expect(page.locator('select.speed')).toBeVisible();
    });

  test('phone: no value covers the code it belongs to', async ({ page }) => {
    await open(page, `${RUN}&lang=en&by=line`);
    await captured(page);
    await page.locator('.tabs button', { hasText: 'Source' }).tap();
    await expect(page.locator('.view-source .value').first()).toBeVisible();
    const covered = await page.evaluate(() => {
      const root = document.querySelector('attn-scope')!.shadowRoot!;
      return [...root.querySelectorAll('.view-source .line')].flatMap((line) => {
        const side = line.querySelector('.side:not([hidden])')?.getBoundingClientRect();
        if (!side || side.width === 0) return [];
        const texts = [...line.children]
          .filter((part) => !part.matches('.side, .no'))
          .map((part) => part.getBoundingClientRect());
        return texts
          .filter((text) => text.width > 0 && text.left < side.right - 0.5 && text.right > side.left + 0.5)
          .map(() => line.textContent);
      });
    });
    expect(covered).toEqual([]);
  });
});

test('forced colours: what is pressed, which lab one is in, the phases and the legends can be told', async ({
  page,
}) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.emulateMedia({ forcedColors: 'active' });
  await open(page, `${RUN}&lang=en`);
  await captured(page);
  const told = await page.evaluate(() => {
    const root = document.querySelector('attn-scope')!.shadowRoot!;
    const ground = (of: string) => getComputedStyle(root.querySelector(of)!).backgroundColor;
    const cells = [...root.querySelectorAll('.strip .cell')].map(
      (cell) => getComputedStyle(cell, '::before').backgroundColor,
    );
    return {
      pressed: ground('.segmented button[aria-pressed=true]') !== ground('.segmented button[aria-pressed=false]'),
      lab: ground('nav a[aria-current=page]') !== ground('nav a:not([aria-current=page])'),
      phases: new Set(cells).size,
      ramp: getComputedStyle(root.querySelector('.view-cross .ramp')!).backgroundImage.startsWith('linear-gradient'),
      past: ground('.view-cross .swatch.past') !== ground('.view-cross .swatch.read'),
    };
  });
  expect(told).toEqual({ pressed: true, lab: true, phases: told.phases, ramp: true, past: true });
  expect(told.phases).toBeGreaterThanOrEqual(4);
});

test('400 % zoom: the transport is short, covers nothing, and the figure can be had whole in the window', async ({
  page,
}) => {
  await page.setViewportSize({ width: 320, height: 256 });
  await open(page, `${RUN}&lang=en`);
  await captured(page);
  const [strip] = await boxes(page, '.deck .strip');
  expect(strip!.height).toBeLessThan(90);
  await page.locator('.cross-stage').scrollIntoViewIfNeeded();
  await page.evaluate(() =>
    document.querySelector('attn-scope')!.shadowRoot!.querySelector('.cross-stage')!.scrollIntoView(),
  );
  const over = await page.evaluate(() => {
    const root = document.querySelector('attn-scope')!.shadowRoot!;
    const stage = root.querySelector('.cross-stage')!;
    return [40, 128, 216].map((y) => stage.contains(root.elementFromPoint(160, y)));
  });
  expect(over).toEqual([true, true, true]);
});

test('paper: figures in the light theme, the sentence, where the numbers are from, and no controls', async ({
  page,
}) => {
  test.setTimeout(180_000);
  for (const lab of ['step', 'compare', 'page', 'time']) {
    await page.emulateMedia({ media: 'screen' });
    await page.goto('about:blank');
    await open(page, `${RUN}&lang=en&lab=${lab}`);
    await page.emulateMedia({ media: 'print' });
    await expect(page.locator('attn-scope')).toHaveAttribute('data-theme', 'light');
    await expect(page.locator('.chip').first()).toBeVisible();
    await expect(page.locator('button:visible, select:visible, nav:visible, input:visible')).toHaveCount(0);
    if (lab === 'time') continue;
    await expect(page.locator('.pane:visible canvas, .side-view canvas').first()).toBeVisible();
    if (lab !== 'page') await expect(page.locator('.story').first()).toBeVisible();
  }
  await page.emulateMedia({ media: 'screen' });
  await expect(page.locator('attn-scope')).toHaveAttribute('data-theme', 'dark');
});
