/**
 * What faults.test.ts does, for kernels of other ops: honest answers pass their op's check, planted faults do not. And
 * for what only memory that begins as NaN shows.
 */
import { describe, expect, test } from 'vitest';
import { inputsOfPeers } from '../../ops/attention/inputs';
import type { Shape } from '../../ops/attention/shape';
import { CHECK_WORK } from '../../ops/check';
import { slopesOf } from '../../ops/sizes';
import { numbersOf } from '../../ops/numbers';
import { backward } from '../../kernels/backward';
import { backwardNaive } from '../../kernels/backward-naive';
import type { Kernel, PassSpec } from '../../kernels/card';
import { flash1 } from '../../kernels/flash1';
import { layernorm } from '../../kernels/layernorm';
import { interpret } from '../../kernels/testing/texts';
import { textOf } from '../../wgsl/link';

/** A change of a kernel's text: in which file, what, and what stands there instead. */
type Fault = readonly [file: string, from: string, to: string];

const shape: Shape = { batch: 1, heads: 4, kvHeads: 2, queries: 40, keys: 44, dim: 16, mask: 'causal' };
const inputs = inputsOfPeers(shape, 3);

/**
 * The passes with one fault in them. Throws where no text has such a place, so that a fault is never planted in vain.
 */
function planted(passes: readonly PassSpec[], [name, from, to]: Fault): PassSpec[] {
  expect(textOf(name)).toContain(from);
  expect(passes.some(({ files }) => files.includes(name))).toBe(true);
  const file = { name, text: textOf(name).replace(from, to) };
  return passes.map((pass) => ({ ...pass, files: pass.files.map((one) => (one === name ? file : one)) }));
}

/** Holds what a kernel makes of the problem, with a fault in it or without, against its op's reference. */
function wrongness({ id, op, tiles, passes }: Kernel, fault?: Fault, change: Partial<Shape> = {}) {
  const tile = tiles.find(({ br, bc }) => br === 8 && bc === 8) ?? { br: 0, bc: 0 };
  const asked: Shape = { ...shape, ...change };
  const specs = passes({ kernel: id, shape: asked, tile });
  const problem = { shape: asked, inputs };
  const names = specs.flatMap(({ bindings }) => bindings.map(({ tensor }) => tensor));
  const given = names.flatMap((name) => {
    const values = numbersOf(op).given(name, problem);
    return values ? [[name, values as Float32Array<ArrayBuffer>] as const] : [];
  });
  const answer = interpret(fault ? planted(specs, fault) : specs, asked, Object.fromEntries(given));
  const { reference, judge } = numbersOf(op);
  return judge(problem, reference(problem, CHECK_WORK.picture), answer).wrong;
}

const mask: Record<string, Fault> = {
  'mask off by one: a key less': ['lib/mask.wgsl', 'max(i + 1u + NK, NQ) - NQ', 'max(i + NK, NQ) - NQ'],
  'mask off by one: a key more': ['lib/mask.wgsl', 'max(i + 1u + NK, NQ) - NQ', 'min(max(i + 2u + NK, NQ) - NQ, NK)'],
};
const head: Record<string, Fault> = {
  'wrong head': ['lib/heads.wgsl', 'plane % HEADS / (', '(plane + 1u) % HEADS / ('],
};
const columns: Record<string, Fault> = {
  'rows begin too late': ['lib/seeing.wgsl', 'max(j + NQ, NK) - NK', 'max(j + NQ, NK) - NK + 8u'],
};

const [dkDv, dq, text] = ['attention-backward/dk-dv.wgsl', 'attention-backward/dq.wgsl', 'layernorm/layernorm.wgsl'];
const naive = (name: string): string => `attention-backward/naive-${name}.wgsl`;

const FAULTS: [Kernel, Record<string, Fault>][] = [
  [
    flash1,
    {
      'O not begun': ['flash1.wgsl', 'O[(first + q0) * CHUNKS + e] = Chunk();', ''],
    },
  ],
  [
    backward,
    {
      ...mask,
      ...head,
      ...columns,
      'a head of the group left out': [dkDv, 'h < SHARERS', 'h + 1u < SHARERS'],
      'D left out of dK': [dkDv, '(dp[n] - sLD[i].y)', 'dp[n]'],
      'D left out of dQ': [dq, '(dp[n] - sLD[i].y)', 'dp[n]'],
      'D without its last chunk': ['attention-backward/row-sums.wgsl', 'c < CHUNKS', 'c + 1u < CHUNKS'],
      'dS where P belongs': [dkDv, 'v0 += sP[', 'v0 += sDS['],
      'dQ not scaled': [dq, 'dq[2u * n + i] * SCALE', 'dq[2u * n + i]'],
      'dK scaled twice': [dkDv, 'dK[to] = dk[2u * n + i]', 'dK[to] = dk[2u * n + i] * SCALE'],
      'skipped tile': [dq, 'k0 < seen; k0', 'k0 + BC < seen; k0'],
    },
  ],
  [
    backwardNaive,
    {
      ...mask,
      ...head,
      ...columns,
      'a head of the group left out': [naive('dv'), 'h < SHARERS', 'h + 1u < SHARERS'],
      'D left out': [naive('ds'), '(dP[j] - d)', 'dP[j]'],
      'dK not scaled': [naive('dk'), 'dk * SCALE', 'dk'],
      'L left out': [naive('weights'), '- LSE[row]', ''],
    },
  ],
  [
    layernorm,
    {
      'mean of too few': [text, 'sSum[thread - lane] / f32(D)', 'sSum[thread] / f32(D)'],
      'divided by d - 1': [text, 'sSquares[thread - lane] / f32(D)', 'sSquares[thread - lane] / f32(D - 1u)'],
      'no gamma': [text, ' * Gamma[c]', ''],
      'no beta': [text, ' + Beta[c]', ''],
      'a row not written': [text, 'if (inside && lane == 0u)', 'if (inside && lane == 0u && i != 5u)'],
    },
  ],
];

describe.each(FAULTS)('$0.id', (card, faults) => {
  test('an honest answer passes', () => expect(wrongness(card)).toBeUndefined());

  test.each(Object.keys(faults))('%s is refused', (name) => expect(wrongness(card, faults[name])).toBeDefined());
});

/** What a softcap and ALiBi add to the backward pass. */
const SCORED: [Kernel, Record<string, Fault>][] = [
  [
    backward,
    {
      'dK by the capped score': [dkDv, '(dp[n] - sLD[i].y) * steep[n]', '(dp[n] - sLD[i].y)'],
      'dQ by the capped score': [dq, '(dp[n] - sLD[i].y) * steep[n]', '(dp[n] - sLD[i].y)'],
      'slope of another head': [dkDv, '(kv * SHARERS + h) % HEADS', '(kv * SHARERS + h + 1u) % HEADS'],
      'bias aligned top-left': ['lib/alibi.wgsl', 'f32(i + NK) - f32(NQ)', 'f32(i)'],
    },
  ],
  [
    backwardNaive,
    {
      'dS by the capped score': [naive('ds'), '(1.0 - t * t)', '1.0'],
      'the bias not taken off S': [naive('ds'), 't += SLOPES', 't -= SLOPES'],
    },
  ],
];

describe.each(SCORED)('$0.id with softcap and ALiBi', (card, faults) => {
  const change: Partial<Shape> = { softcap: 2, alibi: slopesOf(shape.heads) };

  test('an honest answer passes', () => expect(wrongness(card, undefined, change)).toBeUndefined());

  test.each(Object.keys(faults))('%s is refused', (name) =>
    expect(wrongness(card, faults[name], change)).toBeDefined(),
  );
});
