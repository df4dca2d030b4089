/** The one rule of the check, on every kernel's own text without a GPU: honest answers pass, planted faults fail, at ordinary and at large logits. */
import { describe, expect, test } from 'vitest';
import { CHECK_WORK } from '../../ops/check';
import { judge, spreadReference, type Answer, type Checked } from '../../ops/attention/check';
import { inputsOfPeers } from '../../ops/attention/inputs';
import type { Inputs, Shape } from '../../ops/attention/shape';
import type { Run } from '../../ops/run';
import type { PassSpec } from '../../kernels/card';
import { KERNELS, kernelById } from '../../kernels';
import { textOf } from '../../wgsl/link';
import { memoryOf, runPlain } from './plain';

/** A change of a kernel's text: in which file, what, and what stands there instead. */
type Fault = readonly [file: string, from: string, to: string];

/** The text with one fault in it. Throws where the text has no such place, so that a fault is never planted in vain. */
function planted(spec: PassSpec, fault: Fault | undefined): PassSpec {
  if (!fault) return spec;
  const [name, from, to] = fault;
  const files = spec.files.map((file) => {
    if (file !== name) return file;
    const text = textOf(file);
    expect(text).toContain(from);
    return { name, text: text.replace(from, to) };
  });
  return { ...spec, files };
}

function compute(run: Run, inputs: Inputs, fault?: Fault): Answer {
  const specs = kernelById(run.kernel).passes(run);
  if (fault) expect(specs.some(({ files }) => files.includes(fault[0]))).toBe(true);
  const memory = memoryOf(run, inputs, specs);
  runPlain(
    specs.map((spec) => planted(spec, fault)),
    memory,
  );
  return { o: memory.get('O')!, lse: memory.get('LSE')! };
}

const tileOf = (kernel: string) => kernelById(kernel).tiles.toSorted((a, b) => a.br * a.bc - b.br * b.bc)[0] ?? { br: 0, bc: 0 };

function check(kernel: string, shape: Shape, inputs: Inputs, fault?: Fault, scale?: number): { checked: Checked; answer: Answer } {
  const run: Run = { kernel, shape, tile: tileOf(kernel), ...(scale !== undefined && { scale }) };
  const answer = compute(run, inputs, fault);
  return { checked: judge(run, inputs, spreadReference(run, inputs, CHECK_WORK.picture), answer), answer };
}

/** Two heads with two of K and V; five tiles of eight keys. */
const square: Shape = { batch: 1, heads: 2, kvHeads: 2, queries: 40, keys: 40, dim: 32, mask: 'causal' };
const deep: Shape = { ...square, dim: 128 };

/** Channel 0 of Q and K as outlier channels of real models are: all scores near -2e4, which f32 holds to 2e-3. */
function outliers(shape: Shape, seed: number): Inputs {
  const inputs = inputsOfPeers(shape, seed);
  for (let i = 0; i < inputs.q.length; i += shape.dim) inputs.q[i] = 448;
  for (let i = 0; i < inputs.k.length; i += shape.dim) inputs.k[i] = -540;
  return inputs;
}

/** What each fault is planted in. */
const MAGNITUDES = { ordinary: { shape: square, inputs: inputsOfPeers(square, 3) }, large: { shape: deep, inputs: outliers(deep, 3) } };

const everywhere: Record<string, Fault> = {
  'mask off by one: a key less': ['lib/mask.wgsl', 'max(i + 1u + NK, NQ) - NQ', 'max(i + NK, NQ) - NQ'],
  'mask off by one: a key more': ['lib/mask.wgsl', 'max(i + 1u + NK, NQ) - NQ', 'min(max(i + 2u + NK, NQ) - NQ, NK)'],
  'wrong head': ['lib/heads.wgsl', 'plane % HEADS / (', '(plane + 1u) % HEADS / ('],
};

const SKIP = ['k0 < seen; k0 += BC', 'k0 + BC < seen; k0 += BC'] as const;
const row5 = (row: string): string => `if (${row} != 5u) { O[`;

const FAULTS: Record<string, Record<string, Fault>> = {
  naive: {
    ...everywhere,
    'skipped tile': ['naive-output.wgsl', 'j < keysSeen(i)', 'j + 8u < keysSeen(i)'],
    'not divided': ['naive-softmax.wgsl', 'exp(S[row * NK + j] - m) / l', 'exp(S[row * NK + j] - m)'],
    'unwritten row': ['naive-output.wgsl', 'O[(plane * NQ + i) * D + c] = o;', `${row5('i')}(plane * NQ + i) * D + c] = o; }`],
  },
  flash2: {
    ...everywhere,
    'skipped tile': ['flash2.wgsl', ...SKIP],
    'missing rescale': ['flash2.wgsl', 'acc[4u * x] * sAlpha[r]', 'acc[4u * x]'],
    'missing rescale of l': ['flash2.wgsl', 'sL[i] * alpha', 'sL[i]'],
    'unwritten row': [
      'flash2.wgsl',
      'O[o] = acc[4u * x + i] / divisor(sL[r + i]);',
      `${row5('q0 + r + i')}o] = acc[4u * x + i] / divisor(sL[r + i]); }`,
    ],
  },
  'flash-fast': {
    ...everywhere,
    'skipped tile': ['flash-fast.wgsl', ...SKIP],
    'missing rescale': ['flash-fast.wgsl', 'o[r][c] * alpha[r]', 'o[r][c]'],
    'unwritten row': [
      'flash-fast.wgsl',
      'O[(plane * NQ + row) * CHUNKS + c] = o[r][c] / divisor(l[r]);',
      `${row5('row')}(plane * NQ + row) * CHUNKS + c] = o[r][c] / divisor(l[r]); }`,
    ],
  },
  'flash-fast-shared': {
    ...everywhere,
    'skipped tile': ['flash-fast-shared.wgsl', ...SKIP],
    'missing rescale': ['flash-fast-shared.wgsl', 'o[1][n] * alpha.y', 'o[1][n]'],
    'unwritten row': [
      'flash-fast-shared.wgsl',
      'O[(plane * NQ + row) * CHUNKS + x + n * SIDE] = o[r][n] / divisor(l[r]);',
      `${row5('row')}(plane * NQ + row) * CHUNKS + x + n * SIDE] = o[r][n] / divisor(l[r]); }`,
    ],
  },
  decode: {
    ...everywhere,
    'skipped tile': ['decode.wgsl', 'k0 < keys.y; k0', 'k0 + BC < keys.y; k0'],
    'missing rescale': ['decode.wgsl', 'o[x] *= alpha;', ''],
    'unwritten row': [
      'decode-whole.wgsl',
      'O[(block.z * NQ + block.x) * CHUNKS + c] = o / divisor(l);',
      `${row5('block.x')}(block.z * NQ + block.x) * CHUNKS + c] = o / divisor(l); }`,
    ],
  },
  'decode-split': {
    ...everywhere,
    'skipped tile': ['decode.wgsl', 'k0 < keys.y; k0', 'k0 + BC < keys.y; k0'],
    'missing rescale': ['decode-merge.wgsl', 'o += alpha[i] * OPart', 'o += OPart'],
    'unwritten row': ['decode-merge.wgsl', 'O[at] = o / divisor(l);', `${row5('block.x')}at] = o / divisor(l); }`],
  },
  paged: {
    'mask off by one: a key less': ['paged.wgsl', 'max(i + 1u + seq.y, rows) - rows', 'max(i + seq.y, rows) - rows'],
    'mask off by one: a key more': ['paged.wgsl', 'max(i + 1u + seq.y, rows) - rows', 'min(max(i + 2u + seq.y, rows) - rows, seq.y)'],
    'wrong head': ['lib/heads.wgsl', 'plane % HEADS / (', '(plane + 1u) % HEADS / ('],
    'wrong block': ['paged.wgsl', 'TABLE[first + k0 / PAGE]', 'TABLE[first]'],
    'skipped tile': ['decode.wgsl', 'k0 < keys.y; k0', 'k0 + BC < keys.y; k0'],
    'missing rescale': ['decode.wgsl', 'o[x] *= alpha;', ''],
    'unwritten row': [
      'paged.wgsl',
      'O[(block.z * NQ + block.x) * CHUNKS + c] = o / divisor(l);',
      `${row5('block.x')}(block.z * NQ + block.x) * CHUNKS + c] = o / divisor(l); }`,
    ],
  },
};

describe.each(KERNELS)('$id', ({ id }) => {
  test('answers rightly, and says what plain f32 is off by', () => {
    const ordinary = check(id, square, MAGNITUDES.ordinary.inputs).checked;
    expect(ordinary).toMatchObject({ warnings: [], rows: 80 });
    expect(ordinary.wrong).toBeUndefined();
    expect(Math.max(ordinary.max, ordinary.f32)).toBeLessThan(2e-6);
    const large = check(id, deep, MAGNITUDES.large.inputs).checked;
    expect(large.wrong).toBeUndefined();
    expect(large.warnings.map(({ code }) => code)).toEqual(['lost-precision']);
    // The old bound, 4e-6 (1 + |O|), refused this: f32 itself is off by a thousand times as much.
    expect(large.f32).toBeGreaterThan(1e-3);
  });

  test.each(Object.keys(FAULTS[id]!))('%s is refused at ordinary and at large logits', (name) => {
    for (const { shape, inputs } of Object.values(MAGNITUDES)) {
      const { wrong } = check(id, shape, inputs, FAULTS[id]![name]).checked;
      expect(wrong).toBeDefined();
      expect(wrong!.error).toBeGreaterThan(wrong!.bound);
    }
  });

  test('what f32 cannot hold is said, and no fault of the kernel', () => {
    const shape: Shape = { ...square, heads: 1, kvHeads: 1, queries: 4, keys: 20, dim: 8, mask: 'full' };
    const filled = (q: number, k: number, v?: number): Inputs => {
      const inputs = inputsOfPeers(shape, 5);
      return { q: inputs.q.fill(q), k: inputs.k.fill(k), v: v === undefined ? inputs.v : inputs.v.fill(v) };
    };
    const codes = (inputs: Inputs) => {
      const { checked, answer } = check(id, shape, inputs);
      expect(checked.wrong).toBeUndefined();
      return { codes: checked.warnings.map(({ code }) => code), checked, answer };
    };
    // All scores -2e32: right is the mean of V, and no kernel can tell such a score from a masked one.
    const beyond = codes(filled(1e16, -2e16 / Math.sqrt(8)));
    expect(beyond.codes).toContain('score-beyond-mask');
    // q · k is 8e38, and 2.8e38 once it is scaled: Q is scaled before.
    const near = codes(filled(1e19, 1e19));
    expect(near.codes).toEqual([]);
    expect(near.checked.max).toBeLessThan(2e-6);
    const over = codes(filled(1e20, 1e20));
    expect(over.codes).toEqual(expect.arrayContaining(['not-finite', 'product-overflow']));
    const values = codes(filled(1, 1, 3e38));
    if (values.answer.o.every(Number.isFinite)) expect(values.codes).toEqual([]);
    else expect(values.codes).toEqual(expect.arrayContaining(['not-finite', 'value-overflow']));
  });
});
