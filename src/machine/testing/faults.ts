/** For tests: faults planted in every kernel's own text, and what they are tried with. */
import { expect } from 'vitest';
import { inputsOfPeers } from '../../ops/attention/inputs';
import type { Inputs, Shape } from '../../ops/attention/shape';
import type { Tile } from '../../ops/run';
import type { Kernel, PassSpec } from '../../kernels/card';
import { kernelById } from '../../kernels/kernels';
import { listed } from '../../kernels/testing/listed';
import { textOf } from '../../wgsl/link';

/** A change of a kernel's text: in which file, what, and what stands there instead. */
export type Fault = readonly [file: string, from: string, to: string];

/** The text with one fault in it. Throws where the text has no such place, so that a fault is never planted in vain. */
function planted(spec: PassSpec, fault: Fault): PassSpec {
  const [name, from, to] = fault;
  const files = spec.files.map((file) => {
    if (file !== name) return file;
    const text = textOf(file);
    expect(text).toContain(from);
    return { name, text: text.replace(from, to) };
  });
  return { ...spec, files };
}

/** For as long as something is done, a kernel with a fault stands beside the others; `act` is given its id. */
export async function withFault<T>(kernel: string, fault: Fault, act: (id: string) => T | Promise<T>): Promise<T> {
  const card = kernelById(kernel);
  const faulty: Kernel = {
    ...card,
    id: `${kernel} with a fault`,
    passes: (run) => {
      const specs = card.passes({ ...run, kernel });
      expect(specs.some(({ files }) => files.includes(fault[0]))).toBe(true);
      return specs.map((spec) => planted(spec, fault));
    },
  };
  const unlist = listed(faulty);
  try {
    return await act(faulty.id);
  } finally {
    unlist();
  }
}

/** The smallest tile of a kernel: it goes through the most of them. */
export const tileOf = (kernel: string): Tile =>
  kernelById(kernel).tiles.toSorted((a, b) => a.br * a.bc - b.br * b.bc)[0] ?? { br: 0, bc: 0 };

/** Two heads with two of K and V; five tiles of eight keys. */
export const square: Shape = { batch: 1, heads: 2, kvHeads: 2, queries: 40, keys: 40, dim: 32, mask: 'causal' };
export const deep: Shape = { ...square, dim: 128 };

/** Channel 0 of Q and K as outlier channels of real models are: all scores near -2e4, which f32 holds to 2e-3. */
export function outliers(shape: Shape, seed: number): Inputs {
  const inputs = inputsOfPeers(shape, seed);
  for (let i = 0; i < inputs.q.length; i += shape.dim) inputs.q[i] = 448;
  for (let i = 0; i < inputs.k.length; i += shape.dim) inputs.k[i] = -540;
  return inputs;
}

/** Problems of ordinary logits and of large ones. */
export type Magnitudes = Record<'ordinary' | 'large', { shape: Shape; inputs: Inputs }>;

/** What each fault is planted in. */
export const MAGNITUDES: Magnitudes = {
  ordinary: { shape: square, inputs: inputsOfPeers(square, 3) },
  large: { shape: deep, inputs: outliers(deep, 3) },
};

const everywhere: Record<string, Fault> = {
  'mask off by one: a key less': ['lib/mask.wgsl', 'max(i + 1u + NK, NQ) - NQ', 'max(i + NK, NQ) - NQ'],
  'mask off by one: a key more': ['lib/mask.wgsl', 'max(i + 1u + NK, NQ) - NQ', 'min(max(i + 2u + NK, NQ) - NQ, NK)'],
  'wrong head': ['lib/heads.wgsl', 'plane % HEADS / (', '(plane + 1u) % HEADS / ('],
};

const SKIP = ['k0 < seen; k0 += BC', 'k0 + BC < seen; k0 += BC'] as const;
const row5 = (row: string): string => `if (${row} != 5u) { O[`;

export const FAULTS: Record<string, Record<string, Fault>> = {
  naive: {
    ...everywhere,
    'skipped tile': ['naive-output.wgsl', 'j < keysSeen(i)', 'j + 8u < keysSeen(i)'],
    'not divided': ['naive-softmax.wgsl', 'exp(S[row * NK + j] - m) / l', 'exp(S[row * NK + j] - m)'],
    'unwritten row': [
      'naive-output.wgsl',
      'O[(plane * NQ + i) * D + c] = o;',
      `${row5('i')}(plane * NQ + i) * D + c] = o; }`,
    ],
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
  flash1: {
    ...everywhere,
    'rows begin too late': ['lib/seeing.wgsl', 'max(j + NQ, NK) - NK', 'max(j + NQ, NK) - NK + 8u'],
    'skipped tile': ['flash1.wgsl', 'k0 < NK; k0', 'k0 + BC < NK; k0'],
    'missing rescale': ['flash1.wgsl', 'sAlpha[i] * O[o]', 'O[o]'],
    'tile not weighed': ['flash1.wgsl', 'sBeta[i] * pv', 'pv'],
    'missing rescale of l': ['flash1.wgsl', 'old + beta * lTile', 'old + lTile'],
    'unwritten row': [
      'flash1.wgsl',
      'O[o] = sAlpha[i] * O[o] + sBeta[i] * pv;',
      `${row5('q0 + i')}o] = sAlpha[i] * O[o] + sBeta[i] * pv; }`,
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
    'mask off by one: a key more': [
      'paged.wgsl',
      'max(i + 1u + seq.y, rows) - rows',
      'min(max(i + 2u + seq.y, rows) - rows, seq.y)',
    ],
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
