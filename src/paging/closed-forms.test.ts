/** Closed forms: how much a lookup finds, where a token is, how full a last block is, bytes for each token. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  add,
  apply,
  type Config,
  create,
  DEFAULT_CONFIG,
  kernelInputs,
  lastPageLength,
  type PagingEvent,
  slotOf,
  type State,
  withBlockSize,
} from '.';
import { bytesPerToken, headSharing, MODEL_PRESETS } from './counts/cache-bytes';
import { codes, configs, operationOf } from './testing/random-operations';

const config = (changes: Partial<Config>): Config => ({
  ...DEFAULT_CONFIG,
  blocks: 200,
  budget: 1000,
  maxLength: 400,
  ...changes,
});

const events = (state: State, kind: PagingEvent['kind']) =>
  apply(state, { op: 'step' }).events.filter((event) => event.kind === kind);

/** Runs until nobody waits or runs. */
function settle(start: State): State {
  let state = start;
  while (state.running.length + state.waiting.length > 0) ({ state } = apply(state, { op: 'step' }));
  return state;
}

test('a prompt seen before is found up to floor((n - 1) / B) blocks, so that at least its last token is computed', () => {
  const size = fc.integer({ min: 1, max: 20 });
  fc.assert(
    fc.property(size, fc.integer({ min: 1, max: 90 }), fc.constantFrom('v1-2026', 'v1-2025'), (blockSize, n, rules) => {
      const request = { name: 'a', prompt: Array.from({ length: n }, (_, i) => (i * 7) % 5), generate: 2 };
      const again = add(settle(add(create(config({ blockSize, rules })), request).state), request).state;
      const blocks = Math.floor((n - 1) / blockSize);
      expect(events(again, 'lookup')).toMatchObject([{ limit: blocks, hitTokens: blocks * blockSize, idle: blocks }]);
      expect(events(again, 'append')).toMatchObject([{ from: blocks * blockSize, to: n }]);
    }),
  );
});

test('a prefix shorter than a block is found by nobody; how much was lost is told', () => {
  const common = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  const first = settle(
    add(create(config({ blockSize: 16 })), { name: 'a', prompt: [...common, ...Array(10).fill(11)], generate: 1 })
      .state,
  );
  const second = { name: 'b', prompt: [...common, ...Array(10).fill(12)], generate: 1 };
  expect(events(add(first, second).state, 'lookup')).toMatchObject([{ hitTokens: 0, partialTokens: 10 }]);
  expect(events(add(first, { ...second, salt: 'other' }).state, 'lookup')).toMatchObject([
    { hitTokens: 0, partialTokens: 0 },
  ]);
});

test('salted requests share with their like only', () => {
  const prompt = Array.from({ length: 33 }, (_, i) => i);
  const first = settle(add(create(config({})), { name: 'a', prompt, generate: 1, salt: 'x' }).state);
  expect(events(add(first, { name: 'b', prompt, generate: 1, salt: 'y' }).state, 'lookup')).toMatchObject([
    { hitTokens: 0 },
  ]);
  expect(events(add(first, { name: 'c', prompt, generate: 1, salt: 'x' }).state, 'lookup')).toMatchObject([
    { hitTokens: 32 },
  ]);
});

test('hits that lie in the free queue count twice: the arithmetic refuses what new blocks alone would allow', () => {
  // Six blocks: four idle and published, one taken by a runner, one free. The prompt needs 1 new block and its 4 idle
  // hits.
  const shared = Array.from({ length: 16 }, (_, i) => i);
  const small = config({ blockSize: 4, blocks: 7, shuffle: 3 });
  const cached = settle(add(create(small), { name: 'a', prompt: shared, generate: 1 }).state);
  const running = apply(add(cached, { name: 'b', prompt: [90, 91], generate: 9 }).state, { op: 'step' }).state;
  expect(running.freeBlocks).toBe(5);
  const admitted = add(running, { name: 'c', prompt: [...shared, 50], generate: 1 }).state;
  expect(events(admitted, 'admit')).toMatchObject([{ arithmetic: { fresh: 1, idleHits: 4, free: 5 } }]);
  const refused = add(running, { name: 'd', prompt: [...shared, 50, 51, 52, 53, 54], generate: 1 }).state;
  expect(events(refused, 'refuse')).toMatchObject([
    { reason: 'blocks', arithmetic: { fresh: 2, idleHits: 4, watermark: 0, free: 5 } },
  ]);
});

test('the watermark holds back waiting requests only while something runs', () => {
  const marked = config({ blockSize: 4, blocks: 11, watermark: 0.3 });
  const large = { name: 'a', prompt: Array.from({ length: 36 }, (_, i) => i), generate: 1 };
  expect(events(add(create(marked), large).state, 'admit')).toMatchObject([{ arithmetic: { fresh: 9, watermark: 0 } }]);
  const busy = apply(add(create(marked), { name: 'b', prompt: [1], generate: 9 }).state, { op: 'step' }).state;
  expect(events(add(busy, large).state, 'refuse')).toMatchObject([{ arithmetic: { fresh: 9, watermark: 3, free: 9 } }]);
});

test('the last page holds 1 .. B tokens: as many as lie in it when tokens are laid one after the other', () => {
  for (const blockSize of [1, 3, 16]) {
    let inLast = 0;
    for (let length = 1; length <= 50; length++) {
      inLast = inLast === blockSize ? 1 : inLast + 1;
      expect(lastPageLength(length, blockSize)).toBe(inLast);
    }
  }
  expect(lastPageLength(0, 16)).toBe(0);
});

describe('what the kernel gets', () => {
  test('is the batch: slots as they were written, tables as they stood, padded and as CSR', () => {
    fc.assert(
      fc.property(fc.constantFrom('v1-2026' as const, 'paper' as const).chain(configs), codes, (random, numbers) => {
        let state = create(random);
        const { blockSize } = random;
        for (const number of numbers) {
          const { state: next, events: happened } = apply(state, operationOf(number, state));
          state = next;
          if (happened.at(-1)?.kind !== 'batch') continue;
          const got = kernelInputs(state.batch, blockSize);
          const written = happened.flatMap((event) => (event.kind === 'append' ? event.written : []));
          const slots = written.flatMap(({ block, offset, count }) =>
            Array.from({ length: count }, (_, i) => block * blockSize + offset + i),
          );
          expect([...got.slotMapping]).toEqual(slots);
          state.batch.forEach(({ table, start, count }, row) => {
            const length = start + count;
            const pages = got.indices.slice(got.indptr[row], got.indptr[row + 1]);
            expect([...pages]).toEqual(table);
            expect(got.blockTable.slice(row * got.maxBlocks, row * got.maxBlocks + table.length)).toEqual(
              Int32Array.from(table),
            );
            expect((pages.length - 1) * blockSize + (got.lastPageLength[row] ?? 0)).toBe(length);
            expect(got.sequenceLengths[row]).toBe(length);
            expect((got.queryStarts[row + 1] ?? 0) - (got.queryStarts[row] ?? 0)).toBe(count);
            for (let at = 0; at < length; at++)
              if (slotOf(table, at, blockSize) < 0) expect(at).toBeLessThan(start - random.window + 1);
          });
        }
      }),
      { numRuns: 300 },
    );
  });

  test('of an empty batch is empty', () => {
    expect(kernelInputs([], 16)).toMatchObject({
      maxBlocks: 0,
      indptr: Int32Array.of(0),
      queryStarts: Int32Array.of(0),
    });
  });
});

test('KV cache of OPT-13B is 819,200 bytes a token in fp16; GQA and MQA shrink it by heads / kvHeads', () => {
  const [opt] = MODEL_PRESETS;
  expect(opt && bytesPerToken(opt, 2)).toBe(819_200);
  for (const model of MODEL_PRESETS) {
    const whole = bytesPerToken({ ...model, kvHeads: model.heads }, 2);
    expect(whole / bytesPerToken(model, 2)).toBeCloseTo(model.heads / model.kvHeads);
  }
  expect(MODEL_PRESETS.filter((model) => headSharing(model) === 'MQA').map(({ id }) => id)).toEqual([
    'gemma-2b',
    'falcon-7b',
  ]);
});

test('another block size keeps the slots', () => {
  for (const blockSize of [1, 2, 4, 8, 32]) {
    const { blocks } = withBlockSize(DEFAULT_CONFIG, blockSize);
    expect((blocks - 1) * blockSize).toBe((DEFAULT_CONFIG.blocks - 1) * DEFAULT_CONFIG.blockSize);
  }
});

test.each([
  ['blockSize', 0],
  ['blocks', 1.5],
  ['watermark', 1.1],
  ['budget', Number.NaN],
])('a configuration with %s %d is refused by name', (field, value) => {
  expect(() => create({ ...DEFAULT_CONFIG, [field]: value })).toThrow(
    expect.objectContaining({ code: 'shape-invalid' }),
  );
});
