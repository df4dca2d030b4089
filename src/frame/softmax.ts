// The softmax of one query row as the kernel went through it: tile by tile for the online kind, whole rows for the
// direct kind.
import { sees } from '../ops/attention/shape';
import type { ArrayFrame, Rect, SoftmaxFrame, SoftmaxTile } from './frame-types';
import { arrayAt } from './arrays';
import {
  liveAt,
  planeValues,
  workgroupScene,
  writtenBefore,
  type PassScene,
  type Scene,
  type WorkgroupScene,
} from './scene';
import type { CapturedWorkgroup } from '../trace/trace';
import type { Role } from '../ops/layout';

/** A captured workgroup and what is known of it. */
export interface Place {
  scene: Scene;
  pass: PassScene;
  captured: CapturedWorkgroup;
  index: WorkgroupScene;
  block: Rect;
}

/** The array that holds `role` at phase k, as matrices. */
export function holder(at: Place, role: Role, k: number): ArrayFrame | undefined {
  for (const info of at.pass.pass.arrays) {
    const named = at.pass.layouts[info.name];
    if (!named) continue;
    const could = typeof named.role === 'string' ? named.role === role : Object.values(named.role).includes(role);
    if (!could) continue;
    const frame = arrayAt(at.pass, at.captured, at.index, info, named, k, at.block);
    if (frame.role === role) return frame;
  }
  return undefined;
}

/** A captured scalar, or undefined where the kernel has not written it yet. */
export function cellOf(frame: ArrayFrame | undefined, row: number, col: number): number | undefined {
  if (!frame) return undefined;
  const r = row - frame.row0;
  const c = col - frame.col0;
  if (r < 0 || c < 0 || r >= frame.rows || c >= frame.cols) return undefined;
  const i = r * frame.cols + c;
  return frame.writer[i] ? frame.values[i] : undefined;
}

/** One row of a matrix in registers, or undefined before its first write. */
function rowOf(frame: ArrayFrame | undefined, row: number): Float32Array | undefined {
  const r = frame ? row - frame.row0 : -1;
  if (!frame || r < 0 || r >= frame.rows || !frame.writer[r * frame.cols]) return undefined;
  return frame.values.subarray(r * frame.cols, (r + 1) * frame.cols);
}

/** The last executed phase of a tile, at or before k: phases are in the order of tiles. */
function lastOf({ index }: Place, tile: number, k: number): number {
  let low = -1;
  let high = k;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((index.tile[middle] ?? 0) <= tile) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The executed phase in `tile` that wrote `role`, at or before k; -1 when there is none. */
export function phaseOf(at: Place, role: Role, tile: number, k: number): number {
  for (let j = lastOf(at, tile, k); j >= 0 && (at.index.tile[j] ?? -1) >= tile; j--) {
    if (at.index.tile[j] !== tile) continue;
    for (const info of at.pass.pass.arrays) {
      const named = at.pass.layouts[info.name];
      if (!named || !at.captured.arrays[info.id]?.some((f) => f.from === j)) continue;
      const frame = arrayAt(at.pass, at.captured, at.index, info, named, j, at.block);
      if (frame.role === role && frame.fresh) return j;
    }
  }
  return -1;
}

function maskOf(at: Place, row: number, from: number, to: number): boolean[] {
  const { shape } = at.scene.trace.header.run;
  return Array.from({ length: to - from + 1 }, (_, i) => !sees(shape, row, from + i));
}

function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, v]) => v !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

const tileCache = new WeakMap<WorkgroupScene, Map<string, SoftmaxTile>>();

/** One key tile of a row as far as phase k; finished tiles are kept. */
export function onlineTile(at: Place, row: number, tile: number, k: number): SoftmaxTile | undefined {
  const finished = (at.index.tile[k] ?? 0) > tile;
  const cache = tileCache.get(at.index) ?? new Map<string, SoftmaxTile>();
  tileCache.set(at.index, cache);
  const key = `${tile}:${row}`;
  const known = finished ? cache.get(key) : undefined;
  if (known) return known;
  const sPhase = phaseOf(at, 'S', tile, k);
  const pPhase = phaseOf(at, 'P', tile, k);
  // A kernel may add its p up later than it makes them.
  const sumPhase = pPhase < 0 ? -1 : phaseOf(at, 'l', tile, k);
  const lPhase = sumPhase >= pPhase ? sumPhase : -1;
  const keys = liveAt(at.index, 'K', sPhase >= 0 ? sPhase : k);
  if (!keys) return undefined;
  const [from, to] = [keys.r0, keys.r1];
  const along = <T>(f: (j: number) => T): T[] => Array.from({ length: to - from + 1 }, (_, i) => f(from + i));
  const s = sPhase < 0 ? undefined : holder(at, 'S', sPhase);
  const p = pPhase < 0 ? undefined : holder(at, 'P', pPhase);
  const read = (role: Role, phase: number): number | undefined =>
    phase < 0 ? undefined : cellOf(holder(at, role, phase), row, 0);
  const ps = along((j) => cellOf(p, row, j));
  const made: SoftmaxTile = {
    index: tile,
    from,
    to,
    s: along((j) => cellOf(s, row, j)),
    p: ps,
    masked: maskOf(at, row, from, to),
    ...defined({
      mOld: pPhase > 0 ? read('m', pPhase - 1) : sPhase >= 0 ? read('m', sPhase) : undefined,
      m: read('m', pPhase),
      alpha: read('alpha', pPhase),
      lOld: pPhase > 0 ? read('l', pPhase - 1) : sPhase >= 0 ? read('l', sPhase) : undefined,
      l: read('l', lPhase),
      sumP: pPhase < 0 ? undefined : ps.reduce<number>((sum, x) => sum + (x ?? 0), 0),
    }),
  };
  if (finished) cache.set(key, made);
  return made;
}

/** Online softmax of a row at phase k of its workgroup. */
export function onlineSoftmax(at: Place, row: number, k: number): SoftmaxFrame {
  const inWorkgroup = row >= at.block.r0 && row <= at.block.r1;
  const tiles: SoftmaxTile[] = [];
  const last = k < 0 ? -1 : (at.index.tile[k] ?? 0);
  for (let t = 0; t <= last; t++) {
    if (!inWorkgroup) break;
    const tile = onlineTile(at, row, t, k);
    if (tile) tiles.push(tile);
  }
  const acc = inWorkgroup && k >= 0 ? rowOf(holder(at, 'O', k), row) : undefined;
  const before = inWorkgroup ? accBefore(at, row, k, last) : undefined;
  return {
    kind: 'online',
    row,
    inWorkgroup,
    tiles,
    tileCount: at.index.tiles,
    ...defined({ accBefore: before, acc, o: writtenRow(at, row, k) }),
  };
}

/** O in registers when the tile under the cursor began. */
function accBefore(at: Place, row: number, k: number, tile: number): Float32Array | undefined {
  let j = k;
  while (j >= 0 && (at.index.tile[j] ?? 0) >= tile) j--;
  return j < 0 ? undefined : rowOf(holder(at, 'O', j), row);
}

function writtenRow(at: Place, row: number, k: number): Float32Array | undefined {
  const o = at.scene.tensors.get('O');
  if (!o || !at.index.touches.slice(0, k + 1).some((t) => t.writes.O)) return undefined;
  return planeValues(at.scene, o).subarray(row * o.cols, (row + 1) * o.cols);
}

/** The direct softmax of a row of the naive kernel: whatever of it is written at the cursor. */
export function directSoftmax(scene: Scene, passIndex: number, position: number, k: number, row: number): SoftmaxFrame {
  const { shape } = scene.trace.header.run;
  const written = (id: 'S' | 'P' | 'O', j: number): number | undefined => {
    const tensor = scene.tensors.get(id);
    return tensor && hbmWritten(scene, id, passIndex, position, k, row, j)
      ? planeValues(scene, tensor)[row * tensor.cols + j]
      : undefined;
  };
  const keys = Array.from({ length: shape.keys }, (_, j) => j);
  const statistic = rowStatistics(scene, passIndex, position, k, row);
  const tile: SoftmaxTile = {
    index: 0,
    from: 0,
    to: shape.keys - 1,
    s: keys.map((j) => written('S', j)),
    p: keys.map((j) => written('P', j)),
    masked: keys.map((j) => !sees(shape, row, j)),
    ...statistic,
  };
  const o = written('O', 0) === undefined ? undefined : scene.tensors.get('O');
  const inWorkgroup = statistic.m !== undefined || tile.s.some((x) => x !== undefined);
  return {
    kind: 'direct',
    row,
    inWorkgroup,
    tiles: [tile],
    tileCount: 1,
    ...(o ? { o: planeValues(scene, o).subarray(row * o.cols, (row + 1) * o.cols) } : {}),
  };
}

const within = (rect: Rect | undefined, row: number, col: number): boolean =>
  rect !== undefined && row >= rect.r0 && row <= rect.r1 && col >= rect.c0 && col <= rect.c1;

/**
 * Whether cell [row, col] of a tensor in HBM is written at the cursor: by an earlier pass, an earlier workgroup, or
 * this one so far.
 */
export function hbmWritten(
  scene: Scene,
  id: 'S' | 'P' | 'O' | 'LSE',
  passIndex: number,
  position: number,
  k: number,
  row: number,
  col: number,
): boolean {
  for (let p = 0; p < passIndex; p++) if (scene.passes[p]?.wrote[id]) return true;
  const pass = scene.passes[passIndex];
  if (!pass?.wrote[id]) return false;
  if (earlierRects(pass, id, position).some((rect) => within(rect, row, col))) return true;
  const captured = pass.pass.captured.find((c) => c.workgroup === pass.order[position]);
  if (!captured) return false;
  const { touches } = workgroupScene(pass, captured, scene.trace);
  return touches.slice(0, k + 1).some((t) => within(t.writes[id], row, col));
}

let lastRects: { pass: PassScene; id: string; position: number; rects: Rect[] } | undefined;

/** Joined rectangles of earlier workgroups; the last answer is kept, for a row asks once a cell. */
function earlierRects(pass: PassScene, id: 'S' | 'P' | 'O' | 'LSE', position: number): Rect[] {
  if (lastRects?.pass !== pass || lastRects.id !== id || lastRects.position !== position) {
    lastRects = { pass, id, position, rects: writtenBefore(pass, id, position) };
  }
  return lastRects.rects;
}

/**
 * Where m and l of a row are found: the softmax pass's workgroup that has it, as far as `last`; undefined before it
 * ran, or where it was not captured.
 */
export function statisticsAt(
  scene: Scene,
  passIndex: number,
  position: number,
  k: number,
  row: number,
): { at: Place; pass: number; last: number } | undefined {
  const found = scene.passes.findIndex((p) => Object.values(p.layouts).some((r) => r.role === 'm'));
  const pass = scene.passes[found];
  if (!pass || found > passIndex) return undefined;
  const mine = (pass.wrote.P ?? []).findIndex((rect) => row >= rect.r0 && row <= rect.r1);
  if (mine < 0 || (found === passIndex && mine > position)) return undefined;
  const captured = pass.pass.captured.find((c) => c.workgroup === pass.order[mine]);
  if (!captured) return undefined;
  const index = workgroupScene(pass, captured, scene.trace);
  const rect = pass.wrote.P?.[mine] as Rect;
  const last = found === passIndex && mine === position ? k : captured.order.length - 1;
  return { at: { scene, pass, captured, index, block: rect }, pass: found, last };
}

/** m and l of a row of the direct softmax, from the private variables of the workgroup that has it. */
function rowStatistics(
  scene: Scene,
  passIndex: number,
  position: number,
  k: number,
  row: number,
): { m?: number; l?: number } {
  const place = statisticsAt(scene, passIndex, position, k, row);
  if (!place) return {};
  const { at, last } = place;
  const done = (role: 'm' | 'l'): number | undefined => {
    const phase = phaseNamed(at.pass, at.captured, role === 'm' ? 'row max' : 'row sum');
    return phase >= 0 && phase <= last ? cellOf(holder(at, role, last), row, 0) : undefined;
  };
  return defined({ m: done('m'), l: done('l') });
}

function phaseNamed(pass: PassScene, captured: CapturedWorkgroup, name: string): number {
  return captured.order.findIndex((id) => pass.pass.phases[id]?.name === name);
}
