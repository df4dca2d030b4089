/**
 * Whether the interpreter takes a run: told before a worker is started for it, and without the code that interprets.
 */
import { AttnError } from '../../errors';
import type { Inputs } from '../../ops/attention/shape';
import type { Run } from '../../ops/run';
import type { Kernel } from '../../kernels/card';
import { checkFits } from '../run-of';
import { INTERPRETER_LIMITS } from './limits';

/**
 * The card of a run that can be interpreted.
 * @throws AttnError `kernel-unknown`, `shape-invalid`, `inputs-mismatch`, `inputs-not-finite`, `cannot-interpret`,
 * `over-limit`
 */
export const checkInterpreted = (run: Run, inputs: Inputs): Kernel =>
  checkFits({ limits: INTERPRETER_LIMITS }, run, inputs, ({ interpreted, id }) => {
    if (!interpreted) throw new AttnError('cannot-interpret', { reason: '', kernel: id });
  });
