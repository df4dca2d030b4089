// Times paged against contiguous decode by the protocol of bench/: one query row for each head over the same keys, in
// scattered blocks and in one piece.
import { computed, signal, type ReadonlySignal, type Signal } from '@preact/signals-core';
import { scatter } from '../../../ops/attention/pages';
import type { Shape } from '../../../ops/attention/shape';
import type { AttnError } from '../../../errors';
import { createInputMaker } from '../../../bench/inputs';
import { watchPresence } from '../../../bench/presence';
import { compare } from '../../../bench/compare';
import type { Session } from '../../../machine/gpu/session';
import { IN_ONE_PIECE, PAGED } from '../../../kernels';
import { fittingTile, kernelById } from '../../../kernels/kernels';
import type { Run } from '../../../ops/run';
import type { Limits } from '../../../ops/limits';
import { createRace, type Race } from '../../shared/race';

/** Keys of the timed sequence. */
export const TIMED_KEYS = [256, 1024, 4096] as const;

export interface ProofRace {
  readonly race: Race;
  readonly keys: Signal<number>;
  readonly blockSize: Signal<number>;
}

interface ProofRaceEnv {
  session(): Promise<Session>;
  limits: ReadonlySignal<Limits | undefined>;
  onError(error: AttnError): void;
}

/** One decode step of a model with grouped heads. */
const shapeOf = (keys: number, blockSize: number): Shape => ({
  batch: 1,
  heads: 32,
  kvHeads: 8,
  queries: 1,
  keys,
  dim: 64,
  mask: 'causal',
  pages: scatter(1, keys, blockSize),
});

export function createProofRace({ session, limits, onError }: ProofRaceEnv): ProofRace {
  const keys = signal(4096);
  const blockSize = signal(16);
  const runs = computed((): readonly Run[] | undefined => {
    const device = limits.value;
    if (!device) return undefined;
    const shape = shapeOf(keys.value, blockSize.value);
    return [PAGED, IN_ONE_PIECE].map((kernel) => ({
      kernel,
      shape,
      tile: fittingTile(kernelById(kernel), { kernel, shape }, device),
    }));
  });
  const race = createRace({
    runs,
    onError,
    async compare(chosen, options) {
      const [first] = chosen;
      const maker = createInputMaker();
      const { attended, untilAttended, dispose } = watchPresence();
      try {
        const inputs = await maker.make(first!.shape);
        return await compare(await session(), chosen, inputs, { ...options, attended, untilAttended });
      } finally {
        maker.dispose();
        dispose();
      }
    },
  });
  return { race, keys, blockSize };
}
