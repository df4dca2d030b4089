/** The keyboard: the playback keys, and that they do nothing while the visitor types. */
import { expect, test } from '../support/fixtures';
import { at, captured, open, SMALL, stateOf } from '../support/lab';

test('every key of the key map does what it says; keys stay with a field; a cell is pinned by Enter and let go by Escape', async ({
  page,
}) => {
  await open(page, `${SMALL}&kernel=flash2&tile=16x16&at=0.1.3&row=20`);
  await captured(page);
  const key = async (press: string, cursor: string | RegExp) => {
    await page.keyboard.press(press);
    await expect.poll(() => at(page), press).toMatch(cursor);
  };
  await key('ArrowRight', /^0\.1\.4$/);
  await key('ArrowLeft', /^0\.1\.3$/);
  // The same phase one tile on, four phases later, and back.
  await key('Shift+ArrowRight', /^0\.1\.7$/);
  await key('Shift+ArrowLeft', /^0\.1\.3$/);
  await key('Home', /^0\.1\.0$/);
  await key('Home', /^0\.0\.0$/);
  await key('End', /^0\.0\.\d+$/);
  await key('End', /^0\.2\.\d+$/);
  await key('[', /^0\.1\.\d+$/);
  await key(']', /^0\.2\.\d+$/);
  const { row } = await stateOf(page);
  await page.keyboard.press('ArrowDown');
  expect((await stateOf(page)).row).toBe(Math.min(47, row! + 1));
  // A row of another workgroup moves the picture there.
  for (let i = 0; i < 16; i++) await page.keyboard.press('ArrowUp');
  await expect.poll(() => at(page)).toMatch(/^0\.1\./);
  await page.keyboard.press('Home');
  await page.keyboard.press('Space');
  await expect.poll(() => at(page)).toMatch(/^0\.1\.[1-9]/);
  await page.keyboard.press('Space');
  const { cursor } = await stateOf(page);
  await page.waitForTimeout(1500);
  expect((await stateOf(page)).cursor).toEqual(cursor);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('ArrowRight');
  expect((await stateOf(page)).cursor).toEqual(cursor);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();

  // A field that has the focus gets its keys.
  await page.locator('input[name=seed]').focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Home');
  await page.keyboard.press('[');
  expect((await stateOf(page)).cursor).toEqual(cursor);
  const grid = page.locator('.view-cross [tabindex="0"]').first();
  await grid.focus();
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await stateOf(page)).pinned).toBeTruthy();
  await expect(page.locator('.view-explain')).not.toContainText('Point at or tap a cell');
  await page.locator('.top').click({ position: { x: 4, y: 4 } });
  await page.keyboard.press('Escape');
  await expect.poll(async () => (await stateOf(page)).pinned).toBeUndefined();
});

test('a masked cell says so on the first screen', async ({ page }) => {
  await open(page, `${SMALL}&kernel=flash2&tile=16x16&at=0.1.3&cell=P.3.40`);
  await captured(page);
  await expect(page.locator('.story')).toContainText('is masked: this query does not see this key');
});
