// @ts-check
/** What a fresh clone needs before anything else can run: a recent enough Node, and the packages of the lockfile. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { run } from './run.mjs';

/** The repository's folder; the scripts run there, wherever they were called. */
export const top = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Ends the process with a message when this Node is too old. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(
    `Attnscope needs Node 20.19 or newer; this is Node ${process.versions.node}. Install a newer one and run this again.`,
  );
  process.exit(1);
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean }>}
 */
const packagesOf = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {});

/** Whether node_modules lacks a package of the lockfile, or has another version of it. */
function incomplete() {
  const installed = packagesOf('node_modules/.package-lock.json');
  return Object.entries(packagesOf('package-lock.json')).some(
    ([path, { version, optional }]) => path !== '' && !optional && installed[path]?.version !== version,
  );
}

/** Installs the packages of the lockfile when some are missing. Ends the process with a message when that fails. */
export async function installPackages() {
  process.chdir(top);
  if (!incomplete()) return;
  console.log('Installing the packages of package-lock.json');
  const env = { PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1' };
  const { code, why } = await run('npm', ['ci', '--no-audit', '--no-fund'], { timeout: 10 * 60_000, env });
  if (code === 0) return;
  console.error(`npm ci failed (${why}). Attnscope needs its packages once; after that it works offline.`);
  process.exit(1);
}
