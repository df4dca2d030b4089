/**
 * Without WebGPU the page computes small runs on the CPU: the visitor's own inputs, with progress, a way out, and a
 * refusal that names what would do.
 */
import type { Page } from '@playwright/test';
import { inputsOfPeers } from '../../src/ops/attention/inputs';
import { attendRow } from '../../src/ops/attention/oracle';
import type { Shape } from '../../src/ops/attention/shape';
import { expect, test } from '../support/fixtures';
import { open, SMALL, stateOf } from '../support/lab';

test.beforeEach(async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(Navigator.prototype, 'gpu', { get: () => undefined }));
});

/** Waits until the interpreter's own capture of a run that fits `wanted` is on screen. */
async function interpreted(page: Page, wanted: Record<string, unknown> = {}): Promise<void> {
  const flat = async () => {
    const { trace } = await stateOf(page);
    return { provenance: trace?.provenance, kernel: trace?.run.kernel, ...trace?.run.shape, ...trace?.run.tile };
  };
  await expect.poll(flat, { timeout: 45_000 }).toMatchObject({ provenance: 'interpreter', ...wanted });
}

const number = async (page: Page, name: string, value: number): Promise<void> => {
  await page.locator(`input[name=${name}]`).fill(String(value));
  await page.locator(`input[name=${name}]`).press('Enter');
};

test('changed inputs, tile, mask and kernel are computed here, labelled, checked, and can be stepped by line; there is no timing', async ({
  page,
}) => {
  await open(page, SMALL);
  await interpreted(page, { queries: 48, dim: 16 });
  await expect(page.locator('.chip.own')).toHaveText('computed on the CPU');
  await expect(page.locator('.message[data-code="no-webgpu"]')).toContainText('computed on the CPU');

  await number(page, 'keys', 21);
  await interpreted(page, { keys: 21 });
  await page.locator('.tile-menu summary').click();
  await page.locator('input[name=tile][value="8x8"]').check();
  await interpreted(page, { br: 8, bc: 8 });
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'full', exact: true }).click();
  await interpreted(page, { mask: 'full' });
  await page.locator('select[name=kernel]').selectOption('naive');
  await interpreted(page, { kernel: 'naive', keys: 21 });

  const { trace } = await stateOf(page);
  expect(trace?.maxOracle).toBeLessThan(1e-5);
  await expect.poll(async () => (await stateOf(page)).trace?.maxPlainTapped).toBe(0);

  // A thread's lines are interpreted on demand.
  const before = await page.locator('.phase-strip').innerText();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => page.locator('.phase-strip').innerText()).not.toBe(before);
  await expect(page.locator('.timing-start')).toBeDisabled();
});

test('a run that would take too long is refused beforehand; who insists sees how far it is, and can stop it', async ({
  page,
}) => {
  await open(page, SMALL);
  await interpreted(page);
  await number(page, 'keys', 4096);
  const message = page.locator('.message[data-code="too-slow"]');
  await expect(message).toContainText(/about \d+ s here/, { timeout: 20_000 });
  await expect(message).toContainText(/at most \d+ keys/);
  expect((await stateOf(page)).trace?.run.shape.keys).toBe(48);

  await message.getByRole('button', { name: 'Compute it anyway' }).click();
  const progress = page.locator('header .progress');
  await expect(progress).toContainText('Computing the kernel on the CPU');
  await expect(progress.locator('progress')).toBeVisible({ timeout: 30_000 });
  await progress.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.locator('.message[data-code="cancelled"]')).toHaveCount(1);
  await expect(progress).toHaveCount(0);
  const state = await stateOf(page);
  expect(state.choice.keys).toBe(4096);
  expect(state.trace?.run.shape.keys).toBe(48);
  await number(page, 'keys', 24);
  await interpreted(page, { keys: 24 });
});

test('for programs: run and capture are computed here and say so, what is too long or unknown fails by code, and nothing is timed', async ({
  page,
}) => {
  await open(page, SMALL);
  const shape: Shape = { batch: 1, heads: 2, kvHeads: 1, queries: 19, keys: 21, dim: 12, mask: 'causal' };
  const inputs = inputsOfPeers(shape, 4);
  for (const kernel of ['flash2', 'flash-fast'] as const) {
    const got = await page.evaluate(
      async ([id, s, q, k, v]) => {
        const request = {
          kernel: id,
          shape: s,
          q: new Float32Array(q),
          k: new Float32Array(k),
          v: new Float32Array(v),
        };
        const { o, provenance } = await window.attnscope.run(request);
        const { header, tensors } = await window.attnscope.capture(request);
        return {
          o: [...o],
          provenance,
          header,
          same: tensors.find((one) => one.id === 'O')!.data.every((x, i) => x === o[i]),
        };
      },
      [kernel, shape, [...inputs.q], [...inputs.k], [...inputs.v]] as const,
    );
    expect(got).toMatchObject({
      provenance: 'interpreter',
      same: true,
      header: { provenance: 'interpreter', maxPlainTapped: 0 },
    });
    for (let row = 0; row < 2 * shape.queries; row++) {
      const want = attendRow(shape, inputs, Math.floor(row / shape.queries), row % shape.queries).o;
      want.forEach((x, c) =>
        expect(Math.abs(got.o[row * shape.dim + c]! - x)).toBeLessThanOrEqual(4e-6 * (1 + Math.abs(x))),
      );
    }
  }
  const codes = await page.evaluate(async () => {
    const tensor = (n: number) => new Float32Array(n).fill(0.5);
    const request = (keys: number, kernel = 'flash2') => ({
      kernel: kernel as 'flash2',
      shape: { batch: 1, heads: 1, kvHeads: 1, queries: keys, keys, dim: 64 },
      q: tensor(keys * 64),
      k: tensor(keys * 64),
      v: tensor(keys * 64),
    });
    const code = (asked: Promise<unknown>) =>
      asked.then(
        () => 'done',
        (error: { code: string; details: object }) => [error.code, Object.keys(error.details)],
      );
    return [
      await code(window.attnscope.run(request(2048))),
      await code(window.attnscope.capture(request(16, 'flash9'))),
      await code(window.attnscope.time([request(16)])),
    ];
  });
  expect(codes).toEqual([
    ['too-slow', ['seconds', 'limit', 'keys']],
    ['kernel-unknown', ['kernel']],
    ['no-webgpu', []],
  ]);
});

test('eight calls at once are computed one after the other; what is wrong with a request is told as on a device', async ({
  page,
}) => {
  await open(page, SMALL);
  const { lengths, codes, warned } = await page.evaluate(async () => {
    const filled = (n: number, x = 0.5) => new Float32Array(n).fill(x);
    const request = (keys: number, v = 0.5) => ({
      kernel: 'flash2' as const,
      shape: { batch: 1, heads: 1, kvHeads: 1, queries: keys, keys, dim: 32 },
      q: filled(keys * 32),
      k: filled(keys * 32),
      v: filled(keys * 32, v),
    });
    const answers = await Promise.all(Array.from({ length: 8 }, () => window.attnscope.run(request(160))));
    const code = (change: object) =>
      window.attnscope.run({ ...request(8), ...change }).then(
        () => 'answered',
        (thrown: unknown) => (thrown as { code: string }).code,
      );
    const wrong = [
      { causal: true },
      { k: [0] },
      { scale: 1e39 },
      { shape: null },
      { q: new Float64Array(8 * 32).fill(0.1) },
    ];
    const { warnings } = await window.attnscope.run(request(8, 3e38));
    return {
      lengths: answers.map(({ o, error }) => [o.length, error.max < 1e-6]),
      codes: await Promise.all(wrong.map(code)),
      warned: warnings.map((warning) => warning.code),
    };
  });
  expect(lengths).toEqual(Array.from({ length: 8 }, () => [160 * 32, true]));
  expect(codes).toEqual(['field-unknown', 'inputs-type', 'shape-invalid', 'shape-invalid', 'inputs-type']);
  expect(warned).toEqual(['not-finite', 'value-overflow']);
});
