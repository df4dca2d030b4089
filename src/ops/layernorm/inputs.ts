// Seeded rows for LayerNorm, as a residual stream has them: each with an offset and a width of its own, and Gamma
// around 1, Beta around 0.
import { mixSeed, mulberry32, normal } from '../random';
import { rowsOf, type Sizes } from '../sizes';
import type { NormInputs } from './oracle';

/**
 * X with rows of mean about `offset` and of widths from a half to two, Gamma 1 ± 0.2, Beta 0 ± 0.2.
 * @param seed any integer; the same seed and sizes give the same numbers
 */
export function normInputs(sizes: Sizes, seed: number, offset = 0): NormInputs {
  const { dim } = sizes;
  const stream = (n: number) => normal(mulberry32(mixSeed(seed, n)));
  const [ofX, ofRow, ofGamma, ofBeta] = [stream(0), stream(1), stream(2), stream(3)];
  const X = new Float32Array(rowsOf(sizes) * dim);
  for (let row = 0; row < rowsOf(sizes); row++) {
    const mean = offset + ofRow();
    const width = 2 ** Math.max(-1, Math.min(1, ofRow()));
    for (let c = 0; c < dim; c++) X[row * dim + c] = mean + width * ofX();
  }
  return {
    X,
    Gamma: Float32Array.from({ length: dim }, () => 1 + 0.2 * ofGamma()),
    Beta: Float32Array.from({ length: dim }, () => 0.2 * ofBeta()),
  };
}
