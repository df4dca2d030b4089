/**
 * The main story by keyboard alone, through all labs: what a visitor chooses, runs, reads and saves, without a pointer.
 */
import type { Locator, Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { expect, test } from '../support/fixtures';
import { at, captured, open, SMALL, stateOf } from '../support/lab';

/** Presses Tab until the element has the focus. Fails when it cannot be reached, or when nothing shows the focus. */
async function tabTo(page: Page, target: Locator, name: string): Promise<void> {
  await expect(target, name).toBeVisible();
  const focused = () => target.evaluate((element) => (element.getRootNode() as ShadowRoot).activeElement === element);
  for (let presses = 0; presses < 160 && !(await focused()); presses++) await page.keyboard.press('Tab');
  expect(await focused(), `Tab comes to ${name}`).toBe(true);
  expect(await target.evaluate((element) => element.matches(':focus-visible')), `${name} shows its focus`).toBe(true);
}

const press = async (page: Page, target: Locator, name: string, key = 'Enter'): Promise<void> => {
  await tabTo(page, target, name);
  await page.keyboard.press(key);
};

/** A file that a key press saved. */
async function saved(page: Page, act: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), act()]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

test('Step, Compare, Time by keys: choose, run, read, take along', async ({ page }) => {
  test.setTimeout(180_000);
  await open(page, `${SMALL}&kernel=flash2`);
  await captured(page);

  // Step lab: another kernel by its first letter, a step, a cell of the matrices, and the trace as a file.
  await press(page, page.locator('select[name=kernel]'), 'the kernels', 'n');
  await captured(page, { kernel: 'naive' });
  await tabTo(page, page.locator('.view-cross [tabindex="0"]').first(), 'the matrices');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await stateOf(page)).pinned, 'a cell is pinned').toBeTruthy();
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('.view-explain')).not.toContainText('Point at or tap a cell');
  const from = await at(page);
  await press(page, page.locator('.transport .next'), 'the next step');
  await expect.poll(() => at(page)).not.toBe(from);
  const trace = await saved(page, () =>
    press(page, page.getByRole('button', { name: 'Export trace (.attn)' }), 'the trace'),
  );
  expect(trace.bytes.length).toBeGreaterThan(1000);

  // Compare lab: two masks, steps by phase, and the differences in words and numbers.
  await press(page, page.getByRole('link', { name: 'Compare', exact: true }), 'Compare');
  await expect(page.locator('.difference thead th').nth(1)).toContainText('flash2', { timeout: 45_000 });
  await press(page, page.getByRole('button', { name: 'causal | mask lifted' }), 'the two masks');
  await expect(page.locator('.difference thead th').nth(1)).toContainText('full', { timeout: 45_000 });
  const story = page.locator('.compare-lab .story');
  await press(page, page.locator('.deck-compare .next'), 'the next phase');
  await expect(story).toContainText('has asked HBM for');
  const told = await story.textContent();
  await press(page, page.locator('.deck-compare .last'), 'the end');
  await expect(story).not.toHaveText(told!);
  await press(page, page.getByRole('button', { name: 'bytes requested' }), 'by bytes');
  await expect.poll(() => page.url()).toContain('both=bytes');

  // Time lab: lengths and sizes typed, measured, read from table and chart, saved.
  await press(page, page.getByRole('link', { name: 'Time', exact: true }), 'Time');
  const type = async (name: string, value: string): Promise<void> => {
    await tabTo(page, page.locator(`.plan input[name=${name}]`), name);
    await page.keyboard.press('Control+a');
    await page.keyboard.type(value);
    await page.keyboard.press('Enter');
  };
  await type('lengths', '16 24');
  await type('heads', '1');
  await type('dim', '8');
  await type('budget', '1');
  await press(page, page.locator('.start'), 'the measurement');
  const rows = page.locator('table.points tbody tr');
  await expect(rows).toHaveCount(4, { timeout: 60_000 });
  await page.locator('.start-bar.running').waitFor({ state: 'detached', timeout: 30_000 });
  await expect(page.locator('.told')).toContainText('flash2');
  await press(page, page.locator('figure[data-figure=time] svg.plot'), 'the chart', 'Home');
  await expect(page.locator('figure[data-figure=time] .reading')).toContainText('N = 16');
  const json = await saved(page, () => press(page, page.getByRole('button', { name: 'JSON', exact: true }), 'JSON'));
  expect(JSON.parse(json.bytes.toString())).toMatchObject({ format: 'attnscope-times', kernels: ['naive', 'flash2'] });
  await press(page, page.getByRole('button', { name: 'Result card' }), 'the card');
  await expect(page.locator('dialog.card-dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.locator('dialog.card-dialog')).toHaveCount(0);
});
