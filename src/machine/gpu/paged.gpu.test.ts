/**
 * The paged kernel on this device: scattered tables with poison all round, groups of heads, ragged lengths and chunks,
 * against f64 and against keys in one piece.
 */
import { answerOf } from '../../ops/attention/check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tokensOf } from '../../ops/attention/batch';
import { asShape, batchOf, errorOfBatch, inOnePiece, type BatchCase } from '../../ops/attention/testing/batch';
import { mixSeed, mulberry32 } from '../../ops/random';
import type { Shape } from '../../ops/attention/shape';
import { tilesRead } from '../../frame/tiles-read';
import { TOLERANCE } from '../../ops/check';
import type { Machine } from '../machine';
import { runPaged } from '../paged';
import { runOf } from '../run-of';
import { answerOn } from './answer';
import { openCapture } from './capture';
import { caseOf, checkFlash, checkInvariants, checkTrace, withCapture } from './testing/capture-checks';
import { maxDifference } from '../compare';
import { gpuMachine } from './machine';
import { openSession, type Session } from './session';

let session: Session;
let machine: Machine;
const uncaptured: string[] = [];
beforeAll(async () => {
  session = await openSession((error) => uncaptured.push(error.message));
  machine = gpuMachine(session);
});
afterAll(() => {
  session.close();
  expect(uncaptured).toEqual([]);
});

/**
 * Four requests: an empty one, lengths at a block's end and around it; one row each when decoding, chunks of up to
 * three otherwise.
 */
function requestsOf(size: number, seed: number): BatchCase['requests'] {
  const uniform = mulberry32(mixSeed(seed, 1));
  const pick = (from: readonly number[]): number => from[Math.floor(uniform() * from.length)]!;
  const lengths = [
    0,
    ...Array.from({ length: 3 }, () => pick([1, size - 1, size, size + 1, 2 * size, 3 * size - 1, 7 * size])),
  ];
  const decoding = seed % 2 === 0;
  const requests = lengths.map((length) => ({
    length,
    rows: decoding ? 1 : Math.min(length, 1 + Math.floor(uniform() * 3)),
  }));
  return requests.toSorted((a, b) => ((a.length * 7 + seed) % 5) - ((b.length * 7 + seed) % 5));
}

const groups = [
  { heads: 2, kvHeads: 2, dim: 32, size: 16 },
  { heads: 4, kvHeads: 2, dim: 20, size: 8 },
  { heads: 4, kvHeads: 1, dim: 33, size: 32 },
  { heads: 2, kvHeads: 1, dim: 8, size: 5 },
  { heads: 1, kvHeads: 1, dim: 64, size: 40 },
] as const;

test.each(groups)(
  '$heads heads on $kvHeads, blocks of $size: decode and chunks within the bound',
  { timeout: 120_000 },
  async (group) => {
    for (let seed = 0; seed < 12; seed++) {
      const window = seed >= 8 ? group.size + 3 : undefined;
      const made = batchOf({
        ...group,
        requests: requestsOf(group.size, seed),
        seed,
        ...(window !== undefined && { window }),
      });
      const paged = await runPaged(machine, made.request);
      expect(errorOfBatch(made, paged), `seed ${seed}`).toBeLessThanOrEqual(TOLERANCE);
      if (seed >= 2 || window !== undefined) continue;
      const whole = await runPaged(machine, inOnePiece(made.request));
      expect(errorOfBatch(made, whole)).toBeLessThanOrEqual(TOLERANCE);
      expect(maxDifference(paged.o, whole.o)).toBeLessThanOrEqual(TOLERANCE);
    }
  },
);

test('requests that share a block, and a batch of nobody', { timeout: 120_000 }, async () => {
  const [group] = groups;
  const requests = [
    { length: 20, rows: 1 },
    { length: 40, rows: 4 },
  ];
  const made = batchOf({ ...group, requests, shared: true, seed: 3 });
  expect(made.request.batch.blockTable[0]).toBe(made.request.batch.blockTable[made.request.batch.maxBlocks]);
  expect(errorOfBatch(made, await runPaged(machine, made.request))).toBeLessThanOrEqual(TOLERANCE);
  const none = batchOf({ ...group, requests: [{ length: 0, rows: 0 }], seed: 1 });
  expect(tokensOf(none.request.batch)).toBe(0);
  expect((await runPaged(machine, none.request)).o).toHaveLength(0);
});

test('a batch that grows runs the pipeline that is there, until it has doubled', { timeout: 120_000 }, async () => {
  const [group] = groups;
  const made: number[] = [];
  const create = session.device.createShaderModule.bind(session.device);
  session.device.createShaderModule = (descriptor) => {
    made.push(descriptor.code.length);
    return create(descriptor);
  };
  for (const length of [65, 70, 77, 80]) {
    const grown = batchOf({
      ...group,
      requests: [
        { length, rows: 1 },
        { length: 3, rows: 1 },
        { length: 9, rows: 1 },
      ],
      seed: length,
    });
    expect(errorOfBatch(grown, await runPaged(machine, grown.request))).toBeLessThanOrEqual(TOLERANCE);
  }
  session.device.createShaderModule = create;
  expect(made.length).toBeLessThanOrEqual(1);
});

test(
  'its capture is the plain run, its bytes the closed form, every step a block that the table names',
  { timeout: 120_000 },
  async () => {
    const size: Partial<Shape> = { batch: 3, heads: 4, kvHeads: 2, queries: 2, keys: 70, dim: 20, mask: 'causal' };
    const made = caseOf('paged', size, { br: 1, bc: 16 });
    const plane = 9;
    await withCapture(
      session,
      made,
      ({ trace }) => {
        checkTrace(made, trace);
        const [pass] = trace.passes;
        expect(pass!.captured).toHaveLength(2);
        // The table leads every step back to its keys: all five tiles of both rows were read.
        expect([...tilesRead(trace, plane)]).toEqual(Array.from({ length: 10 }, () => 1));
        for (const captured of pass!.captured) {
          checkFlash(made, pass!, captured, { s: 2e-6, l: 3e-5, o: 1e-5 });
          checkInvariants(made, pass!, captured);
        }
      },
      plane,
    );
  },
);

test(
  'a shape with a pool of its own: answered, captured and checked through the table; refused before anything is submitted',
  { timeout: 120_000 },
  async () => {
    const [group] = groups;
    const requests = [
      { length: 20, rows: 2 },
      { length: 0, rows: 1 },
      { length: 41, rows: 3 },
    ];
    for (const window of [undefined, 7]) {
      const made = batchOf({ ...group, requests, seed: 5, ...(window !== undefined && { window }) });
      const { shape, inputs } = asShape(made.request);
      const { outputs } = await answerOn(session, runOf(session, { kernel: 'paged', shape }), inputs);
      expect(errorOfBatch(made, answerOf(outputs))).toBeLessThanOrEqual(TOLERANCE);
      const run = runOf(session, { kernel: 'paged', shape });
      await withCapture(session, { run, inputs, spec: [] }, ({ trace }) => {
        checkTrace({ run, inputs, spec: [] }, trace);
        expect(trace.tensors.find(({ id }) => id === 'KPool')!.data).toEqual(made.request.kPool);
      });
      let submitted = 0;
      const submit = session.device.queue.submit.bind(session.device.queue);
      session.device.queue.submit = (commands) => {
        submitted++;
        return submit(commands);
      };
      for (const change of [
        { lengths: [-1, 0, 41] },
        { lengths: [20, 0, 1e9] },
        { starts: [0, 3, 2, 6] },
        { window: 0 },
        { table: [1] },
      ]) {
        const wrong = { ...shape, pages: { ...shape.pages!, ...change } };
        const refused = { code: 'shape-invalid' };
        await expect(answerOn(session, { ...run, shape: wrong }, inputs)).rejects.toMatchObject(refused);
        const opening = openCapture(session, { ...run, shape: wrong }, inputs, { input: 'test' });
        await expect(opening).rejects.toMatchObject(refused);
      }
      session.device.queue.submit = submit;
      expect(submitted).toBe(0);
    }
  },
);
