/**
 * The course: its map, a lesson from its first step to its answer, the way into a lab and back, every step at three
 * widths in both languages and themes, and without a GPU.
 */
import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { axe, faults, silenceGpu, stateOf } from '../support/lab';

const active = (page: Page) => page.locator('.step-card.active');
const said = (page: Page) => active(page).locator('.say');
const place = async (page: Page): Promise<number> => (await stateOf(page)).lessonStep ?? 1;
/** The step is open, its numbers are there, and what it speaks of is ringed, in sight. */
async function stands(page: Page, step: number, ringed = true): Promise<void> {
  await expect(active(page)).toHaveAttribute('data-place', String(step));
  await expect(said(page)).not.toContainText('…', { timeout: 40_000 });
  if (!ringed) return;
  await expect(page.locator('.ring-host .ring').first()).toBeVisible();
  const [ring, stage] = [
    (await page.locator('.ring-host .ring').first().boundingBox())!,
    (await page.locator('.stage-figures').boundingBox())!,
  ];
  expect(ring.y).toBeGreaterThanOrEqual(stage.y - 1);
  expect(ring.y + ring.height).toBeLessThanOrEqual(stage.y + stage.height + 1);
}

/** What axe finds serious. */
async function grave(page: Page): Promise<string[]> {
  const { violations } = await axe(page).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(' | ')}`);
}

test('a lesson by keyboard: from the map through its steps; numbers stay veiled until a guess; the exercise is judged; the answer comes last', async ({
  page,
}) => {
  // Five captures on a software GPU, which others may share.
  test.setTimeout(240_000);
  await page.goto('/#learn');
  await expect(page.locator('.lesson-card')).not.toHaveCount(0);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.locator('.lesson-card').first()).toBeFocused();
  while (!(await page.locator('.lesson-card:focus').textContent())?.includes('FlashAttention, forward'))
    await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await stands(page, 1);
  await expect(said(page)).toContainText('32.0 KiB of the 64.3 KiB');
  for (let step = 2; step <= 6; step++) {
    await page.keyboard.press('ArrowRight');
    await stands(page, step);
  }
  // Both runs of a comparison are ringed.
  await expect(page.locator('.ring-host .ring:visible')).toHaveCount(2);
  await page.keyboard.press('ArrowRight');
  await stands(page, 7);
  await expect(said(page).locator('.veil').first()).toHaveAccessibleName('guess first');
  await expect(said(page)).not.toContainText('KiB');
  await expect(page.locator('.stage-figures')).toHaveAttribute('inert');
  await page.getByRole('button', { name: 'about a third' }).click();
  await expect(page.locator('.predict')).toContainText('Not so. This run says: 2.83×. It is: more than twice.');
  await expect(said(page)).toContainText('2.83× the 384 KiB');
  await expect(page.locator('.stage-figures')).not.toHaveAttribute('inert');
  await page.keyboard.press('j');
  await stands(page, 8, false);
  await page.keyboard.press('j');
  await expect(page.locator('.exercise .verdict')).toHaveText('Not yet.', { timeout: 30_000 });
  await page.getByRole('button', { name: '32 × 8' }).click();
  await expect(page.locator('.exercise .verdict')).toContainText('★', { timeout: 30_000 });
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('.answers blockquote')).toHaveCount(0);
  await page.getByRole('button', { name: 'Show the answer' }).click();
  await expect(page.locator('.answers blockquote')).toContainText('It is exact');
  const all = await page.evaluate(() => window.attnscope.lessons());
  const told = all.find(({ id }) => id === 'flash')!;
  expect(told).toMatchObject({
    number: 8,
    predicted: 'third',
    right: false,
    passed: true,
  });
  expect(told.truth).toBeCloseTo(1088.5 / 384, 9);
  expect(told.steps).toHaveLength(9);
  expect(new URL(told.steps[3]!.lab).hash).toContain('at=0.2.6');
  // All of it is remembered, and can be cleared.
  await page.reload();
  await expect(page.locator('.answers blockquote')).toContainText('It is exact');
  await page.getByRole('link', { name: 'The course' }).click();
  const lessonCard = page.locator('.lesson-card', { hasText: 'FlashAttention, forward' });
  await expect(lessonCard).toContainText('★ exercise passed');
  await page.getByRole('button', { name: 'Clear my progress' }).click();
  await expect(lessonCard).toContainText('○ not begun');
});

test('a step opens in its lab as it stands, and the chip leads back to it; steps pass, a lesson is one step of Back', async ({
  page,
}) => {
  await page.goto('/#lesson=flash&step=4&lang=en');
  await stands(page, 4);
  const before = await said(page).textContent();
  // What the reader moves is told, and put back.
  await page.locator('.stage-bar').getByRole('button', { name: 'One phase on' }).click();
  await page.getByRole('button', { name: 'You changed it' }).click();
  await expect(page.getByRole('button', { name: 'You changed it' })).toHaveCount(0);
  await active(page).getByRole('link', { name: 'Open in the lab' }).click();
  await expect(page.locator('.step-lab')).toBeVisible();
  expect(await stateOf(page)).toMatchObject({
    lab: 'step',
    cursor: { pass: 0, workgroup: 2, phase: 6 },
    row: 35,
    from: 'flash.4',
  });
  await page.getByRole('link', { name: '← Back to lesson 8, step 4' }).click();
  await stands(page, 4);
  expect(await said(page).textContent()).toBe(before);
  await page.keyboard.press('ArrowRight');
  await stands(page, 5);
  await page.goBack();
  await expect(page.locator('.step-lab')).toBeVisible();
  await page.goBack();
  await expect.poll(() => place(page)).toBe(4);
  // A lesson that there is none of is told, and the map stands there.
  await page.evaluate(() => (location.hash = 'lesson=nothing'));
  await expect(page.locator('.messages')).toContainText('lesson');
  await expect(page.locator('.course')).toBeVisible();
});

test('at every width, in both languages and themes, nothing overflows, is too small or hard to hit; axe finds nothing', async ({
  page,
}) => {
  await silenceGpu(page);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  for (const [lesson, steps] of [
    ['paging', [1, 2, 3, 7]],
    ['flash', [2, 3, 8]],
  ] as const) {
    for (const step of steps) {
      for (const [language, theme] of [
        ['en', 'dark'],
        ['zh', 'light'],
      ] as const) {
        await page.goto(`/?${lesson}${step}${language}#lesson=${lesson}&step=${step}&lang=${language}&theme=${theme}`);
        await stands(page, step, step !== 8);
        for (const [width, height] of [
          [1440, 900],
          [768, 1024],
          [390, 844],
        ] as const) {
          await page.setViewportSize({ width, height });
          await expect
            .poll(() => faults(page), { message: `${lesson} ${step} ${language} ${width}` })
            .toEqual({ sideways: 0, small: [], tight: [] });
          await expect(active(page)).toBeInViewport();
        }
        await page.setViewportSize({ width: 1440, height: 900 });
      }
    }
    expect(await grave(page)).toEqual([]);
  }
  await page.goto('/?map#learn');
  await expect(page.locator('.lesson-card')).not.toHaveCount(0);
  expect(await grave(page)).toEqual([]);
});

test('without a GPU the same numbers are computed on the CPU, and say so', async ({ page }) => {
  await page.addInitScript(() =>
    Object.defineProperty(Navigator.prototype, 'gpu', { get: () => undefined, configurable: true }),
  );
  await page.goto('/#lesson=fa2&step=2&lang=zh');
  await page.getByRole('button', { name: '每块 K、V 一次' }).click();
  await stands(page, 2);
  await expect(said(page)).toContainText('第 2 块 K、V（共 4 块）');
  await expect(page.locator('.stage-bar')).toContainText('由 CPU 计算');
  await expect(page.locator('.predict')).toContainText('猜对了');
});
