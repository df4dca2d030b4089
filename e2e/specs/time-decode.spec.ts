/** The Time lab with one query over N keys, as when a token is generated. */
import { expect, test } from '../support/fixtures';
import { open, stateOf } from '../support/lab';
import { visit, rows, finished, fileOf } from '../support/time-lab';

test('one query: switched to, it brings its kernels and lengths, and Back takes them away', async ({ page }) => {
  await visit(page, 'lab=time');
  const time = async () => (await stateOf(page)).time;
  const before = await time();
  await page.getByRole('button', { name: 'one (decoding)' }).click();
  expect(await time()).toMatchObject({
    kernels: ['naive', 'decode', 'decode-split', 'paged'],
    lengths: [256, 1024, 4096],
  });
  await expect(page.locator('input[name=kernels][value=flash2]')).not.toBeChecked();
  await expect.poll(() => page.url()).toContain('t.q=1');
  await page.goBack();
  await expect.poll(time).toEqual(before);
});

test('one query: set, in the link, measured through a scattered table, and told beside every figure, in every file and on the card', async ({
  page,
}) => {
  await open(page, 'lab=time&t.kernels=decode.decode-split.paged&t.n=40.96&t.heads=2&t.d=8&t.s=1');
  await expect(page.locator('.plan .note')).toContainText('are made for one query');
  await page.getByRole('button', { name: 'one (decoding)' }).click();
  await expect(page.locator('.plan .note')).toContainText('scattered');
  await expect(page.locator('input[name=masks][value=full]')).toBeDisabled();
  await expect.poll(() => page.url()).toContain('t.q=1');
  await page.reload();
  await page.evaluate(() => window.attnscope.ready);
  await expect(page.getByRole('button', { name: 'one (decoding)' })).toHaveAttribute('aria-pressed', 'true');
  await page.getByRole('button', { name: 'Measure on this device' }).click();
  await finished(page);
  await expect(rows(page)).toHaveCount(6);
  for (const row of await rows(page).all()) {
    await expect(row.locator('.col-error')).toHaveText(/\de-\d/);
    await expect(row.locator('.col-queries')).toHaveText('1');
  }
  await expect(page.locator('.verdict h2')).toContainText('one query (decoding)');
  await expect(page.locator('.verdict h2')).not.toContainText('causal');
  await expect(page.locator('.facts')).toContainText('paged: blocks of 16 keys, scattered');
  const titles = await page.locator('figure h3').allInnerTexts();
  expect(titles).toHaveLength(4);
  for (const title of titles) expect(title).toContain('· one query');
  await expect(page.locator('figure[data-figure=time] svg.plot')).toContainText('keys; one query');
  await page.getByRole('button', { name: 'IO model' }).click();
  for (const mark of await page.locator('figure[data-figure=roofline] .dot').all())
    expect(await mark.getAttribute('transform')).not.toContain('NaN');
  await page.locator('figure').first().getByRole('button', { name: 'How this was measured' }).click();
  await expect(page.locator('dialog.protocol')).toContainText('Here: one query over N keys');
  await page.locator('dialog.protocol').getByRole('button', { name: 'Close' }).click();
  const svg = await fileOf(page, () => page.getByRole('button', { name: /^Time over N .*save as SVG/ }).click());
  expect(svg.name).toBe('attnscope-time-decoding.svg');
  expect(svg.bytes.toString()).toContain('one query (decoding)');
  const csv = await fileOf(page, () => page.getByRole('button', { name: 'CSV', exact: true }).click());
  expect(csv.bytes.toString()).toMatch(/,2,2,1,96,8,causal,paged,/);
  const json = await fileOf(page, () => page.getByRole('button', { name: 'JSON', exact: true }).click());
  expect(JSON.parse(json.bytes.toString())).toMatchObject({ decoding: true });
  await page.getByRole('button', { name: 'Result card' }).click();
  await expect(page.locator('dialog.card-dialog textarea')).toHaveValue(
    /one query over N keys[^]*one query \(decoding\)/,
  );
  await page.getByRole('button', { name: 'Close' }).click();

  // Another setting is another measurement, and the next sweep is one until it has something to show.
  await page.getByRole('button', { name: 'as many as keys' }).click();
  await expect(page.locator('.stale')).toBeVisible();
  await expect(page.locator('.results')).toHaveClass(/past/);
  await expect(page.locator('.verdict h2')).toContainText('one query (decoding)');
  expect(page.url()).not.toContain('t.q');
  await page.getByRole('button', { name: 'Measure again' }).click();
  await expect(page.locator('.stale')).toContainText('A new sweep is under way');
  await finished(page);
  await expect(page.locator('.results.past')).toHaveCount(0);
});
