// What cells in HBM held at the cursor, where a workgroup rewrites them: the newest store at or before it. All other
// cells are written once, and the tensor as it stands at the end tells them.
import type { Rect } from './frame-types';
import { boundAs, joinRect, planeIn } from './places';
import { planeValues, type PassScene, type Scene } from './scene';
import type { CapturedWorkgroup, StoreLog, Tensor } from '../trace/trace';

/** Bytes that the states of one plane may take that are kept to begin from. */
const POINTS_BYTES = 2 ** 24;
/** Phases with stores between two of them, where that is not too much. */
const POINTS_APART = 16;
/** States that are kept as they were handed out: a step back gives the same array again. */
const RECENT = 4;

/** The log of the workgroup's stores to a tensor, where it rewrote cells of it. */
export function storesTo(pass: PassScene, captured: CapturedWorkgroup | undefined, id: string): StoreLog | undefined {
  return captured?.stores?.find(({ buffer }) => boundAs(pass.pass, buffer)?.tensor === id);
}

const floatsOf = ({ bits }: StoreLog): Float32Array => new Float32Array(bits.buffer, bits.byteOffset, bits.length);

/** One plane of a tensor while a workgroup rewrites it. */
class Rewritten {
  readonly #log: StoreLog;
  readonly #floats: Float32Array;
  /** The plane's cells in the log's numbering: first, and one past the last. */
  readonly #first: number;
  readonly #end: number;
  readonly #cols: number;
  /** By executed phase: how many phases at or before it have stores. */
  readonly #count: Uint32Array;
  /** The phases that have stores. */
  readonly #phases: readonly number[];
  /** States after the first n phases with stores, for n = 0, apart, 2 apart ... as far as they were needed. */
  readonly #points: Float32Array[] = [];
  readonly #apart: number;
  readonly #recent = new Map<number, Float32Array>();
  readonly #rects: Rect[][] = [];

  constructor(log: StoreLog, tensor: Tensor, plane: number) {
    const size = tensor.rows * tensor.cols;
    this.#log = log;
    this.#floats = floatsOf(log);
    this.#first = plane * size;
    this.#end = this.#first + size;
    this.#cols = tensor.cols;
    // What other workgroups wrote stands as it is at the end.
    const begin = tensor.data.slice(this.#first, this.#end);
    for (const cell of log.cells) if (this.#inPlane(cell)) begin[cell - this.#first] = 0;
    this.#points.push(begin);
    const phases: number[] = [];
    this.#count = new Uint32Array(log.starts.length - 1);
    this.#count.forEach((_, k) => {
      if ((log.starts[k + 1] ?? 0) > (log.starts[k] ?? 0)) phases.push(k);
      this.#count[k] = phases.length;
    });
    this.#phases = phases;
    this.#apart = Math.max(POINTS_APART, Math.ceil((phases.length * begin.byteLength) / POINTS_BYTES));
  }

  #inPlane(cell: number): boolean {
    return cell >= this.#first && cell < this.#end;
  }

  /** How many phases with stores there are at or before executed phase k. */
  #before(k: number): number {
    return k < 0 ? 0 : (this.#count[Math.min(k, this.#count.length - 1)] ?? 0);
  }

  /** The plane after executed phase k; the same object until the next store. */
  at(k: number): Float32Array {
    const n = this.#before(k);
    const known = this.#recent.get(n);
    if (known) return known;
    const made = this.#stateAfter(n);
    this.#recent.set(n, made);
    for (const old of this.#recent.keys()) if (this.#recent.size > RECENT) this.#recent.delete(old);
    return made;
  }

  #stateAfter(n: number): Float32Array {
    const { cells, starts } = this.#log;
    let at = Math.min(Math.floor(n / this.#apart), this.#points.length - 1);
    const state = (this.#points[at] as Float32Array).slice();
    for (let i = at * this.#apart; i < n; i++) {
      const phase = this.#phases[i] ?? 0;
      for (let e = starts[phase] ?? 0; e < (starts[phase + 1] ?? 0); e++) {
        const cell = cells[e] ?? 0;
        if (this.#inPlane(cell)) state[cell - this.#first] = this.#floats[e] ?? 0;
      }
      if ((i + 1) % this.#apart === 0 && this.#points.length === ++at) this.#points.push(state.slice());
    }
    return state;
  }

  /** Adds the cells that were written at or before executed phase k to the rectangles. */
  addWritten(written: Rect[], k: number): void {
    for (let i = 0; i < this.#before(k); i++) {
      this.#rects[i] ??= this.#rectsOf(this.#phases[i] ?? 0);
      for (const rect of this.#rects[i] ?? []) joinRect(written, rect);
    }
  }

  /** The cells that a phase stored, as rectangles: runs of a row, joined with those of the rows above. */
  #rectsOf(phase: number): Rect[] {
    const { cells, starts } = this.#log;
    const rects: Rect[] = [];
    let run: Rect | undefined;
    for (let e = starts[phase] ?? 0; e < (starts[phase + 1] ?? 0); e++) {
      if (!this.#inPlane(cells[e] ?? 0)) continue;
      const cell = (cells[e] ?? 0) - this.#first;
      const [row, col] = [Math.floor(cell / this.#cols), cell % this.#cols];
      if (run && run.r0 === row && run.c1 === col - 1) run.c1 = col;
      else {
        if (run) joinRect(rects, run);
        run = { r0: row, r1: row, c0: col, c1: col };
      }
    }
    if (run) joinRect(rects, run);
    return rects;
  }

  /** Whether the workgroup ever stores the cell. */
  holds(row: number, col: number): boolean {
    return this.storeAt(Infinity, row, col) !== undefined;
  }

  /** The newest store to a cell at or before executed phase k: what, when, and by which site. */
  storeAt(k: number, row: number, col: number): { value: number; phase: number; site: number } | undefined {
    const { cells, starts, sites } = this.#log;
    const wanted = this.#first + row * this.#cols + col;
    for (let i = this.#before(k) - 1; i >= 0; i--) {
      const phase = this.#phases[i] ?? 0;
      let [low, high] = [starts[phase] ?? 0, starts[phase + 1] ?? 0];
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((cells[middle] ?? 0) < wanted) low = middle + 1;
        else high = middle;
      }
      if (low < (starts[phase + 1] ?? 0) && cells[low] === wanted)
        return { value: this.#floats[low] ?? 0, phase, site: sites[low] ?? 0 };
    }
    return undefined;
  }
}

const kept = new WeakMap<StoreLog, Map<number, Rewritten>>();

/**
 * What the workgroup made of a plane of a tensor, step by step; undefined where it did not write a cell of the tensor
 * twice.
 */
export function rewrittenIn(
  pass: PassScene,
  captured: CapturedWorkgroup | undefined,
  tensor: Tensor,
  plane: number,
): Rewritten | undefined {
  const log = storesTo(pass, captured, tensor.id);
  if (!log) return undefined;
  const planes = kept.get(log) ?? new Map<number, Rewritten>();
  kept.set(log, planes);
  const made = planes.get(plane) ?? new Rewritten(log, tensor, plane);
  planes.set(plane, made);
  return made;
}

/** The same of this scene's plane. */
export const rewritten = (
  scene: Scene,
  pass: PassScene,
  captured: CapturedWorkgroup | undefined,
  tensor: Tensor,
): Rewritten | undefined =>
  rewrittenIn(pass, captured, tensor, planeIn(tensor, scene.plane, scene.trace.header.run.shape));

/** This plane's values of a tensor after executed phase k of a workgroup of the pass; valid where it is written. */
export const valuesAt = (
  scene: Scene,
  pass: PassScene,
  captured: CapturedWorkgroup | undefined,
  tensor: Tensor,
  k: number,
): Float32Array => rewritten(scene, pass, captured, tensor)?.at(k) ?? planeValues(scene, tensor);
