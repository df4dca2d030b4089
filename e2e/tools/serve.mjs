// @ts-check
/**
 * Builds the page into a temporary folder and serves it as `npm start` does, so that parallel runs never share a build.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { build, preview } from 'vite';
import { top } from './setup.mjs';

/**
 * Builds and serves.
 * @returns {Promise<{ url: string, folder: string, close: () => Promise<void> }>} the page's address, the build's
 * folder (with .vite/manifest.json), and the end of both
 */
export async function serveBuild() {
  const folder = await mkdtemp(join(tmpdir(), 'attnscope-'));
  const configFile = join(top, 'vite.config.ts');
  await build({ configFile, logLevel: 'warn', build: { outDir: folder, emptyOutDir: true, manifest: true } });
  const server = await preview({ configFile, logLevel: 'warn', build: { outDir: folder }, preview: { port: 0 } });
  const address = server.httpServer.address();
  if (address === null || typeof address === 'string') throw new Error('the preview server has no port');
  return {
    url: `http://localhost:${address.port}/`,
    folder,
    close: async () => {
      await server.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** Playwright's global setup: every spec finds the page at `baseURL`, and its files in ATTNSCOPE_FOLDER. */
export default async function globalSetup() {
  const { url, folder, close } = await serveBuild();
  process.env['ATTNSCOPE_URL'] = url;
  process.env['ATTNSCOPE_FOLDER'] = folder;
  return close;
}
