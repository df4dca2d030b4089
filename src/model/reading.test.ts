// What is read out of a pass: against sums written down here, and the numbers that the lessons of the page rest on.
import { describe, expect, test } from 'vitest';
import { forward } from './forward';
import type { PassOptions } from './options';
import { PASSAGES } from './passage';
import { differenceOf, readingSteps, type Reading, type ReadingQuestion } from './reading';
import { entropy, lossesOf, softmax } from './sampling';
import { shipped, shippedTokenizer } from './testing/shipped';

const idsOf = (text: string): number[] => [...shippedTokenizer.encode(text).ids];
const zh = idsOf(PASSAGES.zh);
const en = idsOf(PASSAGES.en);

function read(question: ReadingQuestion): { reading: Reading; shares: number[] } {
  const steps = readingSteps(shipped, question);
  const shares: number[] = [];
  for (;;) {
    const step = steps.next();
    if (step.done) return { reading: step.value, shares };
    shares.push(step.value);
  }
}
const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / values.length;
const lossOf = (ids: number[], options: PassOptions = {}): number => {
  const { logits } = forward(shipped, ids, [...ids.keys()], options);
  return mean(lossesOf(logits, ids));
};
/** How much a change adds to the loss. */
const adds = (ids: number[], options: PassOptions): number => lossOf(ids, options) - lossOf(ids);
/** The probability of a token after a text. */
const chance = (text: string, token: string): number =>
  softmax(forward(shipped, idsOf(text)).logits)[idsOf(token)[0]!]!;

test('a reading says how far it is, and holds what the pass gives', () => {
  const { reading, shares } = read({ ids: zh, against: { ids: zh, options: { mask: 'full' } } });
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect(shares.length).toBe(8);
  expect(Math.max(...shares)).toBeLessThan(1);
  const pass = forward(shipped, zh, [...zh.keys()]);
  expect(Buffer.from(reading.logits.buffer).equals(Buffer.from(pass.logits.buffer))).toBe(true);
  expect(reading.maps.map((layer) => layer.length)).toEqual([6, 6, 6, 6]);
  const { p } = pass.heads[1]![3]!;
  const peaks = zh.map((_, i) => Math.max(...p.subarray(i * zh.length, (i + 1) * zh.length)));
  expect(reading.sharpness[1]![3]).toBeCloseTo(mean(peaks), 6);
});

test('the loss is the negative logarithm of what the true token was given', () => {
  const { reading } = read({ ids: zh.slice(0, 9) });
  const p = Array.from(
    { length: 8 },
    (_, i) => softmax(reading.logits.subarray(i * 7043, (i + 1) * 7043))[zh[i + 1]!]!,
  );
  p.forEach((value, i) => expect(reading.losses[i]).toBeCloseTo(-Math.log(value), 5));
  expect(reading.losses).toHaveLength(8);
  expect(read({ ids: [zh[0]!] }).reading.losses).toHaveLength(0);
});

test('under a causal mask one more token changes no old K by a bit; without it all layers but the first', () => {
  const more = [...zh.slice(0, 40), 300];
  const of = (options: PassOptions) =>
    differenceOf(
      forward(shipped, zh.slice(0, 40), undefined, options),
      forward(shipped, more, undefined, options),
      shipped.config,
    );
  const causal = of({});
  expect(causal.tokens).toBe(40);
  expect(causal.k).toEqual([0, 0, 0, 0]);
  expect(causal.q).toEqual([0, 0, 0, 0]);
  expect(causal.changed).toEqual([0, 0, 0, 0]);
  const full = of({ mask: 'full' });
  expect(full.k[0]).toBe(0);
  expect(full.changed).toEqual([0, 40, 40, 40]);
  for (const most of full.k.slice(1)) expect(most).toBeGreaterThan(0.1);
});

describe('what the lessons rest on', () => {
  test('losses of the changed model on the Chinese passage', () => {
    expect(lossOf(zh)).toBeCloseTo(3.69, 1);
    expect(lossOf(zh, { mask: 'full' })).toBeCloseTo(1.74, 1);
    expect(lossOf(zh, { rope: 'off' })).toBeCloseTo(5.24, 1);
    expect(lossOf(zh, { scale: 1 })).toBeCloseTo(3.93, 1);
    expect([3, 2, 1].map((groups) => Math.round(100 * lossOf(zh, { groups })) / 100)).toEqual([5.27, 6.03, 7.55]);
  });

  test('the largest weight of a row, with and without the scale', () => {
    const sharp = (options: PassOptions) => mean(read({ ids: zh, options }).reading.sharpness.flat());
    expect(sharp({})).toBeCloseTo(0.66, 2);
    expect(sharp({ scale: 1 })).toBeCloseTo(0.92, 2);
  });

  test('what comes next in the poem', () => {
    expect(chance('昔人已乘黄鹤去，此地空余黄', '鹤')).toBeCloseTo(0.84, 2);
    expect(chance('昔人已乘黄鹤去，此地空余黄', '鸟')).toBeCloseTo(0.06, 2);
    expect(chance('昔人已乘黄鹤去，此地空余黄', '雀')).toBeCloseTo(0.02, 2);
    expect(chance('昔人已乘黄鹤去，此地空余黄鹤楼', '。')).toBeCloseTo(0.989, 3);
    expect(chance('昔人已乘黄', '鹤')).toBeCloseTo(0.012, 3);
    expect(chance('昔人已乘黄鹤去，此地空余黄鹤楼。黄', '鹤')).toBeCloseTo(0.45, 2);
    const flat = softmax(forward(shipped, idsOf('昔人已乘黄鹤去，此地空余')).logits);
    expect(Math.max(...flat)).toBeCloseTo(0.028, 3);
    expect(flat.indexOf(Math.max(...flat))).toBe(idsOf('生')[0]);
    expect(entropy(flat)).toBeGreaterThan(5);
  });

  test('the stream grows, and what is added to it', () => {
    const { rms, added } = read({ ids: zh }).reading;
    expect(mean(rms[0]!)).toBeCloseTo(0.12, 2);
    expect(mean(rms.at(-1)!)).toBeCloseTo(9, 0);
    const ratios = added.map((update, i) => mean(update.map((value, t) => value / rms[i]![t]!)));
    for (const attention of [2, 4, 6]) expect(ratios[attention]).toBeCloseTo(0.5, 1);
    expect(ratios[0]).toBeGreaterThan(10);
  });

  test('rounding weights, and K and V, on both passages', () => {
    const row = { weights: { bits: 4, per: 'row' } } as const;
    expect(adds(zh, row)).toBeCloseTo(-0.021, 2);
    expect(adds(en, row)).toBeCloseTo(0.013, 2);
    expect(adds(zh, { weights: { bits: 4, per: 'tensor' } })).toBeCloseTo(0.14, 2);
    expect(adds(zh, { kv: { bits: 8, per: 'token' } })).toBeCloseTo(0.0004, 3);
    expect(adds(zh, { kv: { bits: 4, per: 'token' } })).toBeCloseTo(0.007, 2);
    expect(adds(zh, { kv: { bits: 2, per: 'token' } })).toBeCloseTo(1.49, 1);
    expect(adds(zh, { kv: { bits: 2, per: 'channel' } })).toBeCloseTo(1, 1);
    expect(adds(zh, { kv: { bits: 3, per: 'channel' } })).toBeCloseTo(-0.005, 2);
    expect(adds(en, { kv: { bits: 3, per: 'channel' } })).toBeCloseTo(0.016, 2);
  });

  test('rounding activations costs more by tensor than by token, and at 8 bits nothing', () => {
    const at = (bits: number, per: 'tensor' | 'token') => adds(zh, { activations: { bits, per } });
    expect(at(4, 'tensor')).toBeGreaterThan(0.2);
    expect(at(4, 'token')).toBeGreaterThan(0.1);
    expect(at(4, 'token')).toBeLessThan(at(4, 'tensor'));
    expect(Math.abs(at(8, 'tensor'))).toBeLessThan(0.02);
  });
});
