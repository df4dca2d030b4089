// Whole traces made by plain arithmetic, as the kernels' cards lay them out: what the cross's tests and its pictures
// are drawn from.
import { infoOf } from '../../ops';
import { costsOf } from '../../kernels/costs';
import { TRACE_VERSION } from '../../trace/trace';
import { placeIn } from '../../ops/layout';
import type { TensorId } from '../../ops/op';
import { kvPlane, sees, type Mask, type Shape } from '../../ops/attention/shape';
import type { ArrayInfo, CapturedWorkgroup, Filled, Site, Tensor, Trace, TracePass } from '../../trace/trace';
import type { PhaseInfo } from '../../wgsl/phases';
import type { Run } from '../../ops/run';
import type { PassSpec } from '../../kernels/card';
import { kernelById } from '../../kernels/kernels';

export interface CrossTraceOptions {
  kernel?: string;
  queries?: number;
  keys?: number;
  dim?: number;
  mask?: Mask;
  br?: number;
  bc?: number;
  tokens?: readonly string[];
}

const MASKED = -1e30;

/** The same numbers each time, with structure along the diagonal. */
function matrix(rows: number, cols: number, seed: number): Float32Array {
  return Float32Array.from({ length: rows * cols }, (_, i) => {
    const [r, c] = [Math.floor(i / cols), i % cols];
    return Math.sin(r * 0.21 * ((c % 5) + 1) + c) + 0.7 * Math.sin(seed * 3.7 + r * 1.3 + c * 2.1);
  });
}

interface Numbers {
  shape: Shape;
  q: Float32Array;
  k: Float32Array;
  v: Float32Array;
  s: Float32Array;
  p: Float32Array;
  o: Float32Array;
  lse: Float32Array;
}

function solve(shape: Shape): Numbers {
  const { queries, keys, dim } = shape;
  const [q, k, v] = [matrix(queries, dim, 1), matrix(keys, dim, 1), matrix(keys, dim, 3)];
  const s = new Float32Array(queries * keys).fill(MASKED);
  const p = new Float32Array(queries * keys);
  const o = new Float32Array(queries * dim);
  const lse = new Float32Array(queries);
  for (let i = 0; i < queries; i++) {
    let [m, l] = [MASKED, 0];
    for (let j = 0; j < keys; j++) {
      if (!sees(shape, i, j)) continue;
      let sum = 0;
      for (let c = 0; c < dim; c++) sum += (q[i * dim + c] ?? 0) * (k[j * dim + c] ?? 0);
      s[i * keys + j] = sum / Math.sqrt(dim);
      m = Math.max(m, s[i * keys + j] ?? 0);
    }
    for (let j = 0; j < keys; j++) l += sees(shape, i, j) ? Math.exp((s[i * keys + j] ?? 0) - m) : 0;
    for (let j = 0; j < keys; j++) {
      p[i * keys + j] = sees(shape, i, j) ? Math.exp((s[i * keys + j] ?? 0) - m) / l : 0;
      for (let c = 0; c < dim; c++)
        o[i * dim + c] = (o[i * dim + c] ?? 0) + (p[i * keys + j] ?? 0) * (v[j * dim + c] ?? 0);
    }
    lse[i] = m + Math.log(l || 1);
  }
  return { shape, q, k, v, s, p, o, lse };
}

/** A range of flat indices that a site touches in a phase. */
type Touch = readonly [site: number, lo: number, hi: number];

const site = (id: number, buffer: string, space: Site['space'], mode: Site['mode'], phase: number): Site => ({
  id,
  line: 10 + id,
  column: 3,
  buffer,
  space,
  mode,
  type: 'f32',
  bytes: 4,
  lanes: 1,
  phase,
});

function record(counts: Uint32Array, sites: number, row: number, touches: readonly Touch[]): void {
  for (const [id, lo, hi] of touches) {
    const i = (row * sites + id) * 3;
    const known = counts[i] ?? 0;
    counts[i + 1] = known ? Math.min(counts[i + 1] ?? 0, lo + 1) : lo + 1;
    counts[i + 2] = Math.max(counts[i + 2] ?? 0, hi + 1);
    counts[i] = known + hi - lo + 1;
  }
}

interface Walk {
  order: number[];
  touches: Touch[][];
  records: Map<number, Filled[]>;
}

function passOf(
  run: Run,
  spec: PassSpec,
  names: readonly string[],
  sites: readonly Site[],
  arrays: readonly ArrayInfo[],
  walks: readonly Walk[],
): TracePass {
  const phases: PhaseInfo[] = names.map((name, id) => ({ id, line: 10 * id + 1, endLine: 10 * id + 10, name }));
  const totals = new Uint32Array(walks.length * phases.length * sites.length * 3);
  const captured: CapturedWorkgroup[] = walks.map(({ order, touches, records }, workgroup) => {
    const counts = new Uint32Array(order.length * sites.length * 3);
    touches.forEach((list, k) => {
      record(counts, sites.length, k, list);
      record(totals, sites.length, workgroup * phases.length + (order[k] ?? 0), list);
    });
    return {
      workgroup,
      order: Uint16Array.from(order),
      counts,
      arrays: arrays.map((a) => records.get(a.id) ?? []),
      phasesDropped: 0,
    };
  });
  const writers = arrays.flatMap((a) => phases.map((p) => ({ line: p.line + 2, array: a.id, phase: p.id })));
  const { name, grid, workgroupSize, layouts } = spec;
  const bindings = spec.bindings.map((binding) => ({ ...binding, ...infoOf(binding.tensor, run.shape) }));
  const text = Object.entries(spec.header)
    .map(([constant, value]) => `const ${constant}: u32 = ${Number(value)}u;`)
    .join('\n');
  return {
    name,
    text,
    hash: '',
    grid,
    workgroupSize,
    bindings,
    layouts,
    sites,
    writers,
    arrays,
    variables: [],
    phases,
    totals,
    captured,
  };
}

const filled = (values: Float32Array, from: number, phase: number, array: number, phases: number): Filled => ({
  from,
  bits: new Uint32Array(values.slice().buffer),
  writer: new Uint16Array(values.length).fill(array * phases + phase + 1),
  at: new Uint16Array(values.length).fill(from),
});

const range = (r0: number, r1: number, c0: number, c1: number, cols: number): readonly [number, number] => [
  r0 * cols + c0,
  r1 * cols + c1,
];

const FLASH_PHASES = ['load Q', 'load K,V', 'S = QKᵀ', 'softmax', 'O += PV', 'write O'] as const;

function flashPass(spec: PassSpec, run: Run, n: Numbers): TracePass {
  const { shape, tile } = run;
  const { br, bc } = tile;
  const { queries, keys, dim } = shape;
  const storage = [
    site(0, 'Q', 'storage', 'load', 0),
    site(1, 'K', 'storage', 'load', 1),
    site(2, 'V', 'storage', 'load', 1),
  ];
  const out = [site(3, 'O', 'storage', 'store', 5), site(4, 'LSE', 'storage', 'store', 5)];
  const sram = [
    site(5, 'sS', 'workgroup', 'store', 2),
    site(6, 'sS', 'workgroup', 'both', 3),
    site(7, 'sS', 'workgroup', 'load', 4),
  ];
  // acc of the kernel: four rows, and every 256 / br-th chunk of four columns.
  const lanes = dim % 4 === 0 ? 4 : 1;
  const perThread = 4 * lanes * Math.ceil(dim / lanes / (256 / br));
  const base = { offset: 0, type: 'array<f32>', scalar: 'f32' } as const;
  const arrays: ArrayInfo[] = [
    { ...base, id: 0, name: 'sS', scope: 'workgroup', length: br * bc },
    { ...base, id: 1, name: 'acc', scope: 'invocation', length: perThread },
  ];
  const layout = spec.layouts['acc'];
  const walks = Array.from({ length: Math.ceil(queries / br) }, (_, w): Walk => {
    const [q0, q1] = [w * br, Math.min(queries, (w + 1) * br) - 1];
    const walk: Walk = {
      order: [],
      touches: [],
      records: new Map([
        [0, []],
        [1, []],
      ]),
    };
    const go = (phase: number, touches: Touch[]): number => walk.order.push(phase) && walk.touches.push(touches) - 1;
    const keep = (array: number, values: Float32Array): void => {
      const k = walk.order.length - 1;
      walk.records.get(array)?.push(filled(values, k, walk.order[k] ?? 0, array, FLASH_PHASES.length));
    };
    go(0, [[0, ...range(q0, q1, 0, dim - 1, dim)]]);
    const m = new Float32Array(br).fill(MASKED);
    const acc = new Float32Array(br * dim);
    const flat = new Float32Array(64 * perThread);
    for (let k0 = 0; k0 < keys && sees(shape, q1, k0); k0 += bc) {
      const k1 = Math.min(keys, k0 + bc) - 1;
      const loaded = range(k0, k1, 0, dim - 1, dim);
      go(1, [
        [1, ...loaded],
        [2, ...loaded],
      ]);
      const s = new Float32Array(br * bc).fill(MASKED);
      for (let i = q0; i <= q1; i++) for (let j = k0; j <= k1; j++) s[(i - q0) * bc + j - k0] = n.s[i * keys + j] ?? 0;
      go(2, [[5, 0, br * bc - 1]]);
      keep(0, s);
      const p = new Float32Array(br * bc);
      for (let i = 0; i < br; i++) {
        const row = s.subarray(i * bc, (i + 1) * bc);
        const next = Math.max(m[i] ?? MASKED, ...row);
        const alpha = Math.exp((m[i] ?? 0) - next);
        m[i] = next;
        for (let c = 0; c < dim; c++) acc[i * dim + c] = (acc[i * dim + c] ?? 0) * alpha;
        row.forEach((x, j) => {
          p[i * bc + j] = x > -1e29 ? Math.exp(x - next) : 0;
          for (let c = 0; c < dim; c++)
            acc[i * dim + c] = (acc[i * dim + c] ?? 0) + (p[i * bc + j] ?? 0) * (n.v[(k0 + j) * dim + c] ?? 0);
        });
      }
      go(3, [[6, 0, br * bc - 1]]);
      keep(0, p);
      for (let x = 0; x < flat.length; x++) {
        const [row, col] = (layout && placeIn(layout, x % perThread, Math.floor(x / perThread))) ?? [0, 0];
        flat[x] = row < br && col < dim ? (acc[row * dim + col] ?? 0) : 0;
      }
      go(4, [[7, 0, br * bc - 1]]);
      keep(1, flat);
    }
    go(5, [
      [3, ...range(q0, q1, 0, dim - 1, dim)],
      [4, q0, q1],
    ]);
    return walk;
  });
  return passOf(run, spec, FLASH_PHASES, [...storage, ...out, ...sram], arrays, walks);
}

function naivePasses(specs: readonly PassSpec[], run: Run): TracePass[] {
  const { queries, keys, dim } = run.shape;
  const [scores, softmax, output] = specs as [PassSpec, PassSpec, PassSpec];
  const blocks = (
    spec: PassSpec,
    rows: number,
    cols: number,
    size: number,
    touch: (r: readonly [number, number, number, number]) => Touch[][],
  ): Walk[] => {
    const walks: Walk[] = [];
    for (let y = 0; y < spec.grid[1]; y++)
      for (let x = 0; x < spec.grid[0]; x++) {
        const touches = touch([x * size, Math.min(rows, (x + 1) * size) - 1, y * 8, Math.min(cols, (y + 1) * 8) - 1]);
        walks.push({ order: touches.map((_, i) => i), touches, records: new Map() });
      }
    return walks;
  };
  const one = blocks(scores, queries, keys, 8, ([r0, r1, c0, c1]) => [
    [
      [0, ...range(r0, r1, 0, dim - 1, dim)],
      [1, ...range(c0, c1, 0, dim - 1, dim)],
      [2, ...range(r0, r1, c0, c1, keys)],
    ],
  ]);
  const two = blocks(softmax, queries, keys, 64, ([r0, r1]) => {
    const rows = range(r0, r1, 0, keys - 1, keys);
    return [
      [[0, ...rows]],
      [[1, ...rows]],
      [
        [2, ...rows],
        [3, ...rows],
        [4, r0, r1],
      ],
    ];
  });
  const three = blocks(output, queries, dim, 8, ([r0, r1, c0, c1]) => [
    [
      [0, ...range(r0, r1, 0, keys - 1, keys)],
      [1, ...range(0, keys - 1, c0, c1, dim)],
      [2, ...range(r0, r1, c0, c1, dim)],
    ],
  ]);
  return [
    passOf(
      run,
      scores,
      ['S = QKᵀ'],
      [site(0, 'Q', 'storage', 'load', 0), site(1, 'K', 'storage', 'load', 0), site(2, 'S', 'storage', 'store', 0)],
      [],
      one,
    ),
    passOf(
      run,
      softmax,
      ['row max', 'row sum', 'write P'],
      [0, 1, 2]
        .map((i) => site(i, 'S', 'storage', 'load', i))
        .concat([site(3, 'P', 'storage', 'store', 2), site(4, 'LSE', 'storage', 'store', 2)]),
      [],
      two,
    ),
    passOf(
      run,
      output,
      ['O = PV'],
      [site(0, 'P', 'storage', 'load', 0), site(1, 'V', 'storage', 'load', 0), site(2, 'O', 'storage', 'store', 0)],
      [],
      three,
    ),
  ];
}

/** A trace of one head whose every number is known here. */
export function crossTrace(options: CrossTraceOptions = {}): Trace {
  const { kernel = 'flash2', queries = 32, keys = queries, dim = 16, mask = 'full', br = 16, bc = 8, tokens } = options;
  const shape: Shape = { batch: 1, heads: 1, kvHeads: 1, queries, keys, dim, mask };
  const run: Run = { kernel, shape, tile: { br, bc } };
  const n = solve(shape);
  const specs = kernelById(kernel).passes(run);
  const data: readonly [TensorId, Float32Array][] = [
    ['Q', n.q],
    ['K', n.k],
    ['V', n.v],
    ['O', n.o],
    ['LSE', n.lse],
  ];
  const made: readonly [TensorId, Float32Array][] =
    kernel === 'naive'
      ? [
          ['S', n.s],
          ['P', n.p],
        ]
      : [];
  const tensors: Tensor[] = [...data, ...made].map(([id, values]) => ({ id, ...infoOf(id, shape), data: values }));
  const passes = kernel === 'naive' ? naivePasses(specs, run) : specs.map((spec) => flashPass(spec, run, n));
  return {
    header: {
      version: TRACE_VERSION,
      op: 'attention',
      run,
      costs: costsOf(run),
      provenance: 'this-device',
      adapter: { vendor: 'test', architecture: '', description: '', software: true },
      limits: {},
      maxPlainTapped: 0,
      maxOracle: 0,
      plane: kvPlane(0, shape),
      input: 'made by arithmetic',
      ...(tokens ? { tokens } : {}),
    },
    tensors,
    passes,
  };
}
