// @ts-check
/**
 * `npm run budgets`: prints every time and size that has a budget, and judges it. Tests assert outputs, never speed;
 * this is where speed is looked at.
 *
 * Sizes come from the build's manifest. Times come from the page itself: it sets the performance marks `first-picture`
 * (after a canvas that is not blank) and `own-capture` (this device's own run is drawn), and offers
 * `window.attnscope.debug` with
 * - `stepTimes(n: number): Promise<number[]>`: steps n times through a seeded capture at N = 256, d = 64; the
 *   main-thread ms of each step, by the wall; each begins with the mark `attnscope-step`, by which a trace of the
 *   browser finds what the step took of the main thread alone
 * - `pipelineTimes(): Promise<Record<string, number>>`: the ms that each text of each kernel took to become a pipeline,
 *   in the tile that the page opens with at N = 253, d = 64: one after the other, nothing else being compiled
 * - `pageStepTimes(n: number, workload?: string, from?: number)`: steps n times through a workload of the Page lab from
 *   a moment on, every picture in sight; the main-thread ms of each step, as above
 * - `spaceTimes(n: number)`: steps a memory scene of its own n times through a seeded capture at N = 256, d = 64, in a
 *   page that does nothing else; the main-thread ms of each step up to its first picture (new colours, labels, layout,
 *   WebGL calls), and of each further picture while tiles fly. What the graphics process does with the calls is not in
 *   it
 *
 * What the page does not offer is "missing", and counts as over budget.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright';
import { chromiumFlags, ensureChromium } from './chromium.mjs';
import { serveBuild } from './serve.mjs';

/**
 * What the page offers at `window.attnscope.debug`, see above.
 * @typedef {{
 *   stepTimes?(n: number): Promise<number[]>,
 *   pipelineTimes?(): Promise<Record<string, number>>,
 *   pageStepTimes?(n: number, workload?: string, from?: number): Promise<number[]>,
 *   spaceTimes?(n: number): Promise<{ instances: number, steps: number[], pictures: number[] }>,
 * }} Debug
 */
/** @typedef {{ file: string, isEntry?: boolean, imports?: string[] }} Chunk */

/** Visits are repeated and the median is judged, because a shared machine has slow moments. */
const visits = 5;
const steps = 200;
const sceneSteps = 30;

let overBudget = 0;

/**
 * Prints one figure and judges it.
 * @param {string} what
 * @param {number | undefined} value
 * @param {number} limit exclusive
 * @param {string} unit
 */
function judge(what, value, limit, unit) {
  const kept = value !== undefined && value < limit;
  if (!kept) overBudget++;
  const figure = value === undefined ? 'missing' : `${value.toFixed(value < 100 ? 2 : 0)} ${unit}`;
  console.log(`${kept ? 'ok  ' : 'OVER'}  ${what.padEnd(48)} ${figure.padStart(12)}   budget < ${limit} ${unit}`);
}

/** Prints a figure that has no budget. */
const note = (/** @type {string} */ what, /** @type {number | undefined} */ value, /** @type {string} */ unit) =>
  console.log(`      ${what.padEnd(48)} ${`${value?.toFixed(2) ?? 'missing'} ${unit}`.padStart(12)}`);

/** The median of some values; undefined when there are none or one is missing. */
function median(/** @type {(number | undefined)[]} */ values) {
  const sorted = values.filter((value) => value !== undefined).toSorted((a, b) => a - b);
  return sorted.length === values.length ? sorted[sorted.length >> 1] : undefined;
}

/** Gzipped kilobytes (1000 bytes) of every script, and judges what the entry loads before anything lazy. */
function sizes(/** @type {string} */ folder) {
  /** @type {Record<string, Chunk>} */
  const manifest = JSON.parse(readFileSync(join(folder, '.vite/manifest.json'), 'utf8'));
  /** @type {Set<string>} */
  const entry = new Set();
  const follow = (/** @type {string} */ key) => {
    const chunk = manifest[key];
    if (!chunk || entry.has(chunk.file)) return;
    entry.add(chunk.file);
    chunk.imports?.forEach(follow);
  };
  for (const [key, { isEntry }] of Object.entries(manifest)) if (isEntry && key.endsWith('.html')) follow(key);
  const kilobytes = (/** @type {string} */ file) => gzipSync(readFileSync(join(folder, file))).length / 1000;
  const scripts = [...new Set(Object.values(manifest).map((chunk) => chunk.file))].filter((file) =>
    file.endsWith('.js'),
  );
  for (const file of scripts)
    console.log(
      `      ${`${file}${entry.has(file) ? '' : ' (lazy)'}`.padEnd(48)} ${kilobytes(file).toFixed(2).padStart(9)} KB gz`,
    );
  const inEntry = scripts.filter((file) => entry.has(file));
  const sum = inEntry.length > 0 ? inEntry.reduce((bytes, file) => bytes + kilobytes(file), 0) : undefined;
  judge('entry scripts', sum, 90, 'KB gz');
}

/**
 * When the page set a mark, in ms after navigation began; undefined when it did not within the limit.
 * @param {import('playwright').Page} page
 * @param {string} mark
 */
async function timeOf(page, mark) {
  const time = await page
    .waitForFunction((name) => performance.getEntriesByName(name, 'mark')[0]?.startTime, mark, {
      timeout: 20_000,
      polling: 100,
    })
    .catch(() => undefined);
  return time?.jsonValue();
}

/**
 * The time from navigation to the first picture and to this device's own capture, on a first visit with its headline.
 * The first visit only warms the server.
 */
async function pageLoad(/** @type {import('playwright').Browser} */ browser, /** @type {string} */ url) {
  const marks = [];
  for (let visit = 0; visit <= visits; visit++) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    await page.goto(url);
    const picture = await timeOf(page, 'first-picture');
    const capture = picture === undefined ? undefined : await timeOf(page, 'own-capture');
    await context.close();
    if (visit > 0) marks.push({ picture, capture });
    if (picture === undefined) break;
  }
  judge('first picture', marks.length > 0 ? median(marks.map((mark) => mark.picture)) : undefined, 1000, 'ms');
  judge('own capture', marks.length > 0 ? median(marks.map((mark) => mark.capture)) : undefined, 4000, 'ms');
}

/**
 * The main thread's own time in each step, in ms: its CPU time in the frame that a step takes, and in the tasks that
 * follow it, by the browser's trace. By the wall a step is longer wherever the GPU is software and takes the same
 * processors.
 * @param {import('playwright').Browser} browser
 * @param {() => Promise<unknown>} doSteps
 */
async function stepWork(browser, doSteps) {
  const session = await browser.newBrowserCDPSession();
  /** @type {{ name: string, ph: string, ts: number, dur: number, tdur?: number }[]} */
  const events = [];
  session.on('Tracing.dataCollected', ({ value }) =>
    events.push(.../** @type {typeof events} */ (/** @type {unknown} */ (value))),
  );
  const ended = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  const categories = ['devtools.timeline', 'blink.user_timing'];
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: categories },
  });
  await doSteps();
  await session.send('Tracing.end');
  await ended;
  await session.detach();
  const marks = events.filter(({ name }) => name === 'attnscope-step').map(({ ts }) => ts);
  const times = (/** @type {typeof events} */ of) => of.map(({ tdur }) => (tdur ?? Infinity) / 1000);
  const frames = events.filter(({ name }) => name === 'FireAnimationFrame');
  const [from, to] = [marks[0] ?? 0, marks.at(-1) ?? 0];
  return {
    steps: times(frames.filter(({ ts, dur }) => marks.some((at) => at >= ts && at <= ts + dur))),
    // Tasks that follow a step; a timer that finds nothing to do does not count.
    later: times(
      events.filter(({ name, ts, tdur }) => name === 'TimerFire' && ts >= from && ts <= to && (tdur ?? 0) > 300),
    ),
  };
}

/** The page's probes, once it is ready. */
const debugOf = (/** @type {import('playwright').Page} */ page) =>
  page.evaluateHandle(async () => {
    /** @type {{ ready?: Promise<unknown>, debug?: Debug } | undefined} */
    const scope = Reflect.get(window, 'attnscope');
    await scope?.ready;
    return scope?.debug;
  });

/** Figures from the page's own probes: a step on the main thread, and each pipeline. */
async function probes(/** @type {import('playwright').Browser} */ browser, /** @type {string} */ url) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`${url}#lab=step`);
  await timeOf(page, 'own-capture');
  const debug = await debugOf(page);
  /** @type {number[] | undefined} */
  let wall;
  const { steps: work, later } = await stepWork(browser, async () => {
    wall = await debug.evaluate((probe, n) => probe?.stepTimes?.(n), steps);
  });
  judge('a step, N = 256, d = 64 (median, main thread)', work.length ? median(work) : undefined, 4, 'ms');
  judge('the enlarged tile after it, a task of its own', later.length ? median(later) : undefined, 4, 'ms');
  note('a step by the wall, its GPU process beside it', wall?.length ? median(wall) : undefined, 'ms');
  const pipelines = Object.entries((await debug.evaluate((probe) => probe?.pipelineTimes?.())) ?? {});
  await page.close();
  if (pipelines.length === 0) judge('pipeline creation', undefined, 3000, 'ms');
  for (const [name, time] of pipelines) judge(`pipeline ${name}`, time, 3000, 'ms');
}

/**
 * Steps of the Page lab: the story from its start, and ten thousand blocks with a thousand running requests. In the
 * latter each step writes a thousand tokens and changes as many blocks, and must stay below half a frame at 60 a
 * second.
 */
async function pageSteps(/** @type {import('playwright').Browser} */ browser, /** @type {string} */ url) {
  for (const [what, workload, from, limit] of /** @type {const} */ ([
    ['a step of the Page lab, the story', '', 0, 4],
    ['a step of the Page lab, 10,000 blocks', 'scale', 1030, 8],
  ])) {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(`${url}#lab=step`);
    await timeOf(page, 'own-capture');
    const debug = await debugOf(page);
    const { steps: work } = await stepWork(browser, () =>
      debug.evaluate(
        (probe, [n, of, at]) => probe?.pageStepTimes?.(n, of, at),
        /** @type {const} */ ([steps, workload, from]),
      ),
    );
    await page.close();
    judge(what, work.length ? median(work) : undefined, limit, 'ms');
  }
}

/** The memory scene: loaded only when shown, and the cost of a step in it. */
async function scene(/** @type {import('playwright').Browser} */ browser, /** @type {string} */ url) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  let asked = 0;
  page.on('request', (request) => (asked += Number(/space-scene/.test(request.url()))));
  await page.goto(`${url}#lab=step`);
  await timeOf(page, 'own-capture');
  await page.evaluate(() => Reflect.get(window, 'attnscope').ready);
  judge('scripts of the 3D scene before it is shown', asked, 1, '');
  const found = await page.evaluate(
    (n) => /** @type {{ debug?: Debug } | undefined} */ (Reflect.get(window, 'attnscope'))?.debug?.spaceTimes?.(n),
    sceneSteps,
  );
  await page.close();
  const cells = `${found?.instances ?? 0} instances`;
  if ((found?.instances ?? 0) < 5000) judge(`3D scene with 5,000 instances or more: ${cells}`, undefined, 4, 'ms');
  judge(`3D: a step to its first picture, ${cells}`, found?.steps.length ? median(found.steps) : undefined, 4, 'ms');
  judge(
    `3D: a picture while tiles fly, ${cells}`,
    found?.pictures.length ? median(found.pictures) : undefined,
    4,
    'ms',
  );
}

/** The longest task on the main thread while the Time lab sweeps to N = 2048: what a key press may have to wait for. */
async function sweepTasks(/** @type {import('playwright').Browser} */ browser, /** @type {string} */ url) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`${url}#lab=time&t.n=64.512.2048&t.heads=8&t.s=4&t.kernels=naive.flash2.flash-fast`);
  await page.evaluate(() => Reflect.get(window, 'attnscope').ready);
  await page.locator('.time-lab .start').click();
  await page.evaluate(() => {
    Object.assign(window, { longest: 0 });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries())
        Object.assign(window, { longest: Math.max(Reflect.get(window, 'longest'), duration) });
    }).observe({ type: 'longtask' });
  });
  const ended = page.locator('.start-bar.running').waitFor({ state: 'detached', timeout: 180_000 });
  const longest = await ended
    .then(() => page.evaluate(() => /** @type {number} */ (Reflect.get(window, 'longest'))))
    .catch(() => undefined);
  await page.close();
  judge('longest task of a sweep to N = 2048', longest, 100, 'ms');
}

const executablePath = await ensureChromium();
const served = await serveBuild();
const browser = await chromium.launch({ executablePath, args: chromiumFlags });
try {
  sizes(served.folder);
  await pageLoad(browser, served.url);
  await probes(browser, served.url);
  await pageSteps(browser, served.url);
  await scene(browser, served.url);
  await sweepTasks(browser, served.url);
} finally {
  await browser.close();
  await served.close();
}
console.log(overBudget === 0 ? 'All budgets kept.' : `${overBudget} over budget.`);
process.exit(overBudget === 0 ? 0 : 1);
