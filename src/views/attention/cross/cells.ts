// Which values the cross may show at a frame, and where they lie: written cells of HBM, the live tile in workgroup
// memory, and what earlier tiles left behind as it stood when the kernel wrote it. Nothing later than the cursor passes
// through here.
import { sees, type Shape } from '../../../ops/attention/shape';
import { arrayAt } from '../../../frame/arrays';
import type { CellRef } from '../../../frame/cell';
import type { ArrayFrame, Frame, Rect } from '../../../frame/frame-types';
import { sceneOf, workgroupScene } from '../../../frame/scene';
import type { Role } from '../../../ops/layout';
import { clip, holds } from './region';
import { scaleEnd } from '../../shared/scale-end';
import { magnitude } from '../../../ui/paint/heatmap';
import type { Scale } from '../../../ui/palette';

/** The five matrices of the cross. S stands for the middle one, whether it holds S or P. */
export type Spot = 'Q' | 'K' | 'V' | 'S' | 'O';
export const SPOTS: readonly Spot[] = ['Q', 'K', 'S', 'O', 'V'];

/** Values that lie in one piece of memory, and the cells of the whole matrix that they stand for. */
export interface Layer {
  role: Role;
  space: 'hbm' | 'sram' | 'reg';
  values: Float32Array;
  /** Values a row. */
  stride: number;
  /** Cell of values[0]. */
  row0: number;
  col0: number;
  /** Cells that may be shown. */
  regions: readonly Rect[];
  /** 0 where nothing was written; absent when all of the regions are. */
  writer?: Uint16Array;
  scale: Scale;
  max: number;
  /** Of an earlier tile: the memory holds something else by now. */
  past: boolean;
}

/** What is known of one cell. `never`: this kernel has no such cell in memory at any time that was captured. */
export type CellState =
  | { kind: 'value'; role: Role; space: Layer['space']; value: number; past: boolean }
  | { kind: 'masked' | 'later' | 'never'; role: Role };

export const roleAtSpot = (role: Role): Spot | undefined =>
  role === 'P' ? 'S' : (SPOTS as readonly string[]).includes(role) ? (role as Spot) : undefined;

/** Rows and columns of a matrix of the cross, whole. */
export function sizeOf(spot: Spot, shape: Shape): { rows: number; cols: number } {
  if (spot === 'S') return { rows: shape.queries, cols: shape.keys };
  return { rows: spot === 'K' || spot === 'V' ? shape.keys : shape.queries, cols: shape.dim };
}

export function boundsOf(spot: Spot, shape: Shape): Rect {
  const { rows, cols } = sizeOf(spot, shape);
  return { r0: 0, r1: rows - 1, c0: 0, c1: cols - 1 };
}

/** Whether the middle matrix is a buffer in HBM. */
export const inHbm = (frame: Frame): boolean => frame.tensors.S?.materialised === true;

/**
 * What the middle shows: P as soon as the pass has to do with it, or what the visitor chose (only where both are in
 * HBM).
 */
export function middleRole(frame: Frame, choice?: 'S' | 'P'): 'S' | 'P' {
  if (!inHbm(frame)) return freshArray(frame)?.role === 'P' ? 'P' : 'S';
  if (choice) return choice;
  const passUses = frame.pass.bindings.some((b) => b.tensor === 'P');
  return passUses && frame.tensors.P?.written.length !== 0 ? 'P' : 'S';
}

/**
 * The last executed phase whose stores all lie at or before the cursor: amid a phase only one thread's assignments are
 * known.
 */
const settled = ({ cursor, line }: Frame): number =>
  cursor.line !== undefined && line.index < line.count - 1 ? cursor.phase - 1 : cursor.phase;

/** The kernel's own arrays of scores or weights, where none of them goes to HBM. */
const tileArrays = (frame: Frame): ArrayFrame[] =>
  inHbm(frame) ? [] : frame.arrays.filter(({ role }) => role === 'S' || role === 'P');

/** Whether the array was written since the present tile of keys began. */
const writtenNow = ({ phases, phase }: Frame, { writer, at }: ArrayFrame): boolean =>
  writer.some((w, i) => w > 0 && phases[at[i] ?? 0]?.tile === phase.tile);

/** The array that holds the live tile, and not the tile before: weights where there are some. */
export function freshArray(frame: Frame): ArrayFrame | undefined {
  const written = tileArrays(frame).filter((array) => writtenNow(frame, array));
  return written.find(({ role }) => role === 'P') ?? written[0];
}

/**
 * The part of the middle that this step is about: rows of the block by the keys of its scores, or by those that were
 * loaded for the coming ones.
 */
export function liveTile(frame: Frame, choice?: 'S' | 'P'): Rect | undefined {
  const { shape } = frame.trace.header.run;
  const bounds = boundsOf('S', shape);
  if (inHbm(frame)) {
    const other = middleRole(frame, choice) === 'P' ? frame.tensors.S : frame.tensors.P;
    const live = frame.tensors[middleRole(frame, choice)]?.live ?? other?.live;
    return live && clip(live, bounds);
  }
  const fresh = freshArray(frame);
  if (fresh)
    return clip({ r0: fresh.row0, r1: frame.block.r1, c0: fresh.col0, c1: fresh.col0 + fresh.cols - 1 }, bounds);
  const keys = frame.tensors.K?.live;
  return keys && clip({ r0: frame.block.r0, r1: frame.block.r1, c0: keys.r0, c1: keys.r1 }, bounds);
}

/** All that may be shown of one matrix, oldest first. */
export function layersOf(frame: Frame, spot: Spot, choice?: 'S' | 'P'): Layer[] {
  if (spot === 'S') return inHbm(frame) ? hbmLayer(frame, middleRole(frame, choice)) : tileLayers(frame);
  if (spot !== 'O') return hbmLayer(frame, spot);
  return [...registerLayer(frame), ...hbmLayer(frame, 'O')];
}

function hbmLayer(frame: Frame, id: 'Q' | 'K' | 'V' | 'S' | 'P' | 'O'): Layer[] {
  const tensor = frame.tensors[id];
  if (!tensor?.materialised) return [];
  const whole = [{ r0: 0, r1: tensor.rows - 1, c0: 0, c1: tensor.cols - 1 }];
  const regions = tensor.written === 'input' ? whole : tensor.written;
  const base = {
    role: id,
    space: 'hbm',
    values: tensor.values,
    stride: tensor.cols,
    row0: 0,
    col0: 0,
    regions,
    past: false,
  } as const;
  return [{ ...base, scale: id === 'P' ? 'sequential' : 'diverging', max: largest(tensor.values) }];
}

/** Largest magnitude of a tensor, worked out once: stable ends keep a colour's meaning from step to step. */
const largests = new WeakMap<ArrayBufferLike, Map<number, number>>();
function largest(values: Float32Array): number {
  const known = largests.get(values.buffer) ?? new Map<number, number>();
  largests.set(values.buffer, known);
  const max = known.get(values.byteOffset) ?? magnitude(values);
  known.set(values.byteOffset, max);
  return max;
}

/** The tiles of this workgroup, each as it was last written at or before the cursor, in whichever array. */
function tileLayers(frame: Frame): Layer[] {
  const { workgroup } = frame;
  const scene = sceneOf(frame.trace, frame.plane).passes[frame.cursor.pass];
  if (!workgroup || !scene) return [];
  const live = liveTile(frame);
  const index = workgroupScene(scene, workgroup, frame.trace);
  const records = tileArrays(frame).flatMap(({ info }) =>
    (workgroup.arrays[info.id] ?? []).map(({ from }) => ({ info, from })),
  );
  const tiles = new Map<number, Layer>();
  for (const { info, from } of records.toSorted((a, b) => a.from - b.from)) {
    if (from > settled(frame)) break;
    const role = scene.layouts[info.name];
    const array = role && arrayAt(scene, workgroup, index, info, role, from, frame.block);
    if (!array || (array.role !== 'S' && array.role !== 'P')) continue;
    const max = scaleEnd(frame, info.id) * (role.factors?.S ?? 1);
    tiles.set(array.col0, arrayLayer(frame, array, max, live?.c0 !== array.col0));
  }
  return [...tiles.values()];
}

function registerLayer(frame: Frame): Layer[] {
  const acc = frame.arrays.find((a) => a.space === 'invocation' && a.role === 'O');
  return acc ? [arrayLayer(frame, acc, scaleEnd(frame, acc.info.id), false)] : [];
}

function arrayLayer(frame: Frame, array: ArrayFrame, max: number, past: boolean): Layer {
  const bounds = boundsOf(array.role === 'O' ? 'O' : 'S', frame.trace.header.run.shape);
  const { row0, col0, rows, cols, role, values, writer } = array;
  const region = clip({ r0: row0, r1: row0 + rows - 1, c0: col0, c1: col0 + cols - 1 }, bounds);
  const weights = role === 'P';
  const space = array.space === 'workgroup' ? 'sram' : 'reg';
  const base = { role, space, values, writer, stride: cols, row0, col0, past } as const;
  return {
    ...base,
    regions: region ? [region] : [],
    scale: weights ? 'sequential' : 'diverging',
    max: weights ? 1 : max,
  };
}

/** Value of a cell of a layer; undefined outside of what was written. */
export function valueIn(layer: Layer, row: number, col: number): number | undefined {
  if (!layer.regions.some((rect) => holds(rect, row, col))) return undefined;
  const i = (row - layer.row0) * layer.stride + col - layer.col0;
  return layer.writer && !layer.writer[i] ? undefined : layer.values[i];
}

/** What is known of a cell at this frame. */
export function cellState(frame: Frame, spot: Spot, row: number, col: number, layers: readonly Layer[]): CellState {
  const role = spot === 'S' ? (layers.at(-1)?.role ?? 'S') : spot;
  if (spot === 'S' && !sees(frame.trace.header.run.shape, row, col)) return { kind: 'masked', role };
  for (let i = layers.length - 1; i >= 0; i--) {
    const layer = layers[i];
    const value = layer && valueIn(layer, row, col);
    if (layer && value !== undefined)
      return { kind: 'value', role: layer.role, space: layer.space, value, past: layer.past };
  }
  const never = spot === 'S' && !inHbm(frame) && (row < frame.block.r0 || row > frame.block.r1);
  return { kind: never ? 'never' : 'later', role };
}

/** The cell reference that a spot's row and column stand for. */
export const refOf = (frame: Frame, spot: Spot, row: number, col: number, layers: readonly Layer[]): CellRef => ({
  role: cellState(frame, spot, row, col, layers).role,
  row,
  col,
});
