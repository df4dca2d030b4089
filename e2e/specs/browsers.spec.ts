/**
 * What other browsers lack or limit, removed here before the page loads: iterable streams, unlimited history calls,
 * unlimited WebGL contexts, devices that answer.
 */
import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { at, captured, open, silenceGpu, SMALL, stateOf } from '../support/lab';

/**
 * Safari 26 cannot iterate streams, neither in the page nor in a worker: every script of the build begins by removing
 * that.
 */
async function withoutStreamIterator(page: Page): Promise<void> {
  const take = 'delete ReadableStream.prototype[Symbol.asyncIterator]; delete ReadableStream.prototype.values;\n';
  await page.route(/\.js$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: take + (await response.text()) });
  });
}

test('streams that cannot be iterated: recordings, the interpreter and the model are there all the same', async ({
  page,
}) => {
  await withoutStreamIterator(page);
  await page.addInitScript(() =>
    Object.defineProperty(Navigator.prototype, 'gpu', { get: () => undefined, configurable: true }),
  );
  // A recording is gzipped; the chosen run is too long to be computed instead.
  await open(page, SMALL.replace('n=48', 'n=4096'));
  expect(await page.evaluate(() => Symbol.asyncIterator in ReadableStream.prototype)).toBe(false);
  await expect(page.locator('.chip.other')).toContainText('recorded on');
  await expect(page.locator('.message[data-code^="trace-"]')).toHaveCount(0);
  // Workers: the interpreter, and the model that reads a sentence.
  await page.goto('/#input=text&text=the%20sea&kernel=flash2');
  await expect.poll(async () => (await stateOf(page)).trace?.tokens?.join(''), { timeout: 45_000 }).toContain('sea');
  await expect.poll(async () => (await stateOf(page)).trace?.provenance, { timeout: 45_000 }).toBe('interpreter');
});

test('a browser that refuses more history calls: play goes on, choices are kept, and the last state is written later', async ({
  page,
}) => {
  await silenceGpu(page);
  await page.addInitScript(() => {
    for (const name of ['replaceState', 'pushState'] as const) {
      const real = history[name];
      history[name] = function (...given) {
        if (Reflect.get(window, 'refusing') === true)
          throw new DOMException('Attempt to use history more than 100 times per 30 seconds', 'SecurityError');
        real.apply(this, given);
      };
    }
  });
  await page.goto('/#lab=page&moment=0');
  const place = page.locator('.page-lab .scrub-text');
  await expect(place).toContainText('0/21');
  await page.evaluate(() => Reflect.set(window, 'refusing', true));
  const link = page.url();
  const rules = await page.locator('.page-controls [name=rules]').inputValue();
  await page.locator('.page-controls [name=rules]').selectOption('v1-2025');
  await page.locator('.page-lab .deck .play').click();
  await expect(place).toContainText(/^\s*(\d\d)\/\1/);
  expect(page.url()).toBe(link);
  const before = await page.evaluate(() => history.length);
  await page.evaluate(() => Reflect.set(window, 'refusing', false));
  await expect.poll(() => page.url()).toContain('rules-v1-2025');
  await expect.poll(async () => new URL((await stateOf(page)).link).hash === new URL(page.url()).hash).toBe(true);
  // The choice can be undone with Back, also when it is written late.
  expect(await page.evaluate(() => history.length)).toBe(before + 1);
  await page.goBack();
  await expect(page.locator('.page-controls [name=rules]')).toHaveValue(rules);
});

test('twenty times to the stack of heads and back: the scene of the Step lab lives, and no context is left behind', async ({
  page,
}) => {
  test.setTimeout(240_000);
  await page.addInitScript(() => {
    const contexts: WebGL2RenderingContext[] = [];
    Object.assign(window, { alive: () => contexts.filter((context) => !context.isContextLost()).length });
    const real = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, ...given: Parameters<typeof real>) {
      const context = real.apply(this, given);
      if (context instanceof WebGL2RenderingContext && !contexts.includes(context)) contexts.push(context);
      return context;
    } as typeof real;
  });
  const alive = () => page.evaluate(() => (Reflect.get(window, 'alive') as () => number)());
  const lab = (name: string) => page.getByRole('link', { name, exact: true }).click();
  await open(page, `${SMALL}&kernel=flash2&pane=space`);
  await captured(page);
  await page.locator('.flip').getByRole('button', { name: '3D', exact: true }).locator('visible=true').click();
  await expect(page.locator('.view-space')).toHaveAttribute('data-status', 'ready', { timeout: 45_000 });
  const stage = page.locator('.view-heads .depth .stage');
  for (let time = 0; time < 20; time++) {
    await lab('Page');
    await page.locator('.view-heads .depth .open').click();
    await expect(stage).toHaveAttribute('data-bars', /\d/);
    await lab('Step');
    await expect.poll(alive).toBeLessThanOrEqual(1);
  }
  await expect(page.locator('.view-space')).toHaveAttribute('data-status', 'ready', { timeout: 45_000 });
  expect(await alive()).toBe(1);
  const from = await at(page);
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => at(page)).not.toBe(from);
  await expect(page.locator('.view-space')).toHaveAttribute('data-status', 'ready');
});

test('a device that never comes: a message, and small runs are computed on the CPU', async ({ page }) => {
  await page.clock.install();
  await page.addInitScript(() => {
    GPUAdapter.prototype.requestDevice = () => new Promise(() => undefined);
  });
  await page.goto(`/#${SMALL}`);
  await expect(page.locator('.chip.busy').first()).toBeVisible();
  await page.clock.runFor(21_000);
  await expect(page.locator('.message[data-code="device-silent"]')).toContainText('20 s');
  await expect.poll(async () => (await stateOf(page)).trace?.provenance, { timeout: 45_000 }).toBe('interpreter');
});

test('an adapter that comes at the second asking is no failure', async ({ page }) => {
  await page.addInitScript(() => {
    const real = GPU.prototype.requestAdapter;
    let asked = 0;
    GPU.prototype.requestAdapter = function (options) {
      return asked++ === 0 ? Promise.resolve(null) : real.call(this, options);
    };
  });
  await open(page, SMALL);
  await captured(page);
  await expect(page.locator('.message')).toHaveCount(0);
});
