/** Views of the Page lab over the whole run: a click seeks and chooses, and each of their controls has its effect. */
import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { silenceGpu } from '../support/lab';

const place = (page: Page) => page.locator('.page-lab .scrub-text');

const go = (page: Page, fragment: string): Promise<void> =>
  page.evaluate((to) => {
    location.hash = to;
  }, `lab=page&${fragment}`);

test('timeline, trends, waste and heads answer to pointer, keys and their controls', async ({ page }) => {
  await silenceGpu(page);
  await page.goto('/#lab=page&moment=10');
  await expect(place(page)).toContainText('10/21');
  const timeline = page.locator('.view-timeline [role=slider]');
  const { width } = (await timeline.boundingBox())!;
  // 104 px for names, then 22 moments; the second lane is Ben's.
  await timeline.click({ position: { x: 104 + ((width - 104) * 15.5) / 22, y: 40 } });
  await expect(place(page)).toContainText('15/21');
  await expect(page.locator('.view-timeline .one')).toHaveText('Ben: preempted, to be recomputed');
  await page.keyboard.press('ArrowLeft');
  await expect(place(page)).toContainText('14/21');
  await page.keyboard.press('ArrowUp');
  await expect(page.locator('.view-timeline .one')).toContainText('Ada: running');

  const chart = page.locator('.view-trends .preemptions .time-stage');
  await expect(page.locator('.view-trends .preemptions b')).toHaveText('1');
  await chart.click({ position: { x: 56, y: 30 } });
  await expect(place(page)).toContainText('0/21');
  await expect(page.locator('.view-trends .preemptions b')).toHaveText('0');
  await expect(page.locator('.view-trends .hit-rate b')).toHaveText('no lookup yet');

  const free = page.locator('.view-waste .inside .paged td.free');
  await expect(free).toHaveText('100.0 %');
  const mean = page.locator('.view-waste .mean');
  await expect(mean).toContainText('No step yet: nothing to average.');
  await page.locator('.view-waste button.slots').click();
  await expect(free).toHaveText('40');
  await page.locator('.deck .last').click();
  await expect(mean).toContainText(/Over the \d+ steps up to this moment/);
  await expect(mean.locator('.paged td.token')).toHaveText(/^\d+(\.\d)?$/);
  await page.locator('.deck .first').click();

  const total = page.locator('.view-heads .total b');
  await expect(total).toHaveText('819,200 B');
  await page.locator('.view-heads .model').selectOption('llama-3-8b');
  await expect(total).toHaveText('131,072 B');
  await page.locator('.view-heads .dtype').selectOption('1');
  await expect(total).toHaveText('65,536 B');
  await page.locator('.view-heads .memory').selectOption('1');
  await expect(page.locator('.view-heads .fits')).toContainText('16,384 tokens fit in 1 GiB');
  await page.locator('[data-model=falcon-7b] button').click();
  await expect(page.locator('.view-heads .model')).toHaveValue('falcon-7b');

  const stage = page.locator('.view-heads .depth .stage');
  await page.locator('.view-heads .depth .open').click();
  // Falcon 7B: 32 layers of K and V, one KV head, and all slots of the block empty or none.
  await expect(stage).toHaveAttribute('data-bars', '64');
  await stage.focus();
  let before = await stage.screenshot();
  // It is not drawn again once it rests.
  await expect(async () => {
    const last = before;
    before = await stage.screenshot();
    expect(before.equals(last)).toBe(true);
  }).toPass({ timeout: 20_000 });
  await page.keyboard.press('ArrowLeft');
  await expect.poll(async () => (await stage.screenshot()).equals(before)).toBe(false);
  await page.locator('.view-heads .depth .open').click();
  await expect(stage).toBeHidden();
});

test('a hit rate of 0 is explained; a run of many moments is shown near by and as a whole', async ({ page }) => {
  await silenceGpu(page);
  await page.goto('/#lab=page&page=chat_block-64&moment=20');
  await expect(page.locator('.view-trends .why')).toContainText('a block holds 64');
  await go(page, 'page=marathon&moment=3500');
  const zoom = page.locator('.view-timeline .segmented');
  await expect(zoom).toBeVisible({ timeout: 60_000 });
  await expect(place(page)).toContainText('3,500/');
  const cursor = () =>
    page.locator('.view-timeline .time-stage:not(.overview) .now').evaluate((line) => line.getBoundingClientRect().x);
  const near = await cursor();
  await zoom.locator('.whole').click();
  await expect(zoom.locator('.whole')).toHaveAttribute('aria-pressed', 'true');
  await expect(page.locator('.view-timeline .note')).toBeVisible();
  // Moment 3,500 of more than a hundred thousand: further left than the middle of a window.
  expect(await cursor()).toBeLessThan(near);
});
