// The IO model against the papers' formulas, against counting tiles and pairs one by one under a mask, and below what
// the kernels request.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { maskTiles } from '../ops/attention/mask-tiles';
import { partsOf, sees, type Shape } from '../ops/attention/shape';
import { anyMask } from '../ops/attention/testing/masks';
import type { Run } from '../ops/run';
import { peersOf } from '.';
import { OPENING } from './defaults';
import { kernelById } from './kernels';
import { both, sumOf } from '../ops/costs';
import { ioModel, ioModelByTensor, standardModel } from './io-model';

const anyRun = fc
  .record({
    kernel: fc.constantFrom(...peersOf(OPENING).map(({ id }) => id)),
    batch: fc.integer({ min: 1, max: 2 }),
    kvHeads: fc.integer({ min: 1, max: 2 }),
    group: fc.integer({ min: 1, max: 2 }),
    queries: fc.integer({ min: 1, max: 90 }),
    keys: fc.integer({ min: 1, max: 90 }),
    dim: fc.integer({ min: 1, max: 70 }),
    mask: anyMask,
    tile: fc.nat(99),
  })
  .map(({ kernel, group, tile, ...rest }): Run => {
    const { tiles } = kernelById(kernel);
    return {
      kernel,
      tile: tiles[tile % tiles.length] ?? { br: 0, bc: 0 },
      shape: { ...rest, heads: rest.kvHeads * group },
    };
  });

test('without a mask: 4Nd + 4N² of standard attention, 2Nd + (N/Br)2Nd + N of a tiled one, 2Nd + (N/Bc)(3Nd + 4N) with K and V outside, parts out and in once more', () => {
  fc.assert(
    fc.property(anyRun, (run) => {
      const shape: Shape = { ...run.shape, mask: 'full' };
      const { batch, heads, queries, keys, dim } = shape;
      const each = 4 * batch * heads;
      const parts = run.kernel === 'decode-split' ? 2 * queries * partsOf(shape) * (dim + 2) : 0;
      const tiled =
        2 * queries * dim + Math.ceil(queries / Math.max(1, run.tile.br)) * 2 * keys * dim + queries + parts;
      // Beside the paper's: O, l and m are written before the first step, and l and m read for LSE.
      const outside =
        2 * keys * dim +
        Math.ceil(keys / Math.max(1, run.tile.bc)) * (3 * queries * dim + 4 * queries) +
        queries * (dim + 2) +
        3 * queries;
      const standard = 2 * queries * dim + 2 * keys * dim + 4 * queries * keys;
      expect(both(ioModel({ ...run, shape }))).toBe(
        each * (run.kernel === 'naive' ? standard : run.kernel === 'flash1' ? outside : tiled),
      );
      expect(both(standardModel({ shape }))).toBe(each * standard);
    }),
  );
});

test('under a mask: tiles that no row of their block sees are left out, S and P are read where a query sees', () => {
  fc.assert(
    fc.property(anyRun, (run) => {
      const { shape, tile, kernel } = run;
      const { batch, heads, queries, keys, dim } = shape;
      const each = 4 * batch * heads;
      const by = ioModelByTensor(run);
      if (kernel === 'naive') {
        let pairs = 0;
        const rows = new Set<number>();
        for (let i = 0; i < queries; i++) {
          for (let j = 0; j < keys; j++) {
            if (!sees(shape, i, j)) continue;
            pairs++;
            rows.add(i);
          }
        }
        expect([by.Q?.read, by.S?.read, by.P?.read]).toEqual([each * rows.size * dim, each * pairs, each * pairs]);
        expect([by.S?.written, by.P?.written]).toEqual([each * queries * keys, each * queries * keys]);
        return;
      }
      const [br, bc] = tile.br > 1 ? [tile.br, tile.bc] : [1, 1];
      const { kinds, cols } = maskTiles(shape, { br, bc });
      if (kernel === 'flash1') {
        // A tile of keys once, if anyone sees of it; rows of Q once for each tile of keys that their tile sees of.
        const tilesSeen = new Set<number>();
        let walked = 0;
        kinds.forEach((kind, i) => {
          if (kind === 'skipped') return;
          tilesSeen.add(i % cols);
          walked += Math.min(br, queries - Math.floor(i / cols) * br);
        });
        const keysLoaded = [...tilesSeen].reduce((sum, j) => sum + Math.min(bc, keys - j * bc), 0);
        expect([by.K?.read, by.V?.read]).toEqual([each * keysLoaded * dim, each * keysLoaded * dim]);
        expect([by.Q?.read, by.O?.read]).toEqual([each * walked * dim, each * walked * dim]);
        return;
      }
      let loaded = 0;
      kinds.forEach((kind, i) => (loaded += kind === 'skipped' ? 0 : Math.min(bc, keys - (i % cols) * bc)));
      expect([by.K?.read, by.V?.read]).toEqual([each * loaded * dim, each * loaded * dim]);
    }),
  );
});

test('requests of their own lengths: each row reads the keys of its request that it sees, and no kernel requests less', () => {
  const request = fc.record({ length: fc.nat({ max: 60 }), rows: fc.nat({ max: 5 }) });
  fc.assert(
    fc.property(
      fc.array(request, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 1, max: 3 }),
      fc.option(fc.integer({ min: 1, max: 50 }), { nil: undefined }),
      fc.nat({ max: 3 }),
      (requests, heads, window, spare) => {
        const starts = [0];
        for (const { rows } of requests) starts.push(starts.at(-1)! + rows);
        const lengths = requests.map(({ length }) => length);
        const table = Array.from({ length: requests.length * 4 }, (_, i) => i);
        const pages = {
          size: 16,
          blocks: table.length,
          table,
          width: 4,
          lengths,
          starts,
          ...(window !== undefined && { window }),
        };
        const queries = starts.at(-1)! + spare + 1;
        const shape: Shape = { batch: 1, heads, kvHeads: 1, queries, keys: 60, dim: 8, mask: 'causal', pages };
        const run: Run = { kernel: 'paged', shape, tile: { br: 0, bc: 0 } };
        // The last of a request's rows stands at its last key, each before it a key earlier; one before the first sees
        // nothing.
        let keys = 0;
        for (const { length, rows } of requests) {
          for (let back = 0; back < rows; back++) keys += Math.min(Math.max(0, length - back), window ?? Infinity);
        }
        const by = ioModelByTensor(run);
        expect([by.K?.read, by.V?.read]).toEqual([4 * heads * keys * 8, 4 * heads * keys * 8]);
        const { loads, stores } = kernelById('paged').requested(run);
        expect([loads >= ioModel(run).read, stores >= ioModel(run).written]).toEqual([true, true]);
        // All of one length and a row each is what a shape without lengths says.
        const plain: Shape = {
          batch: requests.length,
          heads,
          kvHeads: 1,
          queries: 1,
          keys: 60,
          dim: 8,
          mask: 'causal',
        };
        const even: Shape = {
          ...plain,
          pages: { size: 16, blocks: table.length, table, width: 4, lengths: requests.map(() => 60) },
        };
        expect(ioModel({ ...run, shape: even })).toEqual(ioModel({ ...run, shape: plain }));
      },
    ),
  );
});

test('no kernel requests less than its IO model, and flash2 exactly that', () => {
  fc.assert(
    fc.property(anyRun, (run) => {
      const { read, written } = ioModel(run);
      const { loads, stores } = kernelById(run.kernel).requested(run);
      expect([loads >= read, stores >= written]).toEqual([true, true]);
      if (run.kernel === 'flash2') expect([loads, stores]).toEqual([read, written]);
      expect(sumOf(ioModelByTensor(run))).toEqual({ read, written });
    }),
  );
});
