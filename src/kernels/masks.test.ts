// Every kernel of attention under every kind of mask, interpreted: O and LSE as the oracle says, the instrumented text
// the same, and the bytes of the closed form.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inputsOfPeers } from '../ops/attention/inputs';
import { attendPlane, NOTHING_SEEN } from '../ops/attention/oracle';
import type { Shape } from '../ops/attention/shape';
import { link } from '../wgsl/link';
import { anyMasked, ATTENTION_RUNNABLE, given } from './testing/attention';
import { count, excess, interpret } from './testing/texts';

describe.each(ATTENTION_RUNNABLE)('$id', (card) => {
  test('random masks: right, counted as plain, and bytes to the last one', { timeout: 240_000 }, () => {
    fc.assert(
      fc.property(anyMasked, fc.nat(), fc.nat(), (shape, seed, tile) => {
        const run = { kernel: card.id, shape, tile: card.tiles[tile % card.tiles.length] ?? { br: 0, bc: 0 } };
        const data = given(shape, seed);
        const plain = interpret(card.passes(run), shape, data);
        const counted = count(card.passes(run), shape, data);
        expect(counted.bytes).toEqual(card.requested(run));
        expect([counted.data['O'], counted.data['LSE']]).toEqual([plain['O'], plain['LSE']]);
        for (let plane = 0; plane < shape.batch * shape.heads; plane++) {
          const want = attendPlane(shape, inputsOfPeers(shape, seed), plane);
          const of = (name: string, length: number) => plain[name]!.subarray(plane * length, (plane + 1) * length);
          expect(excess(of('O', want.o.length), want.o)).toBeLessThanOrEqual(0);
          want.lse.forEach((x, i) => {
            const lse = of('LSE', want.lse.length)[i]!;
            if (x === NOTHING_SEEN) expect(lse).toBeLessThanOrEqual(NOTHING_SEEN);
            else expect(Math.abs(lse - x)).toBeLessThan(4e-6 * (1 + Math.abs(x)));
          });
        }
      }),
      { numRuns: 8 },
    );
  });

  test('lines that are there for other masks are not in the text, nor are the marks', () => {
    const text = (mask: Shape['mask']): string => {
      const shape: Shape = { batch: 1, heads: 1, kvHeads: 1, queries: 9, keys: 30, dim: 8, mask };
      const passes = card.passes({ kernel: card.id, shape, tile: card.tiles[0] ?? { br: 0, bc: 0 } });
      return passes.map((pass) => link(pass).source).join('\n');
    };
    for (const mask of ['full', 'causal', 'causal-top-left', 'prefix-3', 'window-4-0'] as const) {
      expect(text(mask)).not.toMatch(/\/\/ (?:when|unless)/);
      expect(/keysFrom|LEFT/.test(text(mask).replaceAll('TOP_LEFT', ''))).toBe(mask === 'window-4-0');
      expect(/CAUSAL/.test(text(mask))).toBe(mask === 'full' || mask === 'causal');
    }
  });
});
