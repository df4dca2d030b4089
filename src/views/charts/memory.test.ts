// Ticks of the memory axis.
import { expect, it } from 'vitest';
import { byteTicks } from './memory';

it('has at least three ticks however short the axis, and not many on a long one', () => {
  for (let octaves = 2; octaves < 40; octaves += 0.7) {
    for (const low of [700, 1024, 99_000]) {
      const ticks = byteTicks([low, low * 2 ** octaves]);
      expect(ticks.length).toBeGreaterThanOrEqual(octaves > 13 ? 2 : 3);
      expect(ticks.length).toBeLessThanOrEqual(8);
      expect(ticks.every((tick) => tick >= low && tick <= low * 2 ** octaves)).toBe(true);
    }
  }
});
