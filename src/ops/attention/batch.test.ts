// A batch over a scattered pool in f64 is the same attention as over keys in one piece; every fault of a batch has its
// own refusal.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attendPaged, checkPaged, keysOfRow, type PagedRequest } from './batch';
import { asShape, batchOf, errorOfBatch, type BatchCase } from './testing/batch';
import { attendRow } from './oracle';
import { pagesOf, poolData, scatter } from './pages';
import { elementsOf, type Shape } from './shape';
import { checkInputs, checkShape } from './validate';

const anyCase = fc
  .record({
    kvHeads: fc.integer({ min: 1, max: 2 }),
    group: fc.integer({ min: 1, max: 3 }),
    dim: fc.integer({ min: 1, max: 9 }),
    size: fc.integer({ min: 1, max: 9 }),
    lengths: fc.array(fc.tuple(fc.nat({ max: 30 }), fc.nat({ max: 4 })), { minLength: 2, maxLength: 4 }),
    shared: fc.boolean(),
    window: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined }),
    seed: fc.nat(),
  })
  .map(({ group, lengths, window, size, ...rest }): BatchCase => {
    const requests = lengths.map(([length, rows]) => ({ length: Math.min(length, 8 * size), rows }));
    const shared = rest.shared && window === undefined && requests.slice(0, 2).every(({ length }) => length >= size);
    return { ...rest, size, shared, heads: rest.kvHeads * group, requests, ...(window !== undefined && { window }) };
  });

test('through a scattered table, with poison all round, as over keys in one piece', () => {
  fc.assert(
    fc.property(anyCase, (some) => {
      const made = batchOf(some);
      checkPaged(made.request);
      expect(errorOfBatch(made, attendPaged(made.request))).toBeLessThan(1e-6);
    }),
    { seed: 1, numRuns: 200 },
  );
});

test('the oracle of a shape with a pool is that of the batch, row by row', () => {
  fc.assert(
    fc.property(anyCase, (some) => {
      const { request } = batchOf(some);
      const { shape, inputs } = asShape(request);
      if (elementsOf('Q', shape) === 0) return;
      checkShape(shape);
      checkInputs(shape, inputs);
      const want = attendPaged(request);
      for (let head = 0; head < shape.heads; head++) {
        for (let row = 0; row < shape.queries; row++) {
          const got = attendRow(shape, inputs, head, row);
          const at = head * shape.queries + row;
          got.o.forEach((x, c) => expect(Math.abs(x - want.o[at * shape.dim + c]!)).toBeLessThan(1e-6));
          expect(Math.abs(got.lse - want.lse[at]!) / (1 + Math.abs(got.lse))).toBeLessThan(1e-6);
        }
      }
    }),
    { seed: 3, numRuns: 100 },
  );
});

test('the last row of a request sees all of its keys, every row before it one less, and a window its newest', () => {
  const batch = { blockSize: 4, blockTable: [1, 2], maxBlocks: 2, sequenceLengths: [7], queryStarts: [0, 3] };
  expect([0, 1, 2].map((i) => keysOfRow({ batch }, 0, i))).toEqual([
    [0, 5],
    [0, 6],
    [0, 7],
  ]);
  expect([0, 1, 2].map((i) => keysOfRow({ batch, window: 2 }, 0, i))).toEqual([
    [3, 5],
    [4, 6],
    [5, 7],
  ]);
});

test('a faulty batch is named', () => {
  const { request } = batchOf({ heads: 2, kvHeads: 1, dim: 4, size: 4, requests: [{ length: 6, rows: 2 }], seed: 1 });
  const refused = (change: Partial<PagedRequest>, batch: Partial<PagedRequest['batch']> = {}) => {
    try {
      checkPaged({ ...request, ...change, batch: { ...request.batch, ...batch } });
      return undefined;
    } catch (thrown) {
      const { code, details } = thrown as { code: string; details: Record<string, unknown> };
      return `${code} ${String(details['field'] ?? details['tensor'])}`;
    }
  };
  expect(refused({})).toBeUndefined();
  expect(refused({ q: request.q.subarray(1) })).toBe('inputs-mismatch Q');
  expect(refused({ vPool: request.q })).toBe('inputs-mismatch V');
  expect(refused({ q: request.q.map(() => Number.NaN) })).toBe('inputs-not-finite Q');
  expect(refused({ window: 0 })).toBe('shape-invalid window');
  expect(refused({ kvHeads: 3 })).toBe('shape-invalid kvHeads');
  expect(refused({}, { blockSize: 0 })).toBe('shape-invalid blockSize');
  expect(refused({}, { blockTable: Array.from({ length: 8 }, () => 99) })).toBe('shape-invalid blockTable');
  expect(refused({}, { blockTable: [1] })).toBe('shape-invalid blockTable');
  expect(refused({}, { sequenceLengths: [33] })).toBe('shape-invalid sequenceLengths');
  expect(refused({}, { queryStarts: [0, 3, 4] })).toBe('shape-invalid queryStarts');
  expect(refused({}, { queryStarts: [0, -1] })).toBe('shape-invalid queryStarts');
});

test('a scattered table has every block once, never the null block, and is not in order; the pool has the rows where it says', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 1, max: 40 }),
      (requests, keys, size) => {
        const { table, width, blocks } = scatter(requests, keys, size);
        expect(table.length).toBe(requests * width);
        expect(width).toBe(Math.ceil(keys / size));
        expect(new Set(table).size).toBe(table.length);
        expect(table.every((block) => block > 0 && block < blocks)).toBe(true);
      },
    ),
    { seed: 2, numRuns: 100 },
  );
  expect(scatter(1, 4096, 16).table.filter((block, i) => block === i + 1).length).toBeLessThan(8);
  for (const keys of [64, 128, 256, 512])
    for (const [i, block] of scatter(1, keys, 16).table.entries()) expect([i, i + 1]).not.toContain(block);
  const shape: Shape = { batch: 2, heads: 2, kvHeads: 2, queries: 1, keys: 37, dim: 3, mask: 'full' };
  const k = Float32Array.from({ length: 2 * 2 * 37 * 3 }, (_, i) => i);
  const pool = poolData('KPool', shape, { k, v: k });
  const { table, width, size } = pagesOf(shape);
  for (let plane = 0; plane < 4; plane++) {
    for (let key = 0; key < 37; key++) {
      const block = table[(plane >> 1) * width + Math.floor(key / size)]!;
      const at = ((block * 2 + (plane & 1)) * size + (key % size)) * 3;
      expect([...pool.subarray(at, at + 3)]).toEqual([0, 1, 2].map((c) => (plane * 37 + key) * 3 + c));
    }
  }
  expect(pool.filter((x) => x > 1e18).length).toBe(pool.length - k.length);
});
