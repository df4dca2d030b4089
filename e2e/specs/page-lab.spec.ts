/**
 * The Page lab: every control changes the views and the link, Back undoes it, links can be reloaded, hostile links are
 * answered, and everything works by keyboard.
 */
import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { atRest, axe, faults, silenceGpu } from '../support/lab';

const story = (page: Page) => page.locator('.page-lab .story');
const place = (page: Page) => page.locator('.page-lab .scrub-text');
const hash = (page: Page): URLSearchParams => new URLSearchParams(new URL(page.url()).hash.slice(1));

/** The text of the views, without the controls. */
const seen = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const root = document.querySelector('attn-scope')!.shadowRoot!;
    const parts = '.deck, .page-pool, .page-tables, .page-queue, .page-timeline, .page-trends, .page-waste';
    return [...root.querySelectorAll(`.page-lab :is(${parts})`)].map((part) => part.textContent).join('\n');
  });

/** The text of the views once they rest: the same twice in a row. */
async function settled(page: Page): Promise<string> {
  await atRest(page);
  let last: string | undefined;
  const still = async (): Promise<boolean> => {
    const now = await seen(page);
    const same = now === last;
    last = now;
    return same;
  };
  await expect.poll(still, { intervals: [250, 500] }).toBe(true);
  return last!;
}

/** No run is needed here: the page simulates by itself. */
async function enter(page: Page, fragment: string): Promise<void> {
  await silenceGpu(page);
  await page.goto(`/#lab=page&${fragment}`);
  await expect(place(page)).not.toBeEmpty();
  await expect(page.locator('.view-pool canvas').first()).toBeVisible();
}

/** A control, the link to use it at, the action, and the expected link. */
const CONTROLS: [name: string, at: string, value: string, link: string][] = [
  ['workload', '', 'chat', 'chat'],
  ['rules', 'moment=17', 'v1-2025', 'story_rules-v1-2025'],
  ['blockSize', 'moment=14', '8', 'story_block-8'],
  ['pool', 'moment=14', '16', 'story_pool-16'],
  ['budget', 'page=storm&moment=40', '16', 'storm_budget-16'],
  ['victim', 'page=storm&moment=200', 'most-blocks', 'storm_victim-most-blocks'],
  ['watermark', 'page=storm&moment=120', '0.1', 'storm_watermark-10'],
  ['preemption', 'page=parallel&moment=45', 'recompute', 'parallel_preempt-recompute'],
  ['window', 'moment=12', '8', 'story_window-8'],
  ['seed', 'page=long-tail&moment=60', '7', 'long-tail_seed-7'],
  ['sharing', 'page=chat&moment=60', 'off', 'chat_sharing-off'],
];

test('every control changes what is seen and what the link says, Back undoes it, and a reload shows the same', async ({
  page,
}) => {
  test.setTimeout(120_000);
  await enter(page, CONTROLS[0]![1]);
  for (const [name, at, value, link] of CONTROLS) {
    await page.evaluate((fragment) => {
      location.hash = fragment;
    }, `lab=page&${at}`);
    const box = page.locator(`.page-controls [name=${name}]`);
    await expect(place(page)).toContainText(`${/moment=(\d+)/.exec(at)?.[1] ?? ''}/`);
    const [before, shown] = [await settled(page), await place(page).textContent()];
    if (name === 'sharing') await box.uncheck();
    else if (await box.evaluate((element) => element.matches('select'))) await box.selectOption(value);
    else {
      await box.fill(value);
      await box.press('Enter');
    }
    await expect.poll(() => hash(page).get('page'), name).toBe(link);
    await expect.poll(() => seen(page), { message: `${name} changes the pictures` }).not.toBe(before);
    await page.goBack();
    await expect.poll(() => hash(page).get('page'), `${name}: Back`).not.toBe(link);
    await expect(place(page)).toHaveText(shown!);
  }
  // Reset, then reload.
  await page.evaluate(() => {
    location.hash = 'lab=page&page=storm_rules-paper_pool-40_sharing-off&moment=33';
  });
  await expect(page.locator('.provenance')).toHaveText('simulated: Paper / vLLM V0');
  await expect(place(page)).toContainText('33/');
  const before = await settled(page);
  await page.reload();
  await expect.poll(() => seen(page)).toBe(before);
  await page.locator('.page-controls .reset').click();
  await expect.poll(() => hash(page).get('page')).toBe('storm');
});

test('a number that cannot be stays in its box and is answered, and nothing changes', async ({ page }) => {
  await enter(page, 'moment=14');
  const before = await story(page).textContent();
  for (const [name, value] of [
    ['blockSize', '0'],
    ['pool', '99999999'],
    ['budget', ''],
    ['window', '-3'],
    ['seed', '1.5'],
  ] as const) {
    const box = page.locator(`.page-controls [name=${name}]`);
    await box.fill(value);
    await box.press('Enter');
    expect(await box.evaluate((element: HTMLInputElement) => element.validationMessage), name).toContain(
      'a whole number',
    );
    expect(hash(page).get('page')).toBeNull();
  }
  await expect(story(page)).toHaveText(before!);
});

test('hostile links: what cannot be read is named and a default stands in', async ({ page }) => {
  await enter(page, 'page=story_pool-0_rules-x_block-4_evil-1*3f0*zz*5a8.%20&moment=1e9');
  const parts = page.locator('.message.link [data-problem] code');
  await expect(parts).toHaveText([/moment=1e9/, 'page.pool=0', 'page.rules=x', 'page.evil=1', 'page=zz', /page=5a8\./]);
  await expect(page.locator('.page-controls [name=pool]')).toHaveValue('10');
  await expect(place(page)).toContainText(/^\d+\/\d+/);
  await page.evaluate(() => {
    location.hash = 'lab=page&page=nothing*1a1.<img src=x onerror=alert(1)>&moment=999999';
  });
  await expect(page.locator('.page-controls [name=workload]')).toHaveValue('story');
  // A moment beyond the end becomes the end.
  await expect(place(page)).toContainText(/^(\d+)\/\1 /);
});

test('own actions: a typed text becomes a request and grows, is forked and ended; undo and Back take it back', async ({
  page,
}) => {
  await enter(page, 'page=own&lang=en');
  await expect(story(page)).toContainText('32 blocks of 8 slots, all free');
  await page.locator('[name=typed]').fill('The cat sat on the mat');
  await page.locator('[name=generate]').fill('4');
  await page.locator('.typed .add').click();
  await expect(story(page)).toContainText(/#0 arrives with \d+ tokens/);
  await expect.poll(() => hash(page).get('page')).toBe('own*0a4.The cat sat on the mat');
  await expect(page.locator('[name=chosen]')).toHaveValue('0');
  await page.keyboard.press('Escape');
  await page.locator('.top').click({ position: { x: 4, y: 4 } });
  // All events are listed: arrival, the first step, four tokens with a step between them.
  await expect(place(page)).toHaveText(/^1\/9 /);
  await page.keyboard.press('ArrowRight');
  await expect(story(page)).toContainText('#0 is admitted');
  // The model gives the next token.
  await page.keyboard.press('ArrowRight');
  await expect(story(page)).toContainText(/#0 is given “.+” for position \d+/);
  await page.locator('.chosen .fork').click();
  await expect.poll(() => hash(page).get('page')).toContain('*3f0');
  await expect(story(page)).toContainText('#1');
  await page.locator('.chosen .end').click();
  await expect(story(page)).toContainText('#1 is ended by hand');
  await page.locator('.page-controls .undo').click();
  await expect.poll(() => hash(page).get('page')).not.toContain('x1');
  await page.goBack();
  await expect(story(page)).toContainText('#1 is ended by hand');
});

test('long workloads come in slices, can be stopped and go on, and any moment is there at once', async ({ page }) => {
  await enter(page, 'page=marathon&moment=100');
  const working = page.locator('.deck .working');
  await expect(working).toContainText('simulating');
  await page.locator('.deck .stop').click();
  await expect(working).toContainText('Stopped here');
  const of = async () => Number((await place(page).textContent())!.split(/[/ ]/)[1]!.replaceAll(',', ''));
  const stopped = await of();
  await page.locator('.deck .resume').click();
  await expect.poll(of).toBeGreaterThan(stopped);
  await page.locator('.deck .stop').click();
  await page.locator('.deck .last').click();
  await expect(place(page)).toContainText(/^([\d,]+)\/\1 /);
  await page.locator('.deck .first').click();
  await expect(place(page)).toContainText(/^0\//);
});

test('keyboard alone: moments, changes, ends, requests, playback, the list of keys; reduced motion is kept', async ({
  page,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await enter(page, 'moment=9');
  const press = async (key: string, shown: RegExp) => {
    await page.keyboard.press(key);
    await expect(place(page), key).toHaveText(shown);
  };
  await press('ArrowRight', /^10\/21/);
  await expect(page.locator('.decision')).toContainText('granted');
  await press('Shift+ArrowRight', /^14\/21/);
  await expect(page.locator('.decision')).toHaveText(
    /Ben\s+1 new \+ 0 idle hits\s+>\s+0 free before − 0 watermark\s+refused/,
  );
  await press('Shift+ArrowLeft', /^9\/21/);
  await press('End', /^21\/21/);
  await press('Home', /^0\/21/);
  for (let i = 0; i < 7; i++) await page.keyboard.press('ArrowRight');
  await expect(place(page)).toHaveText(/^7\/21/);
  await page.keyboard.press('ArrowDown');
  await expect(page.locator('[name=chosen]')).toHaveValue('1');
  await page.keyboard.press('ArrowUp');
  await expect(page.locator('[name=chosen]')).toHaveValue('0');
  await page.locator('.deck .speed').selectOption('8');
  await page.locator('.top').click({ position: { x: 4, y: 4 } });
  await page.keyboard.press('Space');
  await expect(place(page)).not.toHaveText(/^7\//);
  await page.keyboard.press('Space');
  await page.locator('.events summary').focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('.events li').first()).toBeVisible();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toContainText('a moment back');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.locator('.deck .scrub').fill('13');
  await expect(place(page)).toHaveText(/^13\/21/);
});

test('at 1440, 1024 and 390 px, both languages and themes: nothing sideways, small or tight; axe finds nothing serious', async ({
  page,
}) => {
  await enter(page, 'moment=14&lang=zh&theme=light');
  await expect(page.locator('.view-heads')).toBeAttached();
  for (const [width, height] of [
    [1440, 900],
    [1024, 768],
  ] as const) {
    await page.setViewportSize({ width, height });
    await expect.poll(() => faults(page), `${width}`).toEqual({ sideways: 0, small: [], tight: [] });
    const { violations } = await axe(page).analyze();
    const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`)).toEqual(
      [],
    );
    await page.locator('.language').click();
    await page.locator('.tools button.icon').last().click();
  }
  await page.setViewportSize({ width: 390, height: 844 });
  for (const tab of await page.locator('.page-lab .tabs button').all()) {
    await tab.click();
    await expect(tab).toHaveAttribute('aria-pressed', 'true');
    await expect(page.locator('.page-lab section[data-pane]:visible')).toHaveCount(1);
    await expect(page.locator('.deck .play')).toBeInViewport();
    await expect
      .poll(() => faults(page), `390, ${await tab.textContent()}`)
      .toEqual({ sideways: 0, small: [], tight: [] });
  }
  await expect.poll(() => hash(page).get('moment')).toBe('14..proof');
});

test('who comes to the lab in Chinese for the first time is told the story in Chinese, and the link says so; old links keep theirs', async ({
  page,
}) => {
  await silenceGpu(page);
  await page.goto('/#lang=zh');
  const open = (name: string): Promise<void> =>
    page.getByRole('navigation').getByRole('link', { name, exact: true }).click();
  await open('分页 KV');
  await expect(page.locator('.page-controls [name=workload]')).toHaveValue('story-zh');
  await expect.poll(() => hash(page).get('page')).toBe('story-zh');
  await page.locator('.page-lab').press('ArrowRight');
  await expect(story(page)).toContainText('小安');
  await page.locator('.page-controls [name=workload]').selectOption('story');
  await open('单步');
  await open('分页 KV');
  await expect(page.locator('.page-controls [name=workload]')).toHaveValue('story');
  // Another address, so that the page is loaded again.
  await page.goto('/?again#lab=page&lang=zh&moment=3');
  await expect(page.locator('.page-controls [name=workload]')).toHaveValue('story');
});

test('a pane that scrolls hands the wheel on at its end; the end of a run says what it showed and leads on', async ({
  page,
}) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await enter(page, 'page=scale&moment=1220');
  const queue = page.locator('.page-queue > .host');
  await expect.poll(() => queue.evaluate((host) => host.scrollHeight - host.clientHeight)).toBeGreaterThan(0);
  await queue.hover();
  const down = () => page.evaluate(() => document.documentElement.scrollTop);
  await expect
    .poll(async () => {
      await page.mouse.wheel(0, 300);
      return down();
    })
    .toBeGreaterThan(0);
  expect(
    await queue.evaluate((host) => Math.round(host.scrollHeight - host.clientHeight - host.scrollTop)),
  ).toBeLessThan(2);
  await page.evaluate(() => {
    location.hash = 'lab=page&page=chat&moment=99999';
  });
  await expect(page.locator('.ending')).toContainText('of the slots held tokens');
  await page.locator('.ending button').click();
  await expect.poll(() => hash(page).get('page')).toBe('parallel');
  await expect(page.locator('.ending')).toBeHidden();
});
