// Changed passes: against the same arithmetic written plainly in f64 on a tiny random model, and against what each
// change must and must not do to the shipped one.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { forward } from './forward';
import { isPlain, type PassOptions } from './options';
import { PASSAGES } from './passage';
import { shipped, shippedTokenizer } from './testing/shipped';
import { plainly, tinyConfig, tinyWeights } from './testing/tiny';
import type { Weights } from './weights';

const zh = [...shippedTokenizer.encode(PASSAGES.zh).ids];
const { heads, dim, width, layers } = shipped.config;

/** The largest difference; NaN counts as infinite. */
const worst = (got: ArrayLike<number>, want: ArrayLike<number>): number =>
  Array.from(want, (value, i) => {
    const off = Math.abs(value - got[i]!);
    return Number.isFinite(off) ? off : Infinity;
  }).reduce((a, b) => Math.max(a, b), got.length === want.length ? 0 : Infinity);

const options: fc.Arbitrary<PassOptions> = fc.record(
  {
    mask: fc.constant('full' as const),
    rope: fc.oneof(fc.constant('off' as const), fc.nat(300)),
    scale: fc.double({ min: 0, max: 2, noNaN: true }),
    layers: fc.integer({ min: 1, max: 3 }),
    ablate: fc.array(fc.record({ layer: fc.nat(2), head: fc.nat(5) }), { maxLength: 4 }),
    groups: fc.constantFrom(1, 2, 3, 6),
  },
  { requiredKeys: [] },
);
const someIds = fc.array(fc.nat(tinyConfig.vocabulary - 1), { minLength: 1, maxLength: 9 });

test('any change but rounding gives what the same arithmetic gives, written plainly', () => {
  fc.assert(
    fc.property(options, someIds, fc.nat(1000), (chosen, ids, seed) => {
      const weights = tinyWeights(seed);
      const got = forward(weights, ids, [...ids.keys()], chosen);
      const want = plainly(weights, ids, chosen);
      expect(got.heads).toHaveLength(chosen.layers ?? 3);
      got.heads.forEach((layer, l) =>
        layer.forEach(({ k, p }, h) => {
          expect(worst(k, want.keys[l]![h]!.flat())).toBeLessThan(2e-4);
          expect(worst(p, want.weights[l]![h]!.flat())).toBeLessThan(2e-4);
        }),
      );
      expect(worst(got.logits, want.logits.flat())).toBeLessThan(2e-3);
      const rms = want.stream.map((row) => Math.sqrt(row.reduce((sum, value) => sum + value ** 2, 0) / row.length));
      expect(worst(got.stream.rms.at(-1)!, rms)).toBeLessThan(1e-3);
    }),
    { numRuns: 60, seed: 5 },
  );
});

test.each(['tensor', 'token', 'channel'] as const)('K and V rounded by %s lie on the grid that they should', (per) => {
  const weights = tinyWeights(9);
  const ids = [3, 1, 4, 1, 5, 9, 2, 6];
  // One layer: in later ones a number near the middle between two steps may fall to either side.
  const chosen = { kv: { bits: 3, per }, layers: 1 } as const;
  const got = forward(weights, ids, undefined, chosen);
  const want = plainly(weights, ids, chosen);
  got.heads[0]!.forEach(({ k }, h) => expect(worst(k, want.keys[0]![h]!.flat())).toBeLessThan(1e-4));
});

describe('on the shipped model', () => {
  const plain = forward(shipped, zh);

  test('no options, and those that say what holds anyway, give the plain pass bit for bit', () => {
    for (const same of [
      {},
      { ablate: [] },
      { rope: 0 },
      { layers },
      { groups: heads },
      { scale: 1 / Math.sqrt(dim) },
    ]) {
      const got = forward(shipped, zh, undefined, same);
      const arrays = (pass: typeof plain) => [
        pass.logits,
        ...pass.heads.flat().flatMap(({ q, k, v, p }) => [q, k, v, p]),
      ];
      const [mine, theirs] = [arrays(got), arrays(plain)].map((all) => all.map((x) => Buffer.from(x.buffer)));
      expect(mine!.map((one, i) => one.equals(theirs![i]!))).toEqual(mine!.map(() => true));
    }
    expect(isPlain({ ablate: [] })).toBe(true);
    expect(isPlain({ rope: 0 })).toBe(false);
  });

  test('a head that is ablated is one whose columns of the output matrix are zero', () => {
    const silenced: Weights = {
      ...shipped,
      layers: shipped.layers.map((layer, l) =>
        l === 1 ? { ...layer, out: layer.out.map((w, i) => (Math.floor((i % width) / dim) === 4 ? 0 : w)) } : layer,
      ),
    };
    const got = forward(shipped, zh, undefined, { ablate: [{ layer: 1, head: 4 }] });
    expect(worst(got.logits, forward(silenced, zh).logits)).toBeLessThan(1e-4);
    expect(worst(got.logits, plain.logits)).toBeGreaterThan(0.1);
  });

  test('moving all positions on turns Q and leaves P', () => {
    const moved = forward(shipped, zh, undefined, { rope: 100 });
    const most = (name: 'q' | 'p') =>
      Math.max(
        ...moved.heads.flatMap((layer, l) => layer.map((head, h) => worst(head[name], plain.heads[l]![h]![name]))),
      );
    expect(most('q')).toBeGreaterThan(5);
    expect(most('p')).toBeLessThan(2e-5);
  });

  test('without positions and mask, what stands where does not matter', () => {
    const blind = { rope: 'off', mask: 'full' } as const;
    const ids = zh.slice(0, 12);
    const swapped = [...ids.slice(6), ...ids.slice(0, 6)];
    const [a, b] = [forward(shipped, ids, undefined, blind), forward(shipped, swapped, [5], blind)];
    expect(worst(a.logits, b.logits)).toBeLessThan(1e-3);
    expect(worst(forward(shipped, ids).logits, forward(shipped, swapped, [5]).logits)).toBeGreaterThan(0.5);
  });

  test('16 bits change next to nothing, 2 bits much, in each of the three places', () => {
    const loss = (chosen: PassOptions) => forward(shipped, zh, undefined, chosen).logits;
    for (const [field, per] of [
      ['weights', 'row'],
      ['weights', 'tensor'],
      ['activations', 'token'],
      ['activations', 'tensor'],
      ['kv', 'token'],
      ['kv', 'channel'],
      ['kv', 'tensor'],
    ] as const) {
      const at = (bits: number) => worst(loss({ [field]: { bits, per } }), plain.logits);
      expect(at(16), `${field} ${per}`).toBeLessThan(0.05);
      expect(at(2), `${field} ${per}`).toBeGreaterThan(1);
    }
  });

  test('the weights that were given are not rounded themselves', () => {
    const before = shipped.layers[0]!.query.slice();
    forward(shipped, zh.slice(0, 4), undefined, { weights: { bits: 2, per: 'tensor' } });
    expect(shipped.layers[0]!.query).toEqual(before);
  });

  test('what the model cannot take is refused', () => {
    const refused: PassOptions[] = [
      { layers: 0 },
      { layers: layers + 1 },
      { groups: 4 },
      { groups: 0 },
      { scale: -1 },
      { scale: NaN },
      { rope: 1.5 },
      { rope: 5000 },
      { ablate: [{ layer: layers, head: 0 }] },
      { ablate: [{ layer: 0, head: heads }] },
      { kv: { bits: 1, per: 'token' } },
      { weights: { bits: 17, per: 'row' } },
    ];
    for (const one of refused)
      expect(() => forward(shipped, zh, undefined, one), JSON.stringify(one)).toThrow(
        expect.objectContaining({ code: 'shape-invalid' }),
      );
  });
});
