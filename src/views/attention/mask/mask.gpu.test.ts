// Mask tiles of real captures: the tiles whose keys were loaded are those that a brute-force mask leaves something to
// see in.
import { afterAll, beforeAll, expect, it, test, vi } from 'vitest';
import { generateInputs } from '../../../ops/attention/inputs';
import { sees, type Mask } from '../../../ops/attention/shape';
import { frameOf } from '../../../frame/frame';
import { tilesRead } from '../../../frame/tiles-read';
import type { Trace } from '../../../trace/trace';
import { openCapture } from '../../../machine/gpu/capture';
import { openSession, type Session } from '../../../machine/gpu/session';
import type { Run } from '../../../ops/run';
import { mask as view } from './mask';

let session: Session;
beforeAll(async () => {
  session = await openSession();
});
afterAll(() => session.close());

async function capture(kernel: string, mask: Mask): Promise<Trace> {
  const run: Run = {
    kernel,
    shape: { batch: 1, heads: 2, kvHeads: 1, queries: 37, keys: 50, dim: 16, mask },
    tile: kernel === 'naive' ? { br: 0, bc: 0 } : { br: 16, bc: 16 },
  };
  const made = await openCapture(
    session,
    run,
    generateInputs(run.shape, 3),
    { input: 'seed 3' },
    { lines: 'later', plain: 'later' },
  );
  made.dispose();
  return made.trace;
}

it.each([
  ['naive', 'causal'],
  ['flash2', 'causal'],
  ['flash2', 'full'],
  ['naive', 'window-9-2'],
  ['flash2', 'window-9-2'],
  ['flash2', 'prefix-20'],
  ['flash2', 'causal-top-left'],
] as const)('%s, %s: tiles loaded = tiles with a visible pair', async (kernel, mask) => {
  const trace = await capture(kernel, mask);
  const { shape } = trace.header.run;
  const tile = kernel === 'naive' ? { br: 8, bc: 8 } : { br: 16, bc: 16 };
  const read = tilesRead(trace, 0);
  const cols = Math.ceil(shape.keys / tile.bc);
  const want = new Uint8Array(read.length);
  for (let i = 0; i < shape.queries; i++)
    for (let j = 0; j < shape.keys; j++)
      if (sees(shape, i, j)) want[Math.floor(i / tile.br) * cols + Math.floor(j / tile.bc)] = 1;
  expect(read).toEqual(want);
});

test('the picture counts the tiles, follows the row and reports what is chosen', async () => {
  const trace = await capture('flash2', 'causal');
  const none = vi.fn();
  const on = {
    hover: none,
    pin: none,
    row: vi.fn(),
    workgroup: none,
    phase: none,
    line: none,
    thread: none,
    mask: vi.fn(),
  };
  const host = document.createElement('div');
  document.body.append(host);
  const mounted = view.mount(host, { trace, language: 'en', theme: 'light', motion: false, on });
  mounted.draw(frameOf(trace, { pass: 0, workgroup: 0, phase: 0 }, { row: 20, thread: 0 }));
  // Seeded inputs: nothing is said of a model.
  expect(host.querySelector('.why')?.textContent).toBe(
    'The last query sees every key, and each query before it one key fewer.',
  );
  // 3 x 4 tiles of 16 x 16, row i sees keys 0 .. i + 13.
  expect([...host.querySelectorAll('td')].map((cell) => cell.textContent)).toEqual(['3', '6', '3']);
  expect(host.querySelector('.sees')?.textContent).toBe('Query 20 sees 34 of 50 keys');
  mounted.draw(frameOf(trace, { pass: 0, workgroup: 0, phase: 0 }, { row: 36, thread: 0 }));
  expect(host.querySelector('.sees')?.textContent).toBe('Query 36 sees 50 of 50 keys');
  host.querySelectorAll('button')[1]?.click();
  expect(on.mask).toHaveBeenCalledWith('full');
  const grid = host.querySelector('.grid canvas')!;
  grid.dispatchEvent(
    new MouseEvent('click', { bubbles: true, clientX: 5, clientY: grid.getBoundingClientRect().top + 100 }),
  );
  expect(on.row).toHaveBeenCalledTimes(1);
  mounted.dispose();
  expect(host.childElementCount).toBe(0);
  host.remove();
});
