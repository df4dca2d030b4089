// Two small frames made by hand for the tests of the memory views: a step of flash2 and one of naive, every number
// known without a GPU.
import { costsOf } from '../../kernels/costs';
import { TRACE_VERSION } from '../../trace/trace';
import { compulsoryBytes } from '../../ops/attention/cost';
import type { TensorId } from '../../ops/op';
import type { Shape } from '../../ops/attention/shape';
import type { ArrayFrame, Frame, Selection, Rect, TensorFrame, Traffic } from '../../frame/frame-types';
import type { ArrayInfo, Site, Trace, TracePass } from '../../trace/trace';
import type { Role } from '../../ops/layout';
import { both } from '../../ops/costs';
import { ioModel } from '../../kernels/io-model';

export type Step = 'load K,V' | 'S = QKᵀ' | 'softmax';

export interface MemoryFrameOptions {
  kernel?: string;
  step?: Step;
  selection?: Partial<Selection>;
  /** The whole run's requested bytes. */
  requested?: Traffic;
  explanation?: Frame['explanation'];
}

const SHAPE: Shape = { batch: 1, heads: 2, kvHeads: 2, queries: 64, keys: 64, dim: 32, mask: 'full' };
const BR = 16;
const BC = 16;
/** The second of four blocks, in the second of four tiles. */
const ROW0 = 16;
const KEY0 = 16;
const STEPS: readonly Step[] = ['load K,V', 'S = QKᵀ', 'softmax'];

/** A wave that differs from seed to seed: structure to look at, the same every time. */
const wave = (rows: number, cols: number, seed: number): Float32Array =>
  Float32Array.from({ length: rows * cols }, (_, i) => {
    const [r, c] = [Math.floor(i / cols), i % cols];
    return 1.6 * Math.sin(seed + r / 3 + c * (0.4 + seed / 9)) * Math.cos(c / 2 - r / (5 + seed));
  });

const planes = new Map<TensorId, Float32Array>();
const plane = (id: TensorId, rows: number, cols: number): Float32Array => {
  const made = planes.get(id) ?? wave(rows, cols, id.charCodeAt(0) % 7).map((x) => (id === 'P' ? Math.abs(x) / 4 : x));
  planes.set(id, made);
  return made;
};

type TensorExtra = Partial<Pick<TensorFrame, 'written' | 'reads' | 'writes' | 'live'>>;
const tensor = (id: TensorId, rows: number, cols: number, extra: TensorExtra): [TensorId, TensorFrame] => [
  id,
  { id, rows, cols, values: plane(id, rows, cols), written: 'input', materialised: true, ...extra },
];

const neverWritten = (id: TensorId): [TensorId, TensorFrame] => [
  id,
  { id, rows: 64, cols: 64, values: new Float32Array(0), written: [], materialised: false },
];

const rect = (r0: number, r1: number, c0: number, c1: number): Rect => ({ r0, r1, c0, c1 });

interface ArrayOptions {
  space: 'workgroup' | 'invocation';
  rows: number;
  cols: number;
  at: readonly [number, number];
  written: boolean;
  reads?: boolean;
  writes?: boolean;
}

function array(id: number, name: string, role: Role, o: ArrayOptions): ArrayFrame {
  const size = o.rows * o.cols;
  const info: ArrayInfo = { id, name, scope: o.space, offset: 0, length: size, type: 'f32', scalar: 'f32' };
  const values = wave(o.rows, o.cols, id).map((x) =>
    role === 'P' || role === 'alpha' || role === 'l' ? Math.abs(x) / 2 : x,
  );
  const [row0, col0] = o.at;
  const writer = new Uint16Array(size).fill(o.written ? 1 : 0);
  const { space, rows, cols, reads = false, writes = false } = o;
  return {
    info,
    space,
    role,
    rows,
    cols,
    row0,
    col0,
    values,
    writer,
    at: new Uint16Array(size),
    reads,
    writes,
    bytes: size * 4,
  };
}

const site = (id: number, buffer: string, space: Site['space'], mode: Site['mode'], bytes: number): Site => ({
  id,
  line: 10 + id,
  column: 3,
  buffer,
  space,
  mode,
  type: 'f32',
  bytes,
  lanes: 1,
  phase: 0,
});

function flashArrays(step: Step): ArrayFrame[] {
  const of = (
    rows: number,
    cols: number,
    at: readonly [number, number],
    extra: Partial<ArrayOptions> = {},
  ): ArrayOptions => ({
    space: 'workgroup',
    rows,
    cols,
    at,
    written: true,
    ...extra,
  });
  const soft = step === 'softmax';
  return [
    array(1, 'sQ', 'Q', of(BR, 32, [ROW0, 0], { reads: step === 'S = QKᵀ' })),
    array(2, 'sK', 'K', of(BC, 32, [KEY0, 0], { writes: step === 'load K,V', reads: step === 'S = QKᵀ' })),
    array(3, 'sV', 'V', of(BC, 32, [KEY0, 0], { writes: step === 'load K,V' })),
    array(
      4,
      'sS',
      soft ? 'P' : 'S',
      of(BR, BC, [ROW0, KEY0], { written: step !== 'load K,V', reads: soft, writes: step !== 'load K,V' }),
    ),
    array(5, 'sM', 'm', of(BR, 1, [ROW0, 0], { reads: soft, writes: soft })),
    array(6, 'sL', 'l', of(BR, 1, [ROW0, 0], { reads: soft, writes: soft })),
    array(7, 'sAlpha', 'alpha', of(BR, 1, [ROW0, 0], { written: soft, writes: soft })),
    array(8, 'acc', 'O', of(BR, 32, [ROW0, 0], { space: 'invocation' })),
  ];
}

function flashTensors(step: Step): Frame['tensors'] {
  const tile = rect(KEY0, KEY0 + BC - 1, 0, 31);
  const loads = step === 'load K,V' ? { reads: tile, live: tile } : { live: tile };
  return Object.fromEntries([
    tensor('Q', 64, 32, { live: rect(ROW0, ROW0 + BR - 1, 0, 31) }),
    tensor('K', 64, 32, loads),
    tensor('V', 64, 32, loads),
    tensor('O', 64, 32, { written: [rect(0, 15, 0, 31)] }),
    tensor('LSE', 64, 1, { written: [rect(0, 15, 0, 0)] }),
    neverWritten('S'),
    neverWritten('P'),
  ]);
}

/** Naive in its second pass: rows 0..31 of P are written, from S. */
function naiveTensors(): Frame['tensors'] {
  return Object.fromEntries([
    tensor('Q', 64, 32, {}),
    tensor('K', 64, 32, {}),
    tensor('V', 64, 32, {}),
    tensor('S', 64, 64, { written: [rect(0, 63, 0, 63)], reads: rect(0, 31, 0, 63) }),
    tensor('P', 64, 64, { written: [rect(0, 31, 0, 63)], writes: rect(0, 31, 0, 63) }),
    tensor('O', 64, 32, { written: [] }),
    tensor('LSE', 64, 1, { written: [rect(0, 31, 0, 0)], writes: rect(0, 31, 0, 0) }),
  ]);
}

const naiveArrays = (): ArrayFrame[] => {
  const of: ArrayOptions = { space: 'invocation', rows: 32, cols: 1, at: [0, 0], written: true, writes: true };
  return [array(1, 'm', 'm', of), array(2, 'l', 'l', of)];
};

/** Executions by step: K and V loads (16 B each), sK/sV stores (16 B), sS loads and stores (4 B). */
const COUNTS: readonly (readonly number[])[] = [
  [256, 256, 0, 0],
  [0, 0, 2048, 256],
  [0, 0, 512, 320],
];

const step0 = (): Traffic => ({ read: 0, written: 0 });

function bytesOf(kernel: string, step: Step, requested: Traffic): Frame['bytes'] {
  const flash = kernel !== 'naive';
  const k = STEPS.indexOf(step);
  const [loads = 0, fills = 0, reads = 0, stores = 0] = COUNTS[k] ?? [];
  const hbm = flash ? { read: loads * 16, written: 0 } : { read: 16_384, written: 8320 };
  const sram = flash ? { read: reads * 4, written: fills * 16 + stores * 4 } : step0();
  const row = (name: string, space: 'storage' | 'workgroup', now: Traffic, before: Traffic) => ({
    name,
    space,
    step: now,
    sum: { read: now.read + before.read, written: now.written + before.written },
  });
  const half = { read: hbm.read / 2, written: 0 };
  const buffers = flash
    ? [
        row('Q', 'storage', step0(), { read: 4096, written: 0 }),
        row('K', 'storage', half, { read: 10_240, written: 0 }),
        row('V', 'storage', half, { read: 10_240, written: 0 }),
        row('O', 'storage', step0(), { read: 0, written: 2048 }),
        row('sK', 'workgroup', { read: reads * 2, written: fills * 8 }, { read: 131_072, written: 10_240 }),
        row('sS', 'workgroup', { read: reads * 2, written: fills * 8 + stores * 4 }, { read: 34_816, written: 20_480 }),
      ]
    : [
        row('S', 'storage', { read: hbm.read, written: 0 }, { read: 0, written: 16_384 }),
        row('P', 'storage', { read: 0, written: 8192 }, step0()),
        row('LSE', 'storage', { read: 0, written: 128 }, step0()),
      ];
  const sum = (space: 'storage' | 'workgroup'): Traffic =>
    buffers
      .filter((b) => b.space === space)
      .reduce((t, b) => ({ read: t.read + b.sum.read, written: t.written + b.sum.written }), step0());
  const model = ioModel({ kernel, shape: SHAPE, tile: { br: BR, bc: BC } });
  const more = both(requested) - both(model);
  const extras = more > 0 ? [{ cause: 'threads' as const, bytes: more, tensors: ['Q' as const] }] : [];
  return {
    buffers,
    lines: new Map(),
    hbm: { step: hbm, sum: sum('storage') },
    sram: { step: sram, sum: sum('workgroup') },
    reuse: flash ? { sram: 131_072, hbm: 24_576 } : undefined,
    run: { requested, ioModel: model, compulsory: compulsoryBytes(SHAPE), extras },
  };
}

function passOf(kernel: string, arrays: readonly ArrayFrame[]): TracePass {
  const sites = [
    site(0, 'K', 'storage', 'load', 16),
    site(1, 'sK', 'workgroup', 'store', 16),
    site(2, 'sS', 'workgroup', 'load', 4),
    site(3, 'sS', 'workgroup', 'store', 4),
  ];
  const counts = Uint32Array.from(COUNTS.flatMap((row) => row.flatMap((n) => [n, n && 1, n])));
  return {
    name: kernel === 'naive' ? 'softmax' : 'flash',
    text: '',
    hash: '',
    grid: [4, 1, 2],
    workgroupSize: 64,
    bindings: [],
    sites: kernel === 'naive' ? [] : sites,
    writers: [],
    arrays: arrays.map((a) => a.info),
    variables: [],
    phases: [],
    layouts: {},
    totals: new Uint32Array(),
    captured: [{ workgroup: 1, order: Uint16Array.from([0, 1, 2]), counts, arrays: [], phasesDropped: 0 }],
  };
}

const passes = new Map<string, TracePass>();

/** A frame of `kernel` (flash2 when absent) at `step`. Passes are shared between frames, as those of one trace are. */
export function memoryFrame(options: MemoryFrameOptions = {}): Frame {
  const {
    kernel = 'flash2',
    step = 'softmax',
    selection,
    requested = { read: 147_456, written: 16_896 },
    explanation,
  } = options;
  const flash = kernel !== 'naive';
  const arrays = flash ? flashArrays(step) : naiveArrays();
  const pass = passes.get(kernel) ?? passOf(kernel, arrays);
  passes.set(kernel, pass);
  const k = STEPS.indexOf(step);
  const run = { kernel, shape: SHAPE, tile: { br: BR, bc: BC } };
  const header: Trace['header'] = {
    version: TRACE_VERSION,
    op: 'attention',
    run,
    costs: costsOf(run),
    provenance: 'this-device',
    adapter: { vendor: 'test', architecture: '', description: '', software: true },
    limits: { maxComputeWorkgroupStorageSize: 32_768 },
    maxPlainTapped: 0,
    maxOracle: 0,
    plane: 1,
    input: 'made by hand',
  };
  return {
    trace: { header, tensors: [], passes: [pass] },
    cursor: { pass: 0, workgroup: 1, phase: k },
    selection: { row: 26, thread: 0, ...selection },
    pass,
    workgroup: pass.captured[0],
    provenance: 'this-device',
    plane: 1,
    phases: STEPS.map((name, i) => ({ k: i, id: i, name, line: 1, tile: 1, loops: [] })),
    phase: { k, id: k, name: step, line: 1, endLine: 1, tile: 1, tiles: 4, loops: [] },
    block: rect(ROW0, ROW0 + BR - 1, 0, 31),
    tensors: flash ? flashTensors(step) : naiveTensors(),
    arrays,
    softmax: undefined,
    bytes: bytesOf(kernel, step, requested),
    line: { line: 1, index: 0, count: 0, entries: [], values: new Map() },
    explanation,
  };
}
