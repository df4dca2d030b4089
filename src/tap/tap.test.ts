/** The tap on the project's kernels and on unusual WGSL: what it inserts, how it names things, and what it refuses. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AttnError } from '../errors';
import type { Mask } from '../ops/attention/shape';
import { RUNNABLE } from '../kernels/kernels';
import { link } from '../wgsl/link';
import { instrument } from './tap';

const body = (statements: string, head = '') => `${head}
@group(0) @binding(0) var<storage, read> X: array<f32>;
@group(0) @binding(1) var<storage, read_write> Y: array<vec4f>;
var<workgroup> sA: array<f32, 8>;
@compute @workgroup_size(4)
fn main(@builtin(local_invocation_index) t: u32) {
${statements}
}
`;
const tap = (code: string) => instrument(code, { workgroupSize: 4 });
const brief = (code: string) =>
  tap(code).sites.map(({ buffer, mode, bytes, lanes, line }) => `${line} ${buffer} ${mode} ${bytes} x${lanes}`);

function reason(code: string): string {
  try {
    tap(code);
  } catch (thrown) {
    if (thrown instanceof AttnError && thrown.code === 'cannot-tap') return String(thrown.details['reason']);
    throw thrown;
  }
  throw new Error('it was tapped');
}

/** Whether `short` is left of `long` when some characters are taken out. */
function isSubsequence(short: string, long: string): boolean {
  let at = 0;
  for (const character of long) if (character === short[at]) at++;
  return at === short.length;
}

test('every line of every kernel keeps its number and its characters; what is added to it is calls of the tap', () => {
  const shapes = fc.record({
    card: fc.constantFrom(...RUNNABLE),
    tile: fc.nat(),
    queries: fc.integer({ min: 1, max: 300 }),
    keys: fc.integer({ min: 1, max: 300 }),
    dim: fc.integer({ min: 8, max: 128 }),
    mask: fc.constantFrom<Mask>('full', 'causal'),
  });
  fc.assert(
    fc.property(shapes, ({ card, tile, queries, keys, dim, mask }) => {
      const shape = { batch: 1, heads: 2, kvHeads: 1, queries, keys, dim, mask };
      const run = { kernel: card.id, shape, tile: card.tiles[tile % card.tiles.length] ?? { br: 0, bc: 0 } };
      for (const pass of card.passes(run)) {
        const { source: code } = link(pass);
        const tapped = instrument(code, { workgroupSize: pass.workgroupSize });
        for (const text of [tapped.code, tapped.lined]) {
          const lines = text.split('\n');
          code.split('\n').forEach((line, i) => {
            if (line === '' && i >= code.split('\n').length - 1) return;
            expect(isSubsequence(line, lines[i] ?? ''), `line ${i + 1}`).toBe(true);
            if (lines[i] !== line) expect(lines[i]).toContain('_tap_');
          });
        }
        for (const site of tapped.sites)
          expect(code.split('\n')[site.line - 1]?.slice(site.column - 1)).toMatch(
            new RegExp(`^\\(?\\*?${site.buffer}`),
          );
      }
    }),
    { numRuns: 20 },
  );
});

test('phases of the kernels are named by their comments, in order, and none is empty', () => {
  const shape = { batch: 1, heads: 1, kvHeads: 1, queries: 64, keys: 64, dim: 32, mask: 'full' } as const;
  const names = RUNNABLE.map((card) =>
    card
      .passes({ kernel: card.id, shape, tile: card.tiles[0] ?? { br: 0, bc: 0 } })
      .map((pass) => instrument(link(pass).source, { workgroupSize: 64 }).phases.map(({ name }) => name)),
  );
  expect(names).toEqual([
    [['S = QKᵀ'], ['row max', 'row sum', 'write P'], ['O = PV']],
    [['load Q', 'load K,V', 'S = QKᵀ', 'softmax', 'O += PV', 'write O']],
    [['m, l, O begin', 'load K,V', 'load Q', 'S = QKᵀ', 'softmax', 'O += PV', 'write LSE']],
    [['load Q', 'S = QKᵀ', 'softmax', 'O += PV', 'write O']],
    [['load Q,K', 'm, l, O begin', 'S = QKᵀ', 'softmax', 'load V, next K', 'O += PV', 'write O']],
    [['load Q', 'S = QKᵀ', 'softmax', 'O += PV', 'write O']],
    [
      ['load Q', 'S = QKᵀ', 'softmax', 'O += PV', 'write O'],
      ['merge m, l', 'merge O'],
    ],
    [['load Q', 'S = QKᵀ', 'softmax', 'O += PV', 'write O']],
    [
      ['S = QKᵀ'],
      ['P = exp(S - L)'],
      ['dV = PᵀdO'],
      ['dP = dOVᵀ'],
      ['D = rowsum(dO O)', 'dS = P(dP - D)'],
      ['dQ = dSK'],
      ['dK = dSᵀQ'],
    ],
    [
      ['D = rowsum(dO O)'],
      ['load K,V', 'load Q,dO', 'P = exp(QKᵀ - L)', 'dS = P(dOVᵀ - D)', 'dV += PᵀdO, dK += dSᵀQ', 'write dK,dV'],
      ['load Q,dO', 'load K,V', 'P = exp(QKᵀ - L)', 'dS = P(dOVᵀ - D)', 'dQ += dSK', 'write dQ'],
    ],
    [['load X', 'mean', 'deviations', 'variance', 'write Y']],
  ]);
});

test('phases: a barrier with a comment behind it is one boundary, one without is named by its line', () => {
  const code = body(`
    sA[t] = X[t];
    workgroupBarrier(); /* a word */
    // more words
    // phase: two
    let x = sA[t + 4u];
    workgroupBarrier();
    if (x > 1.0) { Y[t] = vec4f(x); }
    // phase: three`);
  expect(tap(code).phases).toEqual([
    { id: 0, line: 6, endLine: 9, name: 'start' },
    { id: 1, line: 11, endLine: 13, name: 'two' },
    { id: 2, line: 13, endLine: 14, name: 'after line 13' },
    { id: 3, line: 15, endLine: 16, name: 'three' },
  ]);
});

test('phases: the first comment names what comes before it too, unless it stands in a loop', () => {
  expect(tap(body('let a = X[t];\n// phase: one\nsA[t] = a;')).phases.map(({ name }) => name)).toEqual(['one']);
  expect(
    tap(body('for (var i = 0u; i < 2u; i++) {\n// phase: round\nsA[t] = X[i];\n}')).phases.map(({ name }) => name),
  ).toEqual(['start', 'round']);
});

test('a statement belongs to the phases that it may run in: what stands before the first boundary of a loop runs behind the last one too', () => {
  const code = body(`
    for (var i = 0u; i < 2u; i++) {
      sA[t] = X[i];
      workgroupBarrier(); // phase: sum
      Y[t] += vec4f(sA[0]);
      workgroupBarrier(); // phase: rest
    }`);
  const { counted, writers, sites } = tap(code);
  const at = (buffer: string, mode: string) =>
    counted[sites.find((s) => s.buffer === buffer && s.mode === mode)!.id]!.phases;
  expect(at('X', 'load')).toEqual([0, 2]);
  expect(at('sA', 'store')).toEqual([0, 2]);
  expect(at('Y', 'both')).toEqual([1]);
  expect(writers).toEqual([
    { line: 9, array: 0, phase: 0 },
    { line: 9, array: 0, phase: 2 },
  ]);
});

test('boundaries inside functions: the caller is in their phase afterwards, and other functions are in that of their callers', () => {
  const code = body(
    'fill(t);\nY[t] = vec4f(read(t));',
    'fn read(i: u32) -> f32 { return sA[i]; }\nfn fill(i: u32) { sA[i] = X[i];\nworkgroupBarrier();\n}',
  );
  const { counted, sites } = tap(code);
  expect(sites.map(({ buffer }, i) => [buffer, counted[i]!.phases])).toEqual([
    ['sA', [1]],
    ['X', [0]],
    ['sA', [0]],
    ['Y', [1]],
  ]);
});

test('sites: loads, stores, +=, components, nested arrays, structs, atomics, scalars', () => {
  const head = `struct Item { pos: vec3f, w: array<f32, 4> }
var<workgroup> sN: array<array<f32, 4>, 2>;
var<workgroup> items: array<Item, 3>;
var<workgroup> total: f32;
var<workgroup> hits: array<atomic<u32>, 2>;`;
  const code = body(
    `Y[t].x = X[i32(t)] + sN[1][t];
    sN[t % 2u][t] += 1.0;
    total += X[0];
    let w = items[t % 3u].w[2] + total;
    items[2].pos = vec3f(w);
    atomicAdd(&hits[t % 2u], u32(sA[0]));
    Y[u32(sA[1])] = Y[arrayLength(&Y) - 1u];`,
    head,
  );
  expect(brief(code)).toEqual([
    '11 X load 4 x1',
    '11 sN load 4 x1',
    '11 Y store 4 x4',
    '12 sN both 4 x1',
    '13 X load 4 x1',
    '13 total both 4 x1',
    '14 items load 4 x1',
    '14 total load 4 x1',
    '15 items store 12 x7',
    '16 hits both 4 x1',
    '16 sA load 4 x1',
    '17 Y load 16 x4',
    '17 Y store 16 x4',
    '17 sA load 4 x1',
  ]);
  const lines = tap(code).code.split('\n');
  expect(lines[10]).toContain(
    'Y[_tap_u(2u, t)].x = X[_tap_i(0u, i32(t))] + sN[1][_tap_nu(1u, t, u32(1) * 4u + u32(t))];',
  );
  expect(lines[15]).toContain('atomicAdd(&hits[_tap_u(9u, t % 2u)], u32(sA[_tap_u(10u, 0)]));');
});

test('pointers: a whole variable may be pointed at, also from another function', () => {
  const head =
    'fn put(p: ptr<workgroup, array<f32, 8>>, q: ptr<function, f32>, i: u32) { (*p)[i] = *q; p[i] += 1.0; *q = 2.0; }';
  const { sites, arrays, writers } = tap(body('var a = X[t];\nlet s = &sA;\nput(&sA, &a, t);\n(*s)[t] = a;', head));
  expect(sites.map(({ buffer, mode }) => `${buffer} ${mode}`)).toEqual(['sA store', 'sA both', 'X load', 'sA store']);
  expect(arrays.map(({ name, scope }) => `${name} ${scope}`)).toEqual(['sA workgroup', 'a invocation']);
  expect(writers.map(({ line, array }) => `${line} ${arrays[array]!.name}`)).toEqual([
    '1 sA',
    '1 sA',
    '1 a',
    '7 a',
    '10 sA',
  ]);
});

test('state: one array a member of a struct, and only the variables that are asked for', () => {
  const head = 'struct Row { m: f32, l: f32, seen: vec2u }\nvar<workgroup> rows: array<Row, 4>;';
  const code = body(
    'var acc: array<vec4f, 2>;\nvar other = 1.0;\nvar n = 3u;\nrows[t].m = other;\nrows[t].seen.y = n;\nrows[t] = Row();\nacc[1] += vec4f(1.0);',
    head,
  );
  const shown = (locals?: Set<string>) =>
    instrument(code, { workgroupSize: 4, ...(locals && { locals }) }).arrays.map(
      ({ name, length, scalar }) => `${name} ${length} ${scalar}`,
    );
  const shared = ['rows.m 4 f32', 'rows.l 4 f32', 'rows.seen 8 u32', 'sA 8 f32'];
  expect(shown()).toEqual([...shared, 'acc 8 f32', 'other 1 f32']);
  expect(shown(new Set(['acc']))).toEqual([...shared, 'acc 8 f32']);
});

test('arrays that share a phase lie beside each other, others may share their room', () => {
  const { arrays, blocks, writers } = tap(
    body(
      'sA[t] = 1.0;\nworkgroupBarrier();\nsB[t] = 2.0;\nworkgroupBarrier();\nsA[t] = 3.0; sB[t] = 4.0; sC[t] = 5.0;',
      'var<workgroup> sB: array<f32, 8>;\nvar<workgroup> sC: array<f32, 4>;',
    ),
  );
  for (const phase of [0, 1, 2]) {
    const here = arrays
      .filter(({ id }) => writers.some((w) => w.array === id && w.phase === phase))
      .toSorted((a, b) => a.offset - b.offset);
    here.forEach(({ offset, length }, i) => {
      expect(offset + length).toBeLessThanOrEqual(here[i + 1]?.offset ?? blocks[phase]!);
    });
  }
  expect(blocks.reduce((a, b) => a + b)).toBeLessThan(3 * 20);
});

test('lines: every let, var and assignment, vectors by component, array elements by their text', () => {
  const { variables } = tap(
    body(
      'let a = X[t];\nvar v = vec2f(a);\nfor (var i = 0u; i < 2u; i++) { v.y += a; sA[ t + // one more\n i ] = a; }\nvar done = v.x > 1.0;\n_ = done;',
    ),
  );
  expect(variables.map(({ name, type, line }) => `${line} ${name} ${type}`)).toEqual([
    '7 a f32',
    '8 v.x f32',
    '8 v.y f32',
    '9 i u32',
    '9 v.y f32',
    '9 sA[ t + i ] f32',
    '11 done bool',
  ]);
});

test('what cannot be tapped says why', () => {
  expect(reason(body('Y[t] = vec4f(1.0);', '@group(3) @binding(0) var<uniform> u: vec4f;'))).toMatch(/bind group 3/);
  expect(reason('@compute @workgroup_size(1) fn main() { let = ; }')).toMatch(/line 1/);
  expect(reason('fn helper() {}')).toMatch(/0 compute entry points/);
  expect(reason(body('let p = &sA[t];\n*p = 1.0;'))).toMatch(/line 8: the pointer p/);
  expect(reason(body('sA[next()] = 1.0;', 'var<private> n: u32;\nfn next() -> u32 { n += 1u; return n; }'))).toMatch(
    /line 8: .*changes something/,
  );
  expect(reason(body('let a = X[t] + // phase: inside\n1.0;'))).toMatch(/line 7: the phase comment/);
  const many = Array.from(
    { length: 8 },
    (_, i) => `@group(0) @binding(${i}) var<storage, read_write> b${i}: array<f32>;`,
  ).join('\n');
  expect(reason(`${many}\n@compute @workgroup_size(1) fn main() { b0[0] = 1.0; }`)).toMatch(/all 8 storage buffers/);
});
