/** For tests: any mask, and which pairs it lets through, written out cell by cell. */
import fc from 'fast-check';
import type { Masked } from '../../sizes';
import type { Mask } from '../shape';

const side = fc.oneof(fc.nat({ max: 40 }), fc.constant('all' as const));

/** Every kind of mask, narrow ones and ones wider than a small problem. */
export const anyMask: fc.Arbitrary<Mask> = fc.oneof(
  fc.constantFrom<Mask>('full', 'causal', 'causal-top-left'),
  fc.tuple(side, side).map(([left, right]): Mask => `window-${left}-${right}`),
  fc.integer({ min: 1, max: 50 }).map((length): Mask => `prefix-${length}`),
);

/** Whether query i sees key j, from what FlashAttention and PyTorch say of their masks. */
function seesByDefinition({ mask, queries, keys }: Masked, i: number, j: number): boolean {
  const own = i + keys - queries;
  if (mask === 'full') return true;
  if (mask === 'causal') return j <= own;
  if (mask === 'causal-top-left') return j <= i;
  const [kind, first = '', second = ''] = mask.split('-');
  if (kind === 'prefix') return j < Number(first) || j <= own;
  return (first === 'all' || own - j <= Number(first)) && (second === 'all' || j - own <= Number(second));
}

/** [queries][keys]: who sees whom. */
export const matrixOf = (masked: Masked): boolean[][] =>
  Array.from({ length: masked.queries }, (_, i) =>
    Array.from({ length: masked.keys }, (__, j) => seesByDefinition(masked, i, j)),
  );
