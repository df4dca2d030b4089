/**
 * The tuned kernels on the page: chosen in the menu, stepped, described; the text that is timed can be saved; without
 * subgroups the refusal says why.
 */
import { readFile } from 'node:fs/promises';
import { expect, test } from '../support/fixtures';
import { captured, open, SMALL, stateOf } from '../support/lab';

test('flash-fast is stepped as it is read, and its timed text is saved with every marked loop written out', async ({
  page,
}) => {
  await open(page, `${SMALL}&kernel=flash2`);
  await page.locator('select[name=kernel]').selectOption('flash-fast');
  await captured(page, { kernel: 'flash-fast', br: 16, bc: 4 });
  await expect.poll(async () => new URL(page.url()).hash).toContain('kernel=flash-fast');
  await expect(page.locator('.view-memory')).toContainText(
    'No workgroup memory in this kernel: each lane works in its registers',
  );
  await expect(page.locator('.view-cross')).toContainText('only in registers, tile by tile');
  // The plain text is compared once the picture is there.
  await expect.poll(async () => (await stateOf(page)).trace?.maxPlainTapped).toBe(0);
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: /Save the timed text/ }).click(),
  ]);
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

test('tiled-tuned in the Time lab: raced here, told with its race, kept, timed like any kernel, and raced anew; Compare marks it', async ({
  page,
}) => {
  test.setTimeout(150_000);
  const raced = { timeout: 60_000 };
  await open(page, 'lab=time&t.kernels=flash2&t.n=16&t.heads=1&t.d=8&t.s=1&input=seed&n=16&d=8&heads=1&mask=causal');
  await expect(page.locator('.plan .tuned')).toHaveCount(0);
  await page.locator('input[name=kernels][value=tiled-tuned]').check();
  await expect.poll(() => page.url()).toContain('t.kernels=flash2.tiled-tuned');
  const chosen = page.locator('.plan .tuned li[data-chosen]');
  await expect(page.locator('.plan .tuned .unknown')).toContainText('not raced on this device yet');
  await page.getByRole('button', { name: 'Race them' }).click();
  await expect(chosen).toContainText('measured at N = 16', raced);
  const name = await chosen.locator('b').innerText();
  // Every tiled kernel was raced, the chosen one first with 1.
  await expect(chosen).toContainText(`${name.trim()} 1 ×`);
  for (const kernel of ['flash2', 'flash-fast ', 'flash-fast-shared']) await expect(chosen).toContainText(kernel);

  await page.reload();
  await page.evaluate(() => window.attnscope.ready);
  await expect(chosen.locator('b')).toHaveText(name);
  await page.getByRole('button', { name: 'Measure on this device' }).click();
  await page.locator('.start-bar.running').waitFor({ state: 'detached', timeout: 60_000 });
  await expect(page.locator('tr[data-kernel=tiled-tuned]')).toContainText(name.trim());
  await expect(page.locator('.facts .tuned')).toContainText(name.trim());
  await expect(page.locator('.told li[data-kernel=tiled-tuned]')).toBeVisible();

  // Raced again: the stored choice is newer.
  const dates = () =>
    page.evaluate(() =>
      [...localStorage.getItem('attnscope-tuned-2')!.matchAll(/"date":"([^"]+)"/g)].map((at) => at[1]),
    );
  const before = await dates();
  // A race on such a small shape may end before it is seen, so the page's text meanwhile is recorded.
  await page.locator('.plan .tuned .stage').evaluate((stage) => {
    const said: string[] = [];
    Object.assign(window, { said });
    new MutationObserver(() => said.push(stage.textContent ?? '')).observe(stage, {
      childList: true,
      characterData: true,
      subtree: true,
    });
  });
  await page.getByRole('button', { name: 'Race again' }).click();
  await expect.poll(dates, raced).not.toEqual(before);
  expect(await page.evaluate(() => (Reflect.get(window, 'said') as string[]).join())).toContain('N = 16');
  expect((await dates()).length).toBe(before.length);

  await page.getByRole('link', { name: 'Compare', exact: true }).click();
  const line = page.locator('.tuned-line');
  await expect(line.locator('b')).toBeVisible({ timeout: 45_000 });
  const kernel = (await line.locator('b').getAttribute('data-chosen'))!;
  await expect(page.locator(`.side-0 select[name=kernel] option[value=${kernel}]`)).toHaveText(
    `${kernel} · this device’s choice`,
  );
  await line.getByRole('button', { name: 'Compare with it' }).click();
  await expect.poll(() => page.url()).toContain(`kernel%3A${kernel}`);
});
