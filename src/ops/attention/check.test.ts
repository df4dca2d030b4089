// An answer is judged by every row that is off: one wrong row among rows that f32 cannot hold is found wherever it
// stands.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CHECK_WORK } from '../check';
import { judge, spreadReference } from './check';
import { inputsOfPeers } from './inputs';
import { attendRow } from './oracle';
import type { Shape } from './shape';

/** Every row in its order, some of whose q overflows on the way to its scores, some of whose answer is another. */
const someRows = fc
  .array(fc.constantFrom('good', 'limit', 'limit', 'limit'), { minLength: 1, maxLength: 240 })
  .chain((kinds) => fc.tuple(fc.constant(kinds), fc.option(fc.nat({ max: kinds.length - 1 }), { nil: undefined })));

test('a limit of f32 is a warning for every row that has it, and hides no wrong row, however many there are', () => {
  fc.assert(
    fc.property(someRows, fc.nat(), ([kinds, wrong], seed) => {
      const shape: Shape = { batch: 1, heads: 1, kvHeads: 1, queries: kinds.length, keys: 5, dim: 4, mask: 'full' };
      const inputs = inputsOfPeers(shape, seed);
      inputs.k.fill(1);
      const limits = new Set(kinds.flatMap((kind, i) => (kind === 'limit' && i !== wrong ? [i] : [])));
      for (const i of limits) inputs.q.fill(3e38, i * shape.dim, (i + 1) * shape.dim);
      const [o, lse] = [new Float32Array(kinds.length * shape.dim), new Float32Array(kinds.length)];
      kinds.forEach((_, i) => {
        const want = attendRow(shape, inputs, 0, i);
        o.set(limits.has(i) ? [Number.NaN, Number.NaN, Number.NaN, Number.NaN] : want.o, i * shape.dim);
        lse[i] = limits.has(i) ? Infinity : want.lse;
      });
      if (wrong !== undefined) o[wrong * shape.dim]! += 1;
      const checked = judge({ shape }, inputs, spreadReference({ shape }, inputs, CHECK_WORK.answer), { o, lse });
      expect(checked.wrong !== undefined).toBe(wrong !== undefined);
      const warned = checked.warnings.find(({ code }) => code === 'product-overflow');
      expect(warned?.count ?? 0).toBe(limits.size);
      if (warned) expect(warned.row).toBe(Math.min(...limits));
    }),
  );
});
