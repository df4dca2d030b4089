// What a run must be before anything is made for it. Apart from the list of kernels, which the page's entry has: checks
// are loaded with what runs.
import { AttnError, told } from '../errors';
import { asksForPool } from '../ops/attention/pages';
import { checkScale, checkShape } from '../ops/attention/validate';
import type { Run } from '../ops/run';
import type { Kernel } from './card';
import { kernelById, RUNNABLE } from './kernels';
import { ALIBI_FILE, SOFTCAP_FILE } from './parts';
import { nameOf } from '../wgsl/link';

/** Whether a kernel reads K and V through a block table. */
const readsPool = (card: Kernel, run: Run): boolean =>
  card.passes(run).some(({ bindings }) => bindings.some(({ tensor }) => tensor === 'KPool'));

/** Throws `shape-invalid` where scores are to be changed by a kernel whose text does not. */
function refuseUnscored(card: Kernel, run: Run): void {
  const wanted = [
    ['softcap', run.shape.softcap !== undefined, SOFTCAP_FILE],
    ['alibi', run.shape.alibi !== undefined, ALIBI_FILE],
  ] as const;
  for (const [field, asked, file] of wanted) {
    if (asked && !card.passes(run).some(({ files }) => files.some((one) => nameOf(one) === file)))
      throw new AttnError('shape-invalid', {
        field,
        value: told(run.shape[field]),
        expected: `undefined (${run.kernel})`,
      });
  }
}

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
  refuseUnscored(card, run);
  const { br, bc } = run.tile;
  if (tiles.length > 0 && !tiles.some((tile) => tile.br === br && tile.bc === bc)) {
    throw new AttnError('shape-invalid', {
      field: 'tile',
      value: `${br}x${bc}`,
      expected: tiles.map((tile) => `${tile.br}x${tile.bc}`).join(', '),
    });
  }
}
