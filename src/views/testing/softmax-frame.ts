// A small frame made by hand for the tests of the views: flash2 as plain arithmetic, so that every number is known
// without a GPU.
import { costsOf } from '../../kernels/costs';
import { TRACE_VERSION } from '../../trace/trace';
import type { CellRef } from '../../frame/cell';
import type {
  BytesFrame,
  Frame,
  LineBytes,
  LineFrame,
  LogEntry,
  SoftmaxFrame,
  SoftmaxTile,
  TensorFrame,
} from '../../frame/frame-types';
import type { CapturedWorkgroup, Trace, TracePass } from '../../trace/trace';
import type { PhaseInfo } from '../../wgsl/phases';
import { SOURCE } from './softmax-source';

export interface FrameOptions {
  /** Executed phase: 0 = load Q, then four a tile, the last = write O. */
  phase: number;
  row?: number;
  n?: number;
  dim?: number;
  br?: number;
  bc?: number;
  mask?: 'full' | 'causal';
  /** Rows of the workgroup begin here. */
  r0?: number;
  line?: number;
  cell?: CellRef;
  tokens?: readonly string[];
}

/** A seeded generator of numbers in -1..1. */
function generator(seed: number): () => number {
  let x = seed;
  return () => {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    return x / 2 ** 31 - 1;
  };
}

const NAMES = ['load Q', 'load K,V', 'S = QKᵀ', 'softmax', 'O += PV', 'write O'];

/** Line of the n-th phase comment of the source, and the line before the next. */
function staticPhases(): PhaseInfo[] {
  const lines = SOURCE.split('\n');
  const starts = NAMES.map((name) => lines.findIndex((line) => line.includes(`// phase: ${name}`)) + 1);
  return NAMES.map((name, id) => ({ id, name, line: starts[id]!, endLine: (starts[id + 1] ?? lines.length + 1) - 1 }));
}

/** The online softmax of one row by the definition, tile by tile, as far as executed phase `k` has come. */
function onlineSoftmax(o: Required<Omit<FrameOptions, 'cell' | 'tokens' | 'line'>>): SoftmaxFrame {
  const next = generator(7);
  const score = Array.from({ length: o.n }, (_, j) => 2.4 * Math.cos((j - o.row) / 5) + 1.1 * next());
  const v = Array.from({ length: o.n }, () => Float32Array.from({ length: o.dim }, next));
  const tileCount = Math.ceil(o.n / o.bc);
  const tiles: SoftmaxTile[] = [];
  let [m, l] = [-3.4e38, 0];
  let acc: Float32Array = new Float32Array(o.dim);
  let before: Float32Array | undefined;
  let after: Float32Array | undefined;
  let done: Float32Array | undefined;
  for (let t = 0; t < tileCount && o.phase >= 1 + 4 * t; t++) {
    const from = t * o.bc;
    const to = Math.min(o.n, from + o.bc) - 1;
    const keys = Array.from({ length: to - from + 1 }, (_, i) => from + i);
    const masked = keys.map((j) => o.mask === 'causal' && j > o.row);
    const tile: SoftmaxTile = {
      index: t,
      from,
      to,
      s: keys.map(() => undefined),
      p: keys.map(() => undefined),
      masked,
    };
    if (t > 0) Object.assign(tile, { mOld: m, lOld: l });
    else Object.assign(tile, { mOld: m, lOld: 0 });
    before = t > 0 ? acc.slice() : undefined;
    after = undefined;
    if (o.phase >= 2 + 4 * t) tile.s = keys.map((j, i) => (masked[i] ? undefined : score[j]));
    if (o.phase >= 3 + 4 * t) {
      const mNew = Math.max(m, ...keys.map((j, i) => (masked[i] ? -3.4e38 : score[j]!)));
      const alpha = Math.exp(m - mNew);
      const p = keys.map((j, i) => (masked[i] ? 0 : Math.exp(score[j]! - mNew)));
      const sumP = p.reduce((a, b) => a + b, 0);
      Object.assign(tile, { m: mNew, alpha, p, sumP, l: l * alpha + sumP });
      [m, l] = [mNew, l * alpha + sumP];
      if (o.phase >= 4 + 4 * t) {
        after = acc.map((x, c) => x * alpha + keys.reduce((sum, j, i) => sum + p[i]! * v[j]![c]!, 0));
        acc = after;
      }
    }
    tiles.push(tile);
  }
  if (o.phase >= 1 + 4 * tileCount) done = acc.map((x) => x / l);
  return {
    kind: 'online',
    row: o.row,
    inWorkgroup: o.row >= o.r0 && o.row < o.r0 + o.br,
    tiles,
    tileCount,
    inHbm: false,
    ...(before && { accBefore: before }),
    ...(after && { acc: after }),
    ...(done && { o: done }),
  };
}

/** The thread's log of the softmax phase, for the source view. */
function log(softmax: SoftmaxFrame, phase: PhaseInfo, line: number | undefined): LineFrame {
  const tile = softmax.tiles.at(-1);
  const entries: LogEntry[] = [];
  const lineOf = (text: string): number => SOURCE.split('\n').findIndex((l) => l.includes(text)) + 1;
  if (phase.name === 'softmax' && tile) {
    entries.push({ line: lineOf('let m_old'), name: 'm_old', value: tile.mOld ?? 0 });
    tile.s.forEach((s, j) => {
      entries.push({ line: lineOf('for (var j = 0u; j < BC; j++) { // max'), name: 'j', value: j });
      entries.push({
        line: lineOf('m = max('),
        name: 'm',
        value: Math.max(...tile.s.slice(0, j + 1).map((x) => x ?? -3.4e38), s ?? -3.4e38),
      });
    });
    entries.push({ line: lineOf('let alpha'), name: 'alpha', value: tile.alpha ?? 0 });
    let l = (tile.lOld ?? 0) * (tile.alpha ?? 0);
    tile.p.forEach((p) => {
      l += p ?? 0;
      entries.push(
        { line: lineOf('let p ='), name: 'p', value: p ?? 0 },
        { line: lineOf('l += p'), name: 'l', value: l },
      );
    });
  }
  const index = line ?? entries.length - 1;
  const values = new Map(entries.slice(0, index + 1).map((entry) => [entry.line, entry]));
  return {
    line: entries[index]?.line ?? phase.line,
    index: Math.max(0, index),
    count: entries.length,
    entries,
    values,
  };
}

/** Bytes as the phase's arithmetic asks for them. */
function bytesOf(name: string, o: { br: number; bc: number; dim: number }): BytesFrame {
  const f = 4;
  const lines = new Map<number, LineBytes>();
  const add = (text: string, storage: [number, number], workgroup: [number, number]): void => {
    const at = SOURCE.split('\n').findIndex((line) => line.includes(text)) + 1;
    lines.set(at, {
      storage: { read: storage[0], written: storage[1] },
      workgroup: { read: workgroup[0], written: workgroup[1] },
    });
  };
  if (name === 'load Q') add('sQ[i] =', [o.br * o.dim * f, 0], [0, o.br * o.dim * f]);
  if (name === 'load K,V') {
    add('sK[i] =', [o.bc * o.dim * f, 0], [0, o.bc * o.dim * f]);
    add('sV[i] =', [o.bc * o.dim * f, 0], [0, o.bc * o.dim * f]);
  }
  if (name === 'S = QKᵀ') add('s += sQ', [0, 0], [2 * o.br * o.bc * o.dim * f, 0]);
  if (name === 'softmax') {
    add('m = max(', [0, 0], [o.br * o.bc * f, 0]);
    add('let p =', [0, 0], [o.br * o.bc * f, 0]);
    add('sS[r * BC + j] = p;', [0, 0], [0, o.br * o.bc * f]);
    add('sl[r] = l;', [0, 0], [0, o.br * f]);
  }
  if (name === 'O += PV') add('x += sS', [0, 0], [2 * o.br * o.bc * o.dim * f, 0]);
  if (name === 'write O') add('O[', [0, o.br * o.dim * f], [o.br * f, 0]);
  const total = (space: 'storage' | 'workgroup') =>
    [...lines.values()].reduce(
      (sum, x) => ({ read: sum.read + x[space].read, written: sum.written + x[space].written }),
      {
        read: 0,
        written: 0,
      },
    );
  const zero = { read: 0, written: 0 };
  const run = { requested: zero, ioModel: zero, compulsory: zero, extras: [] };
  return {
    buffers: [],
    lines,
    hbm: { step: total('storage'), sum: zero },
    sram: { step: total('workgroup'), sum: zero },
    reuse: undefined,
    run,
  };
}

/** Executed phases of a flash2 workgroup over `tiles` key tiles. */
export function flashPhases(tiles: number): Frame['phases'] {
  const info = staticPhases();
  const one = (id: number, tile: number) => ({ id, name: info[id]!.name, line: info[id]!.line, tile, loops: [] });
  const list = [
    one(0, 0),
    ...Array.from({ length: tiles }, (_, t) => [1, 2, 3, 4].map((id) => one(id, t))).flat(),
    one(5, tiles - 1),
  ];
  return list.map((phase, k) => ({ ...phase, k }));
}

/** K with the tile that is live. */
function keysTensor(o: { n: number; dim: number; bc: number }, tile: number): TensorFrame {
  const live = { r0: tile * o.bc, r1: Math.min(o.n, (tile + 1) * o.bc) - 1, c0: 0, c1: o.dim - 1 };
  return { id: 'K', rows: o.n, cols: o.dim, values: new Float32Array(0), written: 'input', materialised: true, live };
}

/** Every workgroup stores its block of O in the last phase: [workgroup][phase][n, lo + 1, hi + 1]. */
function totalsOf({ n, dim, br }: { n: number; dim: number; br: number }): Uint32Array {
  const groups = Math.ceil(n / br);
  const totals = new Uint32Array(groups * NAMES.length * 3);
  for (let w = 0; w < groups; w++) {
    const end = Math.min(n, (w + 1) * br) * dim;
    totals.set([end - w * br * dim, w * br * dim + 1, end], (w * NAMES.length + 5) * 3);
  }
  return totals;
}

/** A frame of flash2 at an executed phase; numbers later than that are not in it. */
export function flashFrame(options: FrameOptions): Frame {
  const o = { row: 10, n: 64, dim: 32, br: 16, bc: 16, mask: 'full' as const, r0: 0, ...options };
  const softmax = onlineSoftmax(o);
  const phases = flashPhases(softmax.tileCount);
  const here = phases[o.phase]!;
  const info = staticPhases();
  const pass: TracePass = {
    name: 'flash',
    text: SOURCE,
    hash: '',
    grid: [Math.ceil(o.n / o.br), 1, 1],
    workgroupSize: 64,
    bindings: [
      {
        name: 'O',
        tensor: 'O',
        access: 'read_write',
        planes: 1,
        rows: o.n,
        cols: o.dim,
        planesOf: 'heads',
        axes: ['query', 'dim'],
      },
    ],
    sites: [
      {
        id: 0,
        line: 1,
        column: 1,
        buffer: 'O',
        space: 'storage',
        mode: 'store',
        type: 'f32',
        bytes: 4,
        lanes: 1,
        phase: 5,
      },
    ],
    writers: [],
    arrays: [{ id: 0, name: 'sS', scope: 'workgroup', offset: 0, length: 1, type: 'array<f32, 1>', scalar: 'f32' }],
    variables: [],
    phases: info,
    layouts: {},
    totals: totalsOf(o),
    captured: [],
  };
  const workgroup: CapturedWorkgroup = {
    workgroup: Math.floor(o.r0 / o.br),
    order: Uint16Array.from(phases, (p) => p.id),
    counts: new Uint32Array(0),
    arrays: [],
    phasesDropped: 0,
    lines: {
      invocation: 0,
      starts: new Uint32Array(0),
      variable: new Uint16Array(0),
      bits: new Uint32Array(0),
      dropped: 0,
    },
  };
  const shape = { batch: 1, heads: 1, kvHeads: 1, queries: o.n, keys: o.n, dim: o.dim, mask: o.mask };
  const run = { kernel: 'flash2', shape, tile: { br: o.br, bc: o.bc } };
  const trace: Trace = {
    header: {
      version: TRACE_VERSION,
      op: 'attention',
      run,
      costs: costsOf(run),
      provenance: 'recorded',
      adapter: { vendor: '', architecture: '', description: '', software: true },
      limits: {},
      maxPlainTapped: 0,
      maxOracle: 0,
      plane: 0,
      input: '',
      ...(options.tokens && { tokens: options.tokens }),
    },
    tensors: [],
    passes: [pass],
  };
  return {
    trace,
    cursor: {
      pass: 0,
      workgroup: workgroup.workgroup,
      phase: o.phase,
      ...(options.line !== undefined && { line: options.line }),
    },
    selection: { row: o.row, thread: 0, ...(options.cell && { cell: options.cell }) },
    pass,
    workgroup,
    provenance: 'recorded',
    plane: 0,
    phases,
    phase: { ...here, endLine: info[here.id]!.endLine, tiles: softmax.tileCount },
    block: { r0: o.r0, r1: o.r0 + o.br - 1, c0: 0, c1: o.dim - 1 },
    tensors: { K: keysTensor(o, Math.min(here.tile, softmax.tileCount - 1)) },
    arrays: [],
    softmax,
    bytes: bytesOf(here.name, o),
    line: log(softmax, info[here.id]!, options.line),
    explanation: undefined,
  };
}

/** One row of the naive kernel's softmax over all keys, in the phase `row max`, `row sum` or `write P`. */
export function naiveFrame(name: 'row max' | 'row sum' | 'write P', n = 64, row = 10): Frame {
  const frame = flashFrame({ phase: 4, n, bc: n, row, br: n });
  const tile = frame.softmax!.tiles[0]!;
  const l = tile.l!;
  const known = name === 'row max' ? { m: tile.m! } : { m: tile.m!, l };
  const direct: SoftmaxTile = {
    index: 0,
    from: 0,
    to: n - 1,
    s: tile.s,
    p: tile.p.map((p) => (name === 'write P' ? p! / l : undefined)),
    masked: tile.masked,
    ...known,
    ...(name === 'write P' && { sumP: tile.p.reduce<number>((a, b) => a + b! / l, 0) }),
  };
  const names = ['row max', 'row sum', 'write P'];
  const phases = names.map((phase, k) => ({ k, id: k, name: phase, line: 1, tile: 0, loops: [] }));
  const here = phases[names.indexOf(name)]!;
  const passes = ['scores', 'softmax', 'output'].map((pass) => ({ ...frame.pass, name: pass }));
  return {
    ...frame,
    trace: {
      ...frame.trace,
      passes,
      header: { ...frame.trace.header, run: { ...frame.trace.header.run, kernel: 'naive' } },
    },
    pass: passes[1]!,
    cursor: { pass: 1, workgroup: 0, phase: here.k },
    phases,
    phase: { ...here, endLine: 10, tiles: 1 },
    softmax: { kind: 'direct', row, inWorkgroup: true, inHbm: false, tiles: [direct], tileCount: 1 },
  };
}
