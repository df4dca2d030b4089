// What is worked out once a trace: the order of playback, running byte sums and written rectangles, so that any frame
// is a few look-ups.
import type { Shape } from '../ops/attention/shape';
import type { TensorId } from '../ops/op';
import type { ArrayLayout } from '../ops/layout';
import type { Rect } from './frame-types';
import { around, joinRect, planeIn, rectOf, boundAs, touchesOf, type Touches } from './places';
import { touchedAt, type CapturedWorkgroup, type Tensor, type Trace, type TracePass } from '../trace/trace';

/** One pass seen from one plane. */
export interface PassScene {
  pass: TracePass;
  layouts: Readonly<Record<string, ArrayLayout>>;
  /** Workgroups of the plane in playback order (ascending id; the GPU promises no order). */
  order: Int32Array;
  /** Position in `order` by workgroup id. */
  positionOf: ReadonlyMap<number, number>;
  buffers: readonly { name: string; space: 'storage' | 'workgroup' }[];
  /** Bytes before position p: sums[(p * buffers + b) * 2 + (0 read | 1 written)]; one row more than workgroups. */
  sums: Float64Array;
  /** Rectangles each workgroup wrote, by tensor, in playback order. */
  wrote: Record<TensorId, Rect[]>;
}

export interface Scene {
  trace: Trace;
  plane: number;
  passes: readonly PassScene[];
  tensors: ReadonlyMap<TensorId, Tensor>;
}

/** One captured workgroup, indexed by executed phase. */
export interface WorkgroupScene {
  touches: readonly Touches[];
  /** Tile number of each phase, and how many there are. */
  tile: Int32Array;
  tiles: number;
  /** Running bytes: sums[(k * buffers + b) * 2 + direction] = phases 0 .. k-1. */
  sums: Float64Array;
}

const scenes = new WeakMap<Trace, Map<number, Scene>>();

/** The scene of a plane of a trace; made on first use, then kept with the trace. */
export function sceneOf(trace: Trace, plane: number): Scene {
  const planes = scenes.get(trace) ?? new Map<number, Scene>();
  scenes.set(trace, planes);
  const known = planes.get(plane);
  if (known) return known;
  const scene: Scene = {
    trace,
    plane,
    passes: trace.passes.map((pass) => passScene(trace, pass, plane)),
    tensors: new Map(trace.tensors.map((t) => [t.id, t])),
  };
  planes.set(plane, scene);
  return scene;
}

function buffersOf(pass: TracePass): PassScene['buffers'] {
  const seen = new Map<string, 'storage' | 'workgroup'>(pass.bindings.map((b) => [b.name, 'storage']));
  for (const site of pass.sites) seen.set(site.buffer, site.space);
  return [...seen].map(([name, space]) => ({ name, space }));
}

/** Whether a workgroup works for query plane `plane`: by where its first store to HBM lies. */
function worksFor(pass: TracePass, workgroup: number, plane: number, shape: Shape): boolean {
  for (const site of pass.sites) {
    const bound = boundAs(pass, site.buffer);
    if (!bound || site.mode === 'load') continue;
    for (const phase of pass.phases) {
      const touched = touchedAt(pass.totals, pass.sites.length, workgroup * pass.phases.length + phase.id, site.id);
      if (touched) return Math.floor(touched.lo / (bound.rows * bound.cols)) === planeIn(bound, plane, shape);
    }
  }
  return false;
}

function passScene(trace: Trace, pass: TracePass, plane: number): PassScene {
  const ids: number[] = [];
  const count = pass.grid[0] * pass.grid[1] * pass.grid[2];
  for (let w = 0; w < count; w++) if (worksFor(pass, w, plane, trace.header.run.shape)) ids.push(w);
  const buffers = buffersOf(pass);
  const index = new Map(buffers.map((b, i) => [b.name, i]));
  const sums = new Float64Array((ids.length + 1) * buffers.length * 2);
  const wrote: Record<TensorId, Rect[]> = {};
  ids.forEach((w, p) => {
    const from = p * buffers.length * 2;
    const to = from + buffers.length * 2;
    sums.copyWithin(to, from, to);
    const rects: Record<TensorId, Rect> = {};
    for (const site of pass.sites) {
      const b = index.get(site.buffer) ?? 0;
      const bound = site.mode === 'load' ? undefined : boundAs(pass, site.buffer);
      for (const phase of pass.phases) {
        const touched = touchedAt(pass.totals, pass.sites.length, w * pass.phases.length + phase.id, site.id);
        if (!touched) continue;
        if (site.mode !== 'store') sums[to + b * 2] = (sums[to + b * 2] ?? 0) + touched.n * site.bytes;
        if (site.mode !== 'load') sums[to + b * 2 + 1] = (sums[to + b * 2 + 1] ?? 0) + touched.n * site.bytes;
        if (bound) rects[bound.tensor] = around(rects[bound.tensor], rectOf(touched, bound));
      }
    }
    for (const [tensor, rect] of Object.entries(rects)) (wrote[tensor] ??= []).push(rect);
  });
  return {
    pass,
    layouts: pass.layouts,
    order: Int32Array.from(ids),
    positionOf: new Map(ids.map((w, p) => [w, p])),
    buffers,
    sums,
    wrote,
  };
}

const workgroups = new WeakMap<CapturedWorkgroup, WorkgroupScene>();

/** The index of a captured workgroup; made on first use, then kept with it. */
export function workgroupScene(scene: PassScene, captured: CapturedWorkgroup, trace: Trace): WorkgroupScene {
  const known = workgroups.get(captured);
  if (known) return known;
  const { pass, buffers } = scene;
  const phases = captured.order.length;
  const index = new Map(buffers.map((b, i) => [b.name, i]));
  const touches = Array.from({ length: phases }, (_, k) => touchesOf(pass, captured.counts, k, trace.header.run.shape));
  const tile = new Int32Array(phases);
  const times = new Map<number, number>();
  const sums = new Float64Array((phases + 1) * buffers.length * 2);
  let current = 0;
  for (let k = 0; k < phases; k++) {
    const id = captured.order[k] ?? 0;
    const time = times.get(id) ?? 0;
    times.set(id, time + 1);
    current = Math.max(current, time);
    tile[k] = current;
    const from = k * buffers.length * 2;
    const to = from + buffers.length * 2;
    sums.copyWithin(to, from, to);
    for (const site of pass.sites) {
      const touched = touchedAt(captured.counts, pass.sites.length, k, site.id);
      const at = to + (index.get(site.buffer) ?? 0) * 2;
      if (!touched) continue;
      if (site.mode !== 'store') sums[at] = (sums[at] ?? 0) + touched.n * site.bytes;
      if (site.mode !== 'load') sums[at + 1] = (sums[at + 1] ?? 0) + touched.n * site.bytes;
    }
  }
  const made = { touches, tile, tiles: current + 1, sums };
  workgroups.set(captured, made);
  return made;
}

const lasts = new WeakMap<WorkgroupScene, Map<TensorId, Int32Array>>();

/**
 * By phase: the last phase at or before it that touched the tensor; -1 where there is none. Worked out once a tensor: a
 * step asks for it often.
 */
function lastTouches(index: WorkgroupScene, tensor: TensorId): Int32Array {
  const known = lasts.get(index) ?? new Map<TensorId, Int32Array>();
  lasts.set(index, known);
  let made = known.get(tensor);
  if (!made) {
    let last = -1;
    made = Int32Array.from(index.touches, ({ reads, writes }, k) =>
      (reads[tensor] ?? writes[tensor]) ? (last = k) : last,
    );
    known.set(tensor, made);
  }
  return made;
}

const lastTouch = (index: WorkgroupScene, tensor: TensorId, k: number): Touches | undefined =>
  index.touches[lastTouches(index, tensor)[Math.min(k, index.touches.length - 1)] ?? -1];

/** The rectangle of `tensor` that the workgroup touched last at or before phase k. */
export function liveAt(index: WorkgroupScene, tensor: TensorId, k: number): Rect | undefined {
  const touches = lastTouch(index, tensor, k);
  return touches?.reads[tensor] ?? touches?.writes[tensor];
}

/** The plane of `tensor` that this rectangle lies in. */
export const livePlane = (index: WorkgroupScene, tensor: TensorId, k: number): number | undefined =>
  lastTouch(index, tensor, k)?.planes[tensor];

/** Rectangles of `tensor` that the first `position` workgroups of the plane wrote, joined. */
export function writtenBefore(scene: PassScene, tensor: TensorId, position: number): Rect[] {
  const joined: Rect[] = [];
  const rects = scene.wrote[tensor] ?? [];
  for (let p = 0; p < Math.min(position, rects.length); p++) joinRect(joined, rects[p] as Rect);
  return joined;
}

/** This plane's values of a tensor. */
export function planeValues(scene: Scene, tensor: Tensor): Float32Array {
  const size = tensor.rows * tensor.cols;
  const at = planeIn(tensor, scene.plane, scene.trace.header.run.shape) * size;
  return tensor.data.subarray(at, at + size);
}
