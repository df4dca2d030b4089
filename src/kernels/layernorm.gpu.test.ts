/** LayerNorm on this device, against f64 by the rule of the check. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { normInputs } from '../ops/layernorm/inputs';
import { layerNorm, layerNormF32 } from '../ops/layernorm/oracle';
import type { Sizes } from '../ops/sizes';
import { openSession, type Session } from '../machine/gpu/session';
import { layernorm } from './layernorm';
import { computeOnGpu } from './testing/on-gpu';
import { excess } from './testing/texts';

const { passes, tiles } = layernorm;
const kernel = layernorm.id;

let session: Session;
const uncaptured: string[] = [];

beforeAll(async () => {
  session = await openSession((error) => uncaptured.push(error.message));
});
afterAll(() => {
  session.close();
  expect(uncaptured).toEqual([]);
});

const base: Sizes = { batch: 2, heads: 3, kvHeads: 1, queries: 37, keys: 1, dim: 64, mask: 'full' };

async function check(shape: Sizes, tile: (typeof tiles)[number], offset = 0): Promise<void> {
  const inputs = normInputs(shape, 8, offset);
  const got = await computeOnGpu(session, passes({ kernel, shape, tile }), shape, inputs);
  const [want, plain] = [layerNorm(shape, inputs), layerNormF32(shape, inputs)];
  for (const id of ['Y', 'Mean', 'Rstd'] as const) {
    expect(excess(got[id]!, want[id], plain[id]), JSON.stringify({ id, shape, tile, offset })).toBeLessThanOrEqual(0);
  }
}

test('every tile, rows that divide by nothing, features in fours and one by one', { timeout: 240_000 }, async () => {
  for (const tile of tiles) {
    await check(base, tile);
    await check({ ...base, dim: 35 }, tile);
  }
});

test('rows far from zero: what the first mean is off by is made good', { timeout: 120_000 }, async () => {
  for (const offset of [100, -1e4]) await check({ ...base, queries: 5, dim: 200 }, tiles[0]!, offset);
});
