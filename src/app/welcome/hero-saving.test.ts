/**
 * The number of a first visit is told only where it is true: not of a kernel that writes S, nor of tiles that cost more
 * than they spare.
 */
import { expect, test } from 'vitest';
import type { Run } from '../../ops/run';
import { saving } from './hero-saving';

const run = (kernel: Run['kernel'], n: number, dim: number, br: number, mask: Run['shape']['mask'] = 'full'): Run => ({
  kernel,
  shape: { batch: 1, heads: 1, kvHeads: 1, queries: n, keys: n, dim, mask },
  tile: { br, bc: br },
});

test('the run’s own numbers by the papers’ formulas, or none', () => {
  const [n, d, br] = [112, 32, 16];
  const kib = (numbers: number): string => `${((4 * numbers) / 1024).toPrecision(3)} KiB`;
  const told = JSON.stringify(saving(run('flash2', n, d, br), 'en'));
  expect(told).toContain(`${kib(2 * n * n)}, never leave the chip`);
  expect(told).toContain(`${kib(2 * n * d + n + (n / br) * 2 * n * d)} (computed)`);
  // Under no mask 4 N² is what both take of a long text; under the causal one 3 N² and 2 N².
  expect(told).not.toContain('longer');
  expect(JSON.stringify(saving(run('flash2', n, d, br, 'causal'), 'en'))).toContain('longer texts save more');
  expect(saving(run('naive', n, d, 0), 'en')).toBeUndefined();
  // 4 rows of 64 numbers at a time: K and V are read again for more than S and P would take.
  expect(saving(run('flash2', n, 64, 4), 'en')).toBeUndefined();
});
