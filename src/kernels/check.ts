// What a run must be before anything is made for it. Apart from the list of kernels, which the page's entry has: checks
// are loaded with what runs.
import { AttnError } from '../errors';
import { asksForPool } from '../ops/attention/pages';
import { checkScale, checkShape } from '../ops/attention/validate';
import type { Run } from '../ops/run';
import type { Kernel } from './card';
import { kernelById, RUNNABLE } from './kernels';

/** Whether a kernel reads K and V through a block table. */
const readsPool = (card: Kernel, run: Run): boolean =>
  card.passes(run).some(({ bindings }) => bindings.some(({ tensor }) => tensor === 'KPool'));

/** Throws `kernel-unknown`, or `shape-invalid` for a shape, scale or tile that the kernel does not have. */
export function checkRun(run: Run): void {
  const card = kernelById(run.kernel);
  const { tiles } = card;
  checkShape(run.shape);
  checkScale(run.scale);
  if (asksForPool(run.shape) && !readsPool(card, run)) {
    throw new AttnError('shape-invalid', {
      field: 'pages',
      value: run.kernel,
      expected: RUNNABLE.filter((one) => readsPool(one, run))
        .map(({ id }) => id)
        .join(', '),
    });
  }
  const { br, bc } = run.tile;
  if (tiles.length > 0 && !tiles.some((tile) => tile.br === br && tile.bc === bc)) {
    throw new AttnError('shape-invalid', {
      field: 'tile',
      value: `${br}x${bc}`,
      expected: tiles.map((tile) => `${tile.br}x${tile.bc}`).join(', '),
    });
  }
}
