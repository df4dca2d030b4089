// A block through all layers: its volume matches its bytes, however it is filled and shared.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesPerToken, MODEL_PRESETS } from '../../../paging';
import { stackBars, stackSize } from './stack';

const anywhere = fc.record({
  model: fc.constantFrom(...MODEL_PRESETS),
  blockSize: fc.constantFrom(1, 4, 16),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
});

test('area is true to bytes, filled and in all', () => {
  fc.assert(
    fc.property(anywhere, ({ model, blockSize, share }) => {
      const filled = Math.round(share * blockSize);
      const bars = stackBars(model, blockSize, filled);
      const [opt] = MODEL_PRESETS;
      // One slot of one layer of one head of dimension 128 takes the same area in every model.
      const [one] = stackBars({ ...opt!, layers: 1, heads: 1, kvHeads: 1 }, blockSize, blockSize);
      const unit = (one!.width * one!.length) / blockSize / (2 * 128);
      const area = (full: boolean): number =>
        bars.filter((bar) => bar.filled === full).reduce((sum, bar) => sum + bar.width * bar.length, 0);
      expect(area(true) / unit).toBeCloseTo(bytesPerToken(model, 2) * filled, 3);
      expect(area(false) / unit).toBeCloseTo(bytesPerToken(model, 2) * (blockSize - filled), 3);
    }),
    { numRuns: 30 },
  );
});

test('no two bars lie in each other, and none outside', () => {
  for (const model of MODEL_PRESETS.filter(({ kvHeads }) => kvHeads <= 8)) {
    const bars = stackBars(model, 16, 5);
    const { width, height, depth } = stackSize(model);
    const places = new Set(bars.map(({ x, y, z }) => [x, y, z].map((n) => n.toFixed(4)).join()));
    expect(places.size).toBe(bars.length);
    expect(bars.length).toBe(2 * 2 * model.layers * model.kvHeads);
    for (const bar of bars) {
      expect(Math.abs(bar.x) + bar.width / 2).toBeLessThanOrEqual(width / 2);
      expect(Math.abs(bar.y)).toBeLessThanOrEqual(height / 2);
      expect(Math.abs(bar.z) + bar.length / 2).toBeLessThanOrEqual(depth / 2 + 1e-9);
    }
  }
});
