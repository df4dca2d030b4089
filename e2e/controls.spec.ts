/** Every control of the page is used, and what it should do is seen. */
import { expect, test } from './fixtures';
import { at, captured, open, SMALL, stateOf } from './lab';

test('the first second: a recorded picture, labelled; then this device takes over', async ({ page }) => {
  await page.goto('/');
  await page.waitForFunction(() => performance.getEntriesByName('first-picture').length === 1);
  await captured(page, { kernel: 'flash2' });
  await page.waitForFunction(() => performance.getEntriesByName('own-capture').length === 1);
  await expect(page.locator('.chip.own')).toContainText('captured here');
  const { trace } = await stateOf(page);
  expect(trace?.run.shape.keys).toBeGreaterThanOrEqual(64);
  expect(trace?.tokens).toHaveLength(trace!.run.shape.keys);
  // The untouched text runs after the picture is there.
  await expect.poll(async () => (await stateOf(page)).trace?.maxPlainTapped, { timeout: 30_000 }).toBe(0);
  await expect(page.locator('.chip.ok')).toContainText('0');
});

test('generator: every field leads to the run that it asks for', async ({ page }) => {
  test.setTimeout(150_000);
  await open(page, `${SMALL}&kernel=flash2`);
  await captured(page, { keys: 48, dim: 16, heads: 2 });
  const set = async (name: string, value: string, wanted: Record<string, unknown>) => {
    await page.locator(`input[name=${name}]`).fill(value);
    await page.locator(`input[name=${name}]`).press('Enter');
    await captured(page, wanted);
  };
  await set('keys', '37', { keys: 37, queries: 37 });
  await set('dim', '9', { dim: 9 });
  await set('heads', '4', { heads: 4 });
  const before = await page.evaluate(() => window.attnscope.state().link);
  await set('seed', '8', { keys: 37 });
  expect((await stateOf(page)).link).not.toBe(before);
  await page.locator('.more-menu summary').click();
  await page.locator('select[name=kvHeads]').selectOption('2');
  await captured(page, { kvHeads: 2 });
  await set('queries', '11', { queries: 11, keys: 37 });
  await set('batch', '2', { batch: 2 });
  await page.locator('select[name=plane]').selectOption('5');
  expect((await stateOf(page)).choice.plane).toBe(5);
  await page.keyboard.press('Escape');
  await expect(page.locator('.more-menu')).not.toHaveAttribute('open');
  // What is out of range is not taken.
  await page.locator('input[name=keys]').fill('5000');
  await page.locator('input[name=keys]').press('Enter');
  expect((await stateOf(page)).choice.keys).toBe(37);
});

test('mask, tile and kernel: chosen, run, shown; a tile that does not fit says why', async ({ page }) => {
  await open(page, 'input=seed&n=48&d=128&heads=1&seed=3&mask=causal&kernel=flash2&tile=16x8');
  await captured(page, { mask: 'causal', br: 16, bc: 8 });
  await page.getByRole('button', { name: 'full', exact: true }).click();
  await captured(page, { mask: 'full' });
  await page.locator('.tile-menu summary').click();
  const refused = page.locator('.tiles label.refused');
  await expect(refused.first()).toContainText(/KiB/);
  await expect(refused.first().locator('input')).toBeDisabled();
  await expect(page.locator('.sram-meter .verdict')).toContainText('✓');
  await page.locator('input[name=tile][value="8x8"]').check();
  await captured(page, { br: 8, bc: 8 });
  await page.locator('select[name=kernel]').selectOption('naive');
  await captured(page, { kernel: 'naive' });
  await expect(page.locator('.no-tile')).toBeVisible();
});

test('sentence and heads: another head by looking at the map, by mouse and by keys', async ({ page }) => {
  await open(page, 'kernel=flash2&input=text&text=the whale and the sea&mask=causal');
  await captured(page);
  const { trace } = await stateOf(page);
  await page.locator('.heads-menu summary').click();
  await page.getByRole('button', { name: 'layer 1 · head 2' }).click();
  await expect.poll(async () => (await stateOf(page)).choice).toMatchObject({ layer: 1, head: 2 });
  await expect(page.locator('.heads-menu summary')).toContainText('layer 1 · head 2');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await stateOf(page)).choice).toMatchObject({ layer: 0, head: 2 });
  await captured(page, { keys: trace!.run.shape.keys });
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Default passage' }).click();
  await expect.poll(async () => (await stateOf(page)).trace?.run.shape.keys).toBeGreaterThanOrEqual(64);
  await page.getByRole('button', { name: 'Generator' }).click();
  await captured(page, { keys: 128, dim: 32 });
});

test('transport: play, pause, steps, edges, strip, granularity, speed, workgroups', async ({ page }) => {
  await open(page, `${SMALL}&kernel=flash2&at=0.0.3&row=2`);
  await captured(page);
  const deck = page.locator('.deck');
  await deck.getByRole('button', { name: /next step/ }).click();
  await expect.poll(() => at(page)).toBe('0.0.4');
  await deck.getByRole('button', { name: /previous step/ }).click();
  await expect.poll(() => at(page)).toBe('0.0.3');
  await deck.getByRole('button', { name: /last step/ }).click();
  const end = await page.waitForFunction(
    () => /at=0\.0\.(\d+)/.exec(location.hash)?.[1] !== '3' && /at=0\.0\.(\d+)/.exec(location.hash)?.[1],
  );
  expect(Number(await end.jsonValue())).toBeGreaterThan(4);
  await deck.getByRole('button', { name: /first step/ }).click();
  await expect.poll(() => at(page)).toBe('0.0.0');
  await deck.getByLabel(/phase of this workgroup/).fill('2');
  await expect.poll(() => at(page)).toBe('0.0.2');
  await deck.locator('select.granularity').selectOption('line');
  expect((await stateOf(page)).granularity).toBe('line');
  // The thread's log needs a text of its own to be compiled; until it is there a step by line goes to the next phase.
  await expect(async () => {
    await deck.getByLabel(/phase of this workgroup/).fill('2');
    await expect.poll(() => at(page), { timeout: 1_000 }).toMatch(/^0\.0\.2$/);
    await deck.getByRole('button', { name: /next step/ }).click();
    await expect.poll(() => at(page), { timeout: 1_000 }).toBe('0.0.3.0');
  }).toPass({ timeout: 45_000 });
  await deck.locator('select.granularity').selectOption('workgroup');
  await deck.getByRole('button', { name: /next step/ }).click();
  await expect.poll(() => at(page)).toMatch(/^0\.1\.\d+$/);
  await deck.locator('.workgroup input').fill('0');
  await expect.poll(() => at(page)).toMatch(/^0\.0\./);
  await deck.locator('select.granularity').selectOption('phase');
  await deck.locator('select.speed').selectOption('4');
  expect((await stateOf(page)).speed).toBe(4);
  await deck.getByRole('button', { name: /first step/ }).click();
  await deck.getByRole('button', { name: /play/ }).click();
  await expect.poll(() => at(page)).not.toBe('0.0.0');
  await deck.getByRole('button', { name: /pause/ }).click();
  const stopped = (await stateOf(page)).cursor;
  await page.waitForTimeout(600);
  expect((await stateOf(page)).cursor).toEqual(stopped);
});

test('header: theme, language, key map, link, export and import', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page, `${SMALL}&kernel=flash2`);
  await captured(page);
  await page.getByRole('button', { name: 'Light theme' }).click();
  await expect(page.locator('attn-scope')).toHaveAttribute('data-theme', 'light');
  await page.getByRole('button', { name: 'Keys', exact: true }).click();
  await expect(page.getByRole('dialog')).toContainText('play or pause');
  await page.getByRole('button', { name: 'Close' }).click();
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.getByRole('button', { name: 'Copy link' }).click();
  await expect(page.locator('.copied')).toHaveText('Link copied');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe((await stateOf(page)).link);

  const waiting = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export trace' }).click();
  const download = await waiting;
  expect(download.suggestedFilename()).toBe('flash2-48x16.attn');
  await page.getByLabel('Import trace').setInputFiles(await download.path());
  await expect(page.locator('.chip.other')).toContainText('imported');
  await page
    .getByLabel('Import trace')
    .setInputFiles({ name: 'x.attn', mimeType: 'application/octet-stream', buffer: Buffer.from('not a trace at all, not at all') });
  await expect(page.locator('.message[data-code^="trace-"]')).toHaveCount(1);

  await page.locator('.language').click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await expect(page.locator('.deck')).toContainText('阶段');
});

test('cancel: long work stops and says so', async ({ page }) => {
  await open(page, `${SMALL}&kernel=flash2`);
  await captured(page);
  await page.locator('input[name=keys]').fill('2048');
  await page.locator('input[name=keys]').press('Enter');
  await page.locator('.progress').getByRole('button', { name: 'Cancel' }).click();
  await expect(page.locator('.message[data-code="cancelled"]')).toHaveCount(1);
  await expect(page.locator('.progress')).toHaveCount(0);
  expect((await stateOf(page)).trace?.run.shape.keys).toBe(48);
});
