/** How a link to the page looks in messengers, which run no script; and the Chinese page, on a plain host. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cards, chinesePage, siteOf } from '../tools/cards.mjs';
import { expect, test } from '../support/fixtures';
import { plainHost } from '../support/host';
import { silenceGpu, stateOf } from '../support/lab';

const built = process.env['ATTNSCOPE_FOLDER']!;
const pages = [cards.en, cards.zh];

for (const card of pages) {
  test(`${card.lang}: title, description and picture stand in the file itself`, async ({ request }) => {
    const html = await (await request.get(`/${card.file}`)).text();
    const content = (name: string) =>
      new RegExp(`<meta\\s+(?:name|property)="${name}"\\s+content="([^"]*)"`).exec(html)?.[1];
    expect(/<html[^>]* lang="([^"]+)"/.exec(html)?.[1]).toBe(card.lang);
    expect(/<title>(.*)<\/title>/.exec(html)?.[1]).toBe(card.title);
    for (const name of ['description', 'og:description']) expect(content(name), name).toBe(card.description);
    expect(content('og:title')).toBe(card.heading);
    const picture = await (await request.get(`/${content('og:image')}`)).body();
    // The header of a PNG has its size.
    expect(picture.subarray(1, 4).toString()).toBe('PNG');
    expect([picture.readUInt32BE(16), picture.readUInt32BE(20)].map(String)).toEqual([
      content('og:image:width'),
      content('og:image:height'),
    ]);
    for (const [tongue, href] of [
      ['en', './'],
      ['zh-CN', 'zh.html'],
    ])
      expect(html).toContain(`hreflang="${tongue}" href="${href}"`);
  });
}

test('a build that is told its address writes absolute ones; what is no address is refused', () => {
  expect(siteOf('https://example.org/lab')).toBe('https://example.org/lab/');
  expect(siteOf(undefined)).toBe('');
  expect(() => siteOf('ftp://example.org')).toThrow(/begins with https/);
  expect(() => siteOf('example.org')).toThrow();
  const page = readFileSync(join(built, 'index.html'), 'utf8');
  // When the head has changed, it is not half translated.
  expect(() => chinesePage(page.replace('og:title', 'og:other'), '')).toThrow(/not once/);
});

test('zh.html opens in Chinese in an English browser, and a link says otherwise if it must', async ({ page }) => {
  await silenceGpu(page);
  await page.goto('/zh.html');
  await expect(page.locator('.hero h1')).toContainText('显卡');
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await expect(page).toHaveTitle(cards.zh.title);
  expect((await stateOf(page)).choice.passage).toBe('zh');
  await page.goto('/zh.html#lang=en');
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
});

test.describe('on a plain host', () => {
  test.use({ serviceWorkers: 'allow' });
  test('zh.html works below a sub-path without headers, and then offline', async ({ browser }) => {
    test.setTimeout(120_000);
    const host = await plainHost(built);
    const context = await browser.newContext({ serviceWorkers: 'allow' });
    const page = await context.newPage();
    await page.goto(`${host.url}zh.html#lab=time`, { waitUntil: 'commit' });
    await expect(page.locator('.keymap .offline')).toHaveCount(1, { timeout: 90_000 });
    await host.close();
    await context.setOffline(true);
    await page.reload();
    await expect(page.locator('.time-lab')).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
    await context.close();
  });
});
