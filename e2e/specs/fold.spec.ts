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

const RUNS = [
  `${SMALL}&kernel=flash2`,
  `${SMALL}&kernel=naive`,
  'kernel=flash2&input=seed&n=200&d=32&heads=1&tile=32x32',
  'kernel=decode&input=seed&n=256&nq=1&d=64&heads=2',
];

for (const [width, height] of [
  [1440, 900],
  [1280, 720],
  [1024, 768],
] as const)
  test(`Step at ${width} × ${height}: cross and enlarged tile come first and are whole, nothing holds the wheel`, async ({
    page,
  }) => {
    test.setTimeout(180_000);
    await page.setViewportSize({ width, height });
    for (const lang of ['en', 'zh'] as const)
      for (const run of lang === 'zh' ? RUNS.slice(0, 1) : RUNS) {
        await page.goto('about:blank');
        await open(page, `${run}&lang=${lang}&at=0.0.3`);
        await captured(page);
        const where = `${run} ${lang}`;
        await expect.poll(() => traps(page), where).toEqual([]);
        if (height < 768) continue;
        const deck = width < 1280 ? '.deck .strip' : '.deck';
        for (const part of ['.cross-stage', '.tile-stage'])
          await expect
            .poll(() => shownOf(page, part, deck), `${where} ${part}`)
            .toBeGreaterThan(width < 1280 ? 0.96 : 0.999);
        if (width < 1440) continue;
        for (const part of ['.view-memory .levels', '.view-softmax .content'])
          await expect.poll(() => shownOf(page, part, deck), `${where} ${part}`).toBeGreaterThan(0.999);
        const cut = () =>
          page
            .locator('.view-memory h3')
            .evaluateAll((heads) => heads.filter((h) => h.scrollWidth > h.clientWidth).map((h) => h.textContent));
        if (run === RUNS[0] && lang === 'en') await expect.poll(cut, where).toEqual([]);
        if (run === RUNS[0])
          await expect.poll(() => shownOf(page, '.traffic table', deck), where).toBeGreaterThan(0.999);
      }
    // Over the picture the wheel scrolls the page.
    await page.locator('.tile-stage').first().hover();
    await page.mouse.wheel(0, 240);
    await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(100);
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
