// How an array of a kernel maps to a matrix that people know, as data: it travels in the trace, so that a trace is
// drawn without its kernel's card.
/**
 * What a captured array holds: a tensor's name, or that of numbers that only live on the chip (m, l and alpha of the
 * softmax); 'other' where it is not said.
 */
export type Role = string;

/** What an axis of an array counts, so that a view can place it in the whole problem. */
export type Axis = 'query' | 'key' | 'dim' | 'one' | 'part' | 'slot' | 'request';

/**
 * One part of where a scalar sits. With x the scalar's index in its array, or the number of the invocation (lane) whose
 * array it is: floor(x / div) mod `mod`, times `row` and `col`. 1 for an absent `div`, no modulus, 0 for an absent
 * `row` or `col`.
 */
export interface PlaceTerm {
  of: 'index' | 'lane';
  div?: number;
  mod?: number;
  row?: number;
  col?: number;
}

/**
 * Loads of a tile in workgroup memory that are for rows and keys that exist. Each of its rows (or keys) is loaded by
 * every thread that has a key (a row) of the other side, and there are `most` of these threads, or one for `block` of
 * them.
 */
export interface TileLoads {
  each: 'row' | 'key';
  /** Scalars of a row of the tile. */
  scalars: number;
  threads: { most: number } | { block: number };
}

/** How a workgroup or private array of the kernel maps to the matrices that people know. */
export interface ArrayLayout {
  /** A fixed role, or the role by the name of the phase whose site wrote the value (sS holds S, later P). */
  role: Role | Record<string, Role>;
  rows: number;
  cols: number;
  axes: readonly [Axis, Axis];
  /** The sum of these is where a scalar sits; row-major when absent. What falls outside rows x cols is padding. */
  terms?: readonly PlaceTerm[];
  /**
   * Of so many invocations in a row only the first speaks; the others hold the same numbers, or none. All speak when
   * absent.
   */
  speakers?: number;
  /** Of an array in workgroup memory that holds a tile of Q, K or V. */
  loads?: TileLoads;
  /**
   * By role: what the kernel's numbers are multiplied by to be those of the role. One that keeps scaled rows of Q has 1
   * / scale for Q.
   */
  factors?: Partial<Record<Role, number>>;
}

/**
 * Where scalar `index` of an invocation's array (invocation 0 for workgroup arrays) sits as [row, col]; undefined for
 * padding and for those who do not speak.
 */
export function placeIn(
  { rows, cols, terms, speakers = 1 }: ArrayLayout,
  index: number,
  lane: number,
): [number, number] | undefined {
  if (lane % speakers !== 0) return undefined;
  let [row, col] = terms ? [0, 0] : [Math.floor(index / cols), index % cols];
  for (const term of terms ?? []) {
    const steps = Math.floor((term.of === 'index' ? index : lane) / (term.div ?? 1)) % (term.mod ?? Infinity);
    row += steps * (term.row ?? 0);
    col += steps * (term.col ?? 0);
  }
  return row < rows && col < cols ? [row, col] : undefined;
}

const tables = new WeakMap<ArrayLayout, Int32Array>();

/**
 * Cell (row * cols + col) of every scalar of all invocations, `length` scalars each; -1 where there is none. Worked out
 * once a layout.
 */
export function tableOf(layout: ArrayLayout, length: number, invocations: number): Int32Array {
  const known = tables.get(layout);
  if (known?.length === length * invocations) return known;
  const made = new Int32Array(length * invocations);
  for (let i = 0; i < made.length; i++) {
    const at = placeIn(layout, i % length, Math.floor(i / length));
    made[i] = at ? at[0] * layout.cols + at[1] : -1;
  }
  tables.set(layout, made);
  return made;
}
