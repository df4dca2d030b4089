// Kernels that need a device feature: where it is missing, or subgroups may be too small, they refuse in words before
// anything is compiled.
import { expect, test } from 'vitest';
import { inputsOfPeers } from '../../ops/attention/inputs';
import type { Shape } from '../../ops/attention/shape';
import { KERNELS } from '../../kernels';
import { runOf } from '../run-of';
import { prepare } from './run';
import { openSession } from './session';

const shape: Shape = { batch: 1, heads: 1, kvHeads: 1, queries: 8, keys: 8, dim: 8, mask: 'full' };

test('a device without subgroups, or with subgroups smaller than a quad, is refused by the kernel that works in quads and by no other', async () => {
  const session = await openSession();
  const inputs = inputsOfPeers(shape, 1);
  for (const subgroupMin of [0, 2]) {
    const poor = { ...session, subgroupMin };
    for (const { id, feature } of KERNELS) {
      const preparing = prepare(poor, runOf(poor, { kernel: id, shape }), inputs);
      if (feature)
        await expect(preparing).rejects.toMatchObject({
          code: 'feature-missing',
          details: { kernel: id, feature, have: subgroupMin },
        });
      else (await preparing).dispose();
    }
  }
  session.close();
});
