/**
 * Records the captures in public/captures: `node e2e/record.mjs`. The kernels run in a real browser, through the page's own modules. Run it again when
 * a kernel, the tap or the format changes; which adapter wrote them stands in each file.
 */
import { Buffer } from 'node:buffer';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { createServer } from 'vite';
import { chromiumFlags, ensureChromium } from './chromium.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const SEED = 1;
const shape = { batch: 1, heads: 1, kvHeads: 1, queries: 64, keys: 64, dim: 32, mask: 'full' };
const kernels = ['naive', 'flash2'];

/**
 * Runs in the page.
 * @param {{ kernel: string, size: typeof shape, seed: number }} what
 */
async function record({ kernel, size, seed }) {
  const [{ openSession }, { openCapture }, { kernelById }, { generateInputs }, { gzip, writeTrace }] = await Promise.all(
    ['/gpu/session.ts', '/gpu/capture.ts', '/kernels/index.ts', '/attention/inputs.ts', '/capture/file.ts'].map((url) => import(url)),
  );
  const session = await openSession();
  const run = { kernel, shape: size, tile: kernelById(kernel).tiles[0] ?? { br: 0, bc: 0 } };
  const capture = await openCapture(session, run, generateInputs(size, seed), { input: `generated, seed ${seed}` });
  const { trace } = capture;
  const bytes = writeTrace({ ...trace, header: { ...trace.header, provenance: 'recorded' } });
  const packed = await gzip(bytes);
  capture.dispose();
  session.close();
  const { maxPlainTapped, maxOracle } = trace.header;
  return { size: bytes.length, maxPlainTapped, maxOracle, packed: [...packed] };
}

const executablePath = await ensureChromium();
const server = await createServer({ configFile: join(root, 'vite.config.ts'), server: { port: 0, hmr: false }, logLevel: 'error' });
await server.listen();
const browser = await chromium.launch({ executablePath, args: chromiumFlags });
try {
  const page = await browser.newPage();
  // A file of the page's origin that runs nothing by itself.
  await page.goto(new URL('icon.svg', server.resolvedUrls?.local[0]).href);
  const folder = join(root, 'public', 'captures');
  mkdirSync(folder, { recursive: true });
  for (const kernel of kernels) {
    const { size, maxPlainTapped, maxOracle, packed } = await page.evaluate(record, { kernel, size: shape, seed: SEED });
    writeFileSync(join(folder, `${kernel}.attn`), Buffer.from(packed));
    console.log(
      `${kernel}.attn: ${packed.length} bytes, ${size} unpacked; max |plain - tapped| ${maxPlainTapped}, max |O - oracle| ${maxOracle}`,
    );
  }
} finally {
  await browser.close();
  await server.close();
}
