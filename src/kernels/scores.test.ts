// Every kernel of attention with softcap and ALiBi, under every kind of mask, interpreted: O and LSE as the oracle says,
// the instrumented text the same, and the bytes of the closed form, which knows nothing of either.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { attendRow, NOTHING_SEEN } from '../ops/attention/oracle';
import { attendRowF32 } from '../ops/attention/f32';
import { inputsOfPeers } from '../ops/attention/inputs';
import type { Shape } from '../ops/attention/shape';
import { withScores } from '../ops/attention/testing/scores';
import { slopesOf } from '../ops/sizes';
import { link } from '../wgsl/link';
import { checkRun } from './check';
import { layernorm } from './layernorm';
import { anyMasked, ATTENTION_RUNNABLE, given } from './testing/attention';
import { count, excess, interpret } from './testing/texts';

describe.each(ATTENTION_RUNNABLE)('$id', (card) => {
  const tileAt = (n: number) => card.tiles[n % card.tiles.length] ?? { br: 0, bc: 0 };

  test('any softcap and slopes: right, counted as plain, and bytes to the last one', { timeout: 240_000 }, () => {
    fc.assert(
      fc.property(withScores(anyMasked), fc.nat(), fc.nat(), (shape, seed, tile) => {
        const run = { kernel: card.id, shape, tile: tileAt(tile) };
        const data = given(shape, seed);
        const plain = interpret(card.passes(run), shape, data);
        const counted = count(card.passes(run), shape, data);
        const { softcap: _cap, alibi: _slopes, ...bare } = shape;
        expect(counted.bytes).toEqual(card.requested({ ...run, shape: bare }));
        expect([counted.data['O'], counted.data['LSE']]).toEqual([plain['O'], plain['LSE']]);
        const inputs = inputsOfPeers(shape, seed);
        for (let row = 0; row < shape.batch * shape.heads * shape.queries; row++) {
          const at = [Math.floor(row / shape.queries), row % shape.queries] as const;
          const [want, f32] = [attendRow(shape, inputs, ...at), attendRowF32(shape, inputs, ...at)];
          const o = plain['O']!.subarray(row * shape.dim, (row + 1) * shape.dim);
          const lse = plain['LSE']![row]!;
          expect(excess(o, want.o, f32.o)).toBeLessThanOrEqual(0);
          if (want.lse === NOTHING_SEEN) expect(lse).toBeLessThanOrEqual(NOTHING_SEEN);
          else expect(excess([lse], [want.lse], [f32.lse])).toBeLessThanOrEqual(0);
        }
      }),
      { numRuns: 8 },
    );
  });

  test('lines that are there for softcap and ALiBi stand in no other text', () => {
    const shape: Shape = { batch: 1, heads: 2, kvHeads: 1, queries: 9, keys: 30, dim: 8, mask: 'causal' };
    const text = (scored: Pick<Shape, 'softcap' | 'alibi'>): string =>
      card
        .passes({ kernel: card.id, shape: { ...shape, ...scored }, tile: tileAt(0) })
        .map((pass) => link(pass).source)
        .join('\n');
    const alibi = slopesOf(2);
    for (const scored of [{}, { softcap: 30 }, { alibi }, { softcap: 30, alibi }]) {
      expect(text(scored)).not.toMatch(/\/\/ (?:when|unless)/);
      expect(/capped|SOFTCAP|Score\b/.test(text(scored))).toBe('softcap' in scored);
      expect(/slope|SLOPES|ownKey/.test(text(scored))).toBe('alibi' in scored);
    }
  });
});

test('a kernel whose text has neither refuses both by name', () => {
  const shape: Shape = { batch: 1, heads: 1, kvHeads: 1, queries: 4, keys: 4, dim: 8, mask: 'full' };
  const tile = layernorm.tiles[0]!;
  const refusal = (scored: Partial<Shape>) => () =>
    checkRun({ kernel: layernorm.id, shape: { ...shape, ...scored }, tile });
  expect(refusal({})).not.toThrow();
  const expected = `undefined (${layernorm.id})`;
  expect(refusal({ softcap: 30 })).toThrow(
    expect.objectContaining({ code: 'shape-invalid', details: { field: 'softcap', value: '30', expected } }),
  );
  expect(refusal({ alibi: [0.5] })).toThrow(
    expect.objectContaining({ code: 'shape-invalid', details: expect.objectContaining({ field: 'alibi', expected }) }),
  );
});
