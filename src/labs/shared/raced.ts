// What stands beside a run in a race on its shape.
import { meantFor, peersOf } from '../../kernels';
import { fittingTile, kernelById } from '../../kernels/kernels';
import type { Limits } from '../../ops/limits';
import type { Run } from '../../ops/run';

/** The kernels of its op that are meant for the shape of a run, each with the tile that suits it; the run itself with its own. */
export const runsBeside = (shown: Run, limits: Limits): Run[] =>
  peersOf(shown.kernel)
    .filter((card) => card.id === shown.kernel || meantFor(card, shown.shape))
    .map(({ id: kernel }) => {
      const base = { kernel, shape: shown.shape };
      return kernel === shown.kernel ? shown : { ...base, tile: fittingTile(kernelById(kernel), base, limits) };
    });
