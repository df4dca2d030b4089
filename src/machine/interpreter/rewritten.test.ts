/**
 * Cells of HBM that a kernel writes more than once stand in every frame as they stood then: FlashAttention's Algorithm 1,
 * and small kernels with loops in loops whose stores are simulated.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { frameOf } from '../../frame/frame';
import type { PassSpec } from '../../kernels/card';
import { costsOf } from '../../kernels/costs';
import { flash1 } from '../../kernels/flash1';
import { inputsOfPeers } from '../../ops/attention/inputs';
import type { Shape } from '../../ops/attention/shape';
import { describePass } from '../../tap/describe';
import { instrument } from '../../tap/tap';
import { readTrace } from '../../trace/file';
import { writeTrace } from '../../trace/file-write';
import type { Trace } from '../../trace/trace';
import { link } from '../../wgsl/link';
import { checkAlgorithm1, checkHover, checkRow, shown, wrongCell } from '../testing/algorithm1';
import { Interpretation } from './capture';
import { bindingKey } from './lockstep';
import { Recorder } from './recorder';

const problem = fc
  .record({
    batch: fc.integer({ min: 1, max: 2 }),
    kvHeads: fc.integer({ min: 1, max: 2 }),
    group: fc.integer({ min: 1, max: 2 }),
    queries: fc.integer({ min: 1, max: 25 }),
    keys: fc.integer({ min: 1, max: 25 }),
    dim: fc.constantFrom(1, 3, 4, 8),
    mask: fc.constantFrom('full' as const, 'causal' as const),
    tile: fc.constantFrom(...flash1.tiles.filter(({ br, bc }) => br * bc <= 128)),
    seed: fc.nat(),
    part: fc.double({ min: 0, max: 0.999, noNaN: true }),
  })
  .map(({ group, tile, seed, part, ...rest }) => {
    const shape: Shape = { ...rest, heads: rest.kvHeads * group };
    return { tile, seed, shape, plane: Math.floor(part * shape.batch * shape.heads) };
  });

test('flash1: O, l and m at every cursor are those of Algorithm 1 in f64, from a file as well', async () => {
  await fc.assert(
    fc.asyncProperty(problem, async ({ shape, tile, seed, plane }) => {
      const inputs = inputsOfPeers(shape, seed);
      const trace = new Interpretation({ kernel: 'flash1', shape, tile }, inputs, { input: '', plane }).capture();
      checkAlgorithm1(trace, inputs);
      checkAlgorithm1(await readTrace(writeTrace(trace)), inputs);
    }),
    { numRuns: 12 },
  );
});

test('flash1: the softmax of a row at every cursor, and the arithmetic behind any cell', () => {
  fc.assert(
    fc.property(problem, fc.infiniteStream(fc.nat(2 ** 30)), ({ shape, tile, seed, plane }, picks) => {
      const inputs = inputsOfPeers(shape, seed);
      const trace = new Interpretation({ kernel: 'flash1', shape, tile }, inputs, { input: '', plane }).capture();
      const pick = (below: number): number => picks.next().value! % below;
      checkRow(trace, inputs, pick(shape.queries));
      checkHover(trace, pick);
    }),
    { numRuns: 12 },
  );
});

/** A kernel with one loop in another that stores to cells again and again; every cell is one thread's. */
interface Toy {
  outer: number;
  inner: number;
  /** Rows that the two stores go to: their rounds times these. */
  steps: readonly [number, number];
  rows: number;
  /** The inner loop begins here in odd rounds of the outer. */
  from: number;
  /** Only in such rounds of the outer loop is its own store made. */
  every: number;
  /** Numbers that are stored at once. */
  lanes: 1 | 2 | 4;
}

const WG = 4;

const textOf = ({ outer, inner, steps, rows, from, every, lanes }: Toy): string => `
@group(0) @binding(0) var<storage, read_write> Y: array<${lanes === 1 ? 'f32' : `vec${lanes}f`}>;
var<workgroup> sA: array<f32, ${WG}>;
@compute @workgroup_size(${WG})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) t: u32) {
  // phase: begin
  let first = (group.z + origin.z) * ${rows * WG}u + t;
  Y[first] = ${lanes === 1 ? '-1.0' : `vec${lanes}f(-1.0)`};
  for (var j = 0u; j < ${outer}u; j++) {
    workgroupBarrier();
    // phase: outer
    sA[t] = f32(j);
    if (j % ${every}u == 0u) {
      Y[first + j * ${steps[0]}u % ${rows}u * ${WG}u]${lanes === 1 ? '' : '[1]'} = f32(j * 100u);
    }
    for (var i = j % 2u * ${from}u; i < ${inner}u; i++) {
      // phase: inner
      Y[first + (i + j) * ${steps[1]}u % ${rows}u * ${WG}u] += f32(1u + i);
    }
  }
  workgroupBarrier();
  // phase: end
  sA[t] = 1.0;
}`;

/** What the cells of one workgroup hold after each phase, by the definition. */
function simulate({ outer, inner, steps, rows, from, every, lanes }: Toy): { name: string; Y: Float64Array }[] {
  const cells = new Float64Array(rows * WG * lanes).fill(Number.NaN);
  const after: { name: string; Y: Float64Array }[] = [];
  const step = (name: string): void => void after.push({ name, Y: cells.slice() });
  /** Applies to the lanes of all threads' elements in a row; what was never written is zero in memory. */
  const store = (row: number, only: number | undefined, make: (old: number) => number): void => {
    for (let e = 0; e < WG * lanes; e++) {
      const at = row * WG * lanes + e;
      const old = Number.isNaN(cells[at]!) ? 0 : cells[at]!;
      // One lane of an element is stored alone, and all else in it stays unwritten.
      if (only === undefined || lanes === 1 || e % lanes === only) cells[at] = make(old);
    }
  };
  store(0, undefined, () => -1);
  step('begin');
  for (let j = 0; j < outer; j++) {
    if (j % every === 0) store((j * steps[0]) % rows, 1, () => j * 100);
    step('outer');
    for (let i = (j % 2) * from; i < inner; i++) {
      store(((i + j) * steps[1]) % rows, undefined, (old) => old + 1 + i);
      step('inner');
    }
  }
  step('end');
  return after;
}

/** The toy in the place of a kernel of attention, with O for Y, a row a thread. */
function traceOf(toy: Toy): Trace {
  const planes = 2;
  const { rows, lanes } = toy;
  const shape: Shape = { batch: 1, heads: planes, kvHeads: 1, queries: rows * WG, keys: 1, dim: lanes, mask: 'full' };
  const spec: PassSpec = {
    name: 'toy',
    files: ['lib/origin.wgsl', { name: 'toy', text: textOf(toy) }],
    header: {},
    grid: [1, 1, planes],
    rows: 0,
    workgroupSize: WG,
    bindings: [{ binding: 0, name: 'Y', tensor: 'O', access: 'read_write' }],
    layouts: {},
  };
  const text = link(spec).source;
  const tapped = instrument(text, { workgroupSize: WG });
  const memory = new Float32Array(planes * rows * WG * lanes);
  const recorder = new Recorder({ spec, text, tapped }, new Map([[bindingKey(0, 0), memory.buffer]]));
  const captured = Array.from({ length: planes }, (_, w) => {
    // Captured more than once, a workgroup begins from what was there.
    memory.subarray(w * rows * WG * lanes, (w + 1) * rows * WG * lanes).fill(0);
    return recorder.capture(w).captured;
  });
  const tensor = { id: 'O', planes, rows: rows * WG, cols: lanes, planesOf: 'heads', axes: ['query', 'dim'] } as const;
  const run = { kernel: 'flash1', shape, tile: { br: 8, bc: 8 } };
  return {
    header: {
      version: 2,
      op: 'attention',
      run,
      provenance: 'interpreter',
      adapter: { vendor: '', architecture: '', description: '', software: true },
      limits: {},
      maxOracle: 0,
      plane: 1,
      input: '',
      costs: costsOf(run),
    },
    tensors: [{ ...tensor, data: memory }],
    passes: [describePass({ spec, text, tapped }, shape, recorder.totals(captured), captured)],
  };
}

const toys: fc.Arbitrary<Toy> = fc.record({
  outer: fc.integer({ min: 1, max: 6 }),
  inner: fc.integer({ min: 0, max: 5 }),
  steps: fc.tuple(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 7 })),
  rows: fc.integer({ min: 1, max: 9 }),
  from: fc.integer({ min: 0, max: 3 }),
  every: fc.integer({ min: 1, max: 3 }),
  lanes: fc.constantFrom(1, 2, 4),
});

test('stores in loops in loops: each cell at each cursor, in any order of cursors, from a file as well', async () => {
  await fc.assert(
    fc.asyncProperty(toys, fc.infiniteStream(fc.nat()), async (toy, picks) => {
      const want = simulate(toy);
      const made = traceOf(toy);
      for (const trace of [made, await readTrace(writeTrace(made))]) {
        expect(trace.passes[0]!.captured[1]!.order.length).toBe(want.length);
        for (let n = 0; n < 2 * want.length; n++) {
          const phase = picks.next().value! % want.length;
          const frame = frameOf(trace, { pass: 0, workgroup: 1, phase }, { row: 0, thread: 0 });
          expect(frame.phase.name).toBe(want[phase]!.name);
          const wrong = wrongCell(shown(frame.tensors['O']!), want[phase]!.Y);
          if (wrong) expect.fail(`after phase ${phase}, ${frame.phase.name}: ${wrong}`);
        }
      }
    }),
    { numRuns: 60 },
  );
});
