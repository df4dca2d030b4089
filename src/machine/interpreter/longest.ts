/** How long a sequence may be so that a run requests no more than some bytes. */
import type { Run } from '../../ops/run';
import { kernelById } from '../../kernels/kernels';

/** The most keys, with as many queries as before or fewer, that stay within `bytes` of HBM traffic; 1 where none do. */
export function longestRun(run: Run, bytes: number): number {
  const card = kernelById(run.kernel);
  const { queries, keys } = run.shape;
  const fits = (n: number): boolean => {
    const { loads, stores } = card.requested({
      ...run,
      shape: { ...run.shape, keys: n, queries: Math.min(queries, n) },
    });
    return loads + stores <= bytes;
  };
  let low = 1;
  let high = keys;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
