// What a workgroup owns is called by its name: rows of Q, or keys where dK and dV are its output.
import { expect, test } from 'vitest';
import { inputsOfPeers } from '../../ops/attention/inputs';
import type { Shape } from '../../ops/attention/shape';
import { frameOf } from '../../frame/frame';
import { Interpretation } from '../../machine/interpreter/capture';
import { ownedBlock } from './workgroups';

const shape: Shape = { batch: 1, heads: 1, kvHeads: 1, queries: 20, keys: 24, dim: 8, mask: 'full' };

test('dK, dV own keys, all else owns rows', () => {
  const run = { kernel: 'backward', shape, tile: { br: 8, bc: 8 } };
  const trace = new Interpretation(run, inputsOfPeers(shape, 3), { input: 'test' }).capture();
  const owned = trace.passes.map((_, pass) => {
    const cursor = { pass, workgroup: 1, phase: 0 };
    return ownedBlock(frameOf(trace, cursor, { row: 8, channel: 0, thread: 0, pinned: false }, 0), 'en').split(' ')[0];
  });
  expect(Object.fromEntries(trace.passes.map(({ name }, i) => [name, owned[i]]))).toEqual({
    'row-sums': 'rows',
    'dk-dv': 'keys',
    dq: 'rows',
  });
});
