/** The mask view: a toggle that removes the causal mask, and a tile that leads to its rows. */
import { expect, test } from '../support/fixtures';
import { captured, open, SMALL, stateOf } from '../support/lab';

test('Causal against no mask: the toggle runs the other mask, and no tile is skipped any more', async ({ page }) => {
  await open(page, `${SMALL}&kernel=naive&mask=causal`);
  await captured(page, { mask: 'causal', kernel: 'naive' });
  const pane = page.locator('#pane-mask');
  const counts = pane.locator('table td');
  await expect(counts.nth(2)).not.toHaveText('0');
  await pane.locator('.grid').click({ position: { x: 10, y: 4 } });
  await expect(pane.locator('.sees')).toContainText('Query 0 sees 1 of 48');
  expect((await stateOf(page)).row).toBe(0);
  await pane.getByRole('button', { name: /mask lifted/ }).click();
  await captured(page, { mask: 'full' });
  await expect(counts.nth(1)).toHaveText('0');
  await expect(counts.nth(2)).toHaveText('0');
  await expect(pane.locator('.sees')).toContainText('sees 48 of 48');
});

test('A window from a link, a prefix from the menu: run, checked, named and drawn; the link says it', async ({
  page,
}) => {
  await open(page, `${SMALL.replace('mask=causal', 'mask=window-6-0')}&kernel=flash2&tile=8x8`);
  await captured(page, { mask: 'window-6-0', kernel: 'flash2' });
  const pane = page.locator('#pane-mask');
  await expect(pane.locator('.why')).toContainText('6 keys before it and 0 keys after it');
  // Six by six tiles of 8 x 8: on the diagonal, and left of it where a window reaches over; none is whole.
  await expect(pane.locator('table td')).toHaveText(['0', '11', '25']);
  await expect(pane.locator('p[data-mark]').first()).toContainText('exactly those that are not skipped');
  const menu = page.locator('.mask-menu');
  await expect(menu.locator('summary')).toContainText('window (6, 0)');
  await menu.locator('summary').click();
  await menu.locator('input').first().fill('20');
  await menu.locator('input').first().press('Enter');
  await captured(page, { mask: 'window-20-0' });
  await menu.getByRole('button', { name: /prefix/ }).click();
  await captured(page, { mask: 'prefix-8' });
  await expect(page).toHaveURL(/mask=prefix-8/);
  await expect(pane.locator('.why')).toContainText('the first 8 keys');
  await expect(pane.getByRole('button', { pressed: true })).toHaveCount(0);
});

test('Softcap and ALiBi from the menu: run, checked, named, and told; the link says both', async ({ page }) => {
  await open(page, `${SMALL}&kernel=flash2&tile=8x8`);
  await captured(page, { kernel: 'flash2' });
  const menu = page.locator('.mask-menu');
  await menu.locator('summary').click();
  await menu.locator('input[name=softcap]').fill('2');
  await menu.locator('input[name=softcap]').press('Enter');
  await captured(page, { softcap: 2 });
  await menu.locator('input[name=alibi]').check();
  await captured(page, { softcap: 2, alibi: [1 / 16, 1 / 256] });
  await expect(menu.locator('summary')).toContainText('softcap 2 · ALiBi');
  await expect(page).toHaveURL(/softcap=2&alibi=1/);
  await expect(page.locator('#pane-softmax .shaped')).toHaveText('softcap 2 · ALiBi');
  await expect(page.locator('#pane-mask .shaped')).toContainText('2·tanh(s / 2) − 0.06250·|i − j|');
});
