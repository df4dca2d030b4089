/** The tuned kernels on the page: chosen in the menu, stepped, told in words; the text that is timed is saved; without subgroups the refusal says why. */
import { readFile } from 'node:fs/promises';
import { expect, test } from './fixtures';
import { captured, open, SMALL, stateOf } from './lab';

test('flash-fast is stepped as it is read, and its timed text is saved with every marked loop written out', async ({ page }) => {
  await open(page, `${SMALL}&kernel=flash2`);
  await page.locator('select[name=kernel]').selectOption('flash-fast');
  await captured(page, { kernel: 'flash-fast', br: 16, bc: 4 });
  await expect.poll(async () => new URL(page.url()).hash).toContain('kernel=flash-fast');
  await expect(page.locator('.view-memory')).toContainText('No workgroup memory in this kernel: each lane works in its registers');
  await expect(page.locator('.view-cross')).toContainText('only in registers, tile by tile');
  // The plain text is compared once the picture is there.
  await expect.poll(async () => (await stateOf(page)).trace?.maxPlainTapped).toBe(0);
  const [saved] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: /Save the timed text/ }).click()]);
  expect(saved.suggestedFilename()).toBe('flash-fast-16x4.wgsl');
  const text = await readFile(await saved.path(), 'utf8');
  expect(text).toMatch(/^enable subgroups;\n/);
  expect(text).not.toContain('// unroll\n');
  // Four rows a lane, four keys a step.
  for (const [r, j] of [
    [0, 0],
    [3, 3],
  ])
    expect(text).toContain(`s[${r}u][${j}u] += inner(`);
  expect(text).not.toContain('s[4u][0u] += inner(');
});

test('a device without subgroups is told why, and the picture stays', async ({ page }) => {
  await page.addInitScript(() => {
    const original = GPUSupportedFeatures.prototype.has;
    GPUSupportedFeatures.prototype.has = function (name) {
      return name !== 'subgroups' && original.call(this, name);
    };
  });
  await open(page, `${SMALL}&kernel=flash2`);
  await captured(page, { kernel: 'flash2' });
  await page.locator('select[name=kernel]').selectOption('flash-fast');
  await expect(page.getByText('flash-fast cannot run on this device.')).toBeVisible();
  await expect(page.getByText(/WebGPU feature “subgroups”/)).toBeVisible();
  expect((await stateOf(page)).trace?.run.kernel).toBe('flash2');
});
