/**
 * window.attnscope and window.attnBench: right answers against f64, typed errors, and that what is shown is what was
 * captured.
 */
import { generateInputs, inputsOfPeers } from '../../src/ops/attention/inputs';
import { attendRow } from '../../src/ops/attention/oracle';
import type { Shape } from '../../src/ops/attention/shape';
import { expect, test } from '../support/fixtures';
import { captured, open, SMALL, stateOf } from '../support/lab';

const shape: Shape = { batch: 1, heads: 2, kvHeads: 1, queries: 21, keys: 17, dim: 12, mask: 'causal' };

test('run and capture: within 4e-6 of f64 for every kernel, rows that see nothing included; errors carry their code', async ({
  page,
}) => {
  await open(page, SMALL);
  const inputs = inputsOfPeers(shape, 5);
  for (const kernel of ['naive', 'flash2'] as const) {
    const got = await page.evaluate(
      async ([kernelId, s, q, k, v]) => {
        const request = {
          kernel: kernelId,
          shape: s,
          q: new Float32Array(q),
          k: new Float32Array(k),
          v: new Float32Array(v),
        };
        const { o, lse } = await window.attnscope.run(request);
        const trace = await window.attnscope.capture(request);
        const traced = trace.tensors.find(({ id }) => id === 'O')!.data;
        return { o: [...o], lse: [...lse], same: traced.every((x, i) => Object.is(x, o[i])) };
      },
      [kernel, shape, [...inputs.q], [...inputs.k], [...inputs.v]] as const,
    );
    expect(got.same).toBe(true);
    for (let plane = 0; plane < 2; plane++) {
      for (let i = 0; i < shape.queries; i++) {
        const want = attendRow(shape, inputs, plane, i);
        const at = plane * shape.queries + i;
        want.o.forEach((x, c) =>
          expect(Math.abs(got.o[at * shape.dim + c]! - x)).toBeLessThanOrEqual(4e-6 * (1 + Math.abs(x))),
        );
        if (i < 4) expect(got.lse[at]).toBeLessThanOrEqual(-1e30);
      }
    }
  }
  const code = await page.evaluate(() =>
    window.attnscope
      .run({
        kernel: 'flash2',
        shape: { batch: 1, heads: 1, kvHeads: 1, queries: 4, keys: 4, dim: 4 },
        q: new Float32Array(3),
        k: new Float32Array(16),
        v: new Float32Array(16),
      })
      .catch((error: { code: string }) => error.code),
  );
  expect(code).toBe('inputs-mismatch');
});

test('a request is copied when it is made, answers with its error, and is refused by what is wrong with it', async ({
  page,
}) => {
  await open(page, SMALL);
  const inputs = inputsOfPeers(shape, 6);
  const got = await page.evaluate(
    async ([s, q, k, v]) => {
      const request = () => ({
        kernel: 'flash2' as const,
        shape: { ...s },
        q: new Float64Array(q),
        k: new Float32Array(k),
        v: new Float32Array(v),
      });
      const first = request();
      const [calm, reused] = [request(), window.attnscope.run(first)];
      first.q.fill(9);
      first.k.fill(9);
      first.shape.queries = 1;
      const { o, error, warnings, provenance } = await window.attnscope.run(calm);
      const same = (await reused).o.every((x, i) => Object.is(x, o[i]));
      const code = (change: object) =>
        window.attnscope.run({ ...request(), ...change }).then(
          () => 'answered',
          (thrown: unknown) => (thrown as { code: string }).code,
        );
      const codes = [
        await code({ causal: true }),
        await code({ k: [...k] }),
        await code({ scale: 1e39 }),
        await code({ shape: null }),
      ];
      return { same, o: [...o], error, warnings, provenance, codes };
    },
    [shape, [...inputs.q], [...inputs.k], [...inputs.v]] as const,
  );
  expect(got).toMatchObject({ same: true, warnings: [], provenance: 'this-device', error: { rows: 42 } });
  expect(got.codes).toEqual(['field-unknown', 'inputs-type', 'shape-invalid', 'shape-invalid']);
  let most = 0;
  for (let row = 0; row < 42; row++) {
    const want = attendRow(shape, inputs, Math.floor(row / 21), row % 21);
    want.o.forEach((x, c) => (most = Math.max(most, Math.abs(got.o[row * shape.dim + c]! - x))));
  }
  expect(got.error.max).toBe(most);
  expect(got.error.f32).toBeGreaterThan(0);
});

test('time uses each request’s own inputs', async ({ page }) => {
  await open(page, SMALL);
  const errors = await page.evaluate(
    async (s) => {
      const request = (v: number) => {
        const filled = (n: number, x: number) => new Float32Array(n).fill(x);
        const all = s.batch * s.kvHeads * s.keys * s.dim;
        return {
          kernel: 'naive' as const,
          shape: s,
          q: filled(s.batch * s.heads * s.queries * s.dim, 1),
          k: filled(all, 1),
          v: filled(all, v),
        };
      };
      const timings = await window.attnscope.time([request(1), request(1000)]);
      return timings.map(({ maxAbsError }) => maxAbsError);
    },
    { ...shape, queries: 17 },
  );
  // The answer of each is its own V: compared with the other's inputs it would be off by 999.
  expect(Math.max(...errors)).toBeLessThan(0.01);
});

test('attnBench: the peers’ inputs, rows read from the GPU, a time where there are timestamps', async ({ page }) => {
  await page.goto('/');
  await page.waitForFunction(() => 'attnBench' in window);
  const bench = { B: 1, H: 2, N: 40, d: 16, causal: true, seed: 7 };
  const square: Shape = { batch: 1, heads: 2, kvHeads: 2, queries: 40, keys: 40, dim: 16, mask: 'causal' };
  const inputs = inputsOfPeers(square, 7);
  for (const name of await page.evaluate(() => window.attnBench.kernels())) {
    const { rows, gpu } = await page.evaluate(
      async ([kernel, s]) => {
        await window.attnBench.setup(kernel, s);
        await window.attnBench.run(kernel);
        const result = {
          rows: await window.attnBench.rows(kernel, [
            [0, 0],
            [1, 39],
          ]),
          gpu: await window.attnBench.gpuTime(kernel),
        };
        window.attnBench.dispose(kernel);
        return result;
      },
      [name, bench] as const,
    );
    rows.forEach((row, n) => {
      const want = attendRow(square, inputs, n, n === 0 ? 0 : 39);
      want.o.forEach((x, c) => expect(Math.abs(row[c]! - x)).toBeLessThanOrEqual(4e-6 * (1 + Math.abs(x))));
    });
    expect(typeof gpu).toBe('number');
  }
});

test('shown = captured: the number under the pointer is the one in the trace', async ({ page }) => {
  await open(page, `${SMALL}&kernel=naive&at=2.0.0&cell=P.20.3`);
  await captured(page, { kernel: 'naive' });
  // The same problem again, taken from the trace and not from any view.
  const { shape: drawn } = (await stateOf(page)).trace!.run;
  const inputs = generateInputs(drawn, 3);
  const p = await page.evaluate(
    async ([s, q, k, v]) => {
      const trace = await window.attnscope.capture({
        kernel: 'naive',
        shape: s,
        q: new Float32Array(q),
        k: new Float32Array(k),
        v: new Float32Array(v),
      });
      const { cols, data } = trace.tensors.find(({ id }) => id === 'P')!;
      return { cols, data: [...data] };
    },
    [drawn, [...inputs.q], [...inputs.k], [...inputs.v]] as const,
  );
  for (const [row, col] of [
    [20, 3],
    [20, 20],
    [47, 11],
  ] as const) {
    await page.evaluate(([r, c]) => (location.hash = location.hash.replace(/cell=[^&]*/, `cell=P.${r}.${c}`)), [
      row,
      col,
    ] as const);
    const shown = p.data[row * p.cols + col]!.toPrecision(4);
    await expect(page.locator('.view-explain .results')).toContainText(
      Number(shown) < 1e-4 ? Number(shown).toExponential(2).replace('-', '−') : shown,
    );
  }
});
