// @ts-check
/** Writes the list of a build's files into its service worker: their checksums, and one name for all. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';

/** Files that do not belong to the page. */
const apart = new Set(['service-worker.js', 'screenshot.png', 'screenshot-zh.png']);

const sha = (/** @type {Buffer | string} */ data) => createHash('sha256').update(data);

/**
 * Writes the list as the first line of the worker, replacing an earlier one.
 * @param {string} folder the build
 */
export function stampServiceWorker(folder) {
  const worker = join(folder, 'service-worker.js');
  if (!existsSync(worker)) throw new Error(`${worker} is missing`);
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      posix.join(
        ...join(entry.parentPath, entry.name)
          .slice(folder.length + 1)
          .split(sep),
      ),
    )
    .filter((path) => !apart.has(path) && !path.startsWith('.'))
    .toSorted();
  const files = Object.fromEntries(
    paths.map((path) => [path, `sha256-${sha(readFileSync(join(folder, path))).digest('base64')}`]),
  );
  const code = readFileSync(worker, 'utf8').replace(/^const BUILD = .*\n/, '');
  const version = sha(JSON.stringify(files) + code)
    .digest('hex')
    .slice(0, 16);
  writeFileSync(worker, `const BUILD = ${JSON.stringify({ version, files })};\n${code}`);
}
