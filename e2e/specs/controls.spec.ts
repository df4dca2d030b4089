/** Every control of the page is used, and its effect checked. */
import { readFile } from 'node:fs/promises';
import { expect, test } from '../support/fixtures';
import { at, captured, open, SMALL, stateOf } from '../support/lab';

test('the first second: a recorded picture, labelled; then this device takes over', async ({ page }) => {
  await page.goto('/');
  await page.waitForFunction(() => performance.getEntriesByName('first-picture').length === 1);
  await captured(page, { kernel: 'flash2' });
  await page.waitForFunction(() => performance.getEntriesByName('own-capture').length === 1);
  await expect(page.locator('.chip.own')).toContainText('captured here');
  const { trace } = await stateOf(page);
  expect(trace?.run.shape.keys).toBeGreaterThanOrEqual(64);
  expect(trace?.tokens).toHaveLength(trace!.run.shape.keys);
  // The plain text runs after the first picture is drawn.
  await expect.poll(async () => (await stateOf(page)).trace?.maxPlainTapped, { timeout: 30_000 }).toBe(0);
  await expect(page.locator('.chip.ok')).toContainText('0');
});

test('a link to a kernel that has no recording: the first second is the opening kernel’s, no error, then the kernel itself', async ({
  page,
}) => {
  await page.goto(`/#${SMALL}&kernel=decode`);
  await page.waitForFunction(() => performance.getEntriesByName('first-picture').length === 1);
  await captured(page, { kernel: 'decode' });
  expect((await stateOf(page)).errors).toEqual([]);
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
});

test('generator: what cannot be is kept and answered beside its field, and the last run stays', async ({ page }) => {
  await open(page, `${SMALL}&kernel=flash2`);
  await captured(page);
  for (const [name, wrong, allowed] of [
    ['keys', '5000', 'a whole number from 1 to 4,096'],
    ['dim', '0', 'a whole number from 1 to 128'],
    ['heads', '1.5', 'a whole number from 1 to 16'],
    ['seed', '', 'a whole number from 0 to 4,294,967,295'],
  ] as const) {
    const box = page.locator(`input[name=${name}]`);
    await box.fill(wrong);
    await box.press('Enter');
    await expect(box).toHaveAttribute('aria-invalid', 'true');
    await expect(box).toHaveAccessibleDescription(allowed);
    await expect(box).toHaveValue(wrong);
  }
  const { choice, trace } = await stateOf(page);
  expect(choice).toMatchObject({ keys: 48, dim: 16, heads: 2, seed: 3 });
  expect(trace?.run.shape.keys).toBe(48);
  await page.locator('input[name=keys]').fill('40');
  await page.locator('input[name=keys]').press('Enter');
  await captured(page, { keys: 40 });
  await expect(page.locator('input[name=keys]')).toHaveAttribute('aria-invalid', 'false');
  await expect(page.locator('#refused-keys')).toHaveCount(0);
  await expect(page.locator('#refused-dim')).toHaveCount(1);
});

test('a tile that does not fit: the picture dims and says so, and the one that fits is a click away', async ({
  page,
}) => {
  await open(page, 'input=seed&n=16&d=128&heads=1&seed=3&mask=causal&kernel=flash2&tile=32x32&lang=en');
  const note = page.locator('.stale-note');
  await expect(note).toContainText('not the run that you chose');
  const { run } = (await stateOf(page)).trace!;
  await expect(note).toContainText(
    `You still see flash2 ${run.tile.br} × ${run.tile.bc} · N = ${run.shape.keys} · d = ${run.shape.dim}`,
  );
  // The reason is given once, in the message.
  await expect(page.locator('.message[data-code="over-limit"]')).toContainText(
    'flash2 does not fit this device at this size. It needs',
  );
  await expect(page.getByText(/Too large/).locator('visible=true')).toHaveCount(0);
  const opacity = () => page.locator('.pane-cross .host').evaluate((host) => Number(getComputedStyle(host).opacity));
  expect(await opacity()).toBeLessThan(0.5);
  await note.getByRole('button', { name: 'Use 16 × 16' }).click();
  await captured(page, { br: 16, bc: 16, dim: 128 });
  await expect(note).toBeHidden();
  expect(await opacity()).toBe(1);
});

test("the header's labels are whole at 1024 and 1440, in both languages, also while something runs; cancel stops it and says so", async ({
  page,
}) => {
  await open(page, `${SMALL}&kernel=flash2&lang=en`);
  await captured(page);
  const cut = () =>
    page
      .locator('.chip')
      .evaluateAll((chips) =>
        chips
          .filter((chip) => chip.checkVisibility() && chip.scrollWidth > chip.clientWidth)
          .map((chip) => chip.textContent.trim()),
      );
  const whole = async () => {
    for (const [width, lang] of [
      [1440, 'en'],
      [1440, 'zh-CN'],
      [1024, 'en'],
    ] as const) {
      await page.setViewportSize({ width, height: 800 });
      if ((await page.locator('html').getAttribute('lang')) !== lang) await page.locator('.language').click();
      await expect(page.locator('html')).toHaveAttribute('lang', lang);
      await expect.poll(cut, `${width}, ${lang}`).toEqual([]);
    }
  };
  await whole();
  await page.locator('input[name=keys]').fill('2048');
  await page.locator('input[name=keys]').press('Enter');
  const running = () =>
    page.waitForFunction(() => {
      const progress = document.querySelector('attn-scope')!.shadowRoot!.querySelector('.progress');
      return progress?.checkVisibility({ visibilityProperty: true });
    });
  await running();
  await whole();
  await running();
  await page.locator('.progress').getByRole('button', { name: 'Cancel' }).click();
  await expect(page.locator('.message[data-code="cancelled"]')).toHaveCount(1);
  await expect(page.locator('.progress')).toHaveCount(0);
  expect((await stateOf(page)).trace?.run.shape.keys).toBe(48);
  // The picture still shows the previous run, and says so until the run is tried again or another is chosen.
  await expect(page.locator('.stale-note')).toContainText('not the run that you chose');
  await page.locator('input[name=keys]').fill('40');
  await page.locator('input[name=keys]').press('Enter');
  await captured(page, { keys: 40 });
  await expect(page.locator('.stale-note')).toBeHidden();
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
  await open(page, 'kernel=flash2&input=text&text=the whale and the sea&mask=causal&n=24&d=8&heads=1');
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
  await expect
    .poll(async () => (await stateOf(page)).trace?.run.shape.keys, { timeout: 45_000 })
    .toBeGreaterThanOrEqual(64);
  await page.getByRole('button', { name: 'Generator' }).click();
  await captured(page, { keys: 24, dim: 8 });
});

test('transport: play, pause, steps, edges, strip, granularity, speed, workgroups; the sentence of a step fills its two lines', async ({
  page,
}) => {
  await open(page, `${SMALL}&kernel=flash2&at=0.0.3&row=2`);
  await captured(page);
  // What happened, and why below it.
  const story = page.locator('.story');
  const what = (await story.locator('b').boundingBox())!;
  const why = (await story.locator('b + *').boundingBox())!;
  expect(why.y).toBeGreaterThanOrEqual(what.y + what.height - 1);
  const box = (await story.boundingBox())!;
  expect(why.y + why.height).toBeLessThanOrEqual(box.y + box.height + 2);
  await expect(story.locator('b + *')).not.toBeEmpty();
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
  // The thread's log needs a text of its own that must be compiled; until then a step by line goes to the next phase.
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
  const path = await download.path();
  await page.getByLabel('Import trace').setInputFiles(path);
  await expect(page.locator('.chip.other')).toContainText('imported');
  await page.getByLabel('Import trace').setInputFiles({
    name: 'x.attn',
    mimeType: 'application/octet-stream',
    buffer: Buffer.from('not a trace at all, not at all'),
  });
  await expect(page.locator('.message[data-code^="trace-"]')).toHaveCount(1);

  await page.locator('.language').click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await expect(page.locator('.deck')).toContainText('阶段');
});

test('an import takes the place of the own run: inputs and link say so, work stops, and Back or a click returns', async ({
  page,
}) => {
  await open(page, 'kernel=flash2&input=text&text=the whale and the sea&mask=causal&n=24&d=8&heads=1');
  await captured(page);
  const waiting = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export trace' }).click();
  const buffer = await readFile(await (await waiting).path());
  const shown = (await stateOf(page)).trace?.run.shape.keys;
  await page.getByRole('button', { name: 'Generator' }).click();
  await captured(page, { keys: 24 });
  const own = await stateOf(page);

  const start = async () => {
    await page.locator('input[name=keys]').fill('256');
    await page.locator('input[name=keys]').press('Enter');
    await expect(page.locator('.progress')).toHaveCount(1);
  };
  await start();
  const file = { name: 'my run.attn', mimeType: 'application/octet-stream', buffer };
  await page.getByLabel('Import trace').setInputFiles(file);
  await expect(page.locator('.inputs .from-file')).toContainText('From the file my run.attn');
  await expect(page.locator('.inputs .from-file')).toContainText(`N = ${shown}`);
  await expect(page.locator('.progress')).toHaveCount(0);
  await expect(page.locator('textarea[name=sentence], input[name=keys], .tile-menu')).toHaveCount(0);
  expect((await stateOf(page)).trace?.provenance).toBe('imported');
  const claimed = new URLSearchParams(new URL((await stateOf(page)).link).hash.slice(1));
  expect(claimed.get('file')).toBe('my run.attn');
  for (const key of ['kernel', 'input', 'text', 'n', 'd', 'mask', 'tile']) expect(claimed.has(key)).toBe(false);
  // Back to the previous run; Forward to the file.
  await page.goBack();
  await expect(page.locator('input[name=keys]')).toHaveValue('256');
  await page.goBack();
  await captured(page, { keys: 24 });
  expect((await stateOf(page)).choice).toMatchObject({ input: 'seed', dim: own.choice.dim, tile: undefined });
  await page.goForward();
  await page.goForward();
  await expect(page.locator('.inputs .from-file')).toBeVisible();
  expect((await stateOf(page)).trace?.run.shape.keys).toBe(shown);
  // One click back to the own run, the one before the file.
  await page.getByRole('button', { name: 'Back to your own run' }).click();
  await captured(page, { keys: 256 });
  expect((await stateOf(page)).link).not.toContain('file=');
});

test('the box of the sentence opens over the figure to be written in, and closes when the sentence runs', async ({
  page,
}) => {
  await open(page, 'kernel=flash2&input=text&text=the whale&lang=en');
  await captured(page);
  const box = page.locator('textarea[name=sentence]');
  const height = () => box.evaluate((element) => element.clientHeight);
  const closed = await height();
  await box.fill('the white whale');
  expect(await height()).toBeGreaterThan(2 * closed);
  await box.press('Enter');
  await expect.poll(height).toBe(closed);
  await captured(page, { keys: (await stateOf(page)).trace?.run.shape.keys });
  // When refused it stays open, because something has to be corrected.
  await box.fill('  ');
  await box.press('Enter');
  await expect(box).toBeFocused();
  await box.press('Escape');
  await expect.poll(height).toBe(closed);
  await expect(box).toHaveValue('  ');
});
