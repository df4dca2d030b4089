// @ts-check
/**
 * `npm test`: installs what is missing, then runs every stage to its end, and says at the end what passed and what did not.
 * Stage names as arguments run only those: `node e2e/test.mjs unit gpu`.
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
const vitestReport = (/** @type {string} */ name) => ['--', '--reporter=default', '--reporter=json', `--outputFile=${join(reports, name)}`];

/** @type {{ name: string, title: string, args?: string[] }[]} args: those of a runner that writes a report */
const stages = [
  { name: 'check', title: 'types' },
  { name: 'lint', title: 'lint' },
  { name: 'format:check', title: 'format' },
  { name: 'unit', title: 'unit tests', args: vitestReport('unit') },
  { name: 'gpu', title: 'GPU tests', args: vitestReport('gpu') },
  { name: 'e2e', title: 'end-to-end tests', args: ['--', '--reporter=list,json'] },
];
/** A stage that hangs is ended: this is far more than any needs. */
const stageLimit = 25 * 60_000;

/** The counts of a runner's report. A runner that ended without one counts as one failure. */
function countsOf(/** @type {string} */ name) {
  try {
    const report = JSON.parse(readFileSync(join(reports, name), 'utf8'));
    if ('stats' in report) {
      const { expected, unexpected, flaky, skipped } = report.stats;
      return { passed: expected + flaky, failed: unexpected + (report.errors.length > 0 && unexpected === 0 ? 1 : 0), skipped };
    }
    const broken = report.numFailedTests === 0 && !report.success ? 1 : 0;
    return { passed: report.numPassedTests, failed: report.numFailedTests + broken, skipped: report.numPendingTests + report.numTodoTests };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

/** How a runner closed: the last lines in which it counts its tests. */
const closingLines = (/** @type {string} */ output) =>
  stripVTControlCharacters(output)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^(Test Files|Tests|Type Errors|Errors) {2}|^\d+ (passed|failed|flaky|skipped|did not run)\b/.test(line));

const total = { passed: 0, failed: 0, skipped: 0 };
const lines = [];
let failedStages = 0;
const begin = performance.now();
const seconds = (/** @type {number} */ since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

const wanted = process.argv.slice(2);
for (const { name, title, args } of stages.filter((stage) => wanted.length === 0 || wanted.includes(stage.name))) {
  console.log(`\n== ${title} (npm run ${name})`);
  const since = performance.now();
  let output = '';
  const { code, why } = await run('npm', ['run', '--silent', name, ...(args ?? [])], {
    timeout: stageLimit,
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: join(reports, name) },
    onOutput: (text) => (output += text),
  });
  if (code !== 0) failedStages++;
  lines.push(`${code === 0 ? 'ok    ' : 'FAILED'}  ${title.padEnd(18)} ${seconds(since).padStart(8)}${code === 0 ? '' : `  (${why})`}`);
  if (!args) continue;
  lines.push(...closingLines(output).map((line) => `          ${line}`));
  const counts = countsOf(name);
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped;
}
rmSync(reports, { recursive: true });

console.log(`\n${lines.join('\n')}\nall stages  ${seconds(begin)}\n`);
console.log(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`);
process.exit(failedStages > 0 || total.failed > 0 ? 1 : 0);
