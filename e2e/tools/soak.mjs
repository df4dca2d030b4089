// @ts-check
/**
 * `npm run soak`: looks for tests that pass by luck. Runs every property with many fresh seeds; then every suite
 * several times, on idle cores and on busy ones. Lists which tests failed, how often, and with which seed, and exits
 * with 1 if any did.
 *
 *   npm run soak -- [stage...] [-- file...]
 *     stages          properties unit gpu e2e; all of them when none is named
 *     files           only these
 *     --seeds 300     fresh seeds for each property, within its seconds
 *     --seconds 20    for each property
 *     --seed N        a single seed, to try a failure again
 *     --times 3       how often each suite runs, idle and busy each
 *     --load both     idle | busy | both
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs, stripVTControlCharacters } from 'node:util';
import { Worker } from 'node:worker_threads';
import { ensureChromium } from './chromium.mjs';
import { run } from './run.mjs';
import { installPackages, requireNode } from './setup.mjs';
import { failuresIn } from './soak-report.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: 'string', default: '300' },
    seconds: { type: 'string', default: '20' },
    seed: { type: 'string' },
    times: { type: 'string', default: '3' },
    load: { type: 'string', default: 'both' },
  },
});
const stages = ['properties', 'unit', 'gpu', 'e2e'];
const named = positionals.filter((word) => stages.includes(word));
const files = positionals.filter((word) => !stages.includes(word));
const [seeds, seconds, times] = [values.seeds, values.seconds, values.times].map(Number);
if (!seeds || !seconds || !times || !['idle', 'busy', 'both'].includes(values.load)) {
  console.error('soak: --seeds, --seconds and --times are numbers above 0, --load is idle, busy or both');
  process.exit(2);
}

requireNode();
await installPackages();
process.env['CHROMIUM'] = await ensureChromium();

const reports = mkdtempSync(join(tmpdir(), 'attnscope-soak-'));
/**
 * How often each test failed, where, and how it failed first.
 * @type {Map<string, { times: number, where: Set<string>, why: string }>}
 */
const failures = new Map();
let runs = 0;

/** Runs one suite to its end and notes what failed. Returns what it printed. */
async function suite(
  /** @type {string} */ where,
  /** @type {string[]} */ args,
  /** @type {Record<string, string>} */ env = {},
) {
  console.log(`\n== ${where}`);
  const report = join(reports, `${++runs}.json`);
  const reporters =
    args[0] === 'e2e' ? ['--reporter=list,json'] : ['--reporter=default', '--reporter=json', `--outputFile=${report}`];
  const [script = '', ...rest] = args;
  let output = '';
  const { code } = await run('npm', ['run', '--silent', script, '--', ...reporters, ...rest, ...files], {
    timeout: 4 * 60 * 60_000,
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: report, ...env },
    onOutput: (text) => (output += text),
  });
  const failed = failuresIn(report);
  if (code !== 0 && failed.length === 0) failed.push({ name: 'the runner', why: `ended with ${code}` });
  for (const { name, why } of failed) {
    const known = failures.get(name) ?? { times: 0, where: new Set(), why };
    known.times++;
    known.where.add(where);
    failures.set(name, known);
  }
  return stripVTControlCharacters(output);
}

/** Keeps every core busy until the returned function is called. */
function keepBusy() {
  const loops = Array.from({ length: availableParallelism() }, () => new Worker('for (;;);', { eval: true }));
  return () => Promise.all(loops.map((loop) => loop.terminate()));
}

const wanted = (/** @type {string} */ stage) => named.length === 0 || named.includes(stage);

if (wanted('properties')) {
  const seed = values.seed === undefined ? Math.floor(Date.now() % 2 ** 31) : Number(values.seed);
  const only = values.seed !== undefined;
  const asked = { seeds: only ? 1 : seeds, seconds, seed, only };
  const output = await suite('properties', ['unit'], { ATTNSCOPE_SOAK: JSON.stringify(asked) });
  const tried = [...output.matchAll(/^soak: (\d+) of \d+ seeds: (.*)$/gm)].map(([, n, test]) => ({
    n: Number(n),
    test,
  }));
  console.log(`${tried.length} properties, the first seed ${seed}; seeds each, fewest first:`);
  for (const { n, test } of tried.toSorted((a, b) => a.n - b.n))
    if (n < asked.seeds) console.log(`  ${String(n).padStart(5)}  ${test}`);
  console.log(`  ${String(asked.seeds).padStart(5)}  ${tried.filter(({ n }) => n >= asked.seeds).length} others`);
}

for (const load of ['idle', 'busy'].filter((one) => values.load === 'both' || values.load === one)) {
  const rest = load === 'busy' ? keepBusy() : undefined;
  for (const stage of ['unit', 'gpu'].filter(wanted))
    for (let time = 1; time <= times; time++) {
      // Fresh seeds for the GPU's properties, too, one each: a compiler in software takes its time.
      const asked = JSON.stringify({ seeds: 1, seconds: 1, seed: Date.now() % 2 ** 31, only: false });
      await suite(`${stage}, cores ${load}`, [stage], time > 1 && stage === 'gpu' ? { ATTNSCOPE_SOAK: asked } : {});
    }
  if (wanted('e2e')) await suite(`e2e, cores ${load}`, ['e2e', `--repeat-each=${times}`]);
  await rest?.();
}
rmSync(reports, { recursive: true });

console.log('');
for (const [name, { times: often, where, why }] of failures)
  console.log(`FAILED ${often} x  ${name}  (${[...where].join('; ')})\n  ${why.replaceAll('\n', '\n  ')}`);
console.log(failures.size === 0 ? 'soak found nothing' : `soak: ${failures.size} failed`);
process.exit(failures.size === 0 ? 0 : 1);
