// @ts-check
/**
 * Firefox for a stage of `npm test`: found or installed, and started with WebGPU on the CPU (Mesa's lavapipe): another
 * WGSL compiler and another driver than Chromium's.
 */
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { run } from './run.mjs';

const names = ['firefox-esr', 'firefox'];

const applications = [
  '/Applications/Firefox.app/Contents/MacOS/firefox',
  ...['PROGRAMFILES', 'PROGRAMFILES(X86)'].map((name) =>
    join(process.env[name] ?? '', 'Mozilla Firefox', 'firefox.exe'),
  ),
];

/**
 * The path of an installed Firefox. Throws when FIREFOX names no file.
 * @returns {string | undefined}
 */
function findFirefox() {
  const named = process.env['FIREFOX'];
  if (named && !existsSync(named)) throw new Error(`FIREFOX names ${named}, which does not exist`);
  if (named) return named;
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/usr/local/bin'].filter(Boolean);
  return [...folders.flatMap((folder) => names.map((name) => join(folder, name))), ...applications].find((file) =>
    existsSync(file),
  );
}

const drivers = '/usr/share/vulkan/icd.d';

/** Vulkan on the CPU, as Mesa's package installs it. @returns {string | undefined} */
const findLavapipe = () => {
  const file = existsSync(drivers) ? readdirSync(drivers).find((name) => /^lvp_icd.*\.json$/.test(name)) : undefined;
  return file && join(drivers, file);
};

/**
 * A Firefox and, on Linux, the software driver: the installed ones, or the system's packages when root on a Debian-like
 * system. Undefined when there is neither.
 */
export async function ensureFirefox() {
  const complete = () => findFirefox() !== undefined && (process.platform !== 'linux' || findLavapipe() !== undefined);
  if (!complete() && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log('No Firefox with a software driver yet: installing firefox-esr and mesa-vulkan-drivers (apt-get)');
    for (const args of [
      ['update', '-qq'],
      ['install', '-y', '-qq', '--no-install-recommends', 'firefox-esr', 'mesa-vulkan-drivers'],
    ]) {
      const { code, why } = await run('apt-get', args, {
        timeout: 4 * 60_000,
        env: { DEBIAN_FRONTEND: 'noninteractive' },
      });
      if (code === 0) continue;
      console.log(`  did not work (${why})`);
      break;
    }
  }
  const executablePath = findFirefox();
  return executablePath && { executablePath, lavapipe: findLavapipe() };
}

/**
 * Starts it without a window. Puppeteer speaks WebDriver BiDi to a stock Firefox; Playwright needs its own build.
 * @param {{ executablePath: string, lavapipe: string | undefined }} found
 */
export function launchFirefox({ executablePath, lavapipe }) {
  // Loaded late: in a fresh clone the package is installed after this file runs.
  const puppeteer = createRequire(import.meta.url)('puppeteer-core');
  return puppeteer.launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    defaultViewport: { width: 1440, height: 900 },
    extraPrefsFirefox: {
      'dom.webgpu.enabled': true,
      'gfx.webgpu.ignore-blocklist': true,
      'gfx.webrender.software': true,
      'intl.accept_languages': 'en-US',
    },
    env: { ...process.env, ...(lavapipe && { VK_ICD_FILENAMES: lavapipe, VK_DRIVER_FILES: lavapipe }) },
  });
}
