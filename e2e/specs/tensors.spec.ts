/**
 * The visitor's own tensors: opened, run, exported, stored in this browser, asked for when missing, and refused when
 * wrong.
 */
import { readFile } from 'node:fs/promises';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { attendPlane } from '../../src/ops/attention/oracle';
import type { Inputs, Shape } from '../../src/ops/attention/shape';
import { loadTensor, parseTensorFile } from '../../src/tensors/file';
import { doubles, floats, npyBytes, safetensorsBytes } from '../../src/tensors/testing/write';
import { value } from '../../src/ui/format';
import { expect, test } from '../support/fixtures';
import { captured, stateOf } from '../support/lab';

/** Grouped heads, fewer queries than keys, nothing divisible by a tile. */
const shape: Shape = { batch: 1, heads: 4, kvHeads: 2, queries: 19, keys: 23, dim: 8, mask: 'causal' };
const wanted = { ...shape };

const numbers = (length: number, phase: number): number[] =>
  Array.from({ length }, (_, i) => Math.fround(1.5 * Math.sin(0.7 * i + phase) + Math.cos(0.013 * i * i)));

const q = numbers(4 * 19 * 8, 1);
const k = numbers(2 * 23 * 8, 2);
const v = numbers(2 * 23 * 8, 3);
const inputs: Inputs = { q: Float32Array.from(q), k: Float32Array.from(k), v: Float32Array.from(v) };

interface Upload {
  name: string;
  mimeType: string;
  buffer: Buffer;
}
const upload = (name: string, bytes: Uint8Array): Upload => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: Buffer.from(bytes),
});

// One is f64, so that the page has to convert; its values fit f32, so nothing is rounded.
const files = [
  upload('my_v.npy', npyBytes({ shape: [2, 23, 8], data: floats(v) })),
  upload('my_q.npy', npyBytes({ version: 2, shape: [1, 4, 19, 8], data: floats(q) })),
  upload('my_k.npy', npyBytes({ descr: "'<f8'", shape: [2, 23, 8], data: doubles(k) })),
];

const openFiles = (page: Page, uploads: readonly Upload[]) =>
  page.locator('input[name=tensors]').setInputFiles([...uploads]);
const slot = (page: Page, role: 'q' | 'k' | 'v') => page.locator(`select[name=tensor-${role}]`);
const shownIn = (page: Page, role: 'q' | 'k' | 'v') => slot(page, role).locator('option:checked');

/** Opens a link without waiting for its run: the test chooses another one. */
const start = async (page: Page, fragment: string): Promise<void> => {
  await page.goto(`/#${fragment}`);
  await page.waitForFunction(() => performance.getEntriesByName('first-picture').length === 1);
};

test.beforeEach(() => test.setTimeout(180_000));

/** A tensor of the run on screen, by the page's own export. */
async function exported(
  page: Page,
  tensor: string,
): Promise<{ name: string; shape: readonly number[]; data: Float32Array }> {
  const waiting = page.waitForEvent('download');
  await page.getByRole('button', { name: `Save ${tensor} as .npy` }).click();
  const download = await waiting;
  const bytes = Uint8Array.from(await readFile(await download.path()));
  const { data, shape: sizes } = loadTensor('x', parseTensorFile('x', bytes).entries[0]!);
  return { name: download.suggestedFilename(), shape: sizes, data };
}

test('three .npy at once: run, right to the oracle, exported, brought back by the link', async ({ page, browser }) => {
  await start(page, 'kernel=flash2&input=seed&mask=causal');
  await page.getByRole('button', { name: 'Tensors', exact: true }).click();
  for (const role of ['q', 'k', 'v'] as const) await expect(slot(page, role)).toBeDisabled();
  await openFiles(page, files);
  await captured(page, wanted);
  await expect(shownIn(page, 'q')).toHaveText('my_q.npy [1, 4, 19, 8] f32');
  await expect(shownIn(page, 'k')).toHaveText('my_k.npy [2, 23, 8] f64');
  await expect(shownIn(page, 'v')).toHaveText('my_v.npy [2, 23, 8] f32');
  await page.locator('.files-menu summary').click();
  await expect(page.locator('.tensor-notes')).toContainText('K: f64, converted to f32 exactly');
  const { violations } = await new AxeBuilder({ page })
    .include({ fromShadowDom: ['attn-scope', '.inputs'] })
    .include({ fromShadowDom: ['attn-scope', '.exports'] })
    .analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  await page.keyboard.press('Escape');

  // O of every plane equals the oracle, and the exported Q is what was opened.
  const o = await exported(page, 'O');
  expect({ name: o.name, shape: o.shape }).toEqual({ name: 'flash2-23x8-O.npy', shape: [1, 4, 19, 8] });
  const size = shape.queries * shape.dim;
  for (let plane = 0; plane < 4; plane++) {
    const want = attendPlane(shape, inputs, plane).o;
    const worst = want.reduce((most, x, i) => Math.max(most, Math.abs(x - o.data[plane * size + i]!)), 0);
    expect(worst).toBeLessThan(2e-5);
  }
  expect((await exported(page, 'Q')).data).toEqual(inputs.q);

  // The cell on screen, of the third head, equals the oracle, too.
  await page.locator('select[name=plane]').selectOption('2');
  await expect.poll(async () => new URLSearchParams(new URL(page.url()).hash.slice(1)).get('plane')).toBe('2');
  const link = (await stateOf(page)).link;
  await page.goto('about:blank');
  await page.goto(`${link}&row=18&cell=O.18.5`);
  await captured(page, wanted);
  await expect(page.locator('.message')).toHaveCount(0);
  await page
    .locator('.deck')
    .getByRole('button', { name: /last step/ })
    .click();
  await expect(page.locator('.pane-explain')).toContainText(value(attendPlane(shape, inputs, 2).o[18 * 8 + 5]!));

  // In a browser that has none of the files: they are named, the default passage is shown meanwhile, and everything is
  // right once they are opened.
  const other = await browser.newContext({ baseURL: new URL(page.url()).origin });
  const elsewhere = await other.newPage();
  await elsewhere.goto(link);
  const gone = elsewhere.locator('.message[data-code="tensor-gone"]');
  await expect(gone).toContainText('my_q.npy');
  const hash = new URLSearchParams(link.split('#')[1]).get('q')!.slice(0, 8);
  await expect(gone).toContainText(hash);
  await expect(gone).toContainText('until then the default passage is shown');
  await expect.poll(async () => (await stateOf(elsewhere)).trace?.tokens?.length ?? 0).toBeGreaterThan(60);
  await expect(shownIn(elsewhere, 'q')).toHaveText(`my_q.npy (${hash}…): not on this device`);
  await openFiles(elsewhere, files);
  await captured(elsewhere, wanted);
  await expect(elsewhere.locator('.message')).toHaveCount(0);
  expect((await stateOf(elsewhere)).choice).toMatchObject({ input: 'file', plane: 2 });

  // Files that were removed are gone.
  await elsewhere.locator('.files-menu summary').click();
  await elsewhere.getByRole('button', { name: 'Forget files' }).click();
  await expect(shownIn(elsewhere, 'q')).toHaveText('empty');
  await elsewhere.goto('about:blank');
  await elsewhere.goto(link);
  await expect(gone).toContainText('my_q.npy');
  await other.close();
});

test('one after the other, by drop; the fourth begins anew; a trace that is dropped is still imported', async ({
  page,
}) => {
  await start(page, 'kernel=flash2&input=seed&mask=causal');
  const drop = (name: string, bytes: Uint8Array) =>
    page.evaluate(
      ([file, data]) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([Uint8Array.from(data)], file));
        const top = document.querySelector('attn-scope')!.shadowRoot!.querySelector('header')!;
        top.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
      },
      [name, [...bytes]] as const,
    );
  const rows = (phase: number) => npyBytes({ shape: [12, 8], data: floats(numbers(96, phase)) });
  await drop('a.npy', rows(1));
  await expect(shownIn(page, 'q')).toHaveText('a.npy [12, 8] f32');
  await expect(shownIn(page, 'k')).toHaveText('empty');
  await drop('b.npy', rows(2));
  await expect(shownIn(page, 'k')).toHaveText('b.npy [12, 8] f32');
  await drop('c.npy', rows(3));
  await expect(shownIn(page, 'v')).toHaveText('c.npy [12, 8] f32');
  await drop('d.npy', npyBytes({ shape: [7, 8], data: floats(numbers(56, 4)) }));
  await expect(shownIn(page, 'q')).toHaveText('d.npy [7, 8] f32');
  await page.goBack();
  await expect(shownIn(page, 'q')).toHaveText('a.npy [12, 8] f32');
  await captured(page, { queries: 12, keys: 12 });

  await drop('foreign.attn', new TextEncoder().encode('not a trace at all, not at all'));
  await expect(page.locator('.message[data-code="trace-foreign"]')).toHaveCount(1);
});

test('one .safetensors: names say what is what, boxes let another be chosen', async ({ page }) => {
  await start(page, 'kernel=naive&input=file&lang=en');
  await expect(page.locator('.tensors .hint')).toBeVisible();
  const layer = (i: number, n: number) =>
    ['q', 'k', 'v'].map((role, j) => ({
      name: `layers.${i}.${role}_proj`,
      dtype: 'BF16',
      shape: [2, n, 8],
      // The upper halves of f32: bf16.
      data: floats(numbers(2 * n * 8, i + j)).filter((_, at) => at % 4 >= 2),
    }));
  const ids = { name: 'ids', dtype: 'I64', shape: [2, 2], data: new Uint8Array(32) };
  await openFiles(page, [upload('model.safetensors', safetensorsBytes([...layer(0, 10), ...layer(1, 14), ids]))]);
  await expect(shownIn(page, 'q')).toHaveText('layers.0.q_proj [2, 10, 8] bf16');
  await slot(page, 'q').selectOption({ label: 'layers.1.q_proj [2, 14, 8] bf16' });
  await slot(page, 'k').selectOption({ label: 'layers.1.k_proj [2, 14, 8] bf16' });
  const mismatch = page.locator('.message[data-code="tensor-mismatch"]');
  await expect(mismatch).toContainText('K [2, 14, 8] and V [2, 10, 8]');
  await slot(page, 'v').selectOption({ label: 'layers.1.v_proj [2, 14, 8] bf16' });
  await captured(page, { kernel: 'naive', heads: 2, queries: 14, keys: 14 });
  await expect(mismatch).toHaveCount(0);
  await slot(page, 'v').selectOption({ label: 'ids [2, 2] I64' });
  await expect(page.locator('.message[data-code="tensor-dtype"]')).toContainText('ids holds numbers of type I64');
  const v2 = await exported(page, 'V');
  expect(v2.shape).toEqual([1, 2, 14, 8]);
});

test('what is wrong with a file is said, in both languages, and what was there stays', async ({ page }) => {
  await start(page, 'kernel=flash2&input=file');
  const good = { shape: [2, 2], data: floats([1, 2, 3, 4]) };
  const wrong: [string, Uint8Array, string, RegExp][] = [
    [
      'nan.npy',
      npyBytes({ ...good, data: floats([1, Number.NaN, 3, -Infinity]) }),
      'tensor-not-finite',
      /first at \[0, 1\]\. 2 of its numbers/,
    ],
    [
      'bare.npy',
      npyBytes({ ...good, descr: "'<V2'", data: floats([1, 2]) }),
      'tensor-bare',
      /two-byte numbers of no type/,
    ],
    ['big.npy', npyBytes({ ...good, descr: "'>f4'" }), 'tensor-big-endian', />f4/],
    ['ints.npy', npyBytes({ ...good, descr: "'<i4'" }), 'tensor-dtype', /<i4/],
    ['cut.npy', npyBytes({ ...good, data: floats([1, 2, 3]) }), 'tensor-truncated', /Expected \d+ bytes, got \d+/],
    ['text.npy', new TextEncoder().encode('these are words'), 'tensor-foreign', /not a tensor file/],
    ['none.npy', new Uint8Array(0), 'tensor-empty', /no bytes/],
    ['huge.safetensors', Uint8Array.of(0, 0, 0, 0, 1, 0, 0, 0, 0x7b), 'tensor-header-oversized', /4\.00 GiB/],
  ];
  await openFiles(
    page,
    wrong.map(([name, bytes]) => upload(name, bytes)),
  );
  for (const [name, , code, text] of wrong) {
    const message = page.locator(`.message[data-code="${code}"]`);
    await expect(message).toContainText(name);
    await expect(message).toContainText(text);
  }
  await page.locator('.language').click();
  const bare = page.locator('.message[data-code="tensor-bare"]');
  await expect(bare).toContainText('没有类型的双字节数');
  for (const role of ['q', 'k', 'v'] as const) await expect(slot(page, role)).toBeDisabled();
  await bare.getByRole('button', { name: '按 bf16 读取' }).click();
  await expect(shownIn(page, 'q')).toHaveText('bf16 [2, 2] bf16');
  await expect(page.locator('.message')).toHaveCount(0);
  // Another file does not change the offer.
  await openFiles(page, [upload('bare.npy', npyBytes({ ...good, descr: "'<V2'", data: floats([5, 6]) }))]);
  await expect(bare).toHaveCount(1);
  await openFiles(page, [upload('fine.npy', npyBytes(good))]);
  await expect(slot(page, 'q').locator('option', { hasText: 'fine.npy' })).toHaveCount(1);
  await expect(bare.getByRole('button', { name: '按 bf16 读取' })).toBeVisible();
});

test('a browser with no room for the files: it says so, and the run goes on', async ({ page }) => {
  await page.addInitScript(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
    };
  });
  await start(page, 'kernel=flash2&input=file&mask=causal');
  await openFiles(page, files);
  await captured(page, wanted);
  await expect(page.locator('.message[data-code="storage-full"]')).toHaveCount(3);
  await expect(page.locator('.message[data-code="storage-full"]').first()).toContainText('goes on without storing it');
});

test('tokens before heads: guessed where the sizes tell, chosen where they do not, and in the link; a weight matrix is told', async ({
  page,
}) => {
  await start(page, 'kernel=flash2&input=file&mask=full&lang=en');
  const npy = (name: string, sizes: number[], phase: number): Upload =>
    upload(
      `${name}.npy`,
      npyBytes({
        shape: sizes,
        data: floats(
          numbers(
            sizes.reduce((a, b) => a * b, 1),
            phase,
          ),
        ),
      }),
    );
  // K and V with equal bytes keep their own names.
  await openFiles(page, [npy('q', [1, 20, 4, 8], 1), npy('k', [1, 20, 2, 8], 2), npy('v', [1, 20, 2, 8], 2)]);
  await captured(page, { heads: 4, kvHeads: 2, queries: 20, keys: 20 });
  for (const role of ['k', 'v'] as const) await expect(shownIn(page, role)).toHaveText(`${role}.npy [1, 20, 2, 8] f32`);
  const layout = page.locator('select[name=layout]');
  await expect(layout.locator('option:checked')).toHaveText('[B, N, H, d]: 4 heads (2 of K, V), 20 tokens');
  await expect(page.locator('.layout-open')).toHaveCount(0);
  await openFiles(page, [npy('q', [1, 12, 3, 8], 1), npy('k', [1, 12, 3, 8], 2), npy('v', [1, 12, 3, 8], 3)]);
  await captured(page, { heads: 12, queries: 3 });
  await expect(page.locator('.layout-open')).toBeVisible();
  await layout.selectOption('bnhd');
  await captured(page, { heads: 3, queries: 12, keys: 12 });
  await expect(page.locator('.layout-open')).toHaveCount(0);
  expect((await stateOf(page)).link).toContain('layout=bnhd');
  await openFiles(page, [npy('q_proj.weight', [8, 8], 1)]);
  await expect(page.locator('.message[data-code="tensor-weight"]')).toContainText(
    'q_proj.weight looks like a weight matrix, not like Q',
  );
});
