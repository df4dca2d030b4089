/**
 * Why more is requested than the IO model says: causes against every single load, gone through thread by thread, and
 * against the interpreter's counters.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keysSeen } from '../ops/attention/cost';
import { generateInputs } from '../ops/attention/inputs';
import { partKeys, partsOf, type Shape } from '../ops/attention/shape';
import { Interpretation } from '../machine/interpreter/capture';
import { INTERPRETER_LIMITS } from '../machine/interpreter/limits';
import type { Run } from '../ops/run';
import { KERNELS } from '../kernels';
import { kernelById } from '../kernels/kernels';
import { ATTENTION } from '../kernels/testing/attention';
import { both, sumOf, type Cause } from '../ops/costs';
import { ioModel } from '../kernels/io-model';
import { extrasOf, ofKeys, requestedByTensor } from './traffic';

type Bytes = Partial<Record<Cause, number>>;

const causesOf = (run: Run): { causes: Bytes; requested: number } => {
  const trace = new Interpretation(run, generateInputs(run.shape, 5), { input: 'test' }).capture();
  const by = requestedByTensor(trace);
  return {
    causes: Object.fromEntries(
      extrasOf(by, trace.header.costs, ofKeys(trace)).map(({ cause, bytes }) => [cause, bytes]),
    ),
    requested: both(sumOf(by)),
  };
};

/** One workgroup's loads of rows of K or V: [lanes that load together, row, column], element by element. */
type Loads = Iterable<readonly [group: number, row: number, col: number]>;

/** What of them is another group's load of the same element, and what the same group's again. */
function again(loads: Loads): { all: number; groups: number; padding: number; once: number } {
  const [elements, byGroup] = [new Set<string>(), new Set<string>()];
  let all = 0;
  for (const [group, row, col] of loads) {
    all++;
    elements.add(`${row},${col}`);
    byGroup.add(`${group},${row},${col}`);
  }
  return { all, once: elements.size, groups: byGroup.size - elements.size, padding: all - byGroup.size };
}

/** As shaders/flash-fast.wgsl loads K, and V alike: lane by lane, steps of BC rows, chunks in fours. */
function* quads({ shape, tile }: Run, q0: number): Loads {
  const wide = shape.dim % 4 === 0 ? 4 : 1;
  const chunks = shape.dim / wide;
  const seen = keysSeen(shape, Math.min(q0 + tile.br, shape.queries) - 1);
  for (let k0 = 0; k0 < seen; k0 += tile.bc)
    for (let j = 0; j < tile.bc; j++)
      for (let lane = 0; lane < Math.max(4, tile.br / 8); lane++)
        for (let g = 0; g < chunks; g += 4)
          for (let i = 0; i < wide; i++)
            yield [
              Math.floor(lane / 4),
              Math.min(k0 + j, shape.keys - 1),
              Math.min(g + (lane % 4), chunks - 1) * wide + i,
            ];
}

/**
 * As shaders/decode.wgsl loads K and V: K in whole rounds of keys, V in whole rounds of chunks, by steps that end at
 * `end`.
 */
function* rowLoads(run: Run, from: number, to: number, end: (k0: number) => number): Loads {
  const { header, workgroupSize: threads } = kernelById(run.kernel).passes(run)[0]!;
  const wide = run.shape.dim % 4 === 0 ? 4 : 1;
  const chunks = run.shape.dim / wide;
  for (let k0 = from; k0 < to; k0 = end(k0)) {
    const last = end(k0) - k0 - 1;
    for (let thread = 0; thread < threads; thread++) {
      for (let n = 0; n < Number(header['KEYS']); n++)
        for (let col = 0; col < run.shape.dim; col++) yield [0, k0 + Math.min(thread + n * threads, last), col];
      for (let j = 0; j <= last; j++)
        for (let x = 0; x < Number(header['OWN']); x++)
          for (let i = 0; i < wide; i++)
            yield [0, 10_000 + k0 + j, Math.min(thread + x * threads, chunks - 1) * wide + i];
    }
  }
}

/** What every kernel's text makes of a plane, in elements. */
function expected(run: Run): Bytes {
  const { shape, tile, kernel } = run;
  const { queries, keys, dim, mask } = shape;
  const total: Record<Cause, number> = { threads: 0, sweeps: 0, groups: 0, padding: 0, ahead: 0, lookup: 0, lse: 0 };
  const rows = Array.from({ length: queries }, (_, i) => keysSeen(shape, i));
  const { workgroupSize } = kernelById(kernel).passes(run)[0]!;
  if (kernel === 'naive') {
    // One thread a score reads a row of Q and of K; one thread a row reads S three times; one thread an element of O
    // reads a row of P and a column of V.
    const pairs = rows.reduce((sum, n) => sum + n, 0);
    const reading = pairs * (2 * dim + 2 * dim);
    const seeing = mask === 'full' ? queries : rows.filter((n) => n > 0).length;
    total.threads = reading - (seeing * dim + 2 * keys * dim + pairs);
    total.sweeps = 2 * pairs;
    total.lse = queries;
  } else if (kernel === 'flash-fast') {
    for (let q0 = 0; q0 < queries; q0 += tile.br) {
      const one = again(quads(run, q0));
      total.groups += 2 * one.groups;
      total.padding += 2 * one.padding;
    }
  } else if (kernel === 'flash-fast-shared') {
    for (let q0 = 0; q0 < queries; q0 += tile.br)
      if (rows[Math.min(q0 + tile.br, queries) - 1] === 0) total.ahead += Math.min(tile.bc, keys) * dim;
  } else if (kernel !== 'flash2' && kernel !== 'flash1') {
    const parts = kernel === 'decode-split' ? partsOf(shape) : 1;
    const span = kernel === 'decode-split' ? partKeys(shape) : keys;
    total.threads =
      queries * (workgroupSize * parts - 1) * dim + (kernel === 'decode-split' ? queries * parts * (16 * 3 - 2) : 0);
    for (const seen of rows) {
      for (let from = 0; from < seen; from += span) {
        const to = Math.min(from + span, seen);
        const page = 16;
        const end = (k0: number): number =>
          kernel === 'paged' ? Math.min(k0 + page, (Math.floor(k0 / page) + 1) * page, to) : Math.min(k0 + tile.bc, to);
        const one = again(rowLoads(run, from, to, end));
        expect(one.groups).toBe(0);
        total.padding += one.padding;
        if (kernel === 'paged') for (let k0 = from; k0 < to; k0 = end(k0)) total.lookup += workgroupSize;
      }
      // One request: its beginning, its keys, and where the next begins.
      if (kernel === 'paged') total.lookup += 3 * workgroupSize;
    }
  }
  const bytes = Object.entries(total).flatMap(([cause, n]) => (n === 0 ? [] : [[cause, 4 * shape.heads * n] as const]));
  return Object.fromEntries(bytes);
}

const shape = (queries: number, keys: number, dim: number, mask: Shape['mask'] = 'full'): Shape => ({
  batch: 1,
  heads: 1,
  kvHeads: 1,
  queries,
  keys,
  dim,
  mask,
});

/** The odd ones: one key, d = 7, one query over many keys, a few queries, more queries than keys. */
const SHAPES = [
  shape(1, 1, 7),
  shape(1, 1, 8),
  shape(1, 70, 32),
  shape(2, 40, 7),
  shape(19, 19, 7, 'causal'),
  shape(9, 5, 12, 'causal'),
];

for (const { id, tiles } of ATTENTION) {
  test(`${id}: the causes are those of its loads, and add up to what was counted`, () => {
    for (const one of SHAPES) {
      for (const tile of tiles.length > 0 ? tiles.slice(0, 2) : [{ br: 0, bc: 0 }]) {
        const run: Run = { kernel: id, shape: one, tile };
        if (kernelById(id).limit(run, INTERPRETER_LIMITS)) continue;
        const { causes, requested } = causesOf(run);
        expect({ run, causes }).toEqual({ run, causes: expected(run) });
        const more = Object.values(causes).reduce((sum, bytes) => sum + bytes, 0);
        expect(requested).toBe(both(ioModel(run)) + more);
      }
    }
  });
}

test('any shape: the causes add up to what the card says is requested, and none is negative', () => {
  const any = fc.record({
    kernel: fc.constantFrom(...KERNELS.map(({ id }) => id)),
    tile: fc.nat(99),
    queries: fc.integer({ min: 1, max: 12 }),
    keys: fc.integer({ min: 1, max: 20 }),
    dim: fc.integer({ min: 1, max: 12 }),
    mask: fc.constantFrom('full' as const, 'causal' as const),
    grouped: fc.boolean(),
  });
  fc.assert(
    fc.property(any, ({ kernel, tile, grouped, ...rest }) => {
      const { tiles, requested } = kernelById(kernel);
      const run: Run = {
        kernel,
        tile: tiles[tile % tiles.length] ?? { br: 0, bc: 0 },
        shape: { ...rest, batch: 1, heads: 2, kvHeads: grouped ? 1 : 2 },
      };
      if (kernelById(kernel).limit(run, INTERPRETER_LIMITS)) return;
      const { causes } = causesOf(run);
      const { loads, stores } = requested(run);
      expect(Object.values(causes).reduce((sum, bytes) => sum + bytes, both(ioModel(run)))).toBe(loads + stores);
      for (const bytes of Object.values(causes)) expect(bytes).toBeGreaterThan(0);
    }),
    { numRuns: 12 },
  );
});
