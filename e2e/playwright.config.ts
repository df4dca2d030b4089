/** End-to-end tests: the built page, served as it ships, in one Chromium on SwiftShader. */
import { defineConfig } from '@playwright/test';
import { testFlags, findChromium } from './tools/chromium.mjs';

const executablePath = findChromium();

export default defineConfig({
  testDir: './specs',
  outputDir: '../test-results',
  globalSetup: './tools/serve.mjs',
  // Two at a time: most of a test is waiting for one compiler thread of the software GPU.
  workers: 2,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  forbidOnly: !!process.env['CI'],
  reporter: 'list',
  use: {
    // Set by the global setup. The workers read this file again and see it.
    baseURL: process.env['ATTNSCOPE_URL'],
    viewport: { width: 1440, height: 900 },
    locale: 'en-US',
    colorScheme: 'dark',
    // Each test has its own browser, in which a service worker would store the page again; only offline.spec.ts allows
    // them.
    serviceWorkers: 'block',
    screenshot: 'only-on-failure',
    launchOptions: { args: testFlags, ...(executablePath && { executablePath }) },
  },
});
