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
