/**
 * Kernels of other ops than attention: chosen in the menu, stepped both ways, pointed at, compared and timed, with a
 * device and without, in both languages.
 */
import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { axe, captured, faults, open, stateOf } from '../support/lab';

const TINY = 'input=seed&n=24&d=8&heads=2&seed=3';

/** Steps on and back: the cursor comes back to where it was, and the sentence to what it said. */
async function bothWays(page: Page): Promise<void> {
  const where = async () => JSON.stringify((await stateOf(page)).cursor);
  await page.locator('.transport .next').click();
  await page.locator('.transport .next').click();
  const [from, told] = [await where(), await page.locator('.story').textContent()];
  await page.locator('.transport .next').click();
  await expect.poll(where).not.toBe(from);
  await page.locator('.transport .previous').click();
  await expect.poll(where).toBe(from);
  await expect(page.locator('.story')).toHaveText(told!);
}

/** The panes of views that the Step lab has now. */
const panes = (page: Page): Promise<(string | null)[]> =>
  page.locator('.step-lab [data-view]').evaluateAll((all) => all.map((one) => one.getAttribute('data-view')));

test('the backward pass: chosen by op, stepped, pointed at, compared with the standard way', async ({ page }) => {
  test.setTimeout(240_000);
  await open(page, `${TINY}&kernel=flash2`);
  await captured(page);
  const groups = page.locator('select[name=kernel] optgroup');
  await expect(groups).toHaveCount(3);
  await page.locator('select[name=kernel]').selectOption('backward');
  await captured(page, { kernel: 'backward' });
  expect(await panes(page)).toEqual(['attention-backward', 'memory', 'source', 'explain', 'buffers']);
  await expect(page.locator('.view-attention-backward .given')).toContainText('fixed seed');
  await bothWays(page);
  await expect(page.locator('.story')).toContainText(/read from HBM/);

  // Pointed at and pinned, by mouse and by key.
  await page
    .locator('.view-attention-backward [role=grid]')
    .first()
    .click({ position: { x: 12, y: 12 } });
  await expect.poll(async () => (await stateOf(page)).pinned).toMatchObject({ role: 'Q' });
  await page.keyboard.press('Escape');
  const cell = page.locator('.view-attention-backward [role=gridcell]').nth(1);
  await cell.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await stateOf(page)).pinned).toMatchObject({ role: 'dO', col: 0 });
  const { violations } = await axe(page).disableRules('region').analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);

  await page.getByRole('link', { name: 'Compare', exact: true }).click();
  await expect(page.locator('.difference thead th').nth(1)).toContainText('backward', { timeout: 60_000 });
  await expect(page.locator('.side-1 .view-attention-backward')).toBeVisible({ timeout: 60_000 });
  const second = page.locator('.side-1 select[name=kernel]');
  await expect(second).toHaveValue('backward-naive');
  expect(await second.locator('option').allTextContents()).toEqual(['backward-naive', 'backward']);
});

test('LayerNorm in Chinese: no mask, no softmax; its rows, its sentence, and small windows', async ({ page }) => {
  await open(page, `${TINY}&kernel=layernorm&lang=zh`);
  await captured(page, { kernel: 'layernorm', mask: 'full' });
  expect(await panes(page)).toEqual(['layernorm', 'memory', 'source', 'explain', 'buffers']);
  await expect(page.getByRole('group', { name: '掩码' })).toHaveCount(0);
  await bothWays(page);
  await expect(page.locator('.story')).toContainText('HBM');
  await expect(page.locator('.view-layernorm .given')).toContainText('1e-5');
  for (const [width, height] of [
    [1024, 768],
    [390, 844],
  ] as const) {
    await page.setViewportSize({ width, height });
    // The strip and the views take their new width a frame later.
    await expect.poll(async () => (await faults(page)).sideways, { message: `${width}`, timeout: 5_000 }).toBe(0);
  }
});

test('without a device the interpreter runs both, right to what f64 says', async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(Navigator.prototype, 'gpu', { get: () => undefined }));
  for (const kernel of ['backward', 'layernorm']) {
    await open(page, `${TINY}&kernel=${kernel}`);
    await page.reload();
    const shown = async () => {
      const { trace } = await stateOf(page);
      return { provenance: trace?.provenance, kernel: trace?.run.kernel };
    };
    await expect.poll(shown, { timeout: 60_000 }).toEqual({ provenance: 'interpreter', kernel });
    await expect(page.locator(kernel === 'backward' ? '.view-attention-backward' : '.view-layernorm')).toBeVisible();
  }
});

test('timed by op: another op brings its kernels, and the sweep measures them', async ({ page }) => {
  test.setTimeout(180_000);
  await open(page, 'lab=time&t.n=32&t.heads=1&t.d=16&t.s=2');
  await page.locator('.time-lab select[name=op]').selectOption('attention-backward');
  const boxes = page.locator('.time-lab input[name=kernels]');
  await expect(boxes).toHaveCount(2);
  await page.locator('.time-lab .start').click();
  await expect(page.locator('.time-lab table').first()).toContainText('backward-naive', { timeout: 120_000 });
  await page.locator('.time-lab select[name=op]').selectOption('layernorm');
  await expect(boxes).toHaveCount(1);
  await expect(page.locator('.time-lab fieldset.queries')).toHaveCount(0);
});
