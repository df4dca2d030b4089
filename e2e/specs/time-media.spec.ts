/** The Time lab on a phone and in print. */
import { pointOf, reportOf } from '../../src/bench/testing/reports';
import { expect, test } from '../support/fixtures';
import { open } from '../support/lab';

const rounds = (ms: number): number[] => Array.from({ length: 8 }, () => ms);
/** A result file: slower at 64, no difference at 128. */
const stored = {
  name: 'times.json',
  mimeType: 'application/json',
  buffer: Buffer.from(
    JSON.stringify(reportOf([pointOf(64, rounds(1), rounds(2)), pointOf(128, rounds(4), [2, 8, 2, 8, 2, 8, 2, 8])])),
  ),
};

test('on a phone what is measured comes first: the sweep while it runs, then its results, with a way back to the settings', async ({
  page,
}) => {
  test.setTimeout(90_000);
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page, 'lab=time&t.n=16.24&t.heads=1&t.d=8&t.s=1');
  await page.getByRole('button', { name: 'Measure on this device' }).click();
  await expect(page.locator('.stage')).toContainText('round');
  await expect(page.locator('.start-bar.running')).toBeInViewport({ ratio: 1 });
  await expect(page.locator('.plan-grid')).toBeHidden();
  await page.locator('.start-bar.running').waitFor({ state: 'detached', timeout: 50_000 });
  await expect(page.locator('.told')).toBeInViewport();
  const topOf = async (part: string): Promise<number> => (await page.locator(part).boundingBox())?.y ?? NaN;
  expect(await topOf('.results')).toBeLessThan(await topOf('.plan'));
  await page.getByRole('button', { name: 'What to measure' }).click();
  await expect(page.locator('.plan-grid')).toBeInViewport();
});

test('on paper the table has its heads and all of its columns; a ratio without a verdict is no single number', async ({
  page,
}) => {
  await open(page, 'lab=time');
  await page.locator('input[name=result]').first().setInputFiles(stored);
  await expect(page.locator('figure')).toHaveCount(4);
  const heads = await page.locator('.points th').allInnerTexts();
  await expect(page.locator('tr[data-kernel=flash2] .col-ratio').nth(1)).toHaveText(/^\s*0\.5–2\s*$/);
  await expect(page.locator('tr[data-kernel=flash2] .col-ratio').nth(0)).toHaveText(/^\s*2\s+2–2\s*$/);
  // As wide as A4 within its margins.
  await page.setViewportSize({ width: 718, height: 1000 });
  await page.emulateMedia({ media: 'print' });
  await expect(page.locator('.points th button:visible')).toHaveCount(heads.length);
  await expect(page.locator('button:visible')).toHaveCount(heads.length);
  const over = await page
    .locator('.table-box')
    .evaluate((box) => box.querySelector('table')!.offsetWidth - box.clientWidth);
  expect(over).toBeLessThanOrEqual(0);
});
