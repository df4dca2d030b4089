/**
 * The player against brute force: every step is undone by its opposite, all steps together visit everything once, in
 * order.
 */
import { describe, expect, it } from 'vitest';
import { readFile } from 'node:fs/promises';
import { readTrace } from '../trace/file';
import { sceneOf } from '../frame/scene';
import type { Cursor } from '../frame/frame-types';
import { blockAt, edge, existing, openingCursor, openingRow, step, workgroupOfRow } from './player';

const stored = async (kernel: string) =>
  readTrace(new Uint8Array(await readFile(new URL(`../../public/captures/${kernel}-zh.attn`, import.meta.url))));

for (const kernel of ['naive', 'flash2']) {
  describe(kernel, async () => {
    const trace = await stored(kernel);
    const { plane } = trace.header;
    const scene = sceneOf(trace, plane);
    // Only workgroups that the file holds: stepping into others is the page's business.
    const all: Cursor[] = scene.passes.flatMap((pass, p) =>
      [...pass.order].flatMap((workgroup) => {
        const held = pass.pass.captured.find((c) => c.workgroup === workgroup);
        return held ? Array.from(held.order, (_, phase) => ({ pass: p, workgroup, phase })) : [];
      }),
    );
    const complete = scene.passes.every((pass) =>
      [...pass.order].every((w) => pass.pass.captured.some((c) => c.workgroup === w)),
    );

    it.runIf(complete)(
      'by phase: visits every executed phase of every workgroup of every pass once, in order, both ways',
      () => {
        const walk = (from: Cursor, direction: 1 | -1): Cursor[] => {
          const seen = [from];
          for (
            let at = step(trace, plane, from, 'phase', direction, 0);
            at;
            at = step(trace, plane, at, 'phase', direction, 0)
          )
            seen.push(at);
          return seen;
        };
        expect(walk(all[0]!, 1)).toEqual(all);
        expect(walk(all.at(-1)!, -1)).toEqual(all.toReversed());
      },
    );

    it('by line: the log entries of a phase in turn, then the next phase', () => {
      const first = all[0]!;
      const lines = trace.passes[0]!.captured.find((c) => c.workgroup === first.workgroup)!.lines!;
      let at: Cursor | undefined = { ...first, line: 0 };
      const count = lines.starts[1]! - lines.starts[0]!;
      for (let line = 1; line < count; line++) {
        at = step(trace, plane, at!, 'line', 1, lines.invocation);
        expect(at).toEqual({ ...first, line });
      }
      const next = step(trace, plane, at!, 'line', 1, lines.invocation);
      expect({ pass: next?.pass, workgroup: next?.workgroup, phase: next?.phase }).toEqual(all[1]);
      expect(step(trace, plane, next!, 'line', -1, lines.invocation)).toEqual(at);
    });

    it('rows lead to the workgroup that wrote them; the ends are ends; anything else is brought to the nearest', () => {
      const { queries } = trace.header.run.shape;
      for (let row = 0; row < queries; row++) {
        const workgroup = workgroupOfRow(trace, plane, 0, row)!;
        const position = scene.passes[0]!.positionOf.get(workgroup)!;
        const rect = Object.values(scene.passes[0]!.wrote)[0]![position]!;
        expect(rect.r0 <= row && row <= rect.r1).toBe(true);
      }
      const wild = existing(trace, plane, { pass: 99, workgroup: 1e6, phase: 1e6, line: 1e6 }, 0);
      expect(all).toContainEqual({ pass: wild.pass, workgroup: wild.workgroup, phase: wild.phase });
      // A picture opens at its beginning; where only a row was asked for, where that row's work begins.
      expect(openingCursor(trace, plane)).toEqual(all[0]);
      for (let row = 0; row < queries; row++) {
        const opened = openingCursor(trace, plane, row);
        const block = blockAt(trace, plane, opened)!;
        expect(existing(trace, plane, opened, 0)).toEqual(opened);
        expect(opened.phase === 0 && block.r0 <= row && row <= block.r1).toBe(true);
        expect(
          all.find(
            ({ pass, workgroup, phase }) =>
              phase === 0 && pass === 0 && workgroupOfRow(trace, plane, pass, row) === workgroup,
          ),
        ).toEqual(opened);
        const looked = openingRow(block);
        expect(block.r0 <= looked && looked <= block.r1).toBe(true);
      }
      const last = edge(trace, plane, edge(trace, plane, all[0]!, 1), 1);
      expect(step(trace, plane, existing(trace, plane, last, 0), 'phase', 1, 0)).toBeUndefined();
    });

    it('by tile: the same phase one tile on, and back', () => {
      const opened = all[all.length >> 1]!;
      const on = step(trace, plane, opened, 'tile', 1, 0);
      if (on && on.workgroup === opened.workgroup && on.pass === opened.pass) {
        const order = trace.passes[opened.pass]!.captured.find((c) => c.workgroup === opened.workgroup)!.order;
        if (order[on.phase] === order[opened.phase]) expect(step(trace, plane, on, 'tile', -1, 0)).toEqual(opened);
      }
      expect(on).not.toEqual(opened);
    });
  });
}
