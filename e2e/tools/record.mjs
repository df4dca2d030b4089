// @ts-check
/**
 * Records the captures in public/captures: `node e2e/tools/record.mjs`. They are of the page's own first runs, each
 * kernel on each default passage, made in a real browser through the page's own modules. Run it again when a kernel,
 * the tap, the format, the model or its opening head changes; which adapter wrote them stands in each file.
 */
import { Buffer } from 'node:buffer';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { createServer } from 'vite';
import { chromiumFlags, ensureChromium } from './chromium.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const kernels = ['naive', 'flash2'];
const passages = ['en', 'zh'];
/** A recording is fetched before the first picture. */
const LARGEST = 400_000;

/**
 * Runs in the page.
 * @param {{ kernel: string, passage: string }} what
 */
async function record({ kernel, passage }) {
  const urls = [
    '/machine/gpu/session.ts',
    '/machine/gpu/machine.ts',
    '/trace/file-write.ts',
    '/figure/problem.ts',
    '/figure/choice.ts',
    '/model/client.ts',
  ];
  const [{ openSession }, { gpuMachine }, { gzip, writeTrace }, problems, choices, { createModelClient }] =
    await Promise.all(urls.map((url) => import(url)));
  const session = await openSession();
  const choice = { ...choices.defaultChoice, kernel, passage };
  const read = await problems.createReader(createModelClient(document.baseURI)).read(problems.textOf(choice));
  const problem = problems.modelProblem(problems.sentenceOf(choice, read), choice);
  const run = choices.runOf(choice, problem.shape);
  const capture = await gpuMachine(session).capture(
    run,
    problem.inputs,
    problems.metaOf(problem, choice, undefined, 0),
  );
  const { trace } = capture;
  const bytes = writeTrace({ ...trace, header: { ...trace.header, provenance: 'recorded' } });
  const packed = await gzip(bytes);
  capture.dispose();
  session.close();
  const { maxPlainTapped, maxOracle } = trace.header;
  return { rows: run.shape.keys, size: bytes.length, maxPlainTapped, maxOracle, packed: [...packed] };
}

const executablePath = await ensureChromium();
const server = await createServer({
  configFile: join(root, 'vite.config.ts'),
  server: { port: 0, hmr: false },
  logLevel: 'error',
});
await server.listen();
const browser = await chromium.launch({ executablePath, args: chromiumFlags });
try {
  const page = await browser.newPage();
  // A file of the page's origin that runs nothing by itself.
  await page.goto(new URL('icon.svg', server.resolvedUrls?.local[0]).href);
  const folder = join(root, 'public', 'captures');
  mkdirSync(folder, { recursive: true });
  const written = new Set();
  for (const kernel of kernels) {
    for (const passage of passages) {
      const { rows, size, maxPlainTapped, maxOracle, packed } = await page.evaluate(record, { kernel, passage });
      const name = `${kernel}-${passage}.attn`;
      if (packed.length > LARGEST) throw new Error(`${name} has ${packed.length} bytes, more than ${LARGEST}`);
      writeFileSync(join(folder, name), Buffer.from(packed));
      written.add(name);
      const errors = `max |plain - tapped| ${maxPlainTapped}, max |O - oracle| ${maxOracle}`;
      console.log(`${name}: ${rows} tokens, ${packed.length} bytes, ${size} unpacked; ${errors}`);
    }
  }
  for (const name of readdirSync(folder)) if (!written.has(name)) rmSync(join(folder, name));
} finally {
  await browser.close();
  await server.close();
}
