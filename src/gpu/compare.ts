/** How far two results lie apart: plain from instrumented, and a kernel from the f64 oracle. */
import { attendRow } from '../attention/oracle';
import type { Inputs } from '../attention/shape';
import type { Run } from '../kernels/card';

/** Largest absolute difference; NaN when any value is NaN. */
export function maxDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    if (!(difference <= most)) most = difference;
    if (Number.isNaN(most)) return most;
  }
  return most;
}

/** Multiply-adds that the oracle may spend. */
const ORACLE_WORK = 2e7;

/** max |O - oracle| over all rows, or over evenly spread ones where all would take too long. */
export function maxOracleError({ shape, scale }: Run, inputs: Inputs, o: Float32Array): number {
  const { batch, heads, queries, keys, dim } = shape;
  const rows = batch * heads * queries;
  const checked = Math.min(rows, Math.max(8, Math.floor(ORACLE_WORK / (2 * keys * dim))));
  let most = 0;
  for (let n = 0; n < checked; n++) {
    const at = checked === 1 ? 0 : Math.round((n * (rows - 1)) / (checked - 1));
    const want = attendRow(shape, inputs, Math.floor(at / queries), at % queries, scale).o;
    most = Math.max(most, maxDifference(o.subarray(at * dim, (at + 1) * dim), want));
  }
  return most;
}
