/**
 * The tour on the stored captures: it stands at steps that exist, says numbers that the trace holds, and refuses what
 * it cannot be told on.
 */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { readTrace } from '../../trace/file';
import { frameOf } from '../../frame/frame';
import { bytes } from '../../ui/format';
import { existing } from '../../figure/player';
import { tourOf } from './steps';

const stored = async (name: string) =>
  readTrace(new Uint8Array(await readFile(new URL(`../../../public/captures/${name}.attn`, import.meta.url))));

for (const passage of ['en', 'zh'] as const) {
  test(`${passage}: six steps in order, each at a phase that is captured, each with its own sentence and thing to look at`, async () => {
    const trace = await stored(`flash2-${passage}`);
    const steps = tourOf(trace)!;
    const { plane } = trace.header;
    const names = steps.map(({ cursor, row }) => {
      expect(existing(trace, plane, cursor, 0)).toEqual(cursor);
      const { phase, block } = frameOf(trace, cursor, { row, thread: 0, pinned: false }, plane);
      expect(row >= block.r0 && row <= block.r1).toBe(true);
      return phase.name;
    });
    expect(names).toEqual(['load Q', 'load K,V', 'S = QKᵀ', 'softmax', 'write O', 'write O']);
    for (const language of ['en', 'zh'] as const) {
      const said = steps.map(({ say }) => say(language));
      expect(new Set(said).size).toBe(6);
      expect(said.join()).not.toMatch(/NaN|undefined|−∞/);
    }
    expect(new Set(steps.map(({ ring }) => JSON.stringify(ring))).size).toBe(6);
  });

  test(`${passage}: the numbers, worked out anew`, async () => {
    const trace = await stored(`flash2-${passage}`);
    const { keys: n, dim: d } = trace.header.run.shape;
    const { br } = trace.header.run.tile;
    const [scores, tile, live, row, never, saves] = tourOf(trace)!.map(({ say }) => say('en')) as [
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    expect(scores).toContain(`${n} × ${n} = ${(n * n).toLocaleString('en')}`);
    // A tile of K and of V.
    expect(tile).toContain(`${((2 * 4 * trace.header.run.tile.bc * d) / 1024).toFixed(2)} KiB`);
    const [first, second] = tourOf(trace)!.map(({ cursor }) => cursor.workgroup);
    expect(tile.includes(`gone ahead to workgroup id ${second}`)).toBe(first !== second);
    expect(live).toContain('counted: 0 B');
    const [before, after, alpha] = /rises from (\S+) to (\S+): older sums shrink by α = (\S+)\. /
      .exec(row)!
      .slice(1)
      .map((text) => Number(text.replace('−', '-')));
    expect(Math.abs(Math.exp(before! - after!) / alpha! - 1)).toBeLessThan(5e-3);
    expect(alpha).toBeLessThan(0.9);
    expect(never).toContain(`${((4 * br * (d + 1)) / 1024).toFixed(2)} KiB`);
    expect(never).toContain(`${((8 * n * n) / 1024).toFixed(1)} KiB`);
    // The papers' formulas, added up row by row: a query sees itself and what was before it, a block of rows takes
    // whole tiles of keys.
    const model = (of: number, { br: rows, bc }: { br: number; bc: number }): [number, number] => {
      let [standard, tiled] = [4 * of * d, 2 * of * d + of];
      for (let q = 0; q < of; q++) standard += 2 * of + 2 * (q + 1);
      for (let q = 0; q < of; q += rows) tiled += 2 * d * Math.min(of, Math.ceil(Math.min(q + rows, of) / bc) * bc);
      return [4 * standard, 4 * tiled];
    };
    const [standard, tiled] = model(n, trace.header.run.tile);
    // S and P alone: S of every pair is written and read; of P only what the mask leaves, written and read, as the
    // formula above counts it.
    const spared = standard - 4 * 4 * n * d;
    const paid = tiled - (standard - spared);
    expect(saves).toContain(
      `${bytes(spared)} less, for reading K and V again for each ${br} rows of Q ${bytes(paid)} more`,
    );
    expect(saves).toContain(`${bytes(standard)} become ${bytes(tiled)}.`);
    const [long, small] = model(4096, { br: 64, bc: 16 });
    expect(saves).toContain(`${bytes(long)} become ${bytes(small)}, ${(long / small).toPrecision(3)}× less`);
  });
}

test('a kernel that has no tiles is not toured', async () => {
  expect(tourOf(await stored('naive-zh'))).toBeUndefined();
});
