// Cards of the decoding kernels: closed forms of requested bytes against a count of the kernels' own loops.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keysSeen } from '../attention/cost';
import type { Shape } from '../attention/shape';
import type { Run } from './card';
import { decode } from './decode';

const anyShape = fc
  .record({
    batch: fc.integer({ min: 1, max: 2 }),
    kvHeads: fc.integer({ min: 1, max: 3 }),
    group: fc.integer({ min: 1, max: 3 }),
    queries: fc.integer({ min: 1, max: 9 }),
    keys: fc.integer({ min: 1, max: 300 }),
    dim: fc.integer({ min: 1, max: 130 }),
    mask: fc.constantFrom('full' as const, 'causal' as const),
  })
  .map(({ group, ...rest }): Shape => ({ ...rest, heads: rest.kvHeads * group }));

/** Elements of K and V that the threads of one workgroup load for keys from .. to, counted as the text's loops go. */
function loadsOf({ dim }: Shape, header: Record<string, unknown>, from: number, to: number): number {
  const [bc, threads, each, own] = ['BC', 'WG', 'KEYS', 'OWN'].map((name) => Number(header[name])) as [number, number, number, number];
  const wide = dim % 4 === 0 ? 4 : 1;
  let elements = 0;
  for (let k0 = from; k0 < to; k0 += bc) {
    const last = Math.min(bc, to - k0) - 1;
    for (let thread = 0; thread < threads; thread++) {
      for (let c = 0; c < dim / wide; c++) for (let j = 0; j < each; j++) elements += wide;
      for (let j = 0; j <= last; j++) for (let x = 0; x < own; x++) elements += wide;
    }
  }
  return elements;
}

test('bytes of decode are those of its loops: K in whole steps, V key by key', () => {
  fc.assert(
    fc.property(anyShape, fc.constantFrom(...decode.tiles), (shape, tile) => {
      const run: Run = { kernel: 'decode', shape, tile };
      const { header } = decode.passes(run)[0]!;
      let elements = 0;
      for (let i = 0; i < shape.queries; i++) elements += shape.dim + loadsOf(shape, header, 0, keysSeen(shape, i));
      const planes = shape.batch * shape.heads;
      expect(decode.requested(run)).toEqual({ loads: 4 * planes * elements, stores: 4 * planes * shape.queries * (shape.dim + 1) });
    }),
    { seed: 1 },
  );
});
