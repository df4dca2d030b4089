/**
 * Every lab with little room: a phone, and 200 % zoom in a window of 1440 x 900. A page sees the browser's zoom as its
 * viewport in CSS pixels and the device pixels in each: 720 x 450 and 2. Both are set here; CSS `zoom`, which scales
 * lengths inside an unchanged viewport, would be something else.
 */
import type { Page } from '@playwright/test';
import { pointOf, reportOf } from '../../src/bench/testing/reports';
import { expect, test } from '../support/fixtures';
import { captured, faults, open, SMALL } from '../support/lab';

const ROOMS = [
  { name: '200 %', width: 720, height: 450, ratio: 2 },
  { name: '390 px', width: 390, height: 844, ratio: 1 },
] as const;
const LANGUAGES = ['en', 'zh'] as const;

const FINE = { sideways: 0, small: [], tight: [] };
const fine = (page: Page, where: string) => expect.poll(() => faults(page), where).toEqual(FINE);
const rounds = (ms: number): number[] => Array.from({ length: 8 }, () => ms);

for (const { name, width, height, ratio, lang } of ROOMS.flatMap((room) =>
  LANGUAGES.map((language) => ({ ...room, lang: language })),
)) {
  test.describe(() => {
    test.use({ viewport: { width, height }, deviceScaleFactor: ratio });
    test(`every lab at ${name}, ${lang}: no sideways scrolling, no text under 13 px, targets of 24 px, and the transport stays in reach`, async ({
      page,
    }) => {
      test.setTimeout(120_000);
      await open(page, `${SMALL}&kernel=flash2&lang=${lang}`);
      await captured(page);
      expect(await page.evaluate(() => [innerWidth, devicePixelRatio])).toEqual([width, ratio]);
      for (const tab of await page.locator('.tabs button').all()) {
        await tab.click();
        await expect(page.locator('section[data-pane]:visible')).toHaveCount(1);
        await expect(page.locator('.play, .pause').first()).toBeInViewport();
        await fine(page, `step, ${await tab.textContent()}`);
      }
      const lab = (link: string) => page.getByRole('link', { name: link, exact: true }).click();
      await lab(lang === 'en' ? 'Compare' : '对比');
      await expect(page.locator('.difference thead th').nth(1)).toBeVisible({ timeout: 45_000 });
      for (const picture of await page.locator('.pictures button').all()) {
        await picture.click();
        await expect(page.locator('.side-1 .side-view > *')).toHaveCount(1);
        await expect(page.locator('.deck-compare .play')).toBeInViewport();
        await fine(page, `compare, ${await picture.textContent()}`);
      }
      await lab(lang === 'en' ? 'Page' : '分页 KV');
      await expect(page.locator('.view-pool canvas').first()).toBeVisible();
      for (const tab of await page.locator('.page-lab .tabs button').all()) {
        await tab.click();
        await expect(page.locator('.page-lab section[data-pane]:visible')).toHaveCount(1);
        await expect(page.locator('.page-lab .deck .play')).toBeInViewport();
        await fine(page, `page, ${await tab.textContent()}`);
      }
      await lab(lang === 'en' ? 'Time' : '测速');
      await expect(page.locator('.time-lab .plan')).toBeVisible();
      await page.locator('input[name=kernels][value=tiled-tuned]').check();
      await page.getByRole('button', { name: lang === 'en' ? 'one (decoding)' : '一个（解码）' }).click();
      await fine(page, 'time, settings');
      const report = reportOf([pointOf(64, rounds(1), rounds(2)), pointOf(512, rounds(64), rounds(16))]);
      const file = { name: 'times.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(report)) };
      await page.locator('input[name=result]').first().setInputFiles(file);
      await expect(page.locator('figure')).toHaveCount(4);
      await fine(page, 'time, results');
      await page.locator('.verdict .how').click();
      await expect(page.locator('dialog.protocol .here')).toBeInViewport();
      await fine(page, 'time, protocol');
      await page.locator('dialog.protocol form button').click();
      await page.locator('.card-open').click();
      await expect(page.locator('dialog.card-dialog img')).toBeVisible();
      await fine(page, 'time, card');
    });
  });
}
