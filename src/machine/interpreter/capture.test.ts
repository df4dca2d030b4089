/**
 * Kernels without a GPU: their outputs against the f64 oracle, their bytes against the closed forms, and what the
 * interpreter refuses.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { generateInputs } from '../../ops/attention/inputs';
import { attendPlane } from '../../ops/attention/oracle';
import type { Shape } from '../../ops/attention/shape';
import { storageBytes } from '../testing/reading';
import type { Run } from '../../ops/run';
import { kernelById } from '../../kernels/kernels';
import { ATTENTION_RUNNABLE } from '../../kernels/testing/attention';
import { Interpretation } from './capture';
import { INTERPRETER_LIMITS } from './limits';
import { Lockstep } from './lockstep';
import { longestRun } from './longest';

const KINDS = ATTENTION_RUNNABLE.filter(({ interpreted }) => interpreted);

const small = fc.record({
  kernel: fc.constantFrom(...KINDS.map(({ id }) => id)),
  queries: fc.integer({ min: 1, max: 21 }),
  keys: fc.integer({ min: 1, max: 21 }),
  dim: fc.constantFrom(3, 8, 12),
  grouped: fc.boolean(),
  mask: fc.constantFrom('full' as const, 'causal' as const),
  tile: fc.nat(),
  seed: fc.nat({ max: 1000 }),
});

test('random shapes: O and LSE as the oracle says, bytes as the closed form says, plain and instrumented the same', () => {
  fc.assert(
    fc.property(small, ({ kernel, queries, keys, dim, grouped, mask, tile, seed }) => {
      const shape: Shape = { batch: 1, heads: 2, kvHeads: grouped ? 1 : 2, queries, keys, dim, mask };
      const { tiles, limit } = kernelById(kernel);
      const fitting = tiles.filter((one) => !limit({ kernel, shape, tile: one }, INTERPRETER_LIMITS));
      const run: Run = { kernel, shape, tile: fitting[tile % fitting.length] ?? { br: 0, bc: 0 } };
      const inputs = generateInputs(shape, seed);
      const interpretation = new Interpretation(run, inputs, { input: 'test', plane: seed % 2 });
      const { tensors, passes } = interpretation.capture();
      for (const plane of [0, 1]) {
        const want = attendPlane(shape, inputs, plane);
        for (const [id, values] of [
          ['O', want.o],
          ['LSE', want.lse],
        ] as const) {
          const got = tensors
            .find((tensor) => tensor.id === id)!
            .data.subarray(plane * values.length, (plane + 1) * values.length);
          values.forEach((value, i) => expect(Math.abs(got[i]! - value) / (1 + Math.abs(value))).toBeLessThan(4e-6));
        }
      }
      expect(storageBytes(passes)).toEqual(kernelById(kernel).requested(run));
      expect(interpretation.compare()).toBe(0);
    }),
    { numRuns: 15 },
  );
});

test.each(KINDS)(
  '$id: the estimate is measured on a part of the run and grows with all of it; the longest run that fits stays within it',
  ({ id, tiles, requested }) => {
    const estimate = (keys: number) => {
      const shape: Shape = { batch: 1, heads: 1, kvHeads: 1, queries: keys, keys, dim: 16, mask: 'full' };
      const run: Run = { kernel: id, shape, tile: tiles[0] ?? { br: 0, bc: 0 } };
      const { milliseconds, perByte } = new Interpretation(run, generateInputs(shape, 1), { input: 'test' }).estimate();
      return { run, milliseconds, perByte, work: milliseconds / perByte };
    };
    const [short, long] = [estimate(32), estimate(1024)];
    // Of a workgroup that was stopped, some bytes were counted.
    expect(long.perByte).toBeLessThan(long.milliseconds);
    expect(long.work).toBeGreaterThan(30 * short.work);
    const fitting = longestRun(long.run, long.work / 10);
    const bytes = (keys: number): number => {
      const { loads, stores } = requested({
        ...long.run,
        shape: { ...long.run.shape, keys, queries: Math.min(keys, 1024) },
      });
      return loads + stores;
    };
    expect(bytes(fitting)).toBeLessThanOrEqual(long.work / 10);
    expect(bytes(fitting + 1)).toBeGreaterThan(long.work / 10);
  },
);

describe('WGSL by itself', () => {
  const out = (body: string, declarations = ''): number[] => {
    const [y, hits] = [new ArrayBuffer(64), new ArrayBuffer(16)];
    const code = `@group(0) @binding(0) var<storage, read_write> Y: array<f32>;
      @group(0) @binding(1) var<storage, read_write> hits: array<atomic<u32>, 4>;
      ${declarations}
      @compute @workgroup_size(4) fn main(@builtin(local_invocation_index) t: u32) { ${body} }`;
    const lockstep = new Lockstep(
      code,
      new Map([
        ['0 0', y],
        ['0 1', hits],
      ]),
    );
    // Twice: what the first workgroup left behind must not matter.
    for (const x of [1, 0]) {
      for (const buffer of [y, hits]) new Uint32Array(buffer).fill(0);
      for (const _barrier of lockstep.workgroup([x, 0, 0]));
    }
    return [...new Float32Array(y)].slice(0, 4);
  };

  test('a barrier is waited for by all, and workgroup memory begins as zeros', () => {
    expect(
      out(
        'Y[t] = s[t]; s[t] = f32(t) + 1.0; workgroupBarrier(); Y[t] += s[3u - t];',
        'var<workgroup> s: array<f32, 4>;',
      ),
    ).toEqual([4, 3, 2, 1]);
  });

  test('functions see module scope only; arguments come before parameters; && binds looser than a comparison with a sum', () => {
    const declarations = 'const k = 7.0; fn add(i: f32, j: f32) -> f32 { return 10.0 * i + j + k; }';
    expect(out('let k = 1.0; let j = 3.0; let i = f32(t); Y[t] = add(j, i) + k;', declarations)).toEqual([
      38, 39, 40, 41,
    ]);
    expect(out('for (var i = 0u; i < 4u && t + i < 3u; i++) { Y[t] += 1.0; }')).toEqual([3, 2, 1, 0]);
  });

  test('a place is evaluated once, && stops early, select does not', () => {
    const declarations = 'fn hit(i: u32) -> u32 { atomicAdd(&hits[i], 1u); return i; }';
    const counts = 'workgroupBarrier(); Y[t] = f32(atomicLoad(&hits[t]));';
    expect(
      out(
        `if (t == 0u) { Y[hit(0u)] += 2.0; if (false && hit(1u) == 1u) { } let x = select(hit(2u), hit(3u), true); } ${counts}`,
        declarations,
      ),
    ).toEqual([1, 0, 1, 1]);
  });

  test('numbers wrap, round and divide as 32 bits do', () => {
    expect(
      out(
        'let big = 4294967295u; Y[0] = f32(big + 2u); Y[1] = f32(-7 / 2); Y[2] = f32(bitcast<u32>(1.0) >> 23u); Y[3] = f32(3u / (t - t));',
      ),
    ).toEqual([1, -3, 127, 3]);
  });

  test('arrays and structs by value, pointers, vectors by component', () => {
    const declarations =
      'struct Row { m: f32, v: vec3f } fn twice(p: ptr<function, Row>) { (*p).m *= 2.0; (*p).v.y += 1.0; }';
    const body =
      'var r = Row(f32(t), vec3f(1.0)); let before = r; twice(&r); var a: array<vec4f, 2>; a[t % 2u].z = r.v.y; let b = a; Y[t] = r.m + before.m + b[t % 2u].z;';
    expect(out(body, declarations)).toEqual([2, 5, 8, 11]);
  });

  test('a quad hands round what each of its invocations has at that point, as often as they come there, also from within a function', () => {
    const declarations = 'fn sum(x: f32) -> f32 { return quadBroadcast(x, 0u) + 10.0 * quadBroadcast(x, 3u); }';
    // 0 + 30, then of 30 and the lane's own index 3 on: 1000 for the last lane alone.
    const body =
      'var x = f32(t); for (var i = 0u; i < 2u; i++) { x = sum(x); if (t == 3u) { x += 1000.0; } } Y[t] = x;';
    expect(out(body, declarations)).toEqual([10330, 10330, 10330, 11330]);
  });

  test.each([
    ['if (quadBroadcast(t, 0u) == 0u) { }', /quadBroadcast/],
    ['Y[t] = subgroupAdd(1.0);', /subgroupAdd/],
    ['Y[t] = workgroupUniformLoad(&w);', /workgroupUniformLoad/],
    ['if (t < 2u) { workgroupBarrier(); }', /not all invocations/],
    ['loop { workgroupBarrier(); break; }', /line 4.*loop/],
  ])('what it does not know is told, never skipped: %s', (body, reason) => {
    expect(() => out(body, 'var<workgroup> w: f32;')).toThrow(reason);
  });
});
