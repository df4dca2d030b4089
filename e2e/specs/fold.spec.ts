/** The first screen: a lab's main part is complete in the window, and the wheel always scrolls the page. */
import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { captured, open, SMALL } from '../support/lab';

/** Lists beside the figures, and dialogs; at its end each passes the wheel on. */
const LISTS = '.code, .entries, .list, .events ol, textarea, pre, dialog *, .menu .panel';

/** Elements, other than lists, that scroll vertically inside the page. */
const traps = (page: Page): Promise<string[]> =>
  page.evaluate((lists) => {
    const root = document.querySelector('attn-scope')!.shadowRoot!;
    const scrolls = (element: Element): boolean =>
      /auto|scroll/.test(getComputedStyle(element).overflowY) &&
      element.scrollHeight > element.clientHeight + 1 &&
      element.clientHeight > 0;
    const held = (element: Element): boolean => getComputedStyle(element).overscrollBehaviorY !== 'auto';
    return [...root.querySelectorAll('*')]
      .filter((element) => element.checkVisibility() && scrolls(element) && (held(element) || !element.matches(lists)))
      .map(
        (element) =>
          `${element.tagName}.${element.getAttribute('class')} ${element.scrollHeight} in ${element.clientHeight}`,
      );
  }, LISTS);

/** The share of an element's height that is visible above the playback bar. */
const shownOf = (page: Page, selector: string, deck: string): Promise<number> =>
  page.evaluate(
    ([of, over]) => {
      const root = document.querySelector('attn-scope')!.shadowRoot!;
      const [{ top, bottom, height }, lid] = [of, over].map((one) =>
        root.querySelector(one!)!.getBoundingClientRect(),
      ) as [DOMRect, DOMRect];
      return (Math.min(bottom, lid.top, innerHeight) - Math.max(top, 0)) / height;
    },
    [selector, deck],
  );

/** What a window must show: by its size, from the whole of the picture down to what holds no wheel. */
const WINDOWS = [
  { width: 1440, height: 900, deck: '.deck', cross: 0.999, all: true },
  { width: 1280, height: 720, deck: '.deck', cross: 0, all: false },
  { width: 1024, height: 768, deck: '.deck .strip', cross: 0.96, all: false },
];

/** Runs, and what else is shown of them: where there is a traffic table, and heads that may be cut off. */
const RUNS = [
  { run: `${SMALL}&kernel=flash2&lang=en`, table: true, heads: true },
  { run: `${SMALL}&kernel=flash2&lang=zh`, table: true, heads: false },
  { run: `${SMALL}&kernel=naive&lang=en`, table: false, heads: false },
  { run: 'kernel=flash2&input=seed&n=200&d=32&heads=1&tile=32x32&lang=en', table: false, heads: false },
  { run: 'kernel=decode&input=seed&n=256&nq=1&d=64&heads=2&lang=en', table: false, heads: false },
];

for (const { run, table, heads } of RUNS)
  test(`Step: cross and enlarged tile come first and are whole, nothing holds the wheel: ${run}`, async ({ page }) => {
    await open(page, `${run}&at=0.0.3`);
    await captured(page);
    for (const { width, height, deck, cross, all } of WINDOWS) {
      await page.setViewportSize({ width, height });
      await page.evaluate(() => scrollTo(0, 0));
      const where = `${width} x ${height}`;
      await expect.poll(() => traps(page), where).toEqual([]);
      const whole = [
        ...(cross > 0 ? ['.cross-stage', '.tile-stage'] : []),
        ...(all ? ['.view-memory .levels', '.view-softmax .content'] : []),
        ...(all && table ? ['.traffic table'] : []),
      ];
      for (const part of whole)
        await expect.poll(() => shownOf(page, part, deck), `${where} ${part}`).toBeGreaterThan(cross);
      const cut = () =>
        page
          .locator('.view-memory h3')
          .evaluateAll((found) => found.filter((h) => h.scrollWidth > h.clientWidth).map((h) => h.textContent));
      if (all && heads) await expect.poll(cut, where).toEqual([]);
      // Over the picture the wheel scrolls the page.
      await page.locator('.tile-stage').first().hover();
      await page.mouse.wheel(0, 240);
      await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(100);
    }
  });

test('Compare: both pictures begin and end level and are whole above the transport, nothing holds the wheel', async ({
  page,
}) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await open(page, 'lab=compare&lang=en');
  await expect(page.locator('.difference thead th').nth(1)).toBeVisible({ timeout: 45_000 });
  await expect.poll(() => traps(page)).toEqual([]);
  for (let i = 0; i < 4; i++) await page.locator('.deck-compare .next').click();
  for (const part of ['.side-0 .cross-stage', '.side-1 .cross-stage', '.side-0 .tile-stage', '.side-1 .tile-stage'])
    await expect.poll(() => shownOf(page, part, '.deck-compare'), part).toBeGreaterThan(0.999);
  const edges = () =>
    page.evaluate(() => {
      const root = document.querySelector('attn-scope')!.shadowRoot!;
      const boxes = [...root.querySelectorAll('.cross-stage')].map((stage) => stage.getBoundingClientRect());
      return [boxes[0]!.top - boxes[1]!.top, boxes[0]!.bottom - boxes[1]!.bottom].map(Math.round);
    });
  await expect.poll(edges).toEqual([0, 0]);
});
