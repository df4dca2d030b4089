// LayerNorm in f64, by the definition, and as plain f32 arithmetic makes it. No GPU.
import { rowsOf, type Sizes } from '../sizes';

/** X is laid out like Q: batch * heads * queries rows of `dim` features. Gamma and Beta are one number a feature. */
export type NormInputs = Record<'X' | 'Gamma' | 'Beta', Float32Array<ArrayBuffer>>;

/** Y is laid out like X; Mean and Rstd = 1 / sqrt(variance + eps) are one number a row. */
export type Normed<Numbers> = Record<'Y' | 'Mean' | 'Rstd', Numbers>;

/** What is added to the variance where the caller says nothing: what PyTorch adds. */
export const DEFAULT_EPS = 1e-5;

/**
 * Every row by itself: (x - mean) / sqrt(variance + eps) * gamma + beta; the variance is the mean square of the
 * deviations (divided by dim, not dim - 1).
 */
export function layerNorm(sizes: Sizes, { X, Gamma, Beta }: NormInputs, eps = DEFAULT_EPS): Normed<Float64Array> {
  const { dim } = sizes;
  const rows = rowsOf(sizes);
  const out = { Y: new Float64Array(rows * dim), Mean: new Float64Array(rows), Rstd: new Float64Array(rows) };
  for (let row = 0; row < rows; row++) {
    const x = Float64Array.from(X.subarray(row * dim, (row + 1) * dim));
    const mean = x.reduce((sum, a) => sum + a, 0) / dim;
    const rstd = 1 / Math.sqrt(x.reduce((sum, a) => sum + (a - mean) ** 2, 0) / dim + eps);
    x.forEach((a, c) => (out.Y[row * dim + c] = (a - mean) * rstd * Gamma[c]! + Beta[c]!));
    out.Mean[row] = mean;
    out.Rstd[row] = rstd;
  }
  return out;
}

/** The same with every operation rounded to f32, one after the other. */
export function layerNormF32(sizes: Sizes, { X, Gamma, Beta }: NormInputs, eps = DEFAULT_EPS): Normed<Float32Array> {
  const f = Math.fround;
  const { dim } = sizes;
  const rows = rowsOf(sizes);
  const out = { Y: new Float32Array(rows * dim), Mean: new Float32Array(rows), Rstd: new Float32Array(rows) };
  for (let row = 0; row < rows; row++) {
    const x = X.subarray(row * dim, (row + 1) * dim);
    const mean = f(x.reduce((sum, a) => f(sum + a), 0) / dim);
    const deviations = x.map((a) => a - mean);
    const variance = f(deviations.reduce((sum, a) => f(sum + f(a * a)), 0) / dim);
    const rstd = f(1 / f(Math.sqrt(f(variance + f(eps)))));
    deviations.forEach((a, c) => (out.Y[row * dim + c] = f(f(f(a * rstd) * Gamma[c]!) + Beta[c]!)));
    out.Mean[row] = mean;
    out.Rstd[row] = rstd;
  }
  return out;
}
