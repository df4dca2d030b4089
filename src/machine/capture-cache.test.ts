/** Captured workgroups on demand: what is kept, what goes, and which wish wins. */
import { expect, test } from 'vitest';
import type { CapturedWorkgroup, Trace } from '../trace/trace';
import { CaptureCache } from './capture-cache';

const BYTES = 1000;
const captured = (workgroup: number, thread: number): CapturedWorkgroup => ({
  workgroup,
  order: new Uint16Array(0),
  counts: new Uint32Array(BYTES / 4),
  arrays: [],
  lines: {
    invocation: thread,
    starts: new Uint32Array(0),
    variable: new Uint16Array(0),
    bits: new Uint32Array(0),
    dropped: 0,
  },
  phasesDropped: 0,
});
const inTrace = captured(0, 0);
const trace = { passes: [{ captured: [inTrace] }] } as unknown as Trace;

function make(budget?: number) {
  const log: string[] = [];
  const waiting: (() => void)[] = [];
  const cache = new CaptureCache(
    async (pass, workgroup, thread) => {
      log.push(`${pass} ${workgroup} ${thread}`);
      await new Promise<void>((resolve) => waiting.push(resolve));
      if (workgroup === 13) throw new Error('broken');
      return captured(workgroup, thread ?? 0);
    },
    trace,
    budget,
  );
  /** Lets the running capture end. */
  const step = async () => {
    waiting.shift()?.();
    await new Promise((resolve) => setTimeout(resolve));
  };
  const get = async (workgroup: number, thread = 0) => {
    const wish = cache.get(0, workgroup, thread);
    await step();
    return wish;
  };
  return { cache, log, step, get };
}

test('what the trace holds is not captured again; another thread of it is, once', async () => {
  const { cache, log, get } = make();
  expect(await cache.get(0, 0, 0)).toBe(inTrace);
  const other = await get(0, 4);
  expect(await cache.get(0, 0, 4)).toBe(other);
  expect(log).toEqual(['0 0 4']);
});

test('the least recently used goes first when the budget is spent', async () => {
  const { log, get } = make(2 * BYTES);
  await get(1);
  await get(2);
  await get(1);
  await get(3);
  await get(1);
  await get(2);
  expect(log).toEqual(['0 1 0', '0 2 0', '0 3 0', '0 2 0']);
});

test('of the wishes that wait the newest wins, the one under way is finished, a failure harms only its own', async () => {
  const { cache, log, step } = make();
  const wishes = [1, 2, 13, 4].map((workgroup) =>
    cache.get(0, workgroup, 0).then(
      (c) => c.workgroup,
      (thrown) => thrown.code ?? thrown.message,
    ),
  );
  await step();
  await step();
  expect(await Promise.all(wishes)).toEqual([1, 'cancelled', 'cancelled', 4]);
  expect(log).toEqual(['0 1 0', '0 4 0']);
  const broken = cache.get(0, 13, 0).then(
    () => 'fine',
    (thrown) => thrown.message,
  );
  await step();
  expect(await broken).toBe('broken');
  const controller = new AbortController();
  controller.abort();
  await expect(cache.get(0, 5, 0, controller.signal)).rejects.toMatchObject({ code: 'cancelled' });
});
