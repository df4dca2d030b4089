// Cards and the linker: texts, line maps, limits, and the closed forms of requested bytes against a count of the
// kernels' own loops.
import { constantsOf, expand } from '../wgsl/expand';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keysFrom, keysSeen } from '../ops/attention/cost';
import { placeIn } from '../ops/layout';
import type { Shape } from '../ops/attention/shape';
import { anyMask, matrixOf } from '../ops/attention/testing/masks';
import type { Run, Tile } from '../ops/run';
import type { Limits } from '../ops/limits';
import { flash2 } from './flash2';
import { flashFast } from './flash-fast';
import { flashFastShared } from './flash-fast-shared';
import { checkRun } from './check';
import { fittingTile, kernelById, RUNNABLE } from './kernels';
import { chosenLines, HEADER, link, textOf } from '../wgsl/link';
import { naive } from './naive';
import { KERNELS } from '.';

const shape: Shape = { batch: 1, heads: 1, kvHeads: 1, queries: 64, keys: 64, dim: 32, mask: 'full' };
const tile = { br: 16, bc: 16 };

test('what runs is what is listed, in its order and by its card', () => {
  expect(RUNNABLE.map(({ id }) => id)).toEqual(KERNELS.map(({ id }) => id));
  RUNNABLE.forEach((kernel, i) => expect(kernel).toMatchObject(KERNELS[i]!));
});

const limits: Limits = {
  maxComputeWorkgroupStorageSize: 16384,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupSizeX: 256,
  maxComputeWorkgroupsPerDimension: 65535,
  maxStorageBufferBindingSize: 2 ** 27,
  maxBufferSize: 2 ** 28,
  maxStorageBuffersPerShaderStage: 8,
};

const anyRun = fc
  .record({
    batch: fc.integer({ min: 1, max: 3 }),
    kvHeads: fc.integer({ min: 1, max: 3 }),
    group: fc.integer({ min: 1, max: 3 }),
    queries: fc.integer({ min: 1, max: 150 }),
    keys: fc.integer({ min: 1, max: 150 }),
    dim: fc.integer({ min: 1, max: 130 }),
    mask: anyMask,
    tile: fc.constantFrom(...flash2.tiles),
  })
  .map(({ group, tile: some, ...rest }): Run => ({
    kernel: 'flash2',
    tile: some,
    shape: { ...rest, heads: rest.kvHeads * group },
  }));

/** Where the first tile of keys begins that any row from q0 on sees. */
const firstTile = ({ shape: some, tile: { bc } }: Run, q0: number): number => Math.floor(keysFrom(some, q0) / bc) * bc;

test('the numbers of the design for N = 64, d = 32, tile 16x16: loads 73,728 B, stores 8,192 B and 256 B of LSE', () => {
  expect(flash2.requested({ kernel: 'flash2', shape, tile })).toEqual({ loads: 73_728, stores: 8_448 });
});

test('bytes of flash2 are those of its loops', () => {
  fc.assert(
    fc.property(anyRun, (run) => {
      const { batch, heads, queries, keys, dim } = run.shape;
      const { br, bc } = run.tile;
      let elements = 0;
      for (let q0 = 0; q0 < queries; q0 += br) {
        const rows = Math.min(br, queries - q0);
        elements += rows * dim;
        for (let k0 = firstTile(run, q0); k0 < keysSeen(run.shape, q0 + rows - 1); k0 += bc)
          elements += 2 * Math.min(bc, keys - k0) * dim;
      }
      expect(flash2.requested(run)).toEqual({
        loads: 4 * batch * heads * elements,
        stores: 4 * batch * heads * queries * (dim + 1),
      });
    }),
    { seed: 1 },
  );
});

test('bytes of flash-fast are those of its loops: four lanes read a row in fours of chunks, rows past the last again', () => {
  const any = fc
    .tuple(anyRun, fc.constantFrom(...flashFast.tiles))
    .map(([run, some]): Run => ({ ...run, kernel: 'flash-fast', tile: some }));
  fc.assert(
    fc.property(any, (run) => {
      const { batch, heads, queries, dim } = run.shape;
      const { br, bc } = run.tile;
      const lanes = flashFast.passes(run)[0]!.workgroupSize;
      const wide = dim % 4 === 0 ? 4 : 1;
      let elements = 0;
      for (let q0 = 0; q0 < queries; q0 += br) {
        const rows = Math.min(br, queries - q0);
        elements += rows * dim;
        for (let k0 = firstTile(run, q0); k0 < keysSeen(run.shape, q0 + rows - 1); k0 += bc)
          for (let lane = 0; lane < lanes; lane++) for (let c = 0; c < dim / wide; c += 4) elements += 2 * bc * wide;
      }
      expect(flashFast.requested(run)).toEqual({
        loads: 4 * batch * heads * elements,
        stores: 4 * batch * heads * queries * (dim + 1),
      });
    }),
    { seed: 4 },
  );
});

test('bytes of flash-fast-shared are those of its loops: K one tile ahead', () => {
  const any = fc
    .tuple(anyRun, fc.constantFrom(...flashFastShared.tiles))
    .map(([run, some]): Run => ({ ...run, kernel: 'flash-fast-shared', tile: some }));
  fc.assert(
    fc.property(any, (run) => {
      const { batch, heads, queries, keys, dim } = run.shape;
      const { br, bc } = run.tile;
      let elements = 0;
      const tileOf = (k0: number) => Math.min(bc, keys - k0) * dim;
      for (let q0 = 0; q0 < queries; q0 += br) {
        const rows = Math.min(br, queries - q0);
        const seen = keysSeen(run.shape, q0 + rows - 1);
        const first = firstTile(run, q0);
        elements += rows * dim + tileOf(first);
        for (let k0 = first; k0 < seen; k0 += bc) elements += tileOf(k0) + (k0 + bc < seen ? tileOf(k0 + bc) : 0);
      }
      expect(flashFastShared.requested(run)).toEqual({
        loads: 4 * batch * heads * elements,
        stores: 4 * batch * heads * queries * (dim + 1),
      });
    }),
    { seed: 5 },
  );
});

test('bytes of naive are those of its loops', () => {
  fc.assert(
    fc.property(anyRun, ({ shape: some }) => {
      const { batch, heads, queries, keys, dim } = some;
      let loads = 0;
      for (let i = 0; i < queries; i++) {
        const seen = matrixOf(some)[i]!.filter(Boolean).length;
        loads += seen * 2 * dim; // scores: q and k
        loads += seen + seen + seen; // max, sum, P
        for (let c = 0; c < dim; c++) loads += 2 * seen; // output: p and v
      }
      const stores = queries * keys + queries * keys + queries + queries * dim;
      const run: Run = { kernel: 'naive', shape: some, tile };
      expect(naive.requested(run)).toEqual({ loads: 4 * batch * heads * loads, stores: 4 * batch * heads * stores });
    }),
    { seed: 2 },
  );
});

/** The array in which each tiled kernel keeps O, in registers. */
const accumulators = [
  [flash2, 'acc', (header: Record<string, unknown>) => 4 * Number(header['OWN'])],
  [flashFast, 'o', (header: Record<string, unknown>) => Number(header['ROWS']) * Number(header['CHUNKS'])],
  [flashFastShared, 'o', (header: Record<string, unknown>) => 4 * Number(header['OWN'])],
] as const;

test.each(accumulators)('$0.id: the places of its O cover the block once, by their owners', (card, name, chunks) => {
  for (const some of card.tiles) {
    for (const dim of [8, 32, 33, 64, 80]) {
      const [pass] = card.passes({ kernel: card.id, tile: some, shape: { ...shape, dim } });
      const layout = pass!.layouts[name]!;
      const length = chunks(pass!.header) * (dim % 4 === 0 ? 4 : 1);
      const seen = new Set<string>();
      let owned = 0;
      for (let thread = 0; thread < pass!.workgroupSize; thread++) {
        for (let index = 0; index < length; index++) {
          const at = placeIn(layout, index, thread);
          if (!at) continue;
          owned++;
          seen.add(at.join());
        }
      }
      expect([seen.size, owned]).toEqual([some.br * dim, some.br * dim]);
    }
  }
});

test('every block of rows divides the 64 rows that long runs are cut at', () => {
  for (const card of RUNNABLE) {
    for (const some of card.tiles.length > 0 ? card.tiles : [tile]) {
      for (const pass of card.passes({ kernel: card.id, shape, tile: some }))
        if (pass.rows > 0) expect(64 % pass.rows).toBe(0);
    }
  }
});

test('a linked text is the header and then the files, word for word, and the map says where', () => {
  for (const card of RUNNABLE) {
    for (const pass of card.passes({ kernel: card.id, shape, tile })) {
      const { source, files } = link(pass);
      const lines = source.split('\n');
      const part = (name: string) => {
        const { firstLine, lastLine } = files.find((file) => file.name === name)!;
        return lines.slice(firstLine - 1, lastLine).join('\n');
      };
      expect(files.map(({ name }) => name)).toEqual([HEADER, ...pass.files]);
      for (const file of pass.files)
        expect(part(file as string)).toBe(chosenLines(textOf(file), pass.header).join('\n'));
      expect(part(HEADER).split('\n')).toHaveLength(Object.keys(pass.header).length + (pass.enables?.length ?? 0));
      expect(source.includes('const NQ: u32 = 64u;')).toBe(true);
      expect(source.includes('const CAUSAL: bool = false;')).toBe(true);
      // What lies in workgroup memory is named so, and nothing else is.
      const shared = [...source.matchAll(/^\s*var<workgroup>\s+(\w+)/gm)].map(([, name]) => name);
      expect(new Set(Object.keys(pass.layouts).filter((name) => /^s[A-Z]/.test(name)))).toEqual(
        new Set(shared.filter((name = '') => name in pass.layouts)),
      );
      // Every barrier begins a phase.
      expect(source.match(/workgroupBarrier\(\);(?!\s*\/\/ phase: )/g)).toBeNull();
    }
  }
});

test('lines below a mark stand where the header has its constant, or has not; as many as the mark says', () => {
  const text = [
    'a',
    '  // when: LEFT',
    'b',
    '// unless: LEFT (2 lines)',
    'c',
    'd',
    'e',
    '// when: CAUSAL',
    'f',
    '// when: it rains',
  ].join('\n');
  expect(chosenLines(text, { LEFT: 0 })).toEqual(['a', 'b', 'e', '// when: it rains']);
  // What counts is that the constant is there, not what it is.
  expect(chosenLines(text, { CAUSAL: false })).toEqual(['a', 'c', 'd', 'e', 'f', '// when: it rains']);
});

test('an f32 constant reads back as exactly that f32', () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (x) => {
      const { code } = link({ header: { SCALE: { f32: x } }, files: [] });
      const literal = /^const SCALE: f32 = (-?[0-9.e+-]+)f;\n$/.exec(code)?.[1];
      // Doubles hold every f32, and rounding a double to f32 is what the literal's suffix asks for.
      expect(Math.fround(Number(literal)) + 0).toBe(x + 0);
    }),
    { seed: 3 },
  );
  expect(link({ header: { SCALE: { f32: 2 } }, files: [] }).code).toBe('const SCALE: f32 = 2f;\n');
});

test('phases have their names', () => {
  const names = RUNNABLE.flatMap((card) => card.passes({ kernel: card.id, shape, tile })).map(({ name, files }) => [
    name,
    [...textOf(files.at(-1)!).matchAll(/\/\/ phase: (.*)/g)].map(([, phase]) => phase),
  ]);
  expect(names).toEqual([
    ['scores', ['S = QKᵀ']],
    ['softmax', ['row max', 'row sum', 'write P']],
    ['output', ['O = PV']],
    ['flash', ['load Q', 'load K,V', 'S = QKᵀ', 'softmax', 'O += PV', 'write O']],
    ['flash', ['m, l, O begin', 'load K,V', 'load Q', 'S = QKᵀ', 'softmax', 'O += PV', 'write LSE']],
    ['flash', ['load Q', 'S = QKᵀ', 'softmax', 'O += PV', 'write O']],
    ['flash', ['load Q,K', 'm, l, O begin', 'S = QKᵀ', 'softmax', 'load V, next K', 'O += PV', 'write O']],
    ['flash', ['load Q', 'S = QKᵀ', 'softmax', 'O += PV', 'write O']],
    ['parts', ['load Q', 'S = QKᵀ', 'softmax', 'O += PV', 'write O']],
    ['merge', ['merge m, l', 'merge O']],
    ['paged', ['load Q', 'S = QKᵀ', 'softmax', 'O += PV', 'write O']],
    ['scores', ['S = QKᵀ']],
    ['weights', ['P = exp(S - L)']],
    ['dv', ['dV = PᵀdO']],
    ['dp', ['dP = dOVᵀ']],
    ['ds', ['D = rowsum(dO O)', 'dS = P(dP - D)']],
    ['dq', ['dQ = dSK']],
    ['dk', ['dK = dSᵀQ']],
    ['row-sums', ['D = rowsum(dO O)']],
    [
      'dk-dv',
      ['load K,V', 'load Q,dO', 'P = exp(QKᵀ - L)', 'dS = P(dOVᵀ - D)', 'dV += PᵀdO, dK += dSᵀQ', 'write dK,dV'],
    ],
    ['dq', ['load Q,dO', 'load K,V', 'P = exp(QKᵀ - L)', 'dS = P(dOVᵀ - D)', 'dQ += dSK', 'write dQ']],
    ['layernorm', ['load X', 'mean', 'deviations', 'variance', 'write Y']],
  ]);
});

test('limits: naive meets the binding size just beyond N = 2048 with 8 heads, flash2 the workgroup memory', () => {
  const wide = (n: number): Run => ({
    kernel: 'naive',
    tile,
    shape: { ...shape, heads: 8, kvHeads: 8, queries: n, keys: n },
  });
  expect(naive.limit(wide(2048), limits)).toBeUndefined();
  expect(naive.limit(wide(2049), limits)).toEqual({
    limit: 'maxStorageBufferBindingSize',
    need: 4 * 8 * 2049 ** 2,
    have: 2 ** 27,
  });
  const deep: Run = { kernel: 'flash2', tile: { br: 32, bc: 16 }, shape: { ...shape, dim: 64 } };
  const need = 4 * (32 * 64 + 2 * 16 * 64 + 32 * 16 + 3 * 32);
  expect(flash2.limit(deep, limits)).toEqual({ limit: 'maxComputeWorkgroupStorageSize', need, have: 16384 });
  expect(flash2.limit({ ...deep, tile }, limits)).toBeUndefined();
  expect(fittingTile(flash2, deep, limits)).toEqual(tile);
  const roomy = { ...limits, maxComputeWorkgroupStorageSize: 32768 };
  // Four whole blocks of rows or more: 128 rows fill them with Br 32, 64 rows and one head with Br 16, 64 rows and two
  // heads with Br 32.
  const rows = (queries: number, heads: number): Run => ({
    ...deep,
    shape: { ...deep.shape, batch: 1, queries, heads, kvHeads: heads },
  });
  expect(fittingTile(flash2, rows(128, 1), roomy)).toEqual({ br: 32, bc: 16 });
  expect(fittingTile(flash2, rows(64, 1), roomy)).toEqual({ br: 16, bc: 16 });
  expect(fittingTile(flash2, rows(64, 2), roomy)).toEqual({ br: 32, bc: 16 });
  expect(fittingTile(flash2, rows(3, 1), roomy)).toEqual({ br: 32, bc: 16 });
  expect(flash2.limit({ ...deep, shape: { ...shape, queries: 65536 * 32 } }, limits)?.limit).toBe(
    'maxComputeWorkgroupsPerDimension',
  );
});

test('a tile that should do with little room does, wherever a tile on offer can', () => {
  const [least, room] = [{ ...shape, queries: 256, keys: 256 }, 16_384];
  for (const card of RUNNABLE) {
    for (const dim of [8, 32, 64, 96, 128]) {
      const run = { kernel: card.id, shape: { ...least, dim } };
      const bytes = (some: Tile) => card.sramBytes({ ...run, tile: some });
      const possible = card.tiles.some((some) => bytes(some) <= room);
      const found = fittingTile(card, run, undefined, room);
      if (possible) expect(bytes(found)).toBeLessThanOrEqual(room);
      else expect(found).toEqual(fittingTile(card, run, undefined));
    }
  }
  const wide = { kernel: 'flash2', shape: { ...least, dim: 64 } } as const;
  expect(fittingTile(kernelById('flash2'), wide, undefined)).toEqual({ br: 32, bc: 16 });
  expect(fittingTile(kernelById('flash2'), wide, undefined, room)).toEqual({ br: 16, bc: 16 });
});

test('unknown kernels and tiles are refused', () => {
  expect(() => kernelById('flash9')).toThrow(
    expect.objectContaining({ code: 'kernel-unknown', details: { kernel: 'flash9' } }),
  );
  expect(() => checkRun({ kernel: 'flash2', shape, tile: { br: 3, bc: 5 } })).toThrow(
    expect.objectContaining({ code: 'shape-invalid' }),
  );
  expect(() => checkRun({ kernel: 'naive', shape, tile: { br: 0, bc: 0 } })).not.toThrow();
});

test('the text that is shown says by itself what is compiled', () => {
  for (const card of RUNNABLE) {
    for (const pass of card.passes({ kernel: card.id, shape, tile: card.tiles[0] ?? tile })) {
      const { source, code } = link(pass);
      expect(expand(source, constantsOf(source)).code).toBe(code);
    }
  }
});
