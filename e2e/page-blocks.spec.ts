/** The pool and what belongs to it: what is pointed at in one picture is found in the others, requests are chosen, cells are walked by keys. */
import { expect, test } from './fixtures';
import { silenceGpu } from './lab';

test('a slot leads to its arithmetic, its table and its place in the arrays; requests are chosen; keys walk', async ({ page }) => {
  await silenceGpu(page);
  await page.goto('/#lab=page&moment=10');
  const reading = page.locator('.view-pool .reading');
  await expect(reading).toContainText('Point at a block');
  await expect(page.locator('.view-pool .summary')).toHaveText('10 blocks of 4 slots: 8 held (3 shared), 2 free');

  // Keys: from block 0 to the right; each cell is said, looked up, and pinned by Enter.
  const pool = page.locator('.view-pool .board');
  await pool.focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Home');
  await expect(reading).toContainText('Block 0, the null block');
  await page.keyboard.press('End');
  await expect(reading).toContainText('Block 10 · slots 40–43, place 2 in the free queue, empty');
  await expect(pool.locator('.sr-only')).toContainText('slot 43 is empty');
  const place = page.locator('.page-lab .scrub-text');
  await expect(place).toContainText('10/21');

  // The first entry of Ada's table, block 4: its first token's slot, in the pool and in numbers.
  const formula = page.locator('.view-tables .formula');
  await expect(formula).toContainText('slot(15)');
  const tables = page.locator('.view-tables .board canvas').first();
  await tables.hover({ position: { x: 10, y: 32 } });
  await expect(formula).toHaveText('slot(0) = table[0 div 4] · 4 + 0 mod 4 = table[0] · 4 + 0 = 4 · 4 + 0 = 16');
  await expect(reading).toContainText('Block 4 · slots 16–19');
  await expect(reading).toContainText('held by Ada[0], Ada 2[0], Ben[0]');
  await tables.click({ position: { x: 10, y: 32 } });
  await page.mouse.move(5, 5);
  await expect(formula).toContainText('slot(0)');

  // Another request: its table, its last page.
  await page.locator('.view-tables .requests button', { hasText: 'Ben' }).click();
  await expect(page.locator('.view-tables .requests button', { hasText: 'Ben' })).toHaveAttribute('aria-pressed', 'true');
  await expect(page.locator('.view-slots .last')).toContainText('Ben: last_page_len = (17 − 1) mod 4 + 1 = 1');

  const key = page.locator('.view-pool details.key');
  await expect(key.locator('ul')).toBeHidden();
  await key.locator('summary').click();
  await expect(key.locator('ul')).toBeVisible();
});

test('ten thousand blocks and a thousand requests stand; chains follow when the replay rests', async ({ page }) => {
  await silenceGpu(page);
  await page.goto('/#lab=page&page=scale&moment=1040');
  await expect(page.locator('.view-pool[data-detail=squares] .summary')).toContainText('10,000 blocks of 16 slots', { timeout: 60_000 });
  await expect(page.locator('.view-chains .summary')).toContainText('published');
  await expect(page.locator('.view-chains.stale')).toHaveCount(0);
  await expect(page.locator('.view-queue .summary')).toContainText('still published');
  await expect(page.locator('.view-tables .requests .more')).toHaveText(/^\+\d+/);
});
