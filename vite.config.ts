/** Build, development server and unit-test projects. The page's root is src/, everything static lies in public/. */
import { fileURLToPath } from 'node:url';
import { playwright } from '@vitest/browser-playwright';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { testFlags, findChromium } from './e2e/tools/chromium.mjs';
import { cards, cardTags, chinesePage, siteOf } from './e2e/tools/cards.mjs';
import { stampServiceWorker } from './e2e/tools/stamp.mjs';

/** What the built page may load: itself, and nothing from anywhere else. No inline script or style, no eval. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' blob:",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** Cross-origin isolation: a 5 us clock instead of a 100 us one. */
export const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** Only in the build: the development server needs inline styles. */
const policyTag: Plugin = {
  name: 'content-security-policy',
  apply: 'build',
  transformIndexHtml: () => [
    {
      tag: 'meta',
      attrs: { 'http-equiv': 'Content-Security-Policy', content: contentSecurityPolicy },
      injectTo: 'head-prepend',
    },
  ],
};

/**
 * Small modules that the page starts with and late parts use, too: one chunk. Left to itself the bundler makes a dozen
 * of them, each a request, and compressed apart they take 2.5 kB more.
 */
const startsWith =
  /src\/(errors|ask|ops\/(random|sizes|layout|attention\/(shape|pages))|trace\/trace|frame\/(arrays|scene|places|cell|frame-now)|ui\/(palette|format|whole)|views\/(attention\/cross\/axes|shared\/(label|phases\.words))|words|tensors\/sources|kernels\/index)\.ts$/;

/**
 * The service worker is a script of its own with a fixed name; once all is written it is told what the build consists
 * of.
 */
const offline: Plugin = {
  name: 'offline',
  apply: 'build',
  config: () => ({
    build: {
      rolldownOptions: {
        input: { index: 'src/index.html', 'service-worker': 'src/app/service-worker.ts' },
        output: {
          entryFileNames: ({ name }) => (name === 'service-worker' ? '[name].js' : 'assets/[name]-[hash].js'),
          codeSplitting: { groups: [{ name: 'shared', test: startsWith }] },
        },
      },
    },
  }),
  writeBundle: ({ dir }) => {
    if (dir) stampServiceWorker(dir);
  },
};

const site = siteOf(process.env['ATTNSCOPE_SITE']);

/** Cards of links to the page, and the Chinese page. */
const linkCards: Plugin = {
  name: 'link-cards',
  transformIndexHtml: { order: 'post', handler: () => cardTags(cards.en, site) },
  generateBundle: {
    order: 'post',
    handler(_, bundle) {
      const page = bundle['index.html'];
      if (page?.type !== 'asset') throw new Error('the build has no index.html');
      this.emitFile({ type: 'asset', fileName: cards.zh.file, source: chinesePage(String(page.source), site) });
    },
  },
};

/**
 * While `npm run soak` runs, every property is tried with fresh seeds: e2e/support/soak-check.ts takes the place of
 * fast-check.
 */
const soak = process.env['ATTNSCOPE_SOAK'];
const checker = fileURLToPath(new URL('e2e/support/soak-check.ts', import.meta.url));
const soaking: Plugin = {
  name: 'soak',
  config: () => ({ define: { __SOAK__: soak ?? '' } }),
  resolveId: {
    order: 'pre',
    handler: (id, importer) => (id === 'fast-check' && importer !== checker ? checker : undefined),
  },
};

const executablePath = process.env['VITEST'] ? findChromium() : undefined;

/** GPU tests of the first browser, about half of the work; the second has the others. */
const kernelTests = ['attention', 'decode', 'paged', 'capture-tuned', 'capture-pass']
  .map((name) => `machine/gpu/${name}*.gpu.test.ts`)
  .concat('machine/machine.gpu.test.ts');

export default defineConfig({
  root: 'src',
  publicDir: '../public',
  base: './',
  plugins: [policyTag, linkCards, offline, ...(soak ? [soaking] : [])],
  build: {
    outDir: '../dist',
    emptyOutDir: true,
    target: 'esnext',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 600,
    modulePreload: { polyfill: false },
  },
  worker: { format: 'es' },
  server: { headers: isolation },
  preview: { headers: isolation },
  test: {
    // So many seeds take longer than any test.
    testTimeout: soak ? 60 * 60_000 : 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: { name: 'node', environment: 'node', include: ['**/*.test.ts'], exclude: ['**/*.gpu.test.ts'] },
      },
      {
        extends: true,
        // Named, for those that are imported late: found half-way, they would reload a test.
        optimizeDeps: {
          include: ['@preact/signals-core', 'lit/directives/ref.js', 'three', 'three/addons/controls/OrbitControls.js'],
        },
        test: {
          name: 'browser',
          include: ['**/*.gpu.test.ts'],
          // Two browsers, each with its own software GPU, whose compiler works on one text at a time; in each, one file
          // at a time.
          fileParallelism: false,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: { args: testFlags, ...(executablePath && { executablePath }) } }),
            instances: [
              { browser: 'chromium', name: 'kernels', include: kernelTests },
              { browser: 'chromium', name: 'captures', exclude: kernelTests },
            ],
          },
        },
      },
    ],
  },
});
