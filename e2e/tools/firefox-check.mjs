// @ts-check
/**
 * The page in Firefox: first picture, own capture, every kernel against attention in f64, steps both ways, the Page
 * lab's story to its end and back, a small sweep, and no error on the console. Ends with 'N passed, N failed'; without
 * a Firefox it says so and skips.
 */
import process from 'node:process';
import { ensureFirefox, launchFirefox } from './firefox.mjs';
import { attend, requestOf } from './firefox-reference.mjs';
import { serveBuild } from './serve.mjs';
import { installPackages, requireNode } from './setup.mjs';

/** Says why there is nothing to check, and counts it as skipped. @returns {never} */
function skip(/** @type {string} */ why) {
  console.log(`skipped: ${why}\n0 passed, 0 failed, 1 skipped`);
  process.exit(0);
}

requireNode();
await installPackages();
const found = await ensureFirefox();
if (!found) skip('no Firefox');

const { url, close } = await serveBuild();
const browser = await launchFirefox(found);
console.log(`${await browser.version()}, ${found.lavapipe ? 'WebGPU on lavapipe' : 'WebGPU of this system'}`);
const page = await browser.newPage();

/** @type {string[]} */
const errors = [];
page.on('pageerror', (/** @type {Error} */ error) => errors.push(`uncaught: ${error.message}`));
page.on(
  'console',
  (/** @type {any} */ message) => message.type() === 'error' && errors.push(`console: ${message.text()}`),
);

let [passed, failed] = [0, 0];
/** One check; a failure does not stop the others. */
async function check(/** @type {string} */ name, /** @type {() => Promise<string | void>} */ act) {
  const since = performance.now();
  const time = () => `${((performance.now() - since) / 1000).toFixed(1)} s`;
  try {
    const said = await act();
    passed++;
    console.log(`ok      ${name} (${time()})${said ? `: ${said}` : ''}`);
  } catch (thrown) {
    failed++;
    console.log(`FAILED  ${name} (${time()})\n        ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
}

function assert(/** @type {unknown} */ holds, /** @type {string} */ why) {
  if (!holds) throw new Error(why);
}

/** Polls the page until a condition holds, for at most a minute. */
async function until(
  /** @type {string} */ what,
  /** @type {() => Promise<any>} */ ask,
  /** @type {(said: any) => unknown} */ holds,
) {
  let said;
  for (const end = Date.now() + 60_000; Date.now() < end;) {
    said = await ask();
    if (holds(said)) return said;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${what}: still ${JSON.stringify(said)} after a minute`);
}

const open = async (/** @type {string} */ fragment) => {
  // Another page in between, so that the document is loaded again and does not just get a new fragment.
  await page.goto('about:blank');
  await page.goto(`${url}#${fragment}`);
};
/**
 * The text of a part of the page, inside its shadow root. The enlarged tile also has the names of blocks that are not
 * shown; they are left out.
 */
const text = (/** @type {string} */ selector) =>
  page.evaluate((/** @type {string} */ at) => {
    const seen = (/** @type {Element} */ part) => {
      const copy = /** @type {Element} */ (part.cloneNode(true));
      for (const kept of copy.querySelectorAll('.cross-over:not(.shown)'))
        if (kept.closest('.tile-stage')) kept.remove();
      return copy.textContent;
    };
    return [...(document.querySelector('attn-scope')?.shadowRoot?.querySelectorAll(at) ?? [])].map(seen).join('\n');
  }, selector);
const click = (/** @type {string} */ selector) =>
  page.evaluate((/** @type {string} */ at) => {
    const part = document.querySelector('attn-scope')?.shadowRoot?.querySelector(at);
    if (!(part instanceof HTMLElement)) throw new Error(`nothing is ${at}`);
    part.click();
  }, selector);
const state = () => page.evaluate(() => window.attnscope.state());

await page.goto(`${url}icon.svg`);
const adapter = await page.evaluate(async () =>
  Boolean(await /** @type {GPU | undefined} */ (navigator.gpu)?.requestAdapter()),
);
if (!adapter && !found.lavapipe) {
  await browser.close();
  await close();
  skip('Firefox has no WebGPU adapter here');
}

await check('the first picture is drawn', async () => {
  await open('input=seed&n=48&d=16&heads=2&seed=3&mask=causal&kernel=flash2');
  await until('a picture', () => page.evaluate(() => performance.getEntriesByName('first-picture').length), Boolean);
});

await check('the capture is its own, and the instrumented run is the plain one', async () => {
  await page.evaluate(() => window.attnscope.ready);
  const { trace } = await until(
    'the trace',
    state,
    (said) => said.trace?.provenance === 'this-device' && said.trace.maxPlainTapped !== undefined,
  );
  assert(trace.maxPlainTapped === 0, `plain and instrumented differ by ${trace.maxPlainTapped}`);
  assert(trace.maxOracle < 1e-5, `off by ${trace.maxOracle}`);
});

/**
 * The text of a part once it rests: after the time that views wait before they write it (400 ms by the page's own
 * timers, so that a slow page waits for itself), and then the same three times in a row.
 */
async function settled(/** @type {() => Promise<string>} */ ask) {
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 450)))),
  );
  let [said, times] = ['', 0];
  await until('a picture at rest', ask, (now) => {
    times = now === said ? times + 1 : 0;
    said = now;
    return times >= 3;
  });
  return said;
}

/** Where two texts first differ, with the text around it. */
function difference(/** @type {string} */ a, /** @type {string} */ b) {
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  return `${JSON.stringify(a.slice(Math.max(0, i - 40), i + 80))} was ${JSON.stringify(b.slice(Math.max(0, i - 40), i + 80))}`;
}

/** Presses next `count` times and previous as often: the resting text is the same both times at every moment. */
async function thereAndBack(/** @type {string} */ deck, /** @type {string} */ parts, /** @type {number} */ count) {
  const seen = () => text(parts);
  const place = async () => JSON.stringify([(await state()).cursor, (await state()).moment]);
  const told = [await settled(seen)];
  const move = async (/** @type {string} */ button) => {
    const from = await place();
    await click(`${deck} ${button}`);
    await until(`${button} from ${from}`, place, (now) => now !== from);
    return settled(seen);
  };
  for (let step = 0; step < count; step++) told.push(await move('.next'));
  assert(new Set(told).size === told.length, 'two places look the same');
  for (const before of told.slice(0, -1).toReversed()) {
    const now = await move('.previous');
    assert(now === before, difference(now, before));
  }
  return `${count} steps`;
}

await check('steps lead on, and back to the same', () =>
  thereAndBack('.transport', '.view-cross, .view-memory, .view-softmax, .view-source, .scrub-text', 5),
);

const kernels = await page.evaluate(() => window.attnBench.kernels().filter((name) => name !== 'tiled-tuned'));
for (const kernel of kernels)
  await check(`${kernel} is attention in f64`, async () => {
    let worst = 0;
    // Decoding kernels take one query for each sequence; the causal mask hides nothing from it.
    const tried = kernel.startsWith('decode')
      ? [{ queries: 1, mask: 'full' }]
      : [
          { queries: 33, mask: 'causal' },
          { queries: 50, mask: 'full' },
        ];
    for (const { queries, mask } of tried) {
      const keys = 50;
      const request = requestOf({ heads: 2, kvHeads: 1, queries, keys, dim: 32 }, mask);
      const said = await page.evaluate(
        async (/** @type {any} */ asked) => {
          const [q, k, v] = ['q', 'k', 'v'].map((name) => new Float32Array(asked[name]));
          try {
            const { o, lse, provenance } = await window.attnscope.run({ ...asked, q, k, v });
            return { o: [...o], lse: [...lse], provenance };
          } catch (error) {
            return {
              code: /** @type {any} */ (error).code,
              text: String(error),
              subgroups: (await navigator.gpu.requestAdapter())?.features.has('subgroups'),
            };
          }
        },
        { kernel, ...request },
      );
      // What the device lacks is refused with a typed error; nothing else is.
      if (said.code === 'feature-missing' && !said.subgroups) return 'refused: no subgroups on this device';
      assert(said.code === undefined, said.text);
      assert(said.provenance === 'this-device', `computed by ${said.provenance}`);
      worst = Math.max(worst, attend(request).worst(said));
      assert(worst < 4e-6, `${queries} x ${keys}, ${mask}: off by ${worst}`);
    }
    return `off by ${worst.toExponential(1)}`;
  });

const others = await page.evaluate(() => {
  const options =
    document.querySelector('attn-scope')?.shadowRoot?.querySelectorAll('select[name=kernel] option') ?? [];
  const attention = window.attnBench.kernels();
  return [...options]
    .map((one) => /** @type {HTMLOptionElement} */ (one).value)
    .filter((id) => !attention.includes(id));
});
for (const kernel of others)
  await check(`${kernel} is what f64 says, by the page's own check`, async () => {
    const request = requestOf({ heads: 2, kvHeads: 1, queries: 33, keys: 50, dim: 32 }, 'causal');
    const { error, sizes, provenance } = await page.evaluate(
      async (/** @type {any} */ asked) => {
        const [q, k, v] = ['q', 'k', 'v'].map((name) => new Float32Array(asked[name]));
        const answer = await window.attnscope.run({ ...asked, q, k, v });
        const filled = Object.values(answer.outputs).map(
          (numbers) => numbers.filter((/** @type {number} */ x) => x !== 0).length,
        );
        return { error: answer.error.max, sizes: filled, provenance: answer.provenance };
      },
      { kernel, ...request },
    );
    assert(provenance === 'this-device', `computed by ${provenance}`);
    assert(
      sizes.length > 1 && sizes.every((/** @type {number} */ n) => n > 0),
      `outputs with ${sizes.join(', ')} numbers`,
    );
    return `off by ${error.toExponential(1)}`;
  });

await check("the Page lab's story leads to its end, and back", async () => {
  await open('lab=page&moment=0');
  const first = await until(
    'the story',
    () => text('.page-lab .scrub-text'),
    (said) => /^0\/\d/.test(said.trim()),
  );
  return thereAndBack(
    '.page-lab .deck',
    '.page-lab .scrub-text, .page-lab .story, .view-pool .summary, .view-queue',
    Number(/\/(\d+)/.exec(first)?.[1]),
  );
});

await check('a small sweep ends, with both kernels measured and right', async () => {
  await open('lab=time&t.kernels=naive.flash2&t.n=16.24&t.heads=1&t.d=8&t.s=1');
  await page.evaluate(() => window.attnscope.ready);
  await click('.time-lab .start-bar button');
  const rows = () =>
    page.evaluate(() =>
      [...(document.querySelector('attn-scope')?.shadowRoot?.querySelectorAll('table.points tbody tr') ?? [])].map(
        (row) => row.textContent ?? '',
      ),
    );
  await until('four rows', rows, (said) => said.length === 4);
  await until(
    'the end',
    () => text('.start-bar.running'),
    (said) => said === '',
  );
  // This browser reports the end of work in ticks of 100 ms: the second length may be left out, and its row then says
  // so.
  for (const row of await rows()) {
    const error = /\d\.\d+e-\d+/.exec(row)?.[0];
    assert(error ? Number(error) < 1e-5 : /skipped/.test(row), `a row says ${row.replaceAll(/\s+/g, ' ')}`);
  }
  for (const kernel of ['naive', 'flash2'])
    assert(
      (await rows()).some((/** @type {string} */ row) => row.includes(kernel) && /\de-\d/.test(row)),
      `${kernel} was not measured`,
    );
});

await check('the page says that this browser does not name its device', async () => {
  assert((await text('.facts')).includes('Firefox does not name the device'), `the facts say ${await text('.facts')}`);
});

await check('nothing on the console', async () => assert(errors.length === 0, errors.join('\n        ')));

await browser.close();
await close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
