// The rule by itself, on outputs of no op in particular, and on LayerNorm: honest answers pass, any number too far off
// is found and named.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  boundOf,
  errorOf,
  joined,
  judgeRows,
  referenceOfAll,
  spreadRows,
  throwIfWrong,
  TOLERANCE,
  type Reference,
} from './check';
import { normInputs } from './layernorm/inputs';
import { layerNorm, layerNormF32 } from './layernorm/oracle';
import { mulberry32, normal } from './random';
import type { Sizes } from './sizes';

interface Made {
  reference: Reference<'Y' | 'Z'>;
  /** What plain f32 answers. */
  plain: { Y: Float32Array; Z: Float32Array };
}

/** Outputs Y of `width` numbers a row and Z of one; plain f32 is the rounded f64 and some noise. */
function madeOf(rows: number, width: number, seed: number, noise = 1e-6): Made {
  const gauss = normal(mulberry32(seed));
  const make = (length: number) => {
    const want = Float64Array.from({ length }, gauss);
    return { want, f32: Float32Array.from(want, (x) => x + noise * gauss()) };
  };
  const [y, z] = [make(rows * width), make(rows)];
  const plain = { Y: y.f32, Z: z.f32 };
  return { reference: referenceOfAll(rows, { Y: y.want, Z: z.want }, plain), plain };
}

const anyMade = fc
  .record({ rows: fc.integer({ min: 1, max: 30 }), width: fc.integer({ min: 1, max: 9 }), seed: fc.nat() })
  .map(({ rows, width, seed }) => ({ ...madeOf(rows, width, seed), rows, width, seed }));

test('what plain f32 answers is right, and its error is the one that is told', () => {
  fc.assert(
    fc.property(anyMade, ({ reference, plain, rows }) => {
      const checked = judgeRows(reference, plain);
      const { want, f32 } = reference.outputs.Y;
      expect(checked).toEqual({
        max: checked.f32,
        f32: checked.f32,
        bound: boundOf(checked.f32, want),
        rows,
        warnings: [],
      });
      expect(checked.f32).toBe(Math.max(...want.map((x, i) => Math.abs(f32[i]! - x))));
      expect(() => throwIfWrong('any', checked)).not.toThrow();
    }),
  );
});

test('one number of any output just beyond the bound makes the answer wrong, just within it does not', () => {
  fc.assert(
    fc.property(
      anyMade,
      fc.constantFrom('Y' as const, 'Z' as const),
      fc.nat(),
      fc.boolean(),
      ({ reference, plain }, name, at, beyond) => {
        const { want } = reference.outputs[name];
        const i = at % want.length;
        const own = Math.max(...want.map((x, n) => Math.abs(plain[name][n]! - x)));
        const bound = boundOf(own, want);
        const answer = { ...plain, [name]: plain[name].with(i, want[i]! + bound * (beyond ? 1.1 : 0.9)) };
        const { wrong } = judgeRows(reference, answer);
        expect(wrong !== undefined).toBe(beyond);
        if (!wrong) return;
        expect(wrong).toMatchObject({ tensor: name, bound });
        expect(() => throwIfWrong('any', judgeRows(reference, answer))).toThrow('check-failed');
      },
    ),
  );
});

test('a row that f32 cannot hold is a warning, unless another is off for no reason; what is no number is counted', () => {
  fc.assert(
    fc.property(
      anyMade,
      fc.array(fc.nat({ max: 29 })),
      fc.option(fc.nat({ max: 29 }), { nil: undefined }),
      (made, excused, wrong) => {
        const { reference, plain, rows, width } = made;
        const limits = new Set(excused.filter((row) => row < rows && row !== wrong));
        const answer = { Y: plain.Y.slice(), Z: plain.Z };
        for (const row of limits) answer.Y[row * width] = Number.NaN;
        const isWrong = wrong !== undefined && wrong < rows;
        if (isWrong) answer.Y[wrong * width]! += 1;
        const checked = judgeRows(reference, answer, (row) => (limits.has(row) ? ['overflow' as const] : []));
        expect(checked.wrong !== undefined).toBe(isWrong);
        const first = Math.min(...limits);
        expect(checked.warnings.filter(({ code }) => code !== 'lost-precision')).toEqual(
          limits.size === 0
            ? []
            : [
                { code: 'not-finite', row: first, count: limits.size },
                { code: 'overflow', row: first, count: limits.size },
              ],
        );
        if (limits.size > 0) expect(JSON.parse(JSON.stringify(errorOf(checked)))).toMatchObject({ max: 'Infinity' });
      },
    ),
  );
});

test('an output that is missing, or too short, is wrong', () => {
  const { reference, plain } = madeOf(4, 3, 1);
  expect(judgeRows(reference, { Y: plain.Y }).wrong).toMatchObject({ tensor: 'Z', error: Infinity });
  expect(judgeRows(reference, { ...plain, Y: plain.Y.subarray(1) }).wrong).toMatchObject({
    tensor: 'Y',
    error: Infinity,
  });
});

test('at or below a floor anything goes, and a floor makes no bound wide', () => {
  const { reference, plain } = madeOf(3, 2, 2);
  const { Z } = reference.outputs;
  const floored: Reference = {
    ...reference,
    outputs: { ...reference.outputs, Z: { ...Z, want: Z.want.with(1, -1e30), floor: -1e30 } },
  };
  const z = (x: number) => judgeRows(floored, { ...plain, Z: plain.Z.with(1, x) });
  expect(z(-Infinity).wrong).toBeUndefined();
  expect(z(-3e38).wrong).toBeUndefined();
  expect(z(-9e29).wrong).toBeDefined();
  expect(judgeRows(floored, { Y: plain.Y, Z: plain.Z.with(1, -2e30).with(0, plain.Z[0]! + 1e-3) }).wrong).toMatchObject(
    { tensor: 'Z' },
  );
});

test('where plain f32 is off by much, that is said, with its row; what f32 cannot hold at all widens no bound', () => {
  const { reference, plain } = madeOf(20, 4, 3, 0.01);
  const { warnings, f32, wrong } = judgeRows(reference, plain);
  expect(wrong).toBeUndefined();
  const { want } = reference.outputs.Y;
  expect(warnings).toEqual([
    {
      code: 'lost-precision',
      row: Math.floor(want.findIndex((x, i) => Math.abs(plain.Y[i]! - x) === f32) / 4),
      count: 1,
    },
  ]);
  expect(boundOf(Infinity, [3])).toBe(4 * TOLERANCE);
});

test('rows are spread from the first to the last, none twice', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 300 }), (rows, most) => {
      const spread = spreadRows(rows, most);
      expect(spread).toHaveLength(Math.min(rows, most));
      expect(spread[0]).toBe(0);
      if (spread.length > 1) expect(spread.at(-1)).toBe(rows - 1);
      spread.forEach((row, n) => n > 0 && expect(row).toBeGreaterThan(spread[n - 1]!));
    }),
  );
});

test('two references behind each other judge as their rows do together', () => {
  const { reference, plain } = madeOf(6, 2, 4);
  const part = (rows: number[]): Reference<'Y' | 'Z'> => {
    const cut = <T extends Float32Array | Float64Array>(of: T, width: number): T =>
      of.filter((_, i) => rows.includes(Math.floor(i / width))) as T;
    const { Y, Z } = reference.outputs;
    return {
      rows,
      outputs: {
        Y: { width: 2, want: cut(Y.want, 2), f32: cut(Y.f32, 2) },
        Z: { width: 1, want: cut(Z.want, 1), f32: cut(Z.f32, 1) },
      },
    };
  };
  expect(judgeRows(joined(part([4, 5]), part([0, 1, 2, 3])), plain)).toEqual(judgeRows(reference, plain));
});

describe('another op: LayerNorm supplies two references, and no more', () => {
  const sizes: Sizes = { batch: 2, heads: 1, kvHeads: 1, queries: 7, keys: 1, dim: 48, mask: 'full' };
  const rows = 14;

  test.each([0, 10_000])(
    'rows at %d: plain f32 is right, a wrong mean, a wrong width or a row that nobody wrote is not',
    (offset) => {
      const inputs = normInputs(sizes, 5, offset);
      const plain = layerNormF32(sizes, inputs);
      const reference = referenceOfAll(rows, layerNorm(sizes, inputs), plain);
      const { wrong, max, f32 } = judgeRows(reference, plain);
      expect([wrong, max]).toEqual([undefined, f32]);
      const faults = {
        'divided by dim - 1': { ...plain, Y: plain.Y.map((y) => y * Math.sqrt(47 / 48)) },
        'no beta': { ...plain, Y: plain.Y.map((y, i) => y - inputs.Beta[i % 48]!) },
        'another row’s': { ...plain, Y: new Float32Array([...plain.Y.subarray(48), ...plain.Y.subarray(0, 48)]) },
        'not written': { ...plain, Y: plain.Y.map((y, i) => (Math.floor(i / 48) === 5 ? 0 : y)) },
      };
      for (const [name, answer] of Object.entries(faults))
        expect(judgeRows(reference, answer).wrong, name).toMatchObject({ tensor: 'Y' });
      expect(judgeRows(reference, { ...plain, Rstd: plain.Rstd.map((x) => x * 1.01) }).wrong).toMatchObject({
        tensor: 'Rstd',
      });
    },
  );
});
