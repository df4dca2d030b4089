// @ts-check
/**
 * `npm test`: installs what is missing, runs every stage to its end, and says at the end what passed and what failed.
 * Stages without a browser run at the same time as those with one, which leave a processor idle now and then. Stage
 * names as arguments run only those: `node e2e/tools/test.mjs unit gpu`.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { stripVTControlCharacters } from 'node:util';
import { ensureChromium } from './chromium.mjs';
import { run } from './run.mjs';
import { installPackages, requireNode } from './setup.mjs';

requireNode();
await installPackages();
process.env['CHROMIUM'] = await ensureChromium();
console.log(`Chromium: ${process.env['CHROMIUM']}`);

const reports = mkdtempSync(join(tmpdir(), 'attnscope-test-'));
const vitestReport = (/** @type {string} */ name) => [
  '--',
  '--reporter=default',
  '--reporter=json',
  `--outputFile=${join(reports, name)}`,
];

/**
 * args: those of a runner that writes a report. counts: it closes with 'N passed, N failed' and writes none.
 * @typedef {{ name: string, title: string, args?: string[], counts?: true, browser?: true }} Stage
 */
/** @type {Stage[]} */
const stages = [
  { name: 'check', title: 'types' },
  { name: 'lint', title: 'lint' },
  { name: 'format:check', title: 'format' },
  { name: 'unit', title: 'unit tests', args: vitestReport('unit') },
  // At the same time as Chromium's stages, although it is a browser, too: most of it is waiting, and those take longest
  // anyway.
  { name: 'firefox', title: 'Firefox', counts: true },
  { name: 'gpu', title: 'GPU tests', args: vitestReport('gpu'), browser: true },
  { name: 'e2e', title: 'end-to-end tests', args: ['--', '--reporter=list,json'], browser: true },
];
/** A stage that hangs is ended: this limit is far more than any stage needs. */
const stageLimit = 40 * 60_000;

/** The counts of a runner's report. A runner that ended without one counts as one failure. */
function countsOf(/** @type {string} */ name) {
  try {
    const report = JSON.parse(readFileSync(join(reports, name), 'utf8'));
    if ('stats' in report) {
      const { expected, unexpected, flaky, skipped } = report.stats;
      return {
        passed: expected + flaky,
        failed: unexpected + (report.errors.length > 0 && unexpected === 0 ? 1 : 0),
        skipped,
      };
    }
    const broken = report.numFailedTests === 0 && !report.success ? 1 : 0;
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests + broken,
      skipped: report.numPendingTests + report.numTodoTests,
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

/** The counts of a stage that only prints them, last. A stage that ended without counts as one failure. */
function countsIn(/** @type {string} */ output) {
  const closing = [...output.matchAll(/^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/gm)].at(-1);
  if (!closing) return { passed: 0, failed: 1, skipped: 0 };
  const [passed = 0, failed = 0, skipped = 0] = closing.slice(1).map((n) => Number(n ?? 0));
  return { passed, failed, skipped };
}

/** The last lines in which a runner counts its tests. */
const closingLines = (/** @type {string} */ output) =>
  stripVTControlCharacters(output)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) =>
      /^(Test Files|Tests|Type Errors|Errors) {2}|^\d+ (passed|failed|flaky|skipped|did not run)\b|^skipped: /.test(
        line,
      ),
    );

const begin = performance.now();
const seconds = (/** @type {number} */ since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/**
 * Runs a stage to its end. Its output is shown as it comes, or at its end when `quiet`.
 * @returns its lines of the closing summary, its counts, and whether it failed
 */
async function runStage(/** @type {Stage} */ { name, title, args, counts }, /** @type {boolean} */ quiet) {
  const headline = `\n== ${title} (npm run ${name})`;
  if (!quiet) console.log(headline);
  const since = performance.now();
  let output = '';
  const { code, why } = await run('npm', ['run', '--silent', name, ...(args ?? [])], {
    timeout: stageLimit,
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: join(reports, name) },
    onOutput: (text) => (output += text),
    quiet,
  });
  if (quiet) console.log(`${headline}\n${output}`);
  const line = `${code === 0 ? 'ok    ' : 'FAILED'}  ${title.padEnd(18)} ${seconds(since).padStart(8)}${code === 0 ? '' : `  (${why})`}`;
  const closing = args || counts ? closingLines(output).map((text) => `          ${text}`) : [];
  const counted = args ? countsOf(name) : counts ? countsIn(output) : { passed: 0, failed: 0, skipped: 0 };
  return { lines: [line, ...closing], counts: counted, failed: code !== 0 };
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((word) => !stages.some(({ name }) => name === word));
if (unknown.length > 0) {
  // Nothing would run, and nothing would fail.
  console.error(`No stage ${unknown.join(', ')}. There are: ${stages.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}
const chosen = stages.filter(({ name }) => wanted.length === 0 || wanted.includes(name));

/** Runs one after the other. */
async function runLane(/** @type {Stage[]} */ lane, /** @type {boolean} */ quiet) {
  const results = [];
  for (const stage of lane) results.push(await runStage(stage, quiet));
  return results;
}

const [plain, browsers] = [chosen.filter(({ browser }) => !browser), chosen.filter(({ browser }) => browser)];
const results = (await Promise.all([runLane(plain, browsers.length > 0), runLane(browsers, false)])).flat();
rmSync(reports, { recursive: true });

const sum = (/** @type {'passed' | 'failed' | 'skipped'} */ what) =>
  results.reduce((n, { counts }) => n + counts[what], 0);
const [passed, failed, skipped] = [sum('passed'), sum('failed'), sum('skipped')];
console.log(`\n${results.flatMap(({ lines }) => lines).join('\n')}\nall stages  ${seconds(begin)}\n`);
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exit(failed > 0 || results.some((result) => result.failed) ? 1 : 0);
