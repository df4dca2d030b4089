/**
 * The Time lab: every control by its effect, on shapes so small that a test waits for the browser and not for
 * arithmetic.
 */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '../support/fixtures';
import { open, stateOf } from '../support/lab';
import { TINY, visit, rows, finished, fileOf, stored } from '../support/time-lab';

test('a sweep: asked for, measured, concluded from, read out by keys, and taken along in every form', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page, TINY);
  await expect(page.locator('.empty')).toContainText('Which kernel is faster');
  await expect(page.locator('.estimate')).toContainText('about');
  await page.getByRole('button', { name: 'Measure on this device' }).click();
  await expect(page.locator('.stage')).toContainText(/N = \d+|first run|small run/);
  await finished(page);
  await expect(rows(page)).toHaveCount(4);
  await expect(page.locator('.told')).toContainText('flash2');
  // The table has what the protocol promises: both kernels at both lengths, with rounds, errors and a verdict.
  for (const row of await rows(page).all()) await expect(row.locator('.col-error')).toHaveText(/\de-\d/);

  // Every figure has the warning of a software adapter, the protocol, and itself as a file.
  const figures = page.locator('figure');
  await expect(figures).toHaveCount(4);
  for (const figure of await figures.all()) {
    await expect(figure.locator('.warned')).toContainText('Software adapter');
    await figure.getByRole('button', { name: 'How this was measured' }).click();
    await expect(page.locator('dialog.protocol')).toContainText('Players take turns');
    await page.locator('dialog.protocol').getByRole('button', { name: 'Close' }).click();
  }
  const svg = await fileOf(page, () => page.getByRole('button', { name: 'Time over N: save as SVG' }).click());
  expect(svg.name).toBe('attnscope-time.svg');
  expect(svg.bytes.toString()).toContain('Software adapter');
  expect(svg.bytes.toString()).not.toContain('var(--');
  const png = await fileOf(page, () =>
    page.getByRole('button', { name: 'Roofline of this device: save as PNG' }).click(),
  );
  expect([...png.bytes.subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);

  // Another N by keys: every reading follows, and its row is marked.
  const plot = page.locator('figure[data-figure=time] svg.plot');
  await plot.focus();
  await page.keyboard.press('Home');
  await expect(page.locator('figure[data-figure=ratio] .reading')).toContainText('N = 16');
  await expect(page.locator('tr.chosen').first()).toHaveAttribute('data-n', '16');
  const intensity = await page.locator('figure[data-figure=roofline] .reading').innerText();
  await page.getByRole('button', { name: 'compulsory' }).click();
  await expect(page.locator('figure[data-figure=roofline] .reading')).not.toHaveText(intensity);
  await page.getByRole('button', { name: 'IO model' }).click();
  await expect(page.locator('.bytes-by')).toContainText('As the papers count');

  // The limit was tried: the browser's own words are shown.
  await expect(page.locator('.walls li[data-kernel=naive] q')).not.toBeEmpty();

  // Table: sorted by the clicked column, in reverse at the second click.
  const order = () => rows(page).evaluateAll((all) => all.map((row) => Number(row.getAttribute('data-n'))));
  await page.locator('th[data-column=n] button').click();
  await page.locator('th[data-column=n] button').click();
  expect(await order()).toEqual([24, 24, 16, 16]);
  await expect(page.locator('th[data-column=n]')).toHaveAttribute('aria-sort', 'descending');

  // Results survive a change of theme and language.
  const cells = () => page.locator('td.col-time').allInnerTexts();
  const before = await cells();
  await page.getByRole('button', { name: 'Light theme' }).click();
  await page.locator('.language').click();
  await expect(page.locator('.told')).toBeVisible();
  expect(await cells()).toEqual(before);
  await page.locator('.language').click();

  // Exported as CSV and JSON; a file opened again gives the same table, labelled as a recording.
  const csv = await fileOf(page, () => page.getByRole('button', { name: 'CSV', exact: true }).click());
  expect(csv.bytes.toString().trimEnd().split('\r\n')).toHaveLength(5);
  const json = await fileOf(page, () => page.getByRole('button', { name: 'JSON', exact: true }).click());
  await page
    .getByLabel('Open a result (JSON)')
    .setInputFiles({ name: 'x.json', mimeType: 'application/json', buffer: json.bytes });
  await expect(page.locator('figure .warned').filter({ hasText: 'Recorded: measured on' })).toHaveCount(4);
  expect(await cells()).toEqual(before);
  const again = await fileOf(page, () => page.getByRole('button', { name: 'CSV', exact: true }).click());
  expect(again.bytes.equals(csv.bytes)).toBe(true);

  // The card as a picture of 1200 x 630 and as text; the link to the settings.
  await page.getByRole('button', { name: 'Result card' }).click();
  const card = page.locator('dialog.card-dialog');
  expect(
    await card
      .locator('img')
      .evaluate(async (img: HTMLImageElement) => (await img.decode(), [img.naturalWidth, img.naturalHeight])),
  ).toEqual([1200, 630]);
  await card.getByRole('button', { name: 'Copy picture' }).click();
  await expect(card.locator('[role=status]')).toHaveText('Copied');
  expect(await page.evaluate(async () => (await navigator.clipboard.read())[0]?.types)).toEqual(['image/png']);
  await card.getByRole('button', { name: 'Copy text' }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain('checked against f64');
  const saved = await fileOf(page, () => card.getByRole('button', { name: 'Save PNG' }).click());
  expect(saved.name).toMatch(/\.png$/);
  await card.getByRole('button', { name: 'Close' }).click();
  await expect(card).toHaveCount(0);
  await page.getByRole('button', { name: 'Copy link to these settings' }).click();
  await expect(page.locator('.exports .copied')).toHaveText('Link copied');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('t.n=16.24');

  // A reload keeps what was measured here, and says that it is from before.
  await page.reload();
  await expect(page.locator('.earlier')).toContainText('Measured earlier in this browser');
  expect((await cells()).toSorted()).toEqual(before.toSorted());
});

test('stopped: what was finished stays, and says so; a lost focus pauses and throws the round away', async ({
  page,
}) => {
  test.setTimeout(120_000);
  await page.addInitScript(() => {
    Object.assign(window, { looked: true });
    document.hasFocus = () => Reflect.get(window, 'looked') as boolean;
  });
  await open(page, 'lab=time&t.n=16.64.128.192.256.320&t.heads=2&t.d=16&t.s=1');
  await page.getByRole('button', { name: 'Measure on this device' }).click();
  await expect(page.locator('.stage')).toContainText('round');
  await page.evaluate(() => {
    Object.assign(window, { looked: false });
    dispatchEvent(new Event('blur'));
  });
  await expect(page.locator('.stage')).toContainText('Paused');
  await expect(page.locator('.gone')).toContainText('thrown away');
  await page.evaluate(() => {
    Object.assign(window, { looked: true });
    dispatchEvent(new Event('focus'));
  });
  await expect(page.locator('.stage')).not.toContainText('Paused');
  // In another lab views may move: the sweep waits until its own lab is shown again.
  await page.getByRole('link', { name: 'Step' }).click();
  await expect(page.locator('.step-lab')).toBeVisible();
  await page.getByRole('link', { name: 'Time' }).click();
  await expect(page.locator('.start-bar.running')).toBeVisible();
  await expect(rows(page).first()).toBeVisible({ timeout: 60_000 });
  await page.locator('.stop').click();
  await finished(page);
  expect(await rows(page).count()).toBeLessThan(12);
  await expect(rows(page).first()).toBeVisible();
  await expect(page.locator('.partial')).toBeVisible();
  await expect(page.locator('.facts')).toContainText(/[1-9]\d* thrown away/);
});

test('settings: each is in the link, Back takes it back, and what is refused stays in its box with the reason', async ({
  page,
}) => {
  await visit(page, 'lab=time');
  const time = async () => (await stateOf(page)).time;
  const fill = async (name: string, value: string) => {
    await page.locator(`.plan input[name=${name}]`).fill(value);
    await page.locator(`.plan input[name=${name}]`).press('Enter');
  };
  await page.locator('input[name=kernels][value=naive]').uncheck();
  expect((await time()).kernels).toEqual(['flash2']);
  // The last kernel cannot be removed.
  await page.locator('input[name=kernels][value=flash2]').click();
  await expect(page.locator('input[name=kernels][value=flash2]')).toBeChecked();
  const said = (box: string) => page.locator(box).evaluate((input: HTMLInputElement) => input.validationMessage);
  expect(await said('input[name=kernels][value=flash2]')).toContain('At least one kernel');
  await page.locator('input[name=masks][value=full]').check();
  expect((await time()).masks).toEqual(['causal', 'full']);
  await fill('lengths', '100, 50 50');
  expect((await time()).lengths).toEqual([50, 100]);
  await fill('lengths', '100 99999');
  expect((await time()).lengths).toEqual([50, 100]);
  await expect(page.locator('input[name=lengths]')).toHaveValue('100 99999');
  expect(
    await page.locator('input[name=lengths]').evaluate((box: HTMLInputElement) => box.validationMessage),
  ).toContain('16384');
  // Nothing that was typed is dropped without a message.
  await fill('lengths', '64 abc -3');
  await expect(page.locator('input[name=lengths]')).toHaveValue('64 abc -3');
  expect(await said('input[name=lengths]')).toContain('Numbers from 1');
  expect((await time()).lengths).toEqual([50, 100]);
  expect(await said('input[name=kernels][value=flash2]')).toBe('');
  await page.getByRole('button', { name: 'long: 64–2048' }).click();
  expect((await time()).lengths.at(-1)).toBe(2048);
  await page.getByRole('button', { name: 'quick: 64–512' }).click();
  await fill('heads', '6');
  await page.locator('select[name=kvHeads]').selectOption('3');
  await fill('batch', '2');
  await fill('dim', '40');
  await fill('budget', '7');
  expect(await time()).toMatchObject({
    heads: 6,
    kvHeads: 3,
    batch: 2,
    dim: 40,
    budget: 7,
    lengths: [64, 128, 256, 512],
  });
  await fill('dim', '4000');
  expect((await time()).dim).toBe(40);
  const { link } = await stateOf(page);
  await page.goBack();
  await expect.poll(async () => (await time()).budget).toBe(20);
  await page.goto('about:blank');
  await page.goto(link);
  await expect.poll(time).toMatchObject({
    kernels: ['flash2'],
    masks: ['causal', 'full'],
    heads: 6,
    kvHeads: 3,
    batch: 2,
    dim: 40,
    budget: 7,
  });
  await page.getByRole('link', { name: 'Step' }).click();
  await expect(page.locator('.step-lab')).toBeVisible();
  await page.goBack();
  await expect(page.locator('.time-lab')).toBeVisible();
});

test('without WebGPU: what is missing is said, a result opens as a recording, a broken file says why', async ({
  page,
}) => {
  await visit(page, 'lab=time');
  await expect(page.locator('.no-device')).toContainText('Timing needs a GPU device');
  const picker = page.getByLabel('Open a result (JSON)');
  await picker.setInputFiles({
    name: 'x.json',
    mimeType: 'application/json',
    buffer: Buffer.from('{"format":"attnscope-times","version":9}'),
  });
  await expect(page.locator('.problem')).toContainText('newer');
  await picker.setInputFiles(stored);
  await expect(page.locator('.problem')).toHaveCount(0);
  await expect(page.locator('figure .warned').first()).toContainText('Recorded: measured on a b');
  // Faster, slower and undecided lengths are in the same sentence.
  await expect(page.locator('.told')).toContainText(
    'flash2 is faster than naive from N = 256 on. Loses at N = 64. No measurable difference at N = 128.',
  );
  await expect(page.locator('figure[data-figure=ratio] .dot.hollow')).toHaveCount(1);
  await expect(page.locator('.standing')).toHaveText([
    '▲ slower',
    '= no measurable difference',
    '▼ faster',
    '▼ faster',
  ]);
  await expect(page.locator('tr[data-kernel=flash2] .tile').first()).toHaveText('32×16');
  await expect(page.getByRole('button', { name: /^Measure/ })).toBeDisabled();
});

test('nothing serious for axe, no sideways scrolling, no small text or target, in both languages and themes', async ({
  page,
}) => {
  for (const [theme, lang, width] of [
    ['dark', 'en', 1440],
    ['light', 'zh', 390],
  ] as const) {
    await page.setViewportSize({ width, height: 844 });
    await visit(page, `lab=time&theme=${theme}&lang=${lang}`);
    await page.locator('input[name=result]').first().setInputFiles(stored);
    await expect(page.locator('figure')).toHaveCount(4);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(
      violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`),
    ).toEqual([]);
    const found = await page.evaluate(() => {
      const lab = document.querySelector('attn-scope')!.shadowRoot!.querySelector('.time-lab')!;
      const seen = [...lab.querySelectorAll('*')].filter((element) => element.checkVisibility());
      const text = (element: Element) =>
        [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
      const small = seen
        .filter((element) => text(element) && parseFloat(getComputedStyle(element).fontSize) < 12.99)
        .map((element) => element.outerHTML.slice(0, 80));
      const tight = seen
        .filter((element) => element.matches('button, select, input:not([type=file])'))
        .filter(
          (element) => Math.min(element.getBoundingClientRect().height, element.getBoundingClientRect().width) < 23.5,
        );
      return {
        sideways: Math.max(0, document.documentElement.scrollWidth - innerWidth),
        small,
        tight: tight.map((element) => element.outerHTML.slice(0, 80)),
      };
    });
    expect(found).toEqual({ sideways: 0, small: [], tight: [] });
    await page.goto('about:blank');
  }
});
