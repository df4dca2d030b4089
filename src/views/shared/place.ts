// Where the cells of a matrix lie on a panel.
import type { Rect } from '../../frame/frame-types';
import type { Box } from '../../ui/paint/box';

/** A matrix, or a window of one, on a panel. A turned one lies on its side: its rows go across. */
export interface Placed extends Box {
  window: Rect;
  turned: boolean;
}

/** Where cells lie on the panel. */
export function boxOf(place: Placed, rect: Rect): Box {
  const { window } = place;
  const perRow = (place.turned ? place.w : place.h) / (window.r1 - window.r0 + 1);
  const perCol = (place.turned ? place.h : place.w) / (window.c1 - window.c0 + 1);
  const rows = { at: (rect.r0 - window.r0) * perRow, long: (rect.r1 - rect.r0 + 1) * perRow };
  const cols = { at: (rect.c0 - window.c0) * perCol, long: (rect.c1 - rect.c0 + 1) * perCol };
  const [x, y] = place.turned ? [rows, cols] : [cols, rows];
  return { x: place.x + x.at, y: place.y + y.at, w: x.long, h: y.long };
}

/** The cell under a point, given in pixels from the place's own corner; held inside the window. */
export function cellAt(place: Placed, x: number, y: number): { row: number; col: number } {
  const { window } = place;
  const rows = window.r1 - window.r0 + 1;
  const cols = window.c1 - window.c0 + 1;
  const hold = (part: number, count: number): number => Math.max(0, Math.min(count - 1, Math.floor(part * count)));
  const along = place.turned ? [x / place.w, y / place.h] : [y / place.h, x / place.w];
  return { row: window.r0 + hold(along[0] ?? 0, rows), col: window.c0 + hold(along[1] ?? 0, cols) };
}

/** At least `size` pixels each way, about the same middle, so that a one-cell mark can be seen. */
export function grown(box: Box, size: number): Box {
  const w = Math.max(box.w, size);
  const h = Math.max(box.h, size);
  return { x: box.x + (box.w - w) / 2, y: box.y + (box.h - h) / 2, w, h };
}
