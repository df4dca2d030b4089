/**
 * The pool and its views: what is pointed at in one view is marked in the others, requests are chosen, and keys move
 * from cell to cell.
 */
import { expect, test } from '../support/fixtures';
import { silenceGpu } from '../support/lab';

test('a slot leads to its arithmetic, its table and its place in the arrays; requests are chosen; keys walk', async ({
  page,
}) => {
  await silenceGpu(page);
  await page.goto('/#lab=page&moment=10');
  const reading = page.locator('.view-pool .reading');
  await expect(reading).toContainText('Point at or tap a block');
  await expect(page.locator('.view-pool .summary')).toHaveText(
    '10 blocks of 4 slots, and the null block: 8 held (3 shared), 2 free',
  );

  // Keys: right from block 0; each cell is spoken, looked up, and pinned by Enter.
  const pool = page.locator('.view-pool .board');
  await pool.focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Home');
  await expect(reading).toContainText('Block 0, the null block');
  await page.keyboard.press('End');
  await expect(reading).toContainText('Block 10 · slots 40–43, place 2 in the free list, empty');
  await expect(pool.locator('.sr-only')).toContainText('slot 43 is empty');
  const place = page.locator('.page-lab .scrub-text');
  await expect(place).toContainText('10/21');

  // The first entry of Ada's table, block 4: the slot of its first token, in the pool and in numbers.
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
  await expect(page.locator('.view-tables .requests button', { hasText: 'Ben' })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await expect(page.locator('.view-slots .last')).toContainText('Ben: last_page_len = (17 − 1) mod 4 + 1 = 1');

  // Ada was not chosen: the first running request is followed. Ben was chosen and stays.
  const who = page.locator('.page-controls [name=chosen]');
  await expect(who).toHaveValue('1');
  await page.locator('.deck .last').click();
  await expect(who).toHaveValue('1');
  await who.selectOption('');
  await expect(page.locator('.view-tables .requests .label')).toHaveText('Auto:');
  await expect(who.locator('option:checked')).toHaveText(/^auto: /);

  const key = page.locator('.view-pool details.key');
  await expect(key.locator('ul')).toBeHidden();
  await key.locator('summary').click();
  await expect(key.locator('ul')).toBeVisible();
});

test('what is swapped out lies in CPU memory under the pool: arrows, words, keys, and a link that finds it again', async ({
  page,
}) => {
  await silenceGpu(page);
  await page.goto('/#lab=page&moment=14');
  const pool = page.locator('.view-pool');
  await expect(pool.locator('.summary')).toContainText('10 blocks');
  await expect(pool.locator('.cpu')).toBeHidden();
  await page.locator('.page-controls [name=preemption]').selectOption('swap');
  const cpu = pool.locator('.cpu');
  await expect(cpu).toContainText('5 of 6 blocks hold what was swapped out (Ben). This step moved out, pool → CPU: ');
  await expect(page.locator('.page-lab .story')).toContainText('Ben is preempted: its 5 blocks move to CPU memory');
  await pool.locator('.board').focus();
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowLeft');
  await expect(pool.locator('.reading')).toContainText(
    /^CPU block 4, holds Ben\[4\].*moved here from block \d+ in this step$/,
  );
  await page.keyboard.press('Enter');
  const link = (): string | null => new URLSearchParams(new URL(page.url()).hash.slice(1)).get('moment');
  await expect.poll(link).toBe('14.1..c4r1');
  await page.locator('.top').click({ position: { x: 4, y: 4 } });
  await page.reload();
  await expect(pool.locator('.reading')).toContainText('CPU block 4, holds Ben[4]');
  await page.keyboard.press('Escape');
  await expect.poll(link).toBe('14.1');
  // Six moments later all of it is back in the pool.
  for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowRight');
  await expect(cpu).toContainText(
    '6 blocks, all free. A preempted request is moved here and loses nothing. This step moved back, CPU → pool: 0 → ',
  );
  await page.locator('.language').click();
  await expect(cpu).toContainText('本步换回（CPU → 块池）：0 → ');
});

test('ten thousand blocks and a thousand requests stand; chains follow when the replay rests', async ({ page }) => {
  await silenceGpu(page);
  await page.goto('/#lab=page&page=scale&moment=1040');
  await expect(page.locator('.view-pool[data-detail=squares] .summary')).toContainText('10,000 blocks of 16 slots', {
    timeout: 60_000,
  });
  await expect(page.locator('.view-chains .summary')).toContainText('published');
  await expect(page.locator('.view-chains.stale')).toHaveCount(0);
  await expect(page.locator('.view-queue .summary')).toContainText('can still be found by hash');
  await expect(page.locator('.view-tables .requests .more')).toHaveText(/^\+\d+/);
  // The tables of a request that shares with more requests than are drawn fit without scrolling.
  const tables = page.locator('.page-tables > .host');
  await expect.poll(() => tables.evaluate((host) => host.scrollHeight - host.clientHeight)).toBe(0);
});
