/** The Compare lab: two runs on one cursor, by phase and by bytes, with what differs in numbers. */
import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { open, SMALL } from '../support/lab';

const captured = (page: Page, side: number, text: RegExp | string) =>
  expect(page.locator('.difference thead th').nth(side)).toContainText(text, { timeout: 45_000 });
/** A cell of the table of differences. */
const cell = (page: Page, row: RegExp, column: number) =>
  page.locator('.difference tbody tr').filter({ hasText: row }).locator('td').nth(column);

test('naive against tiled: both run, stand on one cursor, and their answers agree', async ({ page }) => {
  test.setTimeout(150_000);
  await open(page, `${SMALL}&kernel=naive`);
  await page.getByRole('link', { name: 'Compare', exact: true }).click();
  await captured(page, 0, 'naive');
  await captured(page, 1, 'flash2');
  expect(Number((await page.locator('.difference .outputs').textContent())?.replace('−', '-'))).toBeLessThan(1e-5);
  // 48 x 48 scores twice, two heads, 4 bytes.
  await expect(cell(page, /S and P kept/, 0)).toHaveText('36.0 KiB');
  await expect(cell(page, /S and P kept/, 1)).toHaveText('0 B');
  const deck = page.locator('.deck-compare');
  const at = deck.locator('.at');
  await deck.getByRole('button', { name: 'Start' }).click();
  await expect(at).toHaveText(/^1 of/);
  await deck.getByRole('button', { name: 'Next' }).click();
  await expect(at).toHaveText(/^2 of/);
  await page.keyboard.press('Home');
  await page.locator('.compare-lab .foot').click();
  await page.keyboard.press('ArrowRight');
  await expect(at).toHaveText(/^2 of/);
  await deck.getByRole('button', { name: 'Previous' }).click();
  await expect(at).toHaveText(/^1 of/);
  const phases = await at.textContent();
  // By share of the work both have come equally far, so the bytes requested so far can be compared; by phase they
  // cannot.
  await deck.getByRole('button', { name: 'share of the work' }).click();
  await deck.getByRole('slider').fill('20');
  const [first, second] = await Promise.all([0, 1].map((side) => cell(page, /share of the work/, side).textContent()));
  expect(Math.abs(parseFloat(first!) - parseFloat(second!))).toBeLessThan(10);
  await deck.getByRole('button', { name: 'bytes requested' }).click();
  expect(await at.textContent()).not.toBe(phases);
  await deck.getByRole('button', { name: 'End' }).click();
  await expect(cell(page, /so far/, 0).first()).not.toHaveText('0 B');
  await expect(page.locator('.side-0 .side-where')).toContainText('finished');
  await expect(page.locator('.side-1 .side-where')).toContainText('finished');
  await deck.getByRole('slider').fill('3');
  await expect(at).toHaveText(/^4 of/);
  await deck.locator('.play').click();
  await expect(at).toHaveText(/^([5-9]|\d{2,}) of/);
  await deck.locator('.pause').click();
  for (const picture of ['Memory', 'Softmax', 'Source', 'Matrices']) {
    await page.locator('.pictures').getByRole('button', { name: picture }).click();
    await expect(page.locator('.side-1 .side-view')).toHaveAttribute('aria-label', /Second run/);
    await expect(page.locator('.side-1 .side-view > *')).toHaveCount(1);
  }
  // A link brings it all back.
  await expect(page).toHaveURL(/lab=compare/);
  await expect(page).toHaveURL(/both=bytes/);
});

test('the verdict stands above the fold, the pair that is shown is pressed and named as it stands, and a phone shows the figure first', async ({
  page,
}) => {
  test.setTimeout(150_000);
  await page.setViewportSize({ width: 1440, height: 900 });
  await open(page, `${SMALL}&kernel=flash2&lab=compare`);
  await captured(page, 1, 'naive');
  const verdict = page.locator('.model-verdict');
  await expect(verdict).toHaveText(/^By the papers’ IO model flash2 .* naive .*× as much\.$/);
  const pressed = page.locator('.presets [aria-pressed=true]');
  await expect(pressed).toHaveText(/^\s*tiled \| naive\s*$/);
  for (const [width, height] of [
    [1440, 900],
    [1024, 768],
  ] as const) {
    await page.setViewportSize({ width, height });
    await expect(verdict).toBeInViewport({ ratio: 1 });
  }
  await page.setViewportSize({ width: 390, height: 844 });
  const share = async (): Promise<number> => {
    const [figure, deck] = [
      await page.locator('.side-0 .side-view').boundingBox(),
      await page.locator('.deck-compare').boundingBox(),
    ];
    return figure && deck ? (Math.min(figure.y + figure.height, deck.y) - figure.y) / 844 : 0;
  };
  await expect.poll(share).toBeGreaterThan(0.55);
  await page.setViewportSize({ width: 1440, height: 900 });
  await pressed.click();
  await captured(page, 0, 'naive');
  await captured(page, 1, 'flash2');
  await expect(pressed).toHaveText(/^\s*naive \| tiled\s*$/);

  // In print each side keeps its figure, and the numbers are below both.
  await page.emulateMedia({ media: 'print' });
  // The print theme mounts the lab again.
  const inside = (): Promise<boolean[]> =>
    page.locator('.side').evaluateAll((sides) =>
      sides.map((side) => {
        const { bottom } = side.getBoundingClientRect();
        const figure = side.querySelector('.side-view > *')?.getBoundingClientRect();
        return figure !== undefined && figure.height > 100 && figure.bottom <= bottom;
      }),
    );
  await expect.poll(inside).toEqual([true, true]);
});

test('each side has its own kernel, tile, mask and seed; presets set both; the small tile says which column it loses in', async ({
  page,
}) => {
  test.setTimeout(150_000);
  await open(page, `${SMALL}&kernel=naive&lab=compare&vs=kernel:naive,seed:9`);
  await captured(page, 1, 'naive causal');
  await expect(page.locator('.difference .outputs')).toContainText('another problem');
  await page.locator('.side-1 select[name=mask]').selectOption('full');
  await captured(page, 1, 'naive full');
  await page.locator('.side-1 input[name=seed]').fill('4');
  await page.locator('.side-1 input[name=seed]').press('Enter');
  await expect.poll(() => page.url()).toContain('seed%3A4');
  await page.getByRole('button', { name: /Swap/ }).click();
  await captured(page, 0, 'naive full');
  await captured(page, 1, 'naive causal');
  await page.goBack();
  await captured(page, 0, 'naive causal');
  await page.getByRole('button', { name: 'tiled moves more' }).click();
  await captured(page, 1, /flash2 8×\d+ full/);
  await expect(page.locator('.difference .verdict').last()).toContainText(
    /^flash2 8×\d+ full By the papers’ IO model, the number to quote/,
  );
  await expect(page.locator('.difference .verdict').last()).toContainText('More, not less');
  expect(page.url()).toContain('vs=');
});

test('both pictures stand level and whole at 1440 x 900: neither Vᵀ is cut, whatever the controls above them take', async ({
  page,
}) => {
  await open(page, 'lab=compare');
  await expect(page.locator('.side-1 .cross-switch')).toBeVisible({ timeout: 45_000 });
  for (const kernel of ['flash2', 'flash-fast-shared']) {
    await page.locator('.side-0 select[name=kernel]').selectOption(kernel);
    await expect(page.locator('.side-0 .side-view.stale')).toHaveCount(0, { timeout: 45_000 });
    const found = await page.evaluate(() => {
      const root = document.querySelector('attn-scope')!.shadowRoot!;
      return ['.side-0', '.side-1'].map((side) => {
        const view = root.querySelector(`${side} .side-view`)!.getBoundingClientRect();
        const v = root.querySelector(`${side} canvas[data-spot=V]`)!.getBoundingClientRect();
        return { top: v.top, end: view.bottom, cut: v.bottom > view.bottom, height: v.height };
      });
    });
    const [first, second] = found;
    expect(found.map(({ cut }) => cut)).toEqual([false, false]);
    expect(first!.height).toBeGreaterThan(40);
    expect(Math.abs(first!.top - second!.top)).toBeLessThan(1);
    expect(Math.abs(first!.end - second!.end)).toBeLessThan(1);
  }
  // And above the playback bar at the bottom.
  const deck = await page.locator('.deck-compare').boundingBox();
  const v = await page.locator('.side-0 canvas[data-spot=V]').boundingBox();
  expect(v!.y + v!.height).toBeLessThanOrEqual(deck!.y);
});

test('the source of both sides: each shows what the thread computed, and its bytes beside the lines; bars below are of one scale', async ({
  page,
}) => {
  await open(page, `lab=compare&${SMALL}&kernel=flash2&thread=40&both=phase.2.source`);
  for (const side of [0, 1]) {
    const source = page.locator(`.side-${side} .view-source`);
    await expect(source.getByRole('option').first()).toBeVisible({ timeout: 45_000 });
    await expect(source).not.toContainText('being captured');
    const badge = source.locator('span.side:visible').first();
    expect(await badge.evaluate((element) => getComputedStyle(element).borderTopWidth)).toBe('0px');
  }
  const bars = page
    .locator('.difference tbody tr')
    .filter({ hasText: /compulsory/ })
    .locator('.bar');
  const [first, second] = await bars.evaluateAll((all) => all.map((bar) => bar.getBoundingClientRect().width));
  expect(Math.abs(first! - second!)).toBeLessThan(1);
});

test('a preset opens at the beginning or where its point stands, and both pictures of softmax show the same row and channel', async ({
  page,
}) => {
  test.setTimeout(150_000);
  await open(page, 'lab=compare&both=phase.12.softmax');
  await captured(page, 1, 'naive');
  await page.getByRole('button', { name: 'tiled moves more' }).click();
  await captured(page, 1, /flash2 8×\d+ full/);
  await expect(page.locator('.story')).toContainText(
    /number to quote.* 384 KiB .*: [\d.]+× as much.*As written they requested .*: 0\.\d+× as much.*because naive full/,
    {
      timeout: 45_000,
    },
  );
  await expect(page.locator('.input-is')).toContainText('seeded numbers · N = 128, d = 64');
  await page.getByRole('button', { name: 'causal | mask lifted' }).click();
  await captured(page, 0, 'naive causal');
  await captured(page, 1, 'naive full');
  // A preset that has no end to show opens at its beginning.
  await expect(page.locator('.deck-compare .at')).toHaveText(/^1 of/);
  await page.locator('.deck-compare').getByRole('slider').fill('12');
  const shows = (side: number): Promise<string> =>
    page
      .locator(`.side-${side} .view-softmax`)
      .evaluate((view) =>
        [
          /row \d+/.exec(view.textContent ?? '')?.[0],
          /channel \d+/.exec(view.querySelector('.stack')?.ariaValueText ?? '')?.[0],
        ].join(),
      );
  await expect.poll(() => shows(1)).toMatch(/row \d+,channel \d+/);
  await expect.poll(async () => (await shows(1)) === (await shows(0)), { timeout: 30_000 }).toBe(true);
});
