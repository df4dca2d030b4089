// Whether an answer is right, by one rule for every kernel: off from f64 by at most twice what a plain f32 reference is, and a little. No GPU.
import { AttnError, spelledInJson } from '../../errors';
import { attendRowF32, limitsOfRow, type Limit } from './f32';
import { attendRow, NOTHING_SEEN } from './oracle';
import { keysOf } from './rows';
import type { Inputs, Shape } from './shape';

/** A number may be off by this, relative to 1 + the largest number wanted, beside what f32 itself is off by. */
export const TOLERANCE = 4e-6;

/** Multiply-adds that a check spends: of a picture, of an answer that somebody asked for, and of a run that is timed. */
export const CHECK_WORK = { picture: 2e7, answer: 2e8, timed: 5e6 } as const;

/** Relative to 1 + the largest number wanted: an error of plain f32 that is worth a warning. */
const WORTH_SAYING = 1e-4;

/** What is checked: the shape, and the scale where it is not the default. */
export interface Checkable {
  shape: Shape;
  scale?: number;
}

/** O [batch, heads, queries, dim] and LSE [batch, heads, queries]. */
export interface Answer {
  o: Float32Array;
  lse: Float32Array;
}

/** Some rows (plane * queries + i) as they should be, and as plain f32 has them: O [rows, dim], LSE [rows]. */
export interface Reference {
  rows: number[];
  want: { o: Float64Array; lse: Float64Array };
  f32: { o: Float32Array; lse: Float32Array };
}

/** What f32 cannot hold, or no longer tells apart. `row` is a query row (plane * queries + i) that it holds for, `count` how many numbers or rows. */
export interface Warning {
  code: Limit | 'not-finite' | 'lost-precision';
  row: number;
  count: number;
}

/** An answer held against f64 over `rows` of all query rows. */
export interface Checked {
  /** max |O - f64|; Infinity where a number is none. */
  max: number;
  /** The same of a plain f32 reference. */
  f32: number;
  /** What `max` may be. */
  bound: number;
  rows: number;
  warnings: Warning[];
  /** What is wrong and no limit of f32 accounts for: the tensor, how far it is off and how far it may be. */
  wrong?: { tensor: 'O' | 'LSE'; error: number; bound: number };
}

/** Evenly spread rows of all, so many that the oracle spends about `work` multiply-adds; all where that is enough. */
function rowsFor({ batch, heads, queries, keys, dim }: Shape, work: number): number[] {
  const rows = batch * heads * queries;
  const count = Math.min(rows, Math.max(8, Math.floor(work / (2 * keys * dim))));
  return Array.from({ length: count }, (_, n) => (count === 1 ? 0 : Math.round((n * (rows - 1)) / (count - 1))));
}

/** Multiply-adds that a reference of about `work` of them takes, at most. */
export const workOf = (shape: Shape, work: number): number => rowsFor(shape, work).length * 2 * shape.keys * shape.dim;

/** The reference of given rows. */
export function referenceOf({ shape, scale }: Checkable, inputs: Inputs, rows: number[]): Reference {
  const { queries, dim } = shape;
  const reference: Reference = {
    rows,
    want: { o: new Float64Array(rows.length * dim), lse: new Float64Array(rows.length) },
    f32: { o: new Float32Array(rows.length * dim), lse: new Float32Array(rows.length) },
  };
  rows.forEach((row, n) => {
    const at = [Math.floor(row / queries), row % queries] as const;
    const want = attendRow(shape, inputs, ...at, scale);
    const plain = attendRowF32(shape, inputs, ...at, scale);
    reference.want.o.set(want.o, n * dim);
    reference.want.lse[n] = want.lse;
    reference.f32.o.set(plain.o, n * dim);
    reference.f32.lse[n] = plain.lse;
  });
  return reference;
}

/** The reference of evenly spread rows, for about `work` multiply-adds in f64 and as many in f32. */
export const spreadReference = (run: Checkable, inputs: Inputs, work: number): Reference =>
  referenceOf(run, inputs, rowsFor(run.shape, work));

/** max |a - b|; Infinity where either is no number. */
function farthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    if (Number.isNaN(difference)) return Infinity;
    if (difference > most) most = difference;
  }
  return most;
}

const largest = (values: ArrayLike<number>): number => {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]!));
  return most;
};

/** The rule: what a kernel may be off by where plain f32 is off by `f32`. A reference that f32 itself cannot hold allows nothing beyond the tolerance. */
export function boundOf(f32: number, want: ArrayLike<number>): number {
  return (Number.isFinite(f32) ? 2 * f32 : 0) + TOLERANCE * (1 + largest(want));
}

/** Most rows that are looked at again because they look strange. */
const STRANGE = 16;

function isFiniteRow(o: Float32Array, from: number, length: number): boolean {
  for (let i = from; i < from + length; i++) if (!Number.isFinite(o[i])) return false;
  return true;
}

/** Rows not in `known` that look as if nobody had written them, or as if f32 had not held them. */
function strangeRows({ queries, dim, ...shape }: Shape, { o, lse }: Answer, known: ReadonlySet<number>): number[] {
  const found: number[] = [];
  for (let row = 0; row < lse.length && found.length < STRANGE; row++) {
    const at = lse[row]!;
    if ((at > NOTHING_SEEN && at < Infinity && at !== 0 && isFiniteRow(o, row * dim, dim)) || known.has(row)) continue;
    const { from, to } = keysOf({ ...shape, queries, dim }, Math.floor(row / queries), row % queries);
    if (to > from) found.push(row);
  }
  return found;
}

/** Two references, one behind the other. */
function joined(a: Reference, b: Reference): Reference {
  const join = <T extends Float32Array | Float64Array>(x: T, y: T): T => {
    const out = new (x.constructor as new (length: number) => T)(x.length + y.length);
    out.set(x);
    out.set(y, x.length);
    return out;
  };
  const both = (x: Reference, y: Reference, of: 'want' | 'f32') => ({ o: join(x[of].o, y[of].o), lse: join(x[of].lse, y[of].lse) });
  return { rows: [...a.rows, ...b.rows], want: both(a, b, 'want'), f32: both(a, b, 'f32') } as Reference;
}

/** A row's LSE as it is compared: one that sees nothing may be anywhere at or below NOTHING_SEEN. */
const comparable = (lse: number, want: number): number => (want === NOTHING_SEEN && lse <= NOTHING_SEEN ? NOTHING_SEEN : lse);

interface Side {
  tensor: 'O' | 'LSE';
  max: number;
  f32: number;
  bound: number;
}

/** O and LSE of the reference's rows against it. */
function sidesOf({ rows, want, f32 }: Reference, { o, lse }: Answer, dim: number): [o: Side, lse: Side] {
  const got = new Float32Array(rows.length * dim);
  rows.forEach((row, n) => got.set(o.subarray(row * dim, (row + 1) * dim), n * dim));
  const seen = rows.map((_, n) => n).filter((n) => want.lse[n] !== NOTHING_SEEN);
  const wantLse = seen.map((n) => want.lse[n]!);
  const side = (tensor: Side['tensor'], mine: number, plain: number, wanted: ArrayLike<number>): Side => ({
    tensor,
    max: mine,
    f32: plain,
    bound: boundOf(plain, wanted),
  });
  const ofLse = farthest(
    rows.map((row, n) => comparable(lse[row] ?? Number.NaN, want.lse[n]!)),
    want.lse,
  );
  const plainLse = farthest(
    seen.map((n) => f32.lse[n]!),
    wantLse,
  );
  return [side('O', farthest(got, want.o), farthest(f32.o, want.o), want.o), side('LSE', ofLse, plainLse, wantLse)];
}

/** Rows of a reference where an answer is off by more than the bounds. */
function rowsOff({ rows, want }: Reference, { o, lse }: Answer, dim: number, [ofO, ofLse]: readonly [Side, Side]): number[] {
  return rows.filter((row, n) => {
    const here = farthest(o.subarray(row * dim, (row + 1) * dim), want.o.subarray(n * dim, (n + 1) * dim));
    return !(here <= ofO.bound) || !(Math.abs(comparable(lse[row] ?? Number.NaN, want.lse[n]!) - want.lse[n]!) <= ofLse.bound);
  });
}

/** The row of a reference that plain f32 is off by most in. */
function worstRow({ rows, want, f32 }: Reference, dim: number): number {
  const errors = rows.map((_, n) => farthest(f32.o.subarray(n * dim, (n + 1) * dim), want.o.subarray(n * dim, (n + 1) * dim)));
  return rows[errors.indexOf(Math.max(...errors))] ?? 0;
}

/** Numbers of O and LSE that are none, with the first row that has one. */
function notFinite({ dim }: Shape, { o, lse }: Answer): Warning[] {
  let [count, row] = [0, -1];
  const note = (x: number, at: number): void => {
    if (Number.isFinite(x)) return;
    count++;
    if (row < 0) row = at;
  };
  for (let i = 0; i < o.length; i++) note(o[i]!, Math.floor(i / dim));
  for (let i = 0; i < lse.length; i++) note(lse[i]!, i);
  return count > 0 ? [{ code: 'not-finite', row, count }] : [];
}

/**
 * Holds an answer against a reference, and rows that look strange against one of their own.
 * @param inputs what the answer is to: asked for limits of f32 where it is off, and for the strange rows
 */
export function judge({ shape, scale }: Checkable, inputs: Inputs, spread: Reference, answer: Answer): Checked {
  const { queries, dim } = shape;
  const strange = strangeRows(shape, answer, new Set(spread.rows));
  const reference =
    strange.length > 0 ? joined(spread, referenceOf({ shape, ...(scale !== undefined && { scale }) }, inputs, strange)) : spread;
  const sides = sidesOf(reference, answer, dim);
  const off = rowsOff(reference, answer, dim, sides);
  const warnings: Warning[] = notFinite(shape, answer);
  const note = (code: Warning['code'], row: number): void => {
    const known = warnings.find((warning) => warning.code === code);
    if (known) known.count++;
    else warnings.push({ code, row, count: 1 });
  };
  let unexplained = false;
  // Every one: a wrong row may stand behind any number of rows that f32 cannot hold. That costs no more than their reference did.
  for (const row of off) {
    const limits = limitsOfRow(shape, inputs, Math.floor(row / queries), row % queries, scale);
    for (const limit of limits) note(limit, row);
    unexplained ||= limits.length === 0;
  }
  const [{ max, f32, bound }] = sides;
  if (off.length === 0 && Number.isFinite(f32) && Math.max(max, f32) > WORTH_SAYING * (1 + largest(reference.want.o)))
    note('lost-precision', worstRow(reference, dim));
  const worst = sides.find((side) => !(side.max <= side.bound));
  return {
    max,
    f32,
    bound,
    rows: reference.rows.length,
    warnings,
    ...(unexplained && worst && { wrong: { tensor: worst.tensor, error: worst.max, bound: worst.bound } }),
  };
}

/** What an answer's `error` says: of O, over so many rows. */
export const errorOf = ({ max, f32, rows }: Checked): Pick<Checked, 'max' | 'f32' | 'rows'> => spelledInJson({ max, f32, rows });

/** Throws `check-failed` (kernel, tensor, error, bound, f32) where an answer is wrong. */
export function throwIfWrong(kernel: string, { wrong, f32 }: Checked): void {
  if (wrong) throw new AttnError('check-failed', { kernel, ...wrong, f32 });
}
