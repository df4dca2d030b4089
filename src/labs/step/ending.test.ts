/**
 * The end of play, by brute force over every step of the stored captures: told once, at the last one; each change of
 * workgroup is told once, too.
 */
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { readTrace } from '../../trace/file';
import { frameOf } from '../../frame/frame';
import { kernelById } from '../../kernels/kernels';
import type { Frame } from '../../frame/frame-types';
import { bytes } from '../../ui/format';
import { endText, isEnd, turnText } from './ending';
import { openingCursor, step } from '../../figure/player';

for (const kernel of ['naive', 'flash2']) {
  describe(kernel, async () => {
    const trace = await readTrace(
      new Uint8Array(await readFile(new URL(`../../../public/captures/${kernel}-zh.attn`, import.meta.url))),
    );
    const { plane, run } = trace.header;
    const frames: Frame[] = [];
    for (let at = openingCursor(trace, plane); ;) {
      frames.push(frameOf(trace, at, { row: 0, thread: 0, pinned: false }, plane));
      const next = step(trace, plane, at, 'phase', 1, 0);
      if (!next) break;
      at = next;
    }

    test('the end is the last step and no other', () => {
      expect(frames.map(isEnd)).toEqual(frames.map((_, i) => i === frames.length - 1));
    });

    test('whoever has its turn is told at its first step, unless each workgroup is one step, and never at the start', () => {
      for (const [i, frame] of frames.entries()) {
        const before = frames[i - 1]?.cursor;
        const changed =
          before !== undefined && (before.workgroup !== frame.cursor.workgroup || before.pass !== frame.cursor.pass);
        expect(turnText(frame, 'en') !== '', `step ${i}`).toBe(changed && frame.phases.length > 1);
      }
    });

    test('bytes counted and computed, added up anew', () => {
      const text = endText(frames.at(-1)!, 'en');
      const { keys: n, dim: d } = run.shape;
      const standard = 4 * (4 * n * d + 2 * n * n + n * (n + 1));
      const counted = kernelById(run.kernel).requested(run);
      expect(text).toContain(`asked HBM for ${bytes(counted.loads)} and wrote ${bytes(counted.stores)} (counted`);
      expect(text).toMatch(
        run.shape.heads === 1
          ? /^That was the whole run\. By/
          : new RegExp(`^That was one head; .* all ${run.shape.heads} heads`),
      );
      expect(text).toContain(`${bytes(standard)} ${kernel === 'naive' ? 'here' : 'for standard attention'}`);
    });
  });
}
