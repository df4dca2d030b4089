// @ts-check
/**
 * The browser for all tests: which flags it needs, where it is found, and how it is installed when there is none. Plain
 * Node without dependencies, so that a fresh clone can run it.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { run } from './run.mjs';

/**
 * Compute, WebGPU canvas and WebGL 2 on SwiftShader. Without the two Vulkan flags the first WebGPU canvas loses the
 * device.
 */
export const chromiumFlags = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--enable-webgpu-developer-features',
  '--enable-unsafe-swiftshader',
  '--use-webgpu-adapter=swiftshader',
  '--use-vulkan=swiftshader',
  '--enable-features=Vulkan',
  '--use-angle=swiftshader',
  '--disable-background-networking',
];

/**
 * For tests: the CPU draws pages and 2D canvases directly, with the same result and in much less time than a software
 * GPU.
 */
export const testFlags = [...chromiumFlags, '--disable-gpu-rasterization', '--disable-accelerated-2d-canvas'];

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

const applications = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ...['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].map((name) =>
    join(process.env[name] ?? '', 'Google', 'Chrome', 'Application', 'chrome.exe'),
  ),
];

/**
 * Where `playwright install` puts its Chromium. Loaded late: in a fresh clone the package is installed after this file
 * runs.
 */
const playwrightDownload = () =>
  /** @type {string} */ (createRequire(import.meta.url)('playwright').chromium.executablePath());

/**
 * Every installed Chromium and Chrome, best first: only the one named by the environment, or the usual places, then
 * Playwright's download.
 */
function* candidates() {
  const named = process.env['CHROMIUM'] || process.env['PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH'];
  if (named) {
    if (!existsSync(named)) throw new Error(`CHROMIUM names ${named}, which does not exist`);
    yield named;
    return;
  }
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/usr/local/bin', '/snap/bin'].filter(
    Boolean,
  );
  const installed = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  yield* [...installed, ...applications].filter((file) => existsSync(file));
  const download = playwrightDownload();
  if (existsSync(download)) yield download;
}

/**
 * The path of an installed Chromium or Chrome. Throws when `CHROMIUM` or `PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH` names no
 * file.
 * @returns {string | undefined}
 */
export const findChromium = () => candidates().next().value ?? undefined;

/** Whether a browser starts: a download may lack system libraries. Chrome on Windows cannot be asked. */
const starts = (/** @type {string} */ file) =>
  process.platform === 'win32' || spawnSync(file, ['--version'], { timeout: 30_000 }).status === 0;

/** The first browser that starts. */
const workingChromium = () => [...candidates()].find(starts);

/**
 * Finds a Chromium or installs one: Playwright's download first, then the system's package when root on a Debian-like
 * system.
 */
export async function ensureChromium() {
  const minutes = 60_000;
  const root = process.getuid?.() === 0;
  /** @type {{ title: string, when: boolean, steps: [string, string[], number][] }[]} */
  const tries = [
    {
      title: "Playwright's own Chromium",
      when: true,
      steps: [[process.execPath, ['node_modules/playwright/cli.js', 'install', 'chromium'], 2 * minutes]],
    },
    {
      title: 'the chromium package of this system (apt-get)',
      when: root && existsSync('/usr/bin/apt-get'),
      steps: [
        ['apt-get', ['update', '-qq'], 2 * minutes],
        ['apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-noto-cjk'], 5 * minutes],
      ],
    },
  ];
  for (const { title, when, steps } of tries) {
    const found = workingChromium();
    if (found) return found;
    if (!when) continue;
    console.log(`No Chromium yet: installing ${title}`);
    for (const [command, args, timeout] of steps) {
      const { code, why } = await run(command, args, { timeout, env: { DEBIAN_FRONTEND: 'noninteractive' } });
      if (code !== 0) {
        console.log(`  did not work (${why})`);
        break;
      }
    }
  }
  const found = workingChromium();
  if (found) return found;
  throw new Error(
    'No Chromium found and none could be installed. Install Chrome or Chromium, or set CHROMIUM to its path, then run again.',
  );
}
