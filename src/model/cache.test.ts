// The cached pass, token by token, against the pass over the whole text: the same Q, K, V and logits however the text
// is cut, and the same tokens.
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { cutCache, emptyCache, extend } from './cache';
import { drawToken } from './sampling';
import { forward } from './forward';
import { parseWeights } from './weights';

const file = readFileSync(new URL('../../public/model/weights.bin', import.meta.url));
const weights = parseWeights(file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength));
const { config } = weights;
const { vocabulary, context, dim } = config;

const worst = (got: Float32Array, want: Float32Array): number => {
  expect(got.length).toBe(want.length);
  return got.reduce((most, x, i) => (Math.abs(x - want[i]!) <= most ? most : Math.abs(x - want[i]!)), 0);
};

test('however a text is cut into pieces, Q, K, V and logits are those of the whole pass', () => {
  const token = fc.integer({ min: 0, max: vocabulary - 1 });
  fc.assert(
    fc.property(
      fc.array(token, { minLength: 2, maxLength: 40 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      (ids, cuts) => {
        let cache = emptyCache(config);
        let logits: Float32Array = new Float32Array(0);
        for (let at = 0, i = 0; at < ids.length; i++) {
          const to = at + cuts[i % cuts.length]!;
          ({ cache, logits } = extend(weights, cache, ids.slice(at, to)));
          at = to;
        }
        const whole = forward(weights, ids);
        expect(cache.ids).toEqual(ids);
        expect(worst(logits, whole.logits)).toBeLessThan(1e-4);
        for (const [l, layer] of whole.heads.entries())
          for (const [h, want] of layer.entries())
            for (const name of ['q', 'k', 'v'] as const)
              expect(worst(cache.heads[l]![h]![name].subarray(0, ids.length * dim), want[name])).toBeLessThan(1e-4);
      },
    ),
    { numRuns: 12, seed: 5 },
  );
});

test('generation from the cache takes the likeliest token of the whole pass, step by step', () => {
  const ids = [84, 104, 101, 32, 119, 104, 97, 108, 101];
  let { cache, logits } = extend(weights, emptyCache(config), ids);
  for (let i = 0; i < 8; i++) {
    const { token, probability } = drawToken(logits, cache.ids.length, { temperature: 0, seed: 0 });
    const whole = forward(weights, cache.ids).logits;
    expect(token).toBe(whole.indexOf(Math.max(...whole)));
    const sum = whole.reduce((total, x) => total + Math.exp(x), 0);
    expect(probability).toBeCloseTo(Math.exp(whole[token]!) / sum, 4);
    ({ cache, logits } = extend(weights, cache, [token]));
  }
});

test('a cut cache goes on as if the rest had never been, and leaves the first as it was', () => {
  const long = extend(weights, emptyCache(config), [11, 22, 33, 44, 55]).cache;
  const before = long.heads[3]![2]!.k.slice();
  const again = extend(weights, cutCache(long, 2, config), [66]);
  expect(again.cache.ids).toEqual([11, 22, 66]);
  expect(worst(again.logits, forward(weights, [11, 22, 66]).logits)).toBeLessThan(1e-4);
  expect(long.heads[3]![2]!.k).toEqual(before);
});

test('seeded draws follow the softmax, the same for the same seed and position', () => {
  const logits = Float32Array.from([1, 3, 2, -4]);
  const weight = Array.from(logits, (x) => Math.exp(x / 2));
  const total = weight.reduce((a, b) => a + b);
  const counts = [0, 0, 0, 0];
  const many = 20_000;
  for (let seed = 0; seed < many; seed++) counts[drawToken(logits, 7, { temperature: 2, seed }).token]!++;
  counts.forEach((n, id) => expect(n / many).toBeCloseTo(weight[id]! / total, 1.7));
  const draw = (seed: number, at: number) => drawToken(logits, at, { temperature: 2, seed }).token;
  const run = (seed: number) => Array.from({ length: 40 }, (_, at) => draw(seed, at));
  expect(run(3)).toEqual(run(3));
  expect(run(3)).not.toEqual(run(4));
});

test('a full context is taken, one token more is refused with its count', () => {
  const { cache } = extend(weights, emptyCache(config), Array<number>(context).fill(5));
  expect(() => extend(weights, cache, [5])).toThrow(
    expect.objectContaining({ code: 'tokens-too-many', details: { count: context + 1, limit: context } }),
  );
  expect(() => extend(weights, emptyCache(config), [vocabulary])).toThrow(
    expect.objectContaining({ code: 'unexpected' }),
  );
});
