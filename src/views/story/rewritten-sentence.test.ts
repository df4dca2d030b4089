/**
 * The step sentences of a kernel that keeps O, l and m in HBM, with loops in loops: what they say, in both languages,
 * against the frame of a real trace, and that none tells the story of the kernels with O on chip.
 */
import { expect, test } from 'vitest';
import { frameOf } from '../../frame/frame';
import { Interpretation } from '../../machine/interpreter/capture';
import { inputsOfPeers } from '../../ops/attention/inputs';
import type { Shape } from '../../ops/attention/shape';
import { value } from '../../ui/format';
import { sentence } from './sentence';

const shape: Shape = { batch: 1, heads: 1, kvHeads: 1, queries: 24, keys: 20, dim: 8, mask: 'causal' };
const trace = new Interpretation({ kernel: 'flash1', shape, tile: { br: 8, bc: 8 } }, inputsOfPeers(shape, 3), {
  input: 'test',
}).capture();
const { workgroup, order } = trace.passes[0]!.captured[0]!;
const ROW = 17;
const frames = Array.from(order, (_, phase) => frameOf(trace, { pass: 0, workgroup, phase }, { row: ROW, thread: 0 }));
const numbers = (text: string): string[] => text.match(/−?\d+(\.\d+)?/g) ?? [];

test.each(['en', 'zh'] as const)(
  '%s: O comes from HBM and goes back in every step; nothing stays in registers',
  (of) => {
    const told = frames.map((frame) => ({ name: frame.phase.name, ...sentence(frame, of) }));
    for (const { name, what, why } of told) {
      expect(`${what} ${why}`, name).not.toMatch(/register|寄存器|unnormalised|到最后才做|only store|唯一一次写/);
      expect(what, name).not.toMatch(of === 'en' ? /^Phase “/ : /^阶段“/);
    }
    for (const name of ['m, l, O begin', 'O += PV', 'write LSE'])
      for (const one of told.filter((some) => some.name === name)) expect(`${one.what} ${one.why}`).toContain('HBM');
  },
);

test.each(['en', 'zh'] as const)(
  '%s: tiles of keys are counted by the outer loop, rows are those of the tile of Q',
  (of) => {
    let q = '';
    for (const frame of frames) {
      const { loops, name } = frame.phase;
      const { what } = sentence(frame, of);
      const [outer] = loops;
      if (name === 'load K,V') expect(numbers(what).slice(0, 2)).toEqual([`${outer!.round + 1}`, `${outer!.rounds}`]);
      if (name === 'load Q') {
        const reads = frame.tensors.Q!.reads!;
        q = `${reads.r0}–${reads.r1}`;
      }
      if (loops.length > 1 && name !== 'softmax') expect(what).toContain(q);
    }
    expect(q).toBe('16–23');
  },
);

test('the softmax sentence adds up to l and alpha, and tells nothing of a row whose tile is elsewhere', () => {
  let seen = 0;
  for (const frame of frames.filter(({ phase }) => phase.name === 'softmax')) {
    const here = frame.tensors.Q!.live!.r0 === 16;
    const tile = frame.softmax!.tiles.at(-1);
    const { what } = sentence(frame, 'en');
    expect(what.includes(`Row ${ROW}`)).toBe(here);
    if (!here || tile!.index === 0 || tile!.masked.every(Boolean)) continue;
    seen++;
    const { kept, added } = tile!.divided!;
    expect(what).toContain(`l = ${value(kept)} + ${value(added)} = ${value(tile!.l!)}`);
    expect(what).toContain(`α = ${value(kept)} / ${value(tile!.l!)} = ${value(tile!.alpha!)}`);
    expect(kept + added).toBeCloseTo(tile!.l!, 5);
    expect(kept / tile!.l!).toBeCloseTo(tile!.alpha!, 5);
  }
  expect(seen).toBe(1);
});
