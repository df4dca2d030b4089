/**
 * Plain hosts: no headers, a sub-path, a host that is gone, that changes the files while the page is open, or no host
 * at all. Only this spec uses the service worker.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as plain, type Page } from '@playwright/test';
import { test as watched, expect } from '../support/fixtures';
import { plainHost, type Host } from '../support/host';
import { stampServiceWorker } from '../tools/stamp.mjs';

const built = process.env['ATTNSCOPE_FOLDER']!;
const TINY = 'kernel=flash2&input=seed&n=12&d=8&heads=1&seed=5&mask=full&tile=8x8&lang=en';

const test = watched.extend<{ host: Host }>({
  // oxlint-disable-next-line no-empty-pattern -- the way a fixture says that it needs no other
  host: async ({}, use) => {
    const host = await plainHost(built);
    await use(host);
    await host.close();
  },
  baseURL: async ({ host }, use) => use(host.url),
});
test.use({ serviceWorkers: 'allow' });
test.setTimeout(120_000);

/** Counts the page's loads. */
function countLoads(page: Page): () => number {
  let loads = 0;
  page.on('request', (request) => (loads += request.isNavigationRequest() ? 1 : 0));
  return () => loads;
}

const isolated = (page: Page) => page.evaluate(() => crossOriginIsolated);
const choiceOf = (page: Page) => page.evaluate(() => window.attnscope.state().choice);
const ready = (page: Page) => page.waitForFunction(() => window.ready === true, undefined, { timeout: 45_000 });
/** Waits until the page says that it is stored completely. */
const saysOffline = (page: Page) => page.locator('.keymap .offline');

test('a sub-path of a host without headers: one reload isolates the page and keeps its link; then it works offline', async ({
  page,
  host,
  context,
}) => {
  const loads = countLoads(page);
  await page.goto(`${host.url}#${TINY}`, { waitUntil: 'commit' });
  // Nothing is evaluated in the page until then: that would count as a visitor's gesture, and a page in use is not
  // reloaded.
  await expect.poll(loads, { timeout: 30_000 }).toBe(2);
  await ready(page);
  expect(await isolated(page)).toBe(true);
  expect(await choiceOf(page)).toMatchObject({
    input: 'seed',
    keys: 12,
    dim: 8,
    seed: 5,
    mask: 'full',
    tile: { br: 8, bc: 8 },
  });
  // The page says nothing about working offline before it does.
  if (!host.asked.has('model/weights.bin')) await expect(saysOffline(page)).toHaveCount(0);
  await expect(saysOffline(page)).toHaveCount(1, { timeout: 30_000 });
  expect(host.asked.get('model/weights.bin')).toBe(1);
  expect(loads()).toBe(2);

  await host.close();
  await context.setOffline(true);
  await page.reload();
  await ready(page);
  expect(await isolated(page)).toBe(true);
  expect((await page.evaluate(() => window.attnscope.state())).trace).toMatchObject({
    provenance: 'this-device',
    run: { shape: { keys: 12 } },
  });
  // Parts that are loaded late, and the model, are stored, too.
  await page.evaluate(() => (location.hash = 'kernel=flash2&input=text&text=sea&lang=en'));
  await expect
    .poll(() => page.evaluate(() => window.attnscope.state().trace?.tokens?.join('')), { timeout: 30_000 })
    .toContain('sea');
  await page.getByRole('link', { name: 'Time', exact: true }).click();
  await expect(page.locator('main.lab > *').first()).toBeVisible();
  expect(loads()).toBe(3);
});

test('the Chinese address on a host without headers: one reload isolates it; offline it opens, in Chinese and isolated', async ({
  page,
  host,
  context,
}) => {
  const loads = countLoads(page);
  await page.goto(`${host.url}zh.html#${TINY.replace('&lang=en', '')}`, { waitUntil: 'commit' });
  await expect.poll(loads, { timeout: 30_000 }).toBe(2);
  await ready(page);
  expect(await isolated(page)).toBe(true);
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await expect(saysOffline(page)).toHaveCount(1, { timeout: 30_000 });

  await host.close();
  await context.setOffline(true);
  await page.reload();
  await ready(page);
  expect(loads()).toBe(3);
  expect(new URL(page.url()).pathname).toMatch(/\/zh\.html$/);
  expect(await isolated(page)).toBe(true);
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await expect
    .poll(() => page.evaluate(() => window.attnscope.state().trace?.provenance), { timeout: 45_000 })
    .toBe('this-device');
});

test('the page is one build or the other, never a mix', async ({ page, host }) => {
  const folder = mkdtempSync(join(tmpdir(), 'attnscope-next-'));
  const rewrite = (file: string, from: string, to: string) =>
    writeFileSync(join(folder, file), readFileSync(join(folder, file), 'utf8').replace(from, to));
  cpSync(built, folder, { recursive: true });
  rewrite('index.html', '<title>Attnscope</title>', '<title>Next</title>');
  rewrite('icon.svg', '<svg ', '<svg data-next="1" ');
  stampServiceWorker(folder);
  const seen = async (): Promise<string> => {
    const icon = await page.evaluate(async () => (await fetch(new URL('icon.svg', document.baseURI))).text());
    return `${await page.title()} ${icon.includes('data-next') ? 'next' : 'first'}`;
  };
  await page.goto(`${host.url}#${TINY}`, { waitUntil: 'commit' });
  await expect(saysOffline(page)).toHaveCount(1, { timeout: 45_000 });
  expect(await seen()).toBe('Attnscope first');

  // The next build is being uploaded: its page and its worker are new, one file is still the old one.
  cpSync(join(built, 'icon.svg'), join(folder, 'icon.svg'));
  host.serve(folder);
  await page.reload();
  await ready(page);
  await page.evaluate(async () => (await navigator.serviceWorker.ready).update().catch(() => undefined));
  await page.waitForTimeout(500);
  expect(await seen()).toBe('Attnscope first');

  // Now it is complete. It takes over at the next start of the page, with all its files.
  rewrite('icon.svg', '<svg ', '<svg data-next="1" ');
  await expect(async () => {
    await page.reload();
    await ready(page);
    const now = await seen();
    expect(['Attnscope first', 'Next next']).toContain(now);
    expect(now).toBe('Next next');
  }).toPass({ timeout: 60_000, intervals: [2_000] });
  rmSync(folder, { recursive: true });
});

test('no room in the browser: a message, and the page goes on', async ({ page, host, context }) => {
  const client = await context.newCDPSession(page);
  await client.send('Storage.overrideQuotaForOrigin', { origin: new URL(host.url).origin, quotaSize: 500_000 });
  await page.goto(`${host.url}#${TINY}`, { waitUntil: 'commit' });
  await expect(page.locator('.message[data-code="offline-full"]')).toHaveCount(1, { timeout: 45_000 });
  await expect(saysOffline(page)).toHaveCount(0);
  await page.locator('input[name=keys]').fill('10');
  await page.locator('input[name=keys]').press('Enter');
  await expect
    .poll(() => page.evaluate(() => window.attnscope.state().trace?.run.shape.keys), { timeout: 30_000 })
    .toBe(10);
  await expect(page.locator('.message[data-code="offline-full"]')).toHaveCount(1);
});

test.describe('no service worker to be had', () => {
  test.use({ allowedErrors: [/service-worker\.js|script|404/] });
  test('no reload, and the times say that the clock is coarse', async ({ page, host }) => {
    host.missing.add('service-worker.js');
    const loads = countLoads(page);
    await page.goto(`${host.url}#${TINY}`, { waitUntil: 'commit' });
    await ready(page);
    await expect.poll(() => host.asked.get('service-worker.js') ?? 0).toBeGreaterThan(0);
    await page.waitForTimeout(500);
    expect(loads()).toBe(1);
    expect(await isolated(page)).toBe(false);
    await page.locator('.pane-timing').getByRole('button', { name: /time/i }).click();
    await expect(page.locator('.timing-verdict')).toBeVisible({ timeout: 60_000 });
    await expect(page.locator('.timing-how')).toContainText('coarsened to 0.1 ms');
  });
});

plain('opened from a file, the page says that it needs a server', async ({ page }) => {
  await page.goto(`file://${join(built, 'index.html')}`);
  await expect(page.getByText('Attnscope needs a server')).toBeVisible();
  await expect(page.getByText('Attnscope 需要服务器')).toBeVisible();
});
