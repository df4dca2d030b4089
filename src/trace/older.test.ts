// Older traces keep their meaning: texts that folded log2(e) into Q, or scaled scores after the product, are read as they were written.
import { expect, test } from 'vitest';
import { flash2 } from '../kernels/flash2';
import { flashFast } from '../kernels/flash-fast';
import { rolesOfText } from './older';

const shape = { batch: 1, heads: 1, kvHeads: 1, queries: 64, keys: 64, dim: 64, mask: 'full' } as const;
const rolesOf = (card: typeof flash2) => card.passes({ kernel: card.id, shape, tile: card.tiles[0]! })[0]!.layouts;

test('texts of today are read as the card says: Q is divided by its scale', () => {
  const layouts = rolesOf(flash2);
  expect(rolesOfText('s += inner(q[c], K[k + c]);', layouts)).toBe(layouts);
  expect(rolesOf(flash2)['sQ']!.factors).toEqual({ Q: 8 });
  expect(rolesOf(flashFast)['s']!.factors).toBeUndefined();
});

test('texts that folded log2(e) into Q', () => {
  const layouts = rolesOfText('const SCALE_LOG2E: f32 = 0.18033688f;', rolesOf(flashFast));
  expect(layouts['q']!.factors!.Q! * 0.18033688).toBeCloseTo(1, 6);
  expect([layouts['s']!.factors!.S, layouts['m']!.factors!.m]).toEqual([Math.LN2, Math.LN2]);
});

test('texts that scaled scores after the product have Q as it is', () => {
  expect(rolesOfText('return select(MASKED, s * SCALE, j < keysSeen(i));', rolesOf(flash2))['sQ']!.factors).toEqual({});
});
