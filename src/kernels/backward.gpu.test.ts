/** Both backward kernels on this device, against the f64 gradients by the rule of the check. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inputsOfPeers } from '../ops/attention/inputs';
import { gradientsF32 } from '../ops/attention-backward/f32';
import { backwardInputs } from '../ops/attention-backward/inputs';
import { gradients } from '../ops/attention-backward/oracle';
import { slopesOf, type Sizes } from '../ops/sizes';
import { openSession, type Session } from '../machine/gpu/session';
import { backward as tiled } from './backward';
import { backwardNaive as naive } from './backward-naive';
import type { Kernel } from './card';
import { computeOnGpu } from './testing/on-gpu';
import { excess } from './testing/texts';

let session: Session;
const uncaptured: string[] = [];

beforeAll(async () => {
  session = await openSession((error) => uncaptured.push(error.message));
});
afterAll(() => {
  session.close();
  expect(uncaptured).toEqual([]);
});

const base: Sizes = { batch: 1, heads: 4, kvHeads: 2, queries: 37, keys: 53, dim: 12, mask: 'causal' };

/** Runs a kernel and holds all three gradients against f64. */
async function check(
  { id: kernel, passes }: Kernel,
  shape: Sizes,
  tile = tiled.tiles[0]!,
  scale?: number,
): Promise<void> {
  const run = { kernel, shape, tile, ...(scale !== undefined && { scale }) };
  const { q, k, v } = inputsOfPeers(shape, 6);
  const inputs = backwardInputs(shape, { Q: q.slice(), K: k.slice(), V: v.slice() }, 6, scale);
  const got = await computeOnGpu(session, passes(run), shape, inputs);
  const [want, plain] = [gradients(shape, inputs, scale), gradientsF32(shape, inputs, scale)];
  for (const id of ['dQ', 'dK', 'dV'] as const) {
    expect(excess(got[id]!, want[id], plain[id]), JSON.stringify({ id, shape, tile })).toBeLessThanOrEqual(0);
  }
}

describe.each([tiled, naive])('$id', (kernel) => {
  test('groups, both masks, more queries than keys, sizes that divide by nothing', { timeout: 240_000 }, async () => {
    await check(kernel, base);
    await check(kernel, { ...base, mask: 'full', batch: 2, kvHeads: 1, dim: 7 });
    await check(kernel, { ...base, queries: 70, keys: 20, dim: 16 });
    await check(kernel, { ...base, queries: 1, heads: 2, keys: 40 });
  });

  test('a window, a prefix, and causal from the top left', { timeout: 240_000 }, async () => {
    await check(kernel, { ...base, mask: 'window-9-2' });
    await check(kernel, { ...base, queries: 50, keys: 20, mask: 'prefix-5' });
    await check(kernel, { ...base, mask: 'causal-top-left' });
  });

  test('softcap, ALiBi, and both', { timeout: 240_000 }, async () => {
    await check(kernel, { ...base, softcap: 2, alibi: slopesOf(base.heads) });
    await check(kernel, { ...base, mask: 'window-9-2', alibi: slopesOf(base.heads) });
    await check(kernel, { ...base, queries: 50, keys: 20, mask: 'full', softcap: 30 });
  });

  test('d = 64, and logits of a thousand no worse than f32 allows', { timeout: 240_000 }, async () => {
    await check(kernel, { ...base, heads: 2, queries: 130, keys: 130, dim: 64 }, { br: 16, bc: 8 });
    await check(kernel, { ...base, dim: 16 }, undefined, 100);
  });
});

test('backward: every tile that fits', { timeout: 240_000 }, async () => {
  const fits = (one: (typeof tiled.tiles)[number]) =>
    tiled.sramBytes({ kernel: tiled.id, shape: base, tile: one }) <= session.limits.maxComputeWorkgroupStorageSize;
  for (const tile of tiled.tiles.filter(fits)) await check(tiled, base, tile);
});
