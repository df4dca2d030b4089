// Cards of the decoding kernels: closed forms of requested bytes against a count of the kernels' own loops.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keysFrom, keysSeen } from '../ops/attention/cost';
import { elementsOf } from '../ops';
import { partKeys, partsOf, type Shape } from '../ops/attention/shape';
import { scatter } from '../ops/attention/pages';
import { anyMask } from '../ops/attention/testing/masks';
import type { Run } from '../ops/run';
import { decode } from './decode';
import { decodeSplit } from './decode-split';
import { paged } from './paged';

const anyShape = fc
  .record({
    batch: fc.integer({ min: 1, max: 2 }),
    kvHeads: fc.integer({ min: 1, max: 3 }),
    group: fc.integer({ min: 1, max: 3 }),
    queries: fc.integer({ min: 1, max: 9 }),
    keys: fc.integer({ min: 1, max: 300 }),
    dim: fc.integer({ min: 1, max: 130 }),
    mask: anyMask,
  })
  .map(({ group, ...rest }): Shape => ({ ...rest, heads: rest.kvHeads * group }));

/** Elements of K and V that the threads of one workgroup load for keys from .. to, counted as the text's loops go. */
function loadsOf({ dim }: Shape, header: Record<string, unknown>, from: number, to: number): number {
  const [bc, threads, each, own] = ['BC', 'WG', 'KEYS', 'OWN'].map((name) => Number(header[name])) as [
    number,
    number,
    number,
    number,
  ];
  const wide = dim % 4 === 0 ? 4 : 1;
  let elements = 0;
  for (let k0 = from; k0 < to; k0 += bc) {
    const last = Math.min(bc, to - k0) - 1;
    for (let thread = 0; thread < threads; thread++) {
      for (let c = 0; c < dim / wide; c++) for (let j = 0; j < each; j++) elements += wide;
      for (let j = 0; j <= last; j++) for (let x = 0; x < own; x++) elements += wide;
    }
  }
  return elements;
}

test('bytes of decode are those of its loops: K in whole steps, V key by key', () => {
  fc.assert(
    fc.property(anyShape, fc.constantFrom(...decode.tiles), (shape, tile) => {
      const run: Run = { kernel: 'decode', shape, tile };
      const { header } = decode.passes(run)[0]!;
      let elements = 0;
      for (let i = 0; i < shape.queries; i++)
        elements += Number(header['WG']) * shape.dim + loadsOf(shape, header, keysFrom(shape, i), keysSeen(shape, i));
      const planes = shape.batch * shape.heads;
      expect(decode.requested(run)).toEqual({
        loads: 4 * planes * elements,
        stores: 4 * planes * shape.queries * (shape.dim + 1),
      });
    }),
    { seed: 1 },
  );
});

test('the parts of a row are all of its keys, at most 16, and OPart and ML have a row for each', () => {
  fc.assert(
    fc.property(anyShape, fc.integer({ min: 1, max: 65536 }), (some, keys) => {
      const shape = { ...some, keys };
      const [span, parts] = [partKeys(shape), partsOf(shape)];
      expect(parts).toBeLessThanOrEqual(16);
      expect([span * parts >= keys, span * (parts - 1) < keys, span % 32]).toEqual([true, true, 0]);
      const rows = shape.batch * shape.heads * shape.queries * parts;
      expect([elementsOf('OPart', shape), elementsOf('ML', shape)]).toEqual([rows * shape.dim, rows * 2]);
    }),
    { seed: 3 },
  );
});

test('bytes of decode-split are those of its loops, both passes', () => {
  fc.assert(
    fc.property(anyShape, fc.constantFrom(...decodeSplit.tiles), (shape, tile) => {
      const run: Run = { kernel: 'decode-split', shape, tile };
      const [first, second] = decodeSplit.passes(run);
      const [span, parts] = [Number(first!.header['SPAN']), Number(first!.header['PARTS'])];
      const threads = Number(second!.header['WG']);
      const wide = shape.dim % 4 === 0 ? 4 : 1;
      let loads = 0;
      let stores = 0;
      for (let i = 0; i < shape.queries; i++) {
        for (let part = 0; part < parts; part++) {
          const [from, seen] = [keysFrom(shape, i), keysSeen(shape, i)];
          const cut = (key: number): number => Math.max(from, Math.min(key, seen));
          loads +=
            Number(first!.header['WG']) * shape.dim +
            loadsOf(shape, first!.header, cut(part * span), cut((part + 1) * span));
          stores += shape.dim + 2;
        }
        for (let thread = 0; thread < threads; thread++) {
          for (let part = 0; part < parts; part++) loads += 1 + 2;
          for (let c = thread; c < shape.dim / wide; c += threads) {
            loads += parts * wide;
            stores += wide;
          }
        }
        stores += 1;
      }
      const planes = shape.batch * shape.heads;
      expect(decodeSplit.requested(run)).toEqual({ loads: 4 * planes * loads, stores: 4 * planes * stores });
    }),
    { seed: 2 },
  );
});

test('bytes of paged are those of its loops: the search for the request, a look at the table a step, steps that end where blocks end', () => {
  fc.assert(
    fc.property(anyShape, fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 9 }), (some, size, batch) => {
      const shape: Shape = { ...some, batch, pages: scatter(batch, some.keys, size) };
      const run: Run = { kernel: 'paged', shape, tile: { br: 0, bc: 0 } };
      const { header } = paged.passes(run)[0]!;
      const [bc, threads, requests, half] = ['BC', 'WG', 'REQUESTS', 'HALF'].map((name) => Number(header[name])) as [
        number,
        number,
        number,
        number,
      ];
      expect(requests).toBe(batch);
      let loads = 0;
      for (let row = 0; row < batch * shape.queries; row++) {
        let request = 0;
        let looks = 0;
        for (let ahead = half; ahead > 0; ahead = Math.floor(ahead / 2)) {
          if (request + ahead >= requests) continue;
          looks++;
          if ((request + ahead) * shape.queries <= row) request += ahead;
        }
        expect(request).toBe(Math.floor(row / shape.queries));
        loads += threads * (shape.dim + looks + 3);
        const end = keysSeen(shape, row % shape.queries);
        for (let k0 = keysFrom(shape, row % shape.queries), next = 0; k0 < end; k0 = next) {
          next = Math.min(k0 + bc, (Math.floor(k0 / size) + 1) * size, end);
          loads += threads + loadsOf(shape, header, k0, next);
        }
      }
      const stores = batch * shape.queries * (shape.dim + 1);
      expect(paged.requested(run)).toEqual({ loads: 4 * shape.heads * loads, stores: 4 * shape.heads * stores });
    }),
    { seed: 4 },
  );
});

test('bytes of paged over a pool of its own: ragged lengths, chunks, rows of nobody, a window that begins within a block', () => {
  const length = fc.record({ length: fc.nat({ max: 60 }), rows: fc.nat({ max: 4 }) });
  fc.assert(
    fc.property(
      fc.array(length, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 1, max: 40 }),
      fc.option(fc.integer({ min: 1, max: 50 }), { nil: undefined }),
      fc.nat({ max: 3 }),
      (requests, size, window, spare) => {
        const starts = [0];
        for (const { rows } of requests) starts.push(starts.at(-1)! + rows);
        const width = Math.ceil(60 / size);
        const table = Array.from({ length: requests.length * width }, (_, i) => i);
        const lengths = requests.map((request) => request.length);
        const pages = {
          size,
          blocks: table.length,
          table,
          width,
          lengths,
          starts,
          ...(window !== undefined && { window }),
        };
        const queries = starts.at(-1)! + spare + 1;
        const shape: Shape = { batch: 1, heads: 2, kvHeads: 1, queries, keys: 60, dim: 8, mask: 'causal', pages };
        const run: Run = { kernel: 'paged', shape, tile: { br: 0, bc: 0 } };
        const { header } = paged.passes(run)[0]!;
        const [bc, threads, half] = [Number(header['BC']), Number(header['WG']), Number(header['HALF'])];
        let loads = 0;
        for (let row = 0; row < queries; row++) {
          // The search of the shader, look by look.
          let request = 0;
          let looks = 0;
          for (let ahead = half; ahead > 0; ahead = Math.floor(ahead / 2)) {
            if (request + ahead >= requests.length) continue;
            looks++;
            if (starts[request + ahead]! <= row) request += ahead;
          }
          loads += threads * (shape.dim + looks + 3);
          const { length: keys, rows } = requests[request]!;
          const i = row - starts[request]!;
          const end = i < rows ? Math.max(i + 1 + keys, rows) - rows : 0;
          for (let k0 = window === undefined ? 0 : Math.max(0, end - window), next = 0; k0 < end; k0 = next) {
            next = Math.min(k0 + bc, (Math.floor(k0 / size) + 1) * size, end);
            loads += threads + loadsOf(shape, header, k0, next);
          }
        }
        expect(paged.requested(run)).toEqual({ loads: 8 * loads, stores: 8 * queries * (shape.dim + 1) });
      },
    ),
    { seed: 5 },
  );
});
