/** For tests: what every machine must do, whoever it is. One suite, run for the GPU and for the interpreter. */
import { answerOf } from '../../ops/attention/check';
import { describe, expect, test } from 'vitest';
import { TOLERANCE } from '../../ops/check';
import type { Answer } from '../../ops/attention/check';
import { inputsOfPeers } from '../../ops/attention/inputs';
import { attendPlane } from '../../ops/attention/oracle';
import { elementsOf } from '../../ops';
import { type Inputs, type Mask, type Shape } from '../../ops/attention/shape';
import { slopesOf } from '../../ops/sizes';
import type { ErrorCode } from '../../errors';
import { ATTENTION } from '../../kernels/testing/attention';
import type { KernelCard } from '../../kernels/card';
import { kernelById } from '../../kernels/kernels';
import { storageBytes } from './reading';
import type { Machine } from '../machine';
import { runOf, type Asked } from '../run-of';

/** Two planes over one of K and V, rows and keys that divide by no block, a mask. */
const SHAPE: Shape = { batch: 1, heads: 2, kvHeads: 1, queries: 19, keys: 21, dim: 12, mask: 'causal' };
const INPUTS = inputsOfPeers(SHAPE, 4);
const MASKS: readonly Mask[] = ['window-5-2', 'prefix-4', 'causal-top-left'];
/** Masks for a kernel: `each` of them, so that all kernels together have all. */
function masksOf(kernel: string, each: number): Mask[] {
  const at = ATTENTION.findIndex(({ id }) => id === kernel);
  return Array.from({ length: each }, (_, i) => MASKS[(at + i) % MASKS.length]!);
}
const META = { input: 'test' };

/** max |O - f64| over all rows, relative to nothing. */
function errorOf(shape: Shape, inputs: Inputs, { o }: Answer): number {
  let most = 0;
  for (let plane = 0; plane < shape.batch * shape.heads; plane++) {
    const want = attendPlane(shape, inputs, plane).o;
    want.forEach((x, i) => (most = Math.max(most, Math.abs(o[plane * want.length + i]! - x))));
  }
  return most;
}

/** Channel 0 of Q and K as outlier channels of real models are: all scores near -2e4. */
function outliers(shape: Shape): Inputs {
  const inputs = inputsOfPeers(shape, 12);
  for (let i = 0; i < inputs.q.length; i += shape.dim) inputs.q[i] = 448;
  for (let i = 0; i < inputs.k.length; i += shape.dim) inputs.k[i] = -540;
  return inputs;
}

/** Rows of which f32 holds each score, or does not: one shape of a width, compiled once for several tests. */
const wide = (dim: number): Shape => ({ ...SHAPE, heads: 1, queries: 40, keys: 40, dim });

export interface Trials {
  /** Which of attention's kernels are tried. */
  kernels: readonly KernelCard[];
  /** How many masks each is captured under. */
  masks: number;
  /** Another shape costs more than a larger one, for a text is compiled for it. */
  compiles: boolean;
}

/** @param machine an open machine; asked for within a test */
export function testMachine(machine: () => Machine, { kernels, masks, compiles }: Trials): void {
  const run = async (kernel: string, shape: Shape, inputs: Inputs) => {
    const { outputs, checked } = await machine().run(runOf(machine(), { kernel, shape }), inputs);
    return { ...answerOf(outputs), checked };
  };

  describe.each(kernels)('$id', ({ id }) => {
    /** The widest rows of which a tile fits here. */
    const widest = (): Shape =>
      [128, 64]
        .map(wide)
        .find((shape) => !kernelById(id).limit(runOf(machine(), { kernel: id, shape }), machine().limits))!;

    test('an answer is within the bound of f64, and says how far it is off', { timeout: 120_000 }, async () => {
      const { o, lse, checked } = await run(id, SHAPE, INPUTS);
      expect([o.length, lse.length]).toEqual([elementsOf('O', SHAPE), elementsOf('LSE', SHAPE)]);
      expect(checked.max).toBe(errorOf(SHAPE, INPUTS, { o, lse }));
      expect(checked.max).toBeLessThanOrEqual(TOLERANCE);
      expect(checked).toMatchObject({ rows: SHAPE.heads * SHAPE.queries, warnings: [] });
    });

    test.each(masksOf(id, masks))(
      'under %s too: right, and the bytes of the closed form',
      { timeout: 120_000 },
      async (mask) => {
        const shape: Shape = { ...SHAPE, mask };
        const asked = runOf(machine(), { kernel: id, shape });
        const capture = await machine().capture(asked, INPUTS, META, { lines: 'later' });
        const { header, passes } = capture.trace;
        expect(storageBytes(passes)).toEqual(kernelById(id).requested(asked));
        expect(header.maxPlainTapped).toBe(0);
        expect(header.maxOracle).toBeLessThanOrEqual(TOLERANCE);
        capture.dispose();
      },
    );

    test('with softcap and ALiBi too: right, and no byte more', { timeout: 120_000 }, async () => {
      // Scores large enough that the cap bends them, and a head of each slope.
      const shape: Shape = { ...SHAPE, queries: 15, softcap: 2, alibi: slopesOf(SHAPE.heads) };
      const asked = runOf(machine(), { kernel: id, shape });
      const inputs = inputsOfPeers(shape, 5);
      const capture = await machine().capture(asked, inputs, META, { lines: 'later' });
      const { header, passes, tensors } = capture.trace;
      const { softcap: _cap, alibi: _slopes, ...bare } = shape;
      expect(storageBytes(passes)).toEqual(kernelById(id).requested({ ...asked, shape: bare }));
      expect(header.maxPlainTapped).toBe(0);
      const data = (name: string) => tensors.find((tensor) => tensor.id === name)!.data;
      expect(header.maxOracle).toBe(errorOf(shape, inputs, { o: data('O'), lse: data('LSE') }));
      expect(header.maxOracle).toBeLessThanOrEqual(TOLERANCE);
      capture.dispose();
    });

    test('a capture requests what the closed form says, and is the plain run', { timeout: 120_000 }, async () => {
      const asked = runOf(machine(), { kernel: id, shape: SHAPE });
      const capture = await machine().capture(asked, INPUTS, META, { lines: 'later' });
      const { header, passes, tensors } = capture.trace;
      expect(storageBytes(passes)).toEqual(kernelById(id).requested(asked));
      expect(header).toMatchObject({
        run: asked,
        provenance: machine().provenance,
        maxPlainTapped: 0,
        plane: 0,
        input: 'test',
      });
      expect(header.maxOracle).toBeLessThanOrEqual(TOLERANCE);
      const data = (name: string) => tensors.find((tensor) => tensor.id === name)!.data;
      expect(header.maxOracle).toBe(errorOf(SHAPE, INPUTS, { o: data('O'), lse: data('LSE') }));
      expect(passes.every(({ captured }) => captured.every(({ phasesDropped }) => phasesDropped === 0))).toBe(true);
      capture.dispose();
    });

    test(
      'large logits pass with their real error; what f32 no longer tells apart is said',
      { timeout: 120_000 },
      async () => {
        const shape = widest();
        const inputs = outliers(shape);
        const { checked, ...answer } = await run(id, shape, inputs);
        expect(checked.max).toBe(errorOf(shape, inputs, answer));
        expect(checked).toMatchObject({ rows: 40, warnings: [{ code: 'lost-precision' }] });
        expect(checked.f32).toBeGreaterThan(1e-4);
        expect(checked.max).toBeLessThanOrEqual(2 * checked.f32 + 8e-6);
      },
    );

    test(
      'what f32 cannot hold is said, and refuses nobody: no silent 0, no silent NaN',
      { timeout: 120_000 },
      async () => {
        const shape = compiles ? widest() : { ...wide(64), queries: 5 };
        const { v } = inputsOfPeers(shape, 14);
        const filled = async (q: number, k: number, values = v) => {
          const inputs = {
            q: new Float32Array(elementsOf('Q', shape)).fill(q),
            k: new Float32Array(v.length).fill(k),
            v: values,
          };
          const { o, lse, checked } = await run(id, shape, inputs);
          const codes = checked.warnings.map(({ code }) => code);
          const bad = [...o, ...lse].filter((x) => !Number.isFinite(x)).length;
          // Each number that is none is counted, and none is without its word.
          expect(checked.warnings.find(({ code }) => code === 'not-finite')?.count ?? 0).toBe(bad);
          const off = checked.max > checked.bound;
          if (off) expect(codes.some((code) => code !== 'not-finite' && code !== 'lost-precision')).toBe(true);
          return { codes, max: checked.max, bad };
        };
        // q · k is 1e39 or 2e39, a tenth of it once it is scaled: Q is scaled before.
        expect(await filled(4e18, 4e18)).toMatchObject({ codes: [], bad: 0 });
        expect((await filled(1e16, -2.5e15)).codes).toContain('score-beyond-mask');
        expect((await filled(1e20, 1e20)).codes).toContain('product-overflow');
        const large = await filled(1, 1, new Float32Array(v.length).fill(3e38));
        if (large.bad > 0) expect(large.codes).toEqual(expect.arrayContaining(['not-finite', 'value-overflow']));
        else expect(large.max).toBeLessThan(1e33);
      },
    );
  });

  test('the untouched text runs when it is asked for', { timeout: 120_000 }, async () => {
    const asked = runOf(machine(), { kernel: 'flash2', shape: SHAPE });
    const capture = await machine().capture(asked, INPUTS, META, { lines: 'later', plain: 'later' });
    expect(capture.trace.header.maxPlainTapped).toBeUndefined();
    await capture.compare();
    expect(capture.trace.header.maxPlainTapped).toBe(0);
    capture.dispose();
  });

  test(
    'a workgroup that is not in the trace is captured on demand, with the lines of any thread',
    { timeout: 120_000 },
    async () => {
      const asked = runOf(machine(), { kernel: 'flash2', shape: SHAPE, tile: { br: 8, bc: 8 } });
      const capture = await machine().capture(asked, INPUTS, { ...META, plane: 1 }, { lines: 'later', plain: 'later' });
      const [pass] = capture.trace.passes;
      expect(pass!.captured.map(({ workgroup }) => workgroup)).toEqual([3, 4, 5]);
      const soon = await capture.workgroup(0, 1, 5);
      const whole = await capture.workgroup(0, 1, 5);
      expect(whole.workgroup).toBe(1);
      expect(whole.lines).toMatchObject({ invocation: 5, dropped: 0 });
      expect(whole.lines!.variable.length).toBeGreaterThan(100);
      expect({ ...soon, lines: undefined }).toEqual({ ...whole, lines: undefined });
      expect(await capture.workgroup(0, 1, 5)).toBe(whole);
      expect((await capture.workgroup(0, 1, 6)).lines!.invocation).toBe(6);
      // Counts of what it did are those that the whole run had of it.
      const { phases, sites, totals } = pass!;
      const sums = new Uint32Array(phases.length * sites.length);
      whole.order.forEach((phase, k) =>
        sites.forEach((_, s) => (sums[phase * sites.length + s]! += whole.counts[(k * sites.length + s) * 3]!)),
      );
      const first = whole.workgroup * phases.length * sites.length * 3;
      expect(sums).toEqual(sums.map((_, i) => totals[first + i * 3]!));
      // The newest wish is served.
      const [running, dropped, newest] = [
        capture.workgroup(0, 0, 1),
        capture.workgroup(0, 2, 1),
        capture.workgroup(0, 0, 2),
      ];
      expect(await Promise.allSettled([running, dropped, newest])).toMatchObject([
        { status: 'fulfilled' },
        { status: 'rejected', reason: { code: 'cancelled' } },
        { status: 'fulfilled' },
      ]);
      capture.dispose();
      await expect(capture.workgroup(0, 2, 9)).rejects.toMatchObject({ code: 'cancelled' });
    },
  );

  test('progress grows to 1; a run that nobody wants any more ends as cancelled', { timeout: 120_000 }, async () => {
    const asked = runOf(machine(), { kernel: 'flash2', shape: SHAPE, tile: { br: 8, bc: 8 } });
    const calls = {
      run: (options: object) => machine().run(asked, INPUTS, options),
      capture: async (options: object) => {
        const capture = await machine().capture(asked, INPUTS, META, { lines: 'later', plain: 'later', ...options });
        capture.dispose();
      },
    };
    for (const call of Object.values(calls)) {
      const seen: number[] = [];
      await call({ onProgress: (done: number) => seen.push(done) });
      expect(seen.at(-1)).toBe(1);
      expect(seen).toEqual(seen.toSorted((a, b) => a - b));
      const stop = new AbortController();
      const stopped = call({ signal: stop.signal, onProgress: () => stop.abort() });
      await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
      await expect(call({ signal: stop.signal })).rejects.toMatchObject({ code: 'cancelled' });
    }
  });

  test('what is wrong with a request is refused by its code, before anything runs', { timeout: 120_000 }, async () => {
    const good = runOf(machine(), { kernel: 'flash2', shape: SHAPE });
    const deep: Shape = { ...SHAPE, dim: 128 };
    const wrong: readonly [ErrorCode, Partial<Asked>, Partial<Inputs>][] = [
      ['kernel-unknown', { kernel: 'flash9' }, {}],
      ['shape-invalid', { shape: { ...SHAPE, heads: 0 } }, {}],
      ['shape-invalid', { tile: { br: 1, bc: 1 } }, {}],
      ['shape-invalid', { scale: 1e39 }, {}],
      ['inputs-mismatch', {}, { q: INPUTS.q.subarray(1) }],
      ['inputs-not-finite', {}, { v: INPUTS.v.map((x, i) => (i === 7 ? Number.NaN : x)) }],
      ['over-limit', { shape: deep, tile: { br: 64, bc: 32 } }, inputsOfPeers(deep, 1)],
    ];
    for (const [code, change, given] of wrong) {
      const [asked, inputs] = [
        { ...good, ...change },
        { ...INPUTS, ...given },
      ];
      const onProgress = (): void => expect.fail(`${code}: it ran`);
      await expect(machine().run(asked, inputs, { onProgress }), code).rejects.toMatchObject({ code });
      await expect(machine().capture(asked, inputs, META, { onProgress }), code).rejects.toMatchObject({ code });
    }
    await expect(machine().warm({ ...good, kernel: 'flash9' })).resolves.toBeUndefined();
  });
}
