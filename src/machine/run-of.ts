/** From what somebody asks for to a run that a machine takes. */
import type { Inputs } from '../ops/attention/shape';
import type { Run, Tile } from '../ops/run';
import type { Kernel } from '../kernels/card';
import { checkRun } from '../kernels/check';
import { fittingTile, kernelById } from '../kernels/kernels';
import { checkInputs } from '../ops/attention/validate';
import { AttnError } from '../errors';
import type { Machine } from './machine';

/** A run whose tile may be left open. */
export type Asked = Omit<Run, 'tile'> & { tile?: Tile };

/**
 * The run that is asked for, on a machine: without a tile, with the first on the kernel's card that fits. Throws
 * `shape-invalid`, `kernel-unknown`.
 */
export function runOf({ limits }: Pick<Machine, 'limits'>, { tile, ...asked }: Asked): Run {
  const run = { ...asked, tile: tile ?? fittingTile(kernelById(asked.kernel), asked, limits) };
  checkRun(run);
  return run;
}

/**
 * The card of a run that a machine can do.
 * @param refuse throws where the machine lacks something else that the kernel needs
 * @throws AttnError `kernel-unknown`, `shape-invalid`, `inputs-mismatch`, `inputs-not-finite`, `over-limit`
 */
export function checkFits(
  { limits }: Pick<Machine, 'limits'>,
  run: Run,
  inputs: Inputs,
  refuse: (card: Kernel) => void = () => undefined,
): Kernel {
  checkRun(run);
  checkInputs(run.shape, inputs);
  const card = kernelById(run.kernel);
  refuse(card);
  const refusal = card.limit(run, limits);
  if (refusal) throw new AttnError('over-limit', { ...refusal, kernel: run.kernel });
  return card;
}
