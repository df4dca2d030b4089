// Where the numbers of the kernels sit that are unlike the others: every array is there, covers its piece once, and
// holds what its role says.
import { describe, expect, test } from 'vitest';
import { inputsOfPeers } from '../ops/attention/inputs';
import type { Shape } from '../ops/attention/shape';
import { backwardInputs } from '../ops/attention-backward/inputs';
import { normInputs } from '../ops/layernorm/inputs';
import { placeIn, type ArrayLayout } from '../ops/layout';
import type { Tile } from '../ops/run';
import { instrument } from '../tap/tap';
import { link } from '../wgsl/link';
import { backward } from './backward';
import { backwardNaive } from './backward-naive';
import type { Kernel } from './card';
import { flash1 } from './flash1';
import { layernorm } from './layernorm';
import { farthest, interpret, leftIn, type Data } from './testing/texts';

const shape: Shape = { batch: 1, heads: 2, kvHeads: 1, queries: 40, keys: 44, dim: 12, mask: 'causal' };
const { q, k, v } = inputsOfPeers(shape, 3);
const forward = { Q: q.slice(), K: k.slice(), V: v.slice() };

/** Cards with what is given to them, and the arrays that are named after a tensor that they write. */
const cards: [Kernel, Data, string[]][] = [
  [flash1, forward, []],
  [backward, { ...backwardInputs(shape, forward, 3) }, ['dk', 'dv', 'dq']],
  [backwardNaive, { ...backwardInputs(shape, forward, 3) }, ['s', 'p', 'dv', 'dp', 'dq', 'dk']],
  [layernorm, { ...normInputs(shape, 3) }, []],
];

const SIZES: Record<string, number> = { query: shape.queries, key: shape.keys, dim: shape.dim };

/** Cells that the scalars of all invocations sit in. */
function cellsOf(layout: ArrayLayout, length: number, invocations: number): number[] {
  const cells: number[] = [];
  for (let lane = 0; lane < invocations; lane++) {
    for (let index = 0; index < length; index++) {
      const at = placeIn(layout, index, lane);
      if (at) cells.push(at[0] * layout.cols + at[1]);
    }
  }
  return cells;
}

const listed = cards.map(([kernel, given, outputs]) => ({ ...kernel, given, outputs }));

describe.each(listed)('$id', ({ id: kernel, passes, tiles: offered, given, outputs }) => {
  const tiles: readonly Tile[] = offered.length > 0 ? offered : [{ br: 0, bc: 0 }];

  test.each(tiles)('$br x $bc: every array covers its piece once', (tile) => {
    for (const dim of [7, 12, 64, 80]) {
      for (const pass of passes({ kernel, shape: { ...shape, dim }, tile })) {
        const locals = new Set(Object.keys(pass.layouts));
        const { arrays } = instrument(link(pass).source, { workgroupSize: pass.workgroupSize, locals });
        // All of workgroup memory has a layout, and what has one is there.
        expect(arrays.map(({ name }) => name).toSorted()).toEqual([...locals].toSorted());
        for (const { name, length, scope } of arrays) {
          const layout = pass.layouts[name]!;
          const cells = cellsOf(layout, length, scope === 'invocation' ? pass.workgroupSize : 1);
          expect([name, cells.length, new Set(cells).size]).toEqual([
            name,
            layout.rows * layout.cols,
            layout.rows * layout.cols,
          ]);
        }
      }
    }
  });

  test('at the end of a workgroup what a tensor is named after is that piece of the tensor', () => {
    const specs = passes({ kernel, shape, tile: tiles[0]! });
    const data = interpret(specs, shape, given);
    const compared: string[] = [];
    for (const { pass, arrays } of leftIn(specs, data)) {
      for (const [name, { values, invocations }] of Object.entries(arrays)) {
        const layout = pass.layouts[name]!;
        const written = pass.bindings.find(({ tensor, access }) => tensor === layout.role && access === 'read_write');
        if (!written) continue;
        const length = values.length / invocations;
        const [rows, cols] = layout.axes.map((axis) => SIZES[axis] ?? 1);
        const [got, want]: [number[], number[]] = [[], []];
        values.forEach((x, i) => {
          const at = placeIn(layout, i % length, Math.floor(i / length));
          if (!at || at[0] >= rows! || at[1] >= cols!) return;
          got.push(x * (layout.factors?.[written.tensor] ?? 1));
          want.push(data[written.tensor]![at[0] * cols! + at[1]]!);
        });
        expect(got.length).toBeGreaterThan(0);
        expect(farthest(got, want), name).toBeLessThan(1e-6);
        compared.push(name);
      }
    }
    expect(compared).toEqual(outputs);
  });
});
