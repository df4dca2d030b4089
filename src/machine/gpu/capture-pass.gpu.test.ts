/**
 * The tap on odd WGSL, run on this device: counts and state against what the text plainly does; room that is too small.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeCounts, decodeWorkgroups, readingOf } from '../../tap/decode';
import type { Caps } from '../../tap/layout';
import type { CapturedWorkgroup, TracePass } from '../../trace/trace';
import { filledAt, touchedAt } from '../../trace/trace';
import type { PassSpec } from '../../kernels/card';
import { coordinates, TapPass, tapPass } from './capture-pass';
import { floatOf } from '../testing/reading';
import type { Session } from './session';
import { openSession } from './session';
import type { Tensors } from './tensors';
import { createBuffer, readBytes } from './tensors';

let session: Session;
const uncaptured: string[] = [];
beforeAll(async () => {
  session = await openSession((error) => uncaptured.push(error.message));
});
afterAll(() => {
  session.close();
  expect(uncaptured).toEqual([]);
});

const WG = 4;
const GROUPS = 3;
const input = Float32Array.from({ length: 64 }, (_, i) => i + 0.5);
const CAPS: Caps = { phases: 16, state: 4096, lines: 4096, stores: 4096 };

const head = `@group(0) @binding(0) var<storage, read> X: array<f32>;
@group(0) @binding(1) var<storage, read_write> Y: array<f32>;
@group(1) @binding(0) var<uniform> origin: vec3u;
`;
const main =
  '@compute @workgroup_size(4)\nfn main(@builtin(workgroup_id) g: vec3u, @builtin(local_invocation_id) id: vec3u) {\nlet w = g.x + origin.x; let t = id.x;\n';

const specOf = (declarations: string, statements: string, locals: readonly string[]): PassSpec => ({
  name: 'odd',
  files: [{ name: 'odd', text: `${head}${declarations}\n${main}${statements}\n}` }],
  header: {},
  grid: [GROUPS, 1, 1],
  rows: 1,
  workgroupSize: WG,
  bindings: [
    { binding: 0, name: 'X', tensor: 'Q', access: 'read' },
    { binding: 1, name: 'Y', tensor: 'O', access: 'read_write' },
  ],
  layouts: Object.fromEntries(locals.map((name) => [name, { role: 'other', rows: 1, cols: 1, axes: ['one', 'one'] }])),
});

interface Seen {
  pass: Pick<TracePass, 'sites' | 'arrays' | 'writers' | 'phases' | 'variables' | 'totals'>;
  captured: CapturedWorkgroup[];
  output: Float32Array;
}

/** Runs a kernel instrumented: all workgroups, state of those from `first` on. */
async function run(
  spec: PassSpec,
  { caps = CAPS, first = 0, captured = GROUPS, alone = false, thread = 0 } = {},
): Promise<Seen> {
  const tensors: Tensors = new Map();
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  for (const tensor of ['Q', 'O'] as const)
    tensors.set(tensor, await createBuffer(session, input.byteLength, usage, tensor));
  session.device.queue.writeBuffer(tensors.get('Q')!, 0, input);
  const tap = await TapPass.open(session, tapPass(session, spec));
  await tap.prepareLines();
  tap.bind(tensors);
  const extract = { grid: spec.grid, totals: true, first, captured, caps, thread };
  const piece = alone
    ? { origin: coordinates(first, spec.grid), size: [1, 1, 1] }
    : { origin: [0, 0, 0], size: spec.grid };
  const plan = await tap.record(extract, [piece]);
  const words = await tap.readAll(plan);
  const workgroups = decodeWorkgroups(readingOf(tap.tapped), { words, plan, caps, first, captured, thread });
  const totals = decodeCounts(tap.tapped, words.subarray(plan.totals, plan.size));
  const output = new Float32Array(await readBytes(session, tensors.get('O')!));
  tap.dispose();
  return { pass: { ...tap.tapped, totals }, captured: workgroups, output };
}

/** Values of an array after executed phase k. */
function values({ pass }: Seen, captured: CapturedWorkgroup, name: string, k: number): (number | undefined)[] {
  const { id, scalar } = pass.arrays.find((array) => array.name === name)!;
  const filled = filledAt(captured.arrays[id]!, k);
  return Array.from(filled?.bits ?? [], (bits, i) =>
    filled?.writer[i] ? (scalar === 'f32' ? floatOf(bits) : bits) : undefined,
  );
}

/** [executions, lowest, highest] of a site of a captured workgroup. */
function counted(
  { pass }: Seen,
  captured: CapturedWorkgroup,
  k: number,
  buffer: string,
  mode: string,
  nth = 0,
): number[] | undefined {
  const site = pass.sites.filter((s) => s.buffer === buffer && s.mode === mode)[nth]!;
  const touched = touchedAt(captured.counts, pass.sites.length, k, site.id);
  return touched && [touched.n, touched.lo, touched.hi];
}

test('nested arrays, structs, +=, vector components, scalars, pointers and functions', async () => {
  const spec = specOf(
    `struct Row { m: f32, seen: vec2u }
var<workgroup> sN: array<array<f32, 4>, 2>;
var<workgroup> rows: array<Row, 4>;
var<workgroup> sV: array<vec4f, 4>;
var<workgroup> total: f32;
fn add(p: ptr<workgroup, array<array<f32, 4>, 2>>, i: u32, by: f32) { (*p)[1][i] += by; }
fn double(v: ptr<function, array<f32, 2>>) { v[1] *= 2.0; }
fn at(i: u32) -> u32 { return i * 2u; }`,
    `// phase: fill
    var acc: array<f32, 2>;
    var q = vec2f(X[t]);
    sN[t % 2u][t] = X[i32(at(t))];
    sV[t].y = X[t];
    sV[t].w += 3.0;
    rows[t].seen.y = t + 7u;
    if (t == 2u) { total = X[t]; }
    workgroupBarrier();
    // phase: change
    acc[1] = total;
    double(&acc);
    add(&sN, t, 0.25);
    rows[t] = Row(X[t], vec2u(1u));
    for (var i = 0u; i < t; i++) { q.x -= 1.0; }
    workgroupBarrier();
    // phase: write
    let p = &sV;
    Y[w * 4u + t] = acc[1] + (*p)[t].y + q.x + rows[t].m;`,
    ['acc', 'q'],
  );
  const seen = await run(spec);
  expect(seen.captured.map(({ workgroup, order }) => [workgroup, ...order])).toEqual(
    [0, 1, 2].map((w) => [w, 0, 1, 2]),
  );
  for (const captured of seen.captured) {
    const at = (name: string, k: number) => values(seen, captured, name, k);
    expect(at('sN', 0)).toEqual([0.5, undefined, 4.5, undefined, undefined, 2.5, undefined, 6.5]);
    expect(at('sN', 1)).toEqual([0.5, undefined, 4.5, undefined, 0.25, 2.75, 0.25, 6.75]);
    expect(at('sV', 2)).toEqual([0, 1, 2, 3].flatMap((t) => [undefined, t + 0.5, undefined, 3]));
    expect(at('rows.m', 0)).toEqual([]);
    expect(at('rows.seen', 0)).toEqual([7, 8, 9, 10].flatMap((seenY) => [undefined, seenY]));
    expect(at('rows.m', 1)).toEqual([0.5, 1.5, 2.5, 3.5]);
    expect(at('rows.seen', 1)).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
    expect(at('total', 0)).toEqual([2.5]);
    expect(at('acc', 0)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect(at('acc', 2)).toEqual([0, 5, 0, 5, 0, 5, 0, 5]);
    expect(at('q', 2)).toEqual([0, 1, 2, 3].flatMap((t) => [0.5, t + 0.5]));
    expect(counted(seen, captured, 0, 'X', 'load', 0)).toEqual([4, 0, 3]);
    expect(counted(seen, captured, 0, 'X', 'load', 1)).toEqual([4, 0, 6]);
    expect(counted(seen, captured, 0, 'sN', 'store')).toEqual([4, 0, 7]);
    expect(counted(seen, captured, 0, 'sV', 'store')).toEqual([4, 1, 13]);
    expect(counted(seen, captured, 0, 'sV', 'both')).toEqual([4, 3, 15]);
    expect(counted(seen, captured, 0, 'total', 'store')).toEqual([1, 0, 0]);
    expect(counted(seen, captured, 1, 'total', 'load')).toEqual([4, 0, 0]);
    expect(counted(seen, captured, 1, 'sN', 'both')).toEqual([4, 4, 7]);
    expect(counted(seen, captured, 0, 'sN', 'both')).toBeUndefined();
    expect(counted(seen, captured, 1, 'rows', 'store', 1)).toEqual([4, 0, 11]);
    expect(counted(seen, captured, 2, 'Y', 'store')).toEqual([4, captured.workgroup * 4, captured.workgroup * 4 + 3]);
  }
  expect([...seen.output.subarray(0, 12)]).toEqual(
    [0, 1, 2].flatMap(() => [0, 1, 2, 3].map((t) => 5 + (t + 0.5) + 0.5 + (t + 0.5))),
  );
});

test('phases of a loop, and what stands before its first boundary; one workgroup by itself is the same', async () => {
  const spec = specOf(
    'var<workgroup> sA: array<f32, 4>;\nvar<workgroup> hits: array<atomic<u32>, 2>;',
    `for (var round = 0u; round <= w; round++) {
      sA[t] = X[round];
      workgroupBarrier();
      // phase: sum
      atomicAdd(&hits[t % 2u], 1u);
      Y[w * 4u + t] += sA[t];
      workgroupBarrier();
    }`,
    [],
  );
  const seen = await run(spec);
  const rounds = [0, 1, 2].map((w) => Array.from({ length: w + 1 }, () => [1, 2]).flat());
  expect(seen.captured.map(({ order }) => [...order])).toEqual(rounds.map((r) => [0, ...r]));
  const last = seen.captured[2]!;
  expect([0, 2, 4].map((k) => values(seen, last, 'sA', k)[0])).toEqual([0.5, 1.5, 2.5]);
  expect([0, 2, 4].map((k) => counted(seen, last, k, 'X', 'load'))).toEqual(
    [0, 1, 2].map((round) => [4, round, round]),
  );
  expect([1, 3, 5].map((k) => counted(seen, last, k, 'hits', 'both'))).toEqual([1, 3, 5].map(() => [4, 0, 1]));
  // The store at the loop's head has a writer for either phase that it ran in.
  const filled = filledAt(last.arrays[0]!, 4)!;
  expect([...filled.writer].map((w) => seen.pass.writers[w - 1]!.phase)).toEqual([2, 2, 2, 2]);

  const alone = await run(spec, { first: 2, captured: 1, alone: true });
  expect(alone.captured).toEqual([last]);
});

test('lines: what one thread assigned, in order, phase by phase', async () => {
  const spec = specOf(
    'var<workgroup> sA: array<f32, 4>;',
    `var v = vec2f(X[t], 1.0);
    for (var i = 0u; i < 2u; i++) { v.y += f32(i); sA[t] = v.y; }
    workgroupBarrier();
    let done = v.x > 1.0;
    if (t > 2u) { return; }
    Y[w * 4u + t] = sA[t] * 2.0;`,
    ['v'],
  );
  const { pass, captured } = await run(spec, { thread: 1 });
  const { starts, variable, bits, dropped, invocation } = captured[2]!.lines!;
  const shown = [...variable].map((id, i) => {
    const { name, type } = pass.variables[id]!;
    return `${name} ${type === 'f32' ? floatOf(bits[i]!) : bits[i]}`;
  });
  expect(shown).toEqual([
    'w 2',
    't 1',
    'v.x 1.5',
    'v.y 1',
    'i 0',
    'v.y 1',
    'sA[t] 1',
    'i 1',
    'v.y 2',
    'sA[t] 2',
    'done 1',
    'Y[w * 4u + t] 4',
  ]);
  expect([...starts, dropped, invocation]).toEqual([0, 10, 12, 0, 1]);
  // A thread that returns early logs no more, and the workgroup's phases are all there.
  const early = await run(spec, { thread: 3 });
  expect(early.captured[0]!.lines!.variable).toHaveLength(11);
  expect(early.captured[0]!.order).toHaveLength(2);
});

test('room that is too small: what fits is right, what does not is counted as dropped, totals are whole', async () => {
  const spec = specOf(
    'var<workgroup> sA: array<f32, 4>;',
    `for (var i = 0u; i < 5u; i++) {
      // phase: round
      sA[t] = f32(i);
      Y[w * 4u + t] += X[i] * 2.0;
      workgroupBarrier();
      // phase: look
      let a = vec3f(sA[0]);
      Y[w * 4u + t] += a.x;
    }`,
    [],
  );
  const whole = await run(spec);
  const full = whole.captured[1]!;
  expect([full.order.length, full.phasesDropped, full.lines!.dropped]).toEqual([11, 0, 0]);
  // Y is rewritten, three words a store.
  const some: Partial<Caps>[] = [
    { phases: 4 },
    { state: 9 },
    { phases: 0 },
    { state: 0 },
    { stores: 37 },
    { stores: 0 },
  ];
  for (const less of some) {
    const short = await run(spec, { caps: { ...CAPS, ...less } });
    const kept = short.captured[1]!;
    const phases = kept.order.length;
    expect(phases, JSON.stringify([less, short.captured.map((c) => c.order.length)])).toBeLessThan(11);
    expect(kept.phasesDropped).toBe(11 - phases);
    expect(kept.order).toEqual(full.order.slice(0, phases));
    expect(kept.counts).toEqual(full.counts.slice(0, kept.counts.length));
    expect(kept.arrays[0]).toEqual(full.arrays[0]!.filter(({ from }) => from < phases));
    const known = kept.stores?.[0];
    if (phases > 2) expect(known!.cells).toEqual(full.stores![0]!.cells.slice(0, full.stores![0]!.starts[phases]));
    expect(short.output).toEqual(whole.output);
    const sums = (seen: Seen) =>
      seen.pass.sites.map(({ id }) =>
        seen.captured.reduce(
          (n, c) =>
            n +
            [...c.order.keys()].reduce((m, k) => m + (touchedAt(c.counts, seen.pass.sites.length, k, id)?.n ?? 0), 0),
          0,
        ),
      );
    const totals = short.pass.sites.map(({ id }) =>
      short.pass.totals.reduce((n, word, i) => (i % (short.pass.sites.length * 3) === id * 3 ? n + word : n), 0),
    );
    // Phases that were stored count in the workgroup, the others in the totals; together they are what the whole
    // capture counts. Phases that end for want of stores were counted, and are not told.
    if (less.stores === undefined) expect(totals.map((n, i) => n + sums(short)[i]!)).toEqual(sums(whole));
  }
  for (const lines of [0, 1, 5, 6, 7, 8]) {
    const { captured } = await run(spec, { caps: { ...CAPS, lines } });
    const log = captured[1]!.lines!;
    expect(log.variable.length).toBeLessThanOrEqual(lines);
    expect(log.variable.length + log.dropped).toBe(full.lines!.variable.length);
    expect(log.bits).toEqual(full.lines!.bits.slice(0, log.bits.length));
  }
});
