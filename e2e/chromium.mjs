// @ts-check
/**
 * The one browser that every test runs in: which flags it needs, where it is found, and how one is got when there is none.
 * Plain Node without dependencies, so that a fresh clone can run it.
 */
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { run } from './run.mjs';

/** Compute, WebGPU canvas and WebGL 2 on SwiftShader. Without the two Vulkan flags the first WebGPU canvas loses the device. */
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

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

const applications = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ...['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].map((name) =>
    join(process.env[name] ?? '', 'Google', 'Chrome', 'Application', 'chrome.exe'),
  ),
];

/** Browsers that `playwright install` left in its cache, newest first. */
function playwrightDownloads() {
  const caches = [
    process.env['PLAYWRIGHT_BROWSERS_PATH'],
    join(homedir(), '.cache', 'ms-playwright'),
    join(homedir(), 'Library', 'Caches', 'ms-playwright'),
    join(homedir(), 'AppData', 'Local', 'ms-playwright'),
  ].filter((folder) => folder !== undefined && existsSync(folder));
  const inside = [
    'chrome-linux/chrome',
    'chrome-linux64/chrome',
    'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
    'chrome-win/chrome.exe',
    'chrome-win64/chrome.exe',
  ];
  return caches.flatMap((cache) =>
    readdirSync(/** @type {string} */ (cache))
      .filter((name) => /^chromium-\d+$/.test(name))
      .toSorted((a, b) => Number(b.slice(9)) - Number(a.slice(9)))
      .flatMap((name) => inside.map((file) => join(/** @type {string} */ (cache), name, file))),
  );
}

/**
 * The path of an installed Chromium or Chrome: `CHROMIUM` or `PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH` first (an error when it names no file), then the
 * usual places, then Playwright's own downloads.
 * @returns {string | undefined}
 */
export function findChromium() {
  const named = process.env['CHROMIUM'] || process.env['PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH'];
  if (named) {
    if (!existsSync(named)) throw new Error(`CHROMIUM names ${named}, which does not exist`);
    return named;
  }
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/usr/local/bin', '/snap/bin'];
  const installed = folders.filter(Boolean).flatMap((folder) => names.map((name) => join(folder, name)));
  return [...installed, ...applications, ...playwrightDownloads()].find((file) => existsSync(file));
}

/** Finds a Chromium, or gets one: Playwright's download first, then the system's package when root on a Debian-like system. */
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
    const found = findChromium();
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
  const found = findChromium();
  if (found) return found;
  throw new Error(
    'No Chromium found and none could be installed. Install Chrome or Chromium, or set CHROMIUM to its path, then run again.',
  );
}
