// What the check of an attention answer is held against: rows of O and LSE in f64 and in plain f32, and why f32 may not
// hold a row. No GPU.
import {
  joined,
  judgeRows,
  spreadRows,
  type Outputs,
  type Checked as CheckedOp,
  type CheckWarning,
  type Reference as ReferenceOf,
} from '../check';
import { attendRowF32, limitsOfRow, type Limit } from './f32';
import { attendRow, NOTHING_SEEN } from './oracle';
import { keysOf } from './rows';
import type { Inputs, Shape } from './shape';

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

/**
 * Some query rows (plane * queries + i) as they should be, and as plain f32 has them. A row that sees nothing has an
 * LSE of NOTHING_SEEN or less.
 */
export type Reference = ReferenceOf<'O' | 'LSE'>;
export type Checked = CheckedOp<Limit>;
export type Warning = CheckWarning<Limit>;

/** Rows that the oracle spends about `work` multiply-adds for. */
const rowsFor = ({ batch, heads, queries, keys, dim }: Shape, work: number): number[] =>
  spreadRows(batch * heads * queries, Math.max(8, Math.floor(work / (2 * keys * dim))));

/** Multiply-adds that a reference of about `work` of them takes, at most. */
export const workOf = (shape: Shape, work: number): number => rowsFor(shape, work).length * 2 * shape.keys * shape.dim;

/** The reference of given rows. */
export function referenceOf({ shape, scale }: Checkable, inputs: Inputs, rows: number[]): Reference {
  const { queries, dim } = shape;
  const numbers = (width: number) => ({
    width,
    want: new Float64Array(rows.length * width),
    f32: new Float32Array(rows.length * width),
  });
  const outputs = { O: numbers(dim), LSE: { ...numbers(1), floor: NOTHING_SEEN } };
  rows.forEach((row, n) => {
    const at = [Math.floor(row / queries), row % queries] as const;
    const want = attendRow(shape, inputs, ...at, scale);
    const plain = attendRowF32(shape, inputs, ...at, scale);
    outputs.O.want.set(want.o, n * dim);
    outputs.O.f32.set(plain.o, n * dim);
    outputs.LSE.want[n] = want.lse;
    outputs.LSE.f32[n] = plain.lse;
  });
  return { rows, outputs };
}

/** The reference of evenly spread rows, for about `work` multiply-adds in f64 and as many in f32. */
export const spreadReference = (run: Checkable, inputs: Inputs, work: number): Reference =>
  referenceOf(run, inputs, rowsFor(run.shape, work));

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

/**
 * Holds an answer against a reference, and rows that look strange against one of their own.
 * @param inputs what the answer is to: asked for limits of f32 where it is off, and for the strange rows
 */
export function judge(run: Checkable, inputs: Inputs, spread: Reference, answer: Answer): Checked {
  const { shape, scale } = run;
  const strange = strangeRows(shape, answer, new Set(spread.rows));
  const reference = strange.length > 0 ? joined(spread, referenceOf(run, inputs, strange)) : spread;
  return judgeRows(reference, { O: answer.o, LSE: answer.lse }, (row) =>
    limitsOfRow(shape, inputs, Math.floor(row / shape.queries), row % shape.queries, scale),
  );
}

/** O and LSE among the outputs of a run. */
export const answerOf = ({ O, LSE }: Outputs): Answer => ({ o: O ?? NOTHING, lse: LSE ?? NOTHING });
const NOTHING = new Float32Array(0);
