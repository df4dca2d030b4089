/** Files and links that are broken or hostile: each is answered, and the picture stays. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import fc from 'fast-check';
import { expect, test } from '../support/fixtures';
import { captured, open, SMALL, stateOf } from '../support/lab';

test.setTimeout(240_000);
test.describe.configure({ mode: 'parallel' });

const message = (page: Page, code: string) => page.locator(`.message[data-code="${code}"]`);

test('trace files: truncated, foreign, newer, too large by word or in fact: each is told, and the picture stays', async ({
  page,
}) => {
  await open(page, SMALL);
  await captured(page);
  const good = readFileSync(join(process.env['ATTNSCOPE_FOLDER']!, 'captures/flash2-zh.attn'));
  const begin = (version: number, total: number): Buffer => {
    const bytes = Buffer.alloc(64);
    Buffer.from([0x89, 0x41, 0x54, 0x54, 0x4e, 0x0d, 0x0a, 0x1a]).copy(bytes);
    [version, 8, total].forEach((n, i) => bytes.writeUInt32LE(n, 8 + 4 * i));
    return bytes;
  };
  const files: Record<string, Buffer> = {
    'trace-truncated': good.subarray(0, Math.floor(good.length / 2)),
    'trace-foreign': Buffer.from('PK\u0003\u0004 something else entirely, of another program'),
    'trace-newer': begin(99, 64),
    'trace-oversized': begin(1, 2 ** 30),
  };
  for (const [code, buffer] of Object.entries(files)) {
    await page
      .getByLabel('Import trace')
      .setInputFiles({ name: `${code}.attn`, mimeType: 'application/octet-stream', buffer });
    await expect(message(page, code)).toHaveCount(1);
    expect((await stateOf(page)).trace?.provenance).toBe('this-device');
    await message(page, code).getByRole('button', { name: 'Dismiss' }).click();
  }
  // A gigabyte dropped on the page: refused by its size, before any of it is read.
  const read = await page.evaluate(() => {
    let asked = 0;
    for (const name of ['arrayBuffer', 'bytes', 'stream', 'slice', 'text'] as const) {
      const method = Reflect.get(Blob.prototype, name) as ((...args: unknown[]) => unknown) | undefined;
      if (method)
        Reflect.set(Blob.prototype, name, function (this: Blob, ...args: unknown[]) {
          if (this.size > 2 ** 29) asked++;
          return method.apply(this, args);
        });
    }
    const piece = new Blob([new Uint8Array(2 ** 20)]);
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(
      new File(
        Array.from({ length: 1024 }, () => piece),
        'huge.attn',
      ),
    );
    const lab = document.querySelector('attn-scope')!.shadowRoot!.querySelector('main.lab')!;
    lab.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    return asked;
  });
  await expect(message(page, 'trace-oversized')).toContainText('1.00 GiB');
  expect(read).toBe(0);
  await expect(page.locator('.from-file')).toHaveCount(0);
  // A complete one is still shown.
  await page
    .getByLabel('Import trace')
    .setInputFiles({ name: 'good.attn', mimeType: 'application/octet-stream', buffer: good });
  await expect(page.locator('.from-file')).toContainText('good.attn');
  await expect(page.locator('.message')).toHaveCount(0);
});

const keys =
  'lab kernel input text passage layer head n nq d heads kv batch seed plane mask tile at row thread cell by speed pane theme lang file 3d q k v t.n t.d t.heads t.kernels t.mask t.s t.kv t.batch t.q vs both page moment'.split(
    ' ',
  );
const bad = [
  '',
  '-1',
  '0',
  '1',
  '4096',
  '4097',
  '1e9',
  '0x10',
  'NaN',
  'Infinity',
  '%',
  '%E0%A4%A',
  '%00',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '__proto__',
  'constructor',
  '../../etc',
  'file:///x',
  '99999999999999999999',
  '16x16',
  '32x32x32',
  '0.0.0',
  '9.9.9.9.9',
  'P.1.1',
  'P.-1',
  'Q.4095.4095',
  'time',
  'step',
  'compare',
  'page',
  'kernel:evil,tile:9x9,seed:-1',
  'kernel:naive,kernel:naive,mask:full:full',
  'bytes.99999999.cross',
  'rules:evil,pool:0',
  'naive',
  'flash2',
  'text',
  'seed',
  'file',
  'full',
  'causal',
  'on',
  '١٢٣',
  '鲸',
  '\u202e',
  '😀',
  'a'.repeat(3000),
  '1,2,3',
  '1.2.3',
  ' ',
];

/** Hostile fragments of every kind, the same in each run. */
const hostile = fc.sample(
  fc
    .array(
      fc.oneof(
        {
          weight: 6,
          arbitrary: fc
            .tuple(
              fc.constantFrom(...keys),
              fc.oneof(fc.constantFrom(...bad), fc.string({ unit: 'binary', maxLength: 40 })),
            )
            .map(([key, value]) => `${key}=${value}`),
        },
        {
          weight: 1,
          arbitrary: fc.constantFrom(
            '__proto__=1',
            'constructor=2',
            'toString',
            '=',
            '&&&',
            '==',
            '#',
            '%=%',
            'n=1&n=2',
            'hasOwnProperty=x',
          ),
        },
        { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
      ),
      { minLength: 1, maxLength: 12 },
    )
    .map((parts) => parts.join('&')),
  { seed: 20_261_124, numRuns: 200 },
);

for (const half of [0, 1]) {
  test(`100 hostile links of 200, half ${half + 1}: none throws, a picture is always there, and the next good link works`, async ({
    page,
  }) => {
    await open(page, SMALL);
    await captured(page);
    for (const fragment of hostile.slice(100 * half, 100 * half + 100)) {
      const left = await page.evaluate(async (text) => {
        location.hash = text;
        await new Promise((resolve) => setTimeout(resolve, 20));
        const state = window.attnscope.state();
        const root = document.querySelector('attn-scope')!.shadowRoot!;
        // A lab that is chosen for the first time is being loaded.
        for (let i = 0; i < 250 && root.querySelector('main.lab')!.childElementCount === 0; i++)
          await new Promise((resolve) => setTimeout(resolve, 20));
        return {
          traced: state.trace !== undefined,
          lab: root.querySelector('main.lab')!.childElementCount,
          wild: root.querySelector('main img[src=x], script') !== null,
        };
      }, fragment);
      expect(left, fragment).toMatchObject({ traced: true, wild: false });
      expect(left.lab, fragment).toBeGreaterThan(0);
    }
    await expect(message(page, 'unexpected')).toHaveCount(0);
    await page.evaluate(
      () => (location.hash = 'lab=step&input=seed&n=20&d=8&heads=1&seed=1&kernel=flash2&mask=full&tile=8x8'),
    );
    // Runs that the links had begun may be compiled still, one after the other.
    const shown = async () => (await stateOf(page)).trace?.run.shape;
    await expect.poll(shown, { timeout: 120_000 }).toMatchObject({ keys: 20, dim: 8, mask: 'full' });
  });
}
