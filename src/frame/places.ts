// Where a workgroup is in the whole problem, read off the indices that it touched: rectangles of rows and columns,
// never a formula over ids.
import { logicalBlock, pagesOf } from '../ops/attention/pages';
import type { Axis } from '../ops/layout';
import type { Extent, TensorId, TensorInfo } from '../ops/op';
import { kvPlane, type Shape } from '../ops/attention/shape';
import type { Rect } from './frame-types';
import { touchedAt, type BoundTensor, type Touched, type TracePass } from '../trace/trace';

/** Smallest rectangle around both. */
export const around = (a: Rect | undefined, b: Rect): Rect =>
  a ? { r0: Math.min(a.r0, b.r0), r1: Math.max(a.r1, b.r1), c0: Math.min(a.c0, b.c0), c1: Math.max(a.c1, b.c1) } : b;

/** The plane of a tensor that belongs to query plane `plane`. */
export const planeIn = ({ planesOf }: TensorInfo, plane: number, shape: Shape): number =>
  planesOf === 'kvHeads' ? kvPlane(plane, shape) : planesOf === 'one' ? 0 : plane;

/**
 * A range of flat indices as the rectangle it spans in its plane. Kernels touch rectangles; a range that wraps a row
 * spans all columns.
 */
export function rectOf(touched: Touched, extent: Extent): Rect {
  const size = extent.rows * extent.cols;
  const lo = touched.lo % size;
  const hi = Math.min(touched.hi - (touched.lo - lo), size - 1);
  const c0 = lo % extent.cols;
  const c1 = hi % extent.cols;
  const r0 = Math.floor(lo / extent.cols);
  const r1 = Math.floor(hi / extent.cols);
  return c0 <= c1 ? { r0, r1, c0, c1 } : { r0, r1, c0: 0, c1: extent.cols - 1 };
}

/** The storage buffer of the pass by its variable, or undefined for workgroup memory. */
export const boundAs = (pass: TracePass, buffer: string): BoundTensor | undefined =>
  pass.bindings.find(({ name }) => name === buffer);

/** The tensor in a storage buffer of the pass, or undefined for workgroup memory. */
export const tensorOf = (pass: TracePass, buffer: string): TensorId | undefined => boundAs(pass, buffer)?.tensor;

/** Whether the pass keeps anything in workgroup memory. */
export const hasSram = (pass: TracePass): boolean => pass.arrays.some(({ scope }) => scope === 'workgroup');

/** A rectangle that each tensor was touched in, by direction. */
export interface Touches {
  reads: Record<TensorId, Rect>;
  writes: Record<TensorId, Rect>;
  /** The plane of each tensor that this was in: a workgroup may go through several that share one of K and V. */
  planes: Record<TensorId, number>;
}

/**
 * A range of a pool's indices as rows of K or V, by the block table; undefined where it spans several blocks: what lies
 * between was not touched.
 */
function slotsOf(touched: Touched, extent: Extent, shape: Shape): Rect | undefined {
  const pages = pagesOf(shape);
  const place = extent.rows * extent.cols;
  const [first, last] = [Math.floor(touched.lo / place), Math.floor(touched.hi / place)];
  const block = logicalBlock(pages, Math.floor(first / shape.kvHeads));
  if (first !== last || block === undefined) return undefined;
  const rect = rectOf(touched, extent);
  return { ...rect, r0: rect.r0 + block * pages.size, r1: rect.r1 + block * pages.size };
}

/** The axis of a tensor's rows, and its name where it is shown: a pool's slots are keys, and rows of K or V. */
export const shownAs = ({ axes, planesOf, tensor }: BoundTensor): { axis: Axis; shown: TensorId } =>
  planesOf === 'blocks' ? { axis: 'key', shown: tensor.replace('Pool', '') } : { axis: axes[0], shown: tensor };

/** What one record row of counts (an executed phase, or a static phase of a workgroup) touched in HBM. */
export function touchesOf(pass: TracePass, counts: Uint32Array, row: number, shape: Shape): Touches {
  const touches: Touches = { reads: {}, writes: {}, planes: {} };
  for (const site of pass.sites) {
    if (site.space !== 'storage') continue;
    const bound = boundAs(pass, site.buffer);
    const touched = bound && touchedAt(counts, pass.sites.length, row, site.id);
    if (!bound || !touched) continue;
    const { shown: tensor } = shownAs(bound);
    const rect =
      bound.planesOf === 'blocks' || bound.axes[0] === 'request'
        ? slotsOf(touched, bound, shape)
        : rectOf(touched, bound);
    if (!rect) continue;
    if (bound.planesOf !== 'blocks') touches.planes[tensor] = Math.floor(touched.lo / (bound.rows * bound.cols));
    if (site.mode !== 'store') touches.reads[tensor] = around(touches.reads[tensor], rect);
    if (site.mode !== 'load') touches.writes[tensor] = around(touches.writes[tensor], rect);
  }
  return touches;
}

/**
 * Adds a rectangle to a list, joining it with the last where both make one rectangle; rows of tiles fold into bands.
 */
export function joinRect(rects: Rect[], rect: Rect): void {
  let next = rect;
  for (let last = rects.at(-1); last; last = rects.at(-1)) {
    const sameRows = last.r0 === next.r0 && last.r1 === next.r1 && next.c0 <= last.c1 + 1 && next.c1 >= last.c0 - 1;
    const sameCols = last.c0 === next.c0 && last.c1 === next.c1 && next.r0 <= last.r1 + 1 && next.r1 >= last.r0 - 1;
    if (!sameRows && !sameCols) break;
    next = around(last, next);
    rects.pop();
  }
  rects.push(next);
}
