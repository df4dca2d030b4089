/** Tests the guard of fixtures.ts: it detects every kind of incident, and reports none for a page without any. */
import { expect, test } from '@playwright/test';
import { watch } from '../support/fixtures';
import { silenceGpu } from '../support/lab';

test.beforeEach(async ({ page }) => {
  await silenceGpu(page);
});

test('an uncaught error and an error on the console are seen', async ({ context, page, baseURL }) => {
  const incidents = await watch(context, new URL(baseURL!).origin);
  await page.goto('/');
  expect(incidents).toEqual({ errors: [], violations: [], foreign: [] });
  await page.evaluate(() => {
    console.error('said aloud');
    setTimeout(() => {
      throw new Error('thrown later');
    });
  });
  await expect.poll(() => incidents.errors).toHaveLength(2);
  expect(incidents.errors.join()).toMatch(/said aloud.*thrown later/s);
});

test('inline style, inline script and a fetch elsewhere violate the policy of the build', async ({
  context,
  page,
  baseURL,
}) => {
  const incidents = await watch(context, new URL(baseURL!).origin);
  await page.goto('/');
  await page.evaluate(() => {
    document.body.setAttribute('style', 'color: red');
    const script = document.createElement('script');
    script.textContent = '1 + 1';
    document.body.append(script);
    fetch('http://127.0.0.1:9/').catch(() => {});
  });
  for (const directive of ['style-src', 'script-src', 'connect-src'])
    await expect.poll(() => incidents.violations.join('\n')).toContain(`content policy violated: ${directive}`);
});

test('a request to another host is seen where no policy stops it', async ({ context, page, baseURL }) => {
  const incidents = await watch(context, new URL(baseURL!).origin);
  await page.goto('/icon.svg');
  await page.evaluate(() => void fetch('http://127.0.0.1:9/').catch(() => {}));
  await expect.poll(() => incidents.foreign).toEqual(['http://127.0.0.1:9/']);
});
