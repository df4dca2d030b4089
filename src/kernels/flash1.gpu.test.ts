/** FlashAttention's first order of loops on this device, against the f64 oracle. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inputsOfPeers } from '../ops/attention/inputs';
import { attendPlane, NOTHING_SEEN } from '../ops/attention/oracle';
import type { Shape } from '../ops/attention/shape';
import { openSession, type Session } from '../machine/gpu/session';
import { flash1 } from './flash1';
import { computeOnGpu } from './testing/on-gpu';
import { excess } from './testing/texts';

const { passes, sramBytes, tiles } = flash1;
const kernel = flash1.id;

let session: Session;
const uncaptured: string[] = [];

beforeAll(async () => {
  session = await openSession((error) => uncaptured.push(error.message));
});
afterAll(() => {
  session.close();
  expect(uncaptured).toEqual([]);
});

const base: Shape = { batch: 1, heads: 2, kvHeads: 1, queries: 71, keys: 53, dim: 12, mask: 'causal' };

async function check(shape: Shape, tile: (typeof tiles)[number]): Promise<void> {
  const { q, k, v } = inputsOfPeers(shape, 4);
  const got = await computeOnGpu(session, passes({ kernel, shape, tile }), shape, {
    Q: q.slice(),
    K: k.slice(),
    V: v.slice(),
  });
  for (let plane = 0; plane < shape.batch * shape.heads; plane++) {
    const want = attendPlane(shape, { q, k, v }, plane);
    const of = (name: string, length: number) => got[name]!.slice(plane * length, (plane + 1) * length);
    expect(excess(of('O', want.o.length), want.o), JSON.stringify({ shape, tile })).toBeLessThanOrEqual(0);
    want.lse.forEach((x, i) => {
      const lse = of('LSE', want.lse.length)[i]!;
      if (x === NOTHING_SEEN) expect(lse).toBeLessThanOrEqual(NOTHING_SEEN);
      else expect(Math.abs(lse - x)).toBeLessThan(4e-6 * (1 + Math.abs(x)));
    });
  }
}

test('every tile that fits, with sizes that divide by nothing', { timeout: 240_000 }, async () => {
  for (const tile of tiles) {
    if (sramBytes({ kernel, shape: base, tile }) <= session.limits.maxComputeWorkgroupStorageSize)
      await check(base, tile);
  }
});

test(
  'without a mask, odd rows, one row, several batches and groups, d = 64 and 128',
  { timeout: 240_000 },
  async () => {
    const full: Shape = { ...base, mask: 'full' };
    await check({ ...full, batch: 2, heads: 4, kvHeads: 2, dim: 7 }, { br: 16, bc: 16 });
    await check({ ...full, queries: 1, keys: 90, dim: 33 }, { br: 16, bc: 16 });
    await check({ ...full, queries: 130, keys: 130, dim: 64 }, { br: 16, bc: 16 });
    await check({ ...base, queries: 40, keys: 200, dim: 128 }, { br: 8, bc: 8 });
  },
);
