// (trace, cursor) -> Frame. The one place where a picture's numbers come from; views only draw them. What the first
// picture does not draw of it (softmax, bytes, explanation) is worked out by ./frame-late, when it is first read: the
// page starts without that code. Import ./frame to have both.
import { OPS } from '../ops';
import type { TensorId } from '../ops/op';
import { arraysAt, blockOf } from './arrays';
import type { Late } from './frame-late';
import type { Cursor, Frame, Selection, Rect, TensorFrame } from './frame-types';
import { logAt } from './log';
import { loopsOf } from './loops';
import { joinRect, planeIn } from './places';
import { rewritten, valuesAt } from './rewritten';
import {
  liveAt,
  livePlane,
  sceneOf,
  workgroupScene,
  writtenBefore,
  type PassScene,
  type Scene,
  type WorkgroupScene,
} from './scene';
import type { Place } from './chip';
import type { CapturedWorkgroup, Tensor, Trace, TraceHeader } from '../trace/trace';

let late: Late | undefined;

/** Called by ./frame-late as it is loaded. */
export function lateIs(parts: Late): void {
  late = parts;
}

/** Loads what works out softmax, bytes and explanation of every frame, those included that were made before. */
export const loadLate = (): Promise<unknown> => import('./frame-late');

function loaded(): Late {
  if (!late) throw new Error('softmax and bytes of a frame are read before frame-late is loaded');
  return late;
}

/** Worked out when first asked for. */
function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** A cursor moved to the nearest place that the trace has. */
export function clampCursor(trace: Trace, cursor: Cursor, plane = trace.header.plane): Cursor {
  const scene = sceneOf(trace, plane);
  const passIndex = clamp(cursor.pass, scene.passes.length - 1);
  const pass = scene.passes[passIndex] as PassScene;
  const workgroup = pass.positionOf.has(cursor.workgroup) ? cursor.workgroup : (pass.order[0] ?? 0);
  const captured = pass.pass.captured.find((c) => c.workgroup === workgroup);
  const phase = captured ? clamp(cursor.phase, captured.order.length - 1) : Math.max(0, cursor.phase);
  return {
    pass: passIndex,
    workgroup,
    phase,
    ...(cursor.line === undefined ? {} : { line: Math.max(0, cursor.line) }),
  };
}

const clamp = (x: number, most: number): number => Math.max(0, Math.min(Math.round(x) || 0, most));

/**
 * Everything the views show at a cursor. Pure: equal arguments give equal frames, and arrays that did not change are
 * the same objects. With `cursor.line`, arrays and tensors stand as they were when the phase began, for within a phase
 * only one thread's assignments are known.
 */
export function frameOf(trace: Trace, at: Cursor, selection: Selection, plane = trace.header.plane): Frame {
  const scene = sceneOf(trace, plane);
  const cursor = clampCursor(trace, at, plane);
  const pass = scene.passes[cursor.pass] as PassScene;
  const position = pass.positionOf.get(cursor.workgroup) ?? 0;
  const captured = pass.pass.captured.find((c) => c.workgroup === cursor.workgroup);
  const index = captured && workgroupScene(pass, captured, trace);
  const k = cursor.phase;
  const phase = phaseAt(pass, captured, index, k);
  const line = logAt(pass.pass, captured, k, selection.thread, cursor.line, phase.line);
  const done = cursor.line !== undefined && line.index < line.count - 1 ? k - 1 : k;
  const block = blockOf(pass, position, index);
  const place: Place | undefined = captured && index && { scene, pass, captured, index, block };
  const point = { pass: cursor.pass, position, k: done };
  const softmax = once(() => loaded().softmaxAt(scene, point, selection.row, place));
  const bytes = once(() => loaded().bytesAt({ scene, passIndex: cursor.pass, position, k, captured, index }));
  const explanation = once(() => selection.cell && loaded().explain(scene, point, place, selection.cell));
  return {
    trace,
    cursor,
    selection,
    pass: pass.pass,
    workgroup: captured,
    provenance: trace.header.provenance,
    plane,
    phases: phasesOf(pass, captured, index),
    phase,
    block,
    tensors: tensorsAt(scene, cursor.pass, position, captured, index, k, done),
    arrays: captured && index ? arraysAt(pass, captured, index, done, k, block) : [],
    get softmax() {
      return softmax();
    },
    get bytes() {
      return bytes();
    },
    line,
    // The first picture asks for it; by the time that a cell is pointed at it can be had.
    get explanation() {
      return late && selection.cell ? explanation() : undefined;
    },
  };
}

function phaseAt(
  pass: PassScene,
  captured: CapturedWorkgroup | undefined,
  index: WorkgroupScene | undefined,
  k: number,
): Frame['phase'] {
  const info = pass.pass.phases[captured?.order[k] ?? 0];
  const [line, endLine, name, id] = [info?.line ?? 1, info?.endLine ?? 1, info?.name ?? '', info?.id ?? 0];
  const loops = (captured && loopsOf(pass.pass, captured)[k]) ?? [];
  return { k, id, name, line, endLine, tile: index?.tile[k] ?? 0, tiles: index?.tiles ?? 1, loops };
}

const phaseLists = new WeakMap<WorkgroupScene, Frame['phases']>();

function phasesOf(
  pass: PassScene,
  captured: CapturedWorkgroup | undefined,
  index: WorkgroupScene | undefined,
): Frame['phases'] {
  if (!captured || !index) return [];
  const known = phaseLists.get(index);
  if (known) return known;
  const loops = loopsOf(pass.pass, captured);
  const made = Array.from(captured.order, (id, k) => {
    const info = pass.pass.phases[id];
    return { k, id, name: info?.name ?? '', line: info?.line ?? 1, tile: index.tile[k] ?? 0, loops: loops[k] ?? [] };
  });
  phaseLists.set(index, made);
  return made;
}

function tensorsAt(
  scene: Scene,
  pass: number,
  position: number,
  captured: CapturedWorkgroup | undefined,
  index: WorkgroupScene | undefined,
  k: number,
  done: number,
): Frame['tensors'] {
  const one = scene.passes[pass] as PassScene;
  const frames: Record<TensorId, TensorFrame> = {};
  const made = new Set(scene.passes.flatMap(({ wrote }) => Object.keys(wrote)));
  for (const [id, tensor] of scene.tensors) {
    if (tensor.axes[0] === 'part' || tensor.planesOf === 'blocks') continue;
    const plane = planeIn(tensor, scene.plane, scene.trace.header.run.shape);
    const now = index?.touches[k];
    // What a workgroup does for another plane that shares K and V is not this plane's.
    const touches = (now?.planes[id] ?? plane) === plane ? now : undefined;
    const live = index && (livePlane(index, id, k) ?? plane) === plane ? liveAt(index, id, k) : undefined;
    frames[id] = {
      id,
      rows: tensor.rows,
      cols: tensor.cols,
      values: valuesAt(scene, one, captured, tensor, done),
      written: made.has(id) ? writtenAt(scene, tensor, pass, position, captured, index, done) : 'input',
      materialised: true,
      ...(touches?.reads[id] ? { reads: touches.reads[id] } : {}),
      ...(touches?.writes[id] ? { writes: touches.writes[id] } : {}),
      ...(live ? { live } : {}),
    };
  }
  addPairs(frames, scene.trace.header);
  return frames;
}

const NO_VALUES = new Float32Array(0);

/** The op's matrices of queries by keys that the kernel never writes: S and P of attention. */
function addPairs(frames: Record<TensorId, TensorFrame>, { op, run }: TraceHeader): void {
  for (const [id, { axes, extent }] of Object.entries(OPS.find((one) => one.id === op)?.tensors ?? {})) {
    if (frames[id] || axes[0] !== 'query' || axes[1] !== 'key') continue;
    const { rows, cols } = extent(run.shape);
    frames[id] = { id, rows, cols, values: NO_VALUES, written: [], materialised: false };
  }
}

function writtenAt(
  scene: Scene,
  tensor: Tensor,
  pass: number,
  position: number,
  captured: CapturedWorkgroup | undefined,
  index: WorkgroupScene | undefined,
  done: number,
): Rect[] {
  const written: Rect[] = [];
  const { id } = tensor;
  for (const [p, one] of scene.passes.slice(0, pass + 1).entries()) {
    if (!one.wrote[id]) continue;
    for (const rect of writtenBefore(one, id, p < pass ? one.order.length : position)) joinRect(written, rect);
  }
  const own = rewritten(scene, scene.passes[pass] as PassScene, captured, tensor);
  if (own) own.addWritten(written, done);
  else
    for (const touches of index?.touches.slice(0, done + 1) ?? [])
      if (touches.writes[id]) joinRect(written, touches.writes[id]);
  return written;
}
