/** The link is the state: it round-trips, hostile links are reported and do no harm, and Back is undo. */
import { expect, test } from '../support/fixtures';
import { at, captured, open, silenceGpu, SMALL, stateOf } from '../support/lab';

test('a link reads back as the same state, and what is done shows in it', async ({ page }) => {
  await open(
    page,
    'kernel=naive&input=seed&n=24&d=8&heads=2&kv=1&batch=2&nq=16&seed=9&plane=3&mask=full&tile=16x16&at=2.7.0&row=3&thread=5&cell=P.3.4&by=tile&speed=2&theme=light&lang=zh',
  );
  await captured(page, { kernel: 'naive', keys: 24, queries: 16, heads: 2, kvHeads: 1, batch: 2 });
  const first = await stateOf(page);
  expect(first.choice).toMatchObject({ kernel: 'naive', seed: 9, plane: 3, mask: 'full' });
  expect(first).toMatchObject({
    row: 3,
    thread: 5,
    pinned: { role: 'P', row: 3, col: 4 },
    granularity: 'tile',
    speed: 2,
    theme: 'light',
    language: 'zh',
  });
  await page.goto('about:blank');
  await page.goto(first.link);
  const second = await stateOf(page);
  expect({ ...second, trace: 0 }).toEqual({ ...first, trace: 0 });
  // The address bar follows the cursor after a short delay. Before this run's own capture is there, a recording is
  // shown.
  await captured(page, { kernel: 'naive', keys: 24, queries: 16, heads: 2, kvHeads: 1, batch: 2 });
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => at(page)).not.toBe('2.7.0');
});

test('hostile fragments: each part that cannot be used is named, and a default stands in', async ({ page }) => {
  const long = 'x'.repeat(2001);
  await silenceGpu(page);
  await page.goto(
    `/#kernel=evil&input=seed&n=-1&d=1e9&heads=%3Cscript%3E&tile=999x1&at=1.2&row=NaN&speed=3&theme=pink&lang=fr&__proto__=1&text=${long}&mask=causal`,
  );
  for (const key of ['kernel', 'n', 'd', 'heads', 'tile', 'at', 'row', 'speed', 'theme', 'lang', 'text']) {
    await expect(
      page.locator('.message.link [data-problem="bad-value"]').filter({ hasText: new RegExp(`^${key}=`) }),
    ).toHaveCount(1);
  }
  await expect(page.locator('.message.link [data-problem="unknown-key"]')).toContainText('__proto__');
  // A link gets a single message, however much is wrong with it.
  await expect(page.locator('.message')).toHaveCount(1);
  await expect(page.locator('.message')).toContainText('12 parts of the link');
  const { choice } = await stateOf(page);
  expect(choice).toMatchObject({ kernel: 'flash2', keys: 128, dim: 32, heads: 2, tile: undefined, text: undefined });
  await page.locator('.message').getByRole('button', { name: 'Dismiss' }).click();
  await expect(page.locator('.message')).toHaveCount(0);
  // The address bar has what is shown, not what was asked for.
  await expect.poll(() => page.url()).not.toContain('evil');
});

test('a cursor beyond the end is the nearest that there is', async ({ page }) => {
  await open(page, `${SMALL}&kernel=flash2&at=7.99999.4000.12&row=4000&thread=900&cell=P.4000.4000`);
  await captured(page);
  await expect(page.locator('.phase-strip')).toContainText(/id \d+ \(0–\d+\)/);
  await expect(page.locator('.view-softmax')).toContainText('row 47');
});

test('Back is undo, Forward is redo, and a link typed by hand counts', async ({ page }) => {
  await open(page, `${SMALL}&kernel=flash2`);
  await captured(page);
  await page.getByRole('button', { name: 'full', exact: true }).click();
  await captured(page, { mask: 'full' });
  await page.locator('select[name=kernel]').selectOption('naive');
  await captured(page, { kernel: 'naive' });
  await page.goBack();
  await captured(page, { kernel: 'flash2', mask: 'full' });
  await page.goBack();
  await captured(page, { kernel: 'flash2', mask: 'causal' });
  await page.goForward();
  await captured(page, { mask: 'full' });
  await page.evaluate(() => {
    location.hash = 'kernel=flash2&input=seed&n=20&d=8&heads=1&seed=1&mask=causal&bad=1';
  });
  await captured(page, { keys: 20 });
  await expect(page.locator('.message.link [data-problem="unknown-key"]')).toContainText('“bad”');
});

test('a link to a file that is not here says so, and opens on the own run', async ({ page }) => {
  await open(page, 'file=elsewhere.attn&lang=en');
  await expect(page.locator('.message.link')).toContainText('“elsewhere.attn”, which is not here');
  await expect(page.locator('textarea[name=sentence]')).toBeVisible();
  await captured(page, { kernel: 'flash2' });
  expect((await stateOf(page)).link).not.toContain('file=');
});

test('a sentence is in the link; one that is too long is refused with its count and stays in the box', async ({
  page,
}) => {
  await open(page, 'kernel=flash2&input=text&text=床前明月光，疑是地上霜。举头望明月，低头思故乡。&mask=causal');
  await captured(page);
  await expect(page.locator('.inputs .count')).toContainText(/\d+ tokens/);
  const box = page.locator('textarea[name=sentence]');
  const long = 'word '.repeat(401);
  await box.fill(long);
  await box.press('Enter');
  await expect(box).toHaveAccessibleDescription('2,005 characters; a link carries at most 2000.');
  await expect(box).toHaveAttribute('aria-invalid', 'true');
  await expect(box).toHaveValue(long);
  expect((await stateOf(page)).choice.text).toContain('床前明月光');
  await box.fill('  ');
  await box.press('Enter');
  await expect(box).toHaveAccessibleDescription(/There is no text/);
  await expect(page.locator('#refused-text')).toBeVisible();
  await expect(page.locator('.message')).toHaveCount(0);
  await box.fill('a');
  await expect(box).toHaveAttribute('aria-invalid', 'false');
  await expect(page.locator('.inputs .count')).toHaveText('1 token');
  await box.fill('the whale, the white whale, and the sea');
  await box.press('Enter');
  await expect.poll(async () => (await stateOf(page)).trace?.tokens?.join('')).toContain('whale');
  expect(decodeURIComponent(page.url())).toContain('the+whale');
});

test('a link that was cut on its way says so once, in the language of the page, and no more once its state is left', async ({
  page,
}) => {
  await open(page, `${SMALL}&kernel=flash2&lang=en`);
  await captured(page);
  const { link } = await stateOf(page);
  expect(link).toMatch(/#[A-Za-z0-9._%+=&-]+&ok=[a-z2-7]{6}$/);
  await page.goto('about:blank');
  await page.goto(`${link}。`);
  await captured(page, { kernel: 'flash2' });
  await expect(page.locator('.message')).toHaveCount(0);
  for (const cut of [3, 9]) await page.evaluate((to) => (location.hash = to), link.slice(link.indexOf('#') + 1, -cut));
  const message = page.locator('.message.link');
  await expect(message).toHaveCount(1);
  await expect(message).toContainText('This link was cut or changed on its way; ask for it again.');
  // The address has the whole state again.
  await expect.poll(() => page.url()).toBe(link);
  await page.locator('.language').click();
  await expect(message).toContainText('这个链接在途中被截断或改动过');
  await page.locator('select[name=kernel]').selectOption('naive');
  await captured(page, { kernel: 'naive' });
  await expect(page.locator('.message')).toHaveCount(0);
});

test('what was said of a link goes when another is opened', async ({ page }) => {
  await open(page, `${SMALL}&kernel=flash2&lang=en`);
  await captured(page);
  for (const bad of ['d=999', 'd=999', 'nothing=1'])
    await page.evaluate((to) => (location.hash = to), `kernel=flash2&input=seed&n=20&${bad}`);
  await expect(page.locator('.message')).toHaveCount(1);
  await expect(page.locator('.message')).toContainText('“nothing”');
  await page.evaluate(() => (location.hash = 'kernel=flash2&input=seed&n=20&d=8&heads=1'));
  await captured(page, { keys: 20 });
  await expect(page.locator('.message')).toHaveCount(0);
});
