// Sets of cells as lists of rectangles: what is painted already, what has to be painted or wiped for the next frame.
import type { Rect } from '../../../frame/frame-types';

/** The part of `rect` inside `bounds`; undefined when they do not meet. */
export function clip(rect: Rect, bounds: Rect): Rect | undefined {
  const part = {
    r0: Math.max(rect.r0, bounds.r0),
    r1: Math.min(rect.r1, bounds.r1),
    c0: Math.max(rect.c0, bounds.c0),
    c1: Math.min(rect.c1, bounds.c1),
  };
  return part.r0 <= part.r1 && part.c0 <= part.c1 ? part : undefined;
}

export const holds = (rect: Rect, row: number, col: number): boolean =>
  row >= rect.r0 && row <= rect.r1 && col >= rect.c0 && col <= rect.c1;

/** The cells of `from` that are in none of `without`, as disjoint rectangles where `from` is disjoint. */
export function minus(from: readonly Rect[], without: readonly Rect[]): Rect[] {
  let left = [...from];
  for (const hole of without) left = left.flatMap((rect) => cut(rect, hole));
  return left;
}

/** The cells that both lists have. */
export const both = (a: readonly Rect[], b: readonly Rect[]): Rect[] =>
  a.flatMap((rect) => b.flatMap((other) => clip(rect, other) ?? []));

function cut(rect: Rect, hole: Rect): Rect[] {
  const inner = clip(rect, hole);
  if (!inner) return [rect];
  const pieces = [
    { ...rect, r1: inner.r0 - 1 },
    { ...rect, r0: inner.r1 + 1 },
    { ...rect, r0: inner.r0, r1: inner.r1, c1: inner.c0 - 1 },
    { ...rect, r0: inner.r0, r1: inner.r1, c0: inner.c1 + 1 },
  ];
  return pieces.filter((p) => p.r0 <= p.r1 && p.c0 <= p.c1);
}
