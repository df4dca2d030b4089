/**
 * A first visit: what the page is, three doors, the tour; all gone for good once used; and a way past everything with
 * one Tab.
 */
import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { faults, open, silenceGpu, SMALL, stateOf } from '../support/lab';

const hero = (page: Page) => page.locator('.hero');
const card = (page: Page) => page.locator('.sentence-card');
/** The element that has the focus, as a selector. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => document.querySelector('attn-scope')!.shadowRoot!.activeElement?.className ?? '');
const inWindow = (page: Page, selector: string): Promise<number> =>
  page
    .locator(selector)
    .first()
    .evaluate((element) => {
      const { top, bottom } = element.getBoundingClientRect();
      return Math.max(0, Math.min(bottom, innerHeight) - Math.max(top, 0));
    });

/** The views of the first screen that are not completely visible above the playback bar, and how much is missing. */
const covered = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const root = document.querySelector('attn-scope')!.shadowRoot!;
    const { top } = root.querySelector(innerWidth < 1280 ? '.deck .strip' : '.deck')!.getBoundingClientRect();
    const parts = ['.cross-stage', '.tile-stage', ...(innerWidth < 1280 ? [] : ['.cross-legend', '.deck'])];
    return parts.flatMap((part) => {
      const { bottom, height } = root.querySelector(part)!.getBoundingClientRect();
      const over = bottom - (part === '.deck' ? innerHeight : top);
      return height > 0 && over <= 1 ? [] : [`${part}: ${height} high, ${over} too low`];
    });
  });

/** Opens a plain address, as on a first visit. */
async function visit(page: Page, path = '/'): Promise<void> {
  await silenceGpu(page);
  await page.goto(path);
  await expect(hero(page).getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.locator('.view-cross canvas').first()).toBeVisible();
}

test('it says what it is, over the first phase of the first workgroup; little else is on screen, and the picture is, on a phone too', async ({
  page,
}) => {
  await visit(page);
  await expect(hero(page).getByRole('heading')).toContainText('attention kernel');
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
  // What tiling saves in this run: the papers' formulas, 104 tokens of 32 numbers, blocks of 16 rows that see whole
  // tiles of 16 keys.
  const [n, d] = [104, 32];
  let seen = 0;
  for (let q = 0; q < n; q += 16) seen += Math.min(n, q + 16);
  const kib = (numbers: number): string => `${Math.round((4 * numbers) / 1024)} KiB`;
  await expect(hero(page).locator('.saving')).toContainText(
    `${kib(4 * n * d + 2 * n * n + n * (n + 1))} of HBM traffic become ${kib(2 * n * d + n + 2 * d * seen)} (computed)`,
  );
  // One door is emphasised.
  const fill = (selector: string): Promise<string> =>
    page.locator(selector).evaluate((of) => getComputedStyle(of).backgroundColor);
  expect(await fill('.transport .play')).not.toBe(await fill('.door.tour'));
  await expect(page.locator('.story')).toContainText(/^Workgroup id 0 loads rows 0–\d+ of Q/);
  await expect(page.locator('.pane:visible')).toHaveCount(1);
  // The loaded values are shown, and the key to press is named.
  await expect(page.locator('.tile-head h3')).toContainText(/^Q, rows 0–\d+ × channels 0–15/);
  expect(await page.locator('.transport .play').evaluate((play) => getComputedStyle(play, '::after').content)).toBe(
    '"play"',
  );
  const tabbable = await page.evaluate(
    () =>
      [...document.querySelector('attn-scope')!.shadowRoot!.querySelectorAll<HTMLElement>('*')].filter(
        (e) => e.tabIndex >= 0 && e.checkVisibility(),
      ).length,
  );
  expect(tabbable).toBeLessThan(45);
  for (const [width, height] of [
    [1440, 900],
    [1024, 768],
    [390, 844],
    [360, 640],
  ] as const) {
    await page.setViewportSize({ width, height });
    await expect.poll(() => faults(page), `${width}x${height}`).toEqual({ sideways: 0, small: [], tight: [] });
    for (const door of await page.locator('.door').all())
      await expect(door, `${width}x${height}`).toBeInViewport({ ratio: 1 });
    if (height > 700)
      expect(await inWindow(page, '.view-cross canvas[data-spot=S]'), `${width}x${height}`).toBeGreaterThan(100);
    if (width >= 800) await expect.poll(() => covered(page), `${width}x${height}`).toEqual([]);
    // The header has one row, on a phone two.
    expect((await page.locator('.top').boundingBox())!.height, `${width}x${height}`).toBeLessThan(
      width < 800 ? 84 : 52,
    );
  }
  // Nothing was chosen yet: the address is unchanged, so that a reload is the same visit.
  expect(new URL(page.url()).hash).toBe('');
  await page.reload();
  await expect(hero(page)).toBeVisible();
});

test('a link opens what it says', async ({ page }) => {
  await silenceGpu(page);
  await page.goto(`/#${SMALL}&kernel=flash2`);
  await expect(page.locator('.story')).not.toBeEmpty();
  await expect(hero(page)).toHaveCount(0);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Attnscope');
});

test('a storage that throws: it is shown, and can be closed', async ({ page }) => {
  await page.addInitScript(() =>
    Object.defineProperty(window, 'localStorage', {
      get: () => {
        throw new DOMException('blocked', 'SecurityError');
      },
    }),
  );
  await visit(page);
  await hero(page).getByRole('button', { name: 'Close' }).click();
  await expect(hero(page)).toHaveCount(0);
});

test('explored, measured or closed it is gone for good; the logo brings it back, and nothing is lost by it', async ({
  page,
}) => {
  await visit(page);
  await page.locator('.door.explore').focus();
  await page.keyboard.press('Enter');
  await expect(hero(page)).toHaveCount(0);
  await expect(page.locator('section.inputs')).toBeVisible();
  await expect.poll(() => focused(page)).toBe('play');
  await page.goto('/');
  await expect(page.locator('.story')).not.toBeEmpty();
  await expect(hero(page)).toHaveCount(0);
  await page.keyboard.press('ArrowRight');
  await expect.poll(async () => (await stateOf(page)).link).toContain('at=0.0.1');
  await page.getByRole('link', { name: 'Time', exact: true }).click();
  await expect(page.locator('.time-lab')).toBeVisible();
  await page.locator('.logo button').click();
  await expect(hero(page).getByRole('heading')).toBeFocused();
  expect((await stateOf(page)).link).toContain('at=0.0.1');
  await page.locator('.door.measure').click();
  await expect(page.locator('.time-lab')).toBeVisible();
  await expect(hero(page)).toHaveCount(0);
});

test('the tour by keyboard alone: six steps, one thing lit in each, back and on; at its end it leads to the Time lab', async ({
  page,
}) => {
  await visit(page);
  await page.locator('.door.tour').focus();
  await page.keyboard.press('Enter');
  const said: string[] = [];
  const lit: string[] = [];
  for (let step = 1; step <= 6; step++) {
    await expect(card(page)).toContainText(`${step} of 6`);
    await expect.poll(() => focused(page)).toContain('on');
    await expect(page.locator('.ring')).toBeVisible();
    said.push((await card(page).locator('[aria-live=polite]').textContent()) ?? '');
    const box = await page.locator('.ring').boundingBox();
    lit.push(JSON.stringify(box));
    // The text does not hide what is highlighted.
    const over = await card(page).boundingBox();
    const apart =
      box!.x + box!.width <= over!.x ||
      over!.x + over!.width <= box!.x ||
      box!.y + box!.height <= over!.y ||
      over!.y + over!.height <= box!.y;
    expect(apart, `step ${step}`).toBe(true);
    // Nor does the playback bar.
    const deck = (await page.locator('.deck').boundingBox())!;
    if (step === 6) expect(box!.y + box!.height).toBeLessThanOrEqual(deck.y);
    if (step < 6) await page.keyboard.press('Enter');
  }
  expect(new Set(said).size).toBe(6);
  expect(new Set(lit).size).toBe(6);
  // The numbers are those of the recording: 104 tokens, no HBM traffic where a tile is scored, S and P of 104 x 104 x 4
  // bytes twice.
  expect(said[0]).toContain('104 × 104 = 10,816');
  expect(said[2]).toContain('counted: 0 B');
  expect(said[4]).toContain('84.5 KiB');
  await expect(card(page)).toContainText('recorded on another device');
  await page.keyboard.press('ArrowLeft');
  await expect(card(page)).toContainText('5 of 6');
  await page.keyboard.press('ArrowRight');
  await expect(card(page)).toContainText('6 of 6');
  await page.keyboard.press('Enter');
  await expect(page.locator('.time-lab')).toBeVisible();
  await expect(card(page)).toHaveCount(0);
  await expect(page.locator('.ring')).toHaveCount(0);
});

test('Esc leaves the tour with the focus on playback; it speaks the other language at once; on a phone each step shows its pane', async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await visit(page);
  await page.locator('.door.tour').click();
  await expect(card(page)).toContainText('1 of 6');
  await page.locator('.language').click();
  await expect(card(page)).toContainText('1 / 6');
  for (const pane of ['memory', 'cross', 'softmax', 'memory', 'memory']) {
    await card(page).locator('.on').first().click();
    await expect(page.locator(`section.shown[data-pane=${pane}]`)).toBeVisible();
    await expect(page.locator('.ring')).toBeVisible();
    const ring = (await page.locator('.ring').boundingBox())!;
    const over = (await card(page).boundingBox())!;
    expect(
      Math.min(ring.y + ring.height, over.y) - Math.max(ring.y, 0),
      `${pane} is seen above the card`,
    ).toBeGreaterThan(30);
    expect(await faults(page)).toEqual({ sideways: 0, small: [], tight: [] });
  }
  await page.keyboard.press('Escape');
  await expect(card(page)).toHaveCount(0);
  await expect.poll(() => focused(page)).toBe('play');
  await page.reload();
  await expect(page.locator('.story')).not.toBeEmpty();
  await expect(hero(page)).toHaveCount(0);
});

test('a visitor who chooses another kernel in the tour has left it', async ({ page }) => {
  await visit(page);
  await page.locator('.door.tour').click();
  await expect(card(page)).toContainText('1 of 6');
  await page.locator('select[name=kernel]').selectOption('naive');
  await expect(card(page)).toHaveCount(0);
});

test('one Tab, one Enter: the focus is on what plays, in every lab', async ({ page }) => {
  await silenceGpu(page);
  for (const [lab, target] of [
    ['step', 'play'],
    ['compare', 'play'],
    ['page', 'play'],
    ['time', 'start'],
  ] as const) {
    await page.goto(`/?${lab}#lab=${lab}&lang=en`);
    await expect(page.locator(`main .${target}`).first()).toBeVisible();
    await page.keyboard.press('Tab');
    await expect(page.locator('.skip')).toBeFocused();
    await page.keyboard.press('Enter');
    expect(await focused(page), lab).toContain(target);
  }
});

test('back at a lab one stands where one was', async ({ page }) => {
  await open(page, `${SMALL}&kernel=flash2`);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  const at = async () => new URLSearchParams((await stateOf(page)).link.split('#')[1]).get('at');
  await expect.poll(at).toBe('0.0.2');
  await page.getByRole('link', { name: 'Page', exact: true }).click();
  await expect(page.locator('.page-lab .story')).toContainText('all free');
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('.page-lab .story')).not.toContainText('all free');
  await page.getByRole('link', { name: 'Step', exact: true }).click();
  await expect.poll(at).toBe('0.0.2');
  await page.getByRole('link', { name: 'Page', exact: true }).click();
  await expect(page.locator('.page-lab .story')).not.toContainText('all free');
});

test('the end of play says what it showed and leads on with the same run; a change of workgroup is told', async ({
  page,
}) => {
  await silenceGpu(page);
  await page.goto('/#kernel=flash2&lang=en');
  const story = page.locator('.step-lab .story');
  await expect(story).not.toBeEmpty();
  await page.locator('.transport .last').click();
  await page.locator('.transport .next').click();
  await expect(story).toContainText('On to workgroup id 1 (');
  await page.keyboard.press('End');
  await page.locator('.transport .last').click();
  await page.locator('.transport .last').click();
  await expect(story).toContainText(
    /That was .*IO model \(computed.*asked HBM for [\d.]+ KiB and wrote [\d.]+ KiB \(counted/,
  );
  await expect(page.locator('.announced')).toContainText('By the papers’ IO model');
  await story.getByRole('button', { name: 'See both side by side' }).click();
  await expect(page.locator('.compare-lab')).toBeVisible();
  expect((await stateOf(page)).choice.kernel).toBe('flash2');
  await page.goBack();
  // Back at the end: the history entry has the visitor's position.
  await story.getByRole('button', { name: 'Measure which is faster' }).click();
  await expect(page.locator('.time-lab')).toBeVisible();
});
