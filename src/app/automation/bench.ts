// The page as a player in the benchmark of npm packages: each of its kernels set up on the shared seeded inputs, run,
// read and timed on demand.
import { AttnError } from '../../errors';
import { inputsOfPeers } from '../../ops/attention/inputs';
import type { Shape } from '../../ops/attention/shape';
import { tune } from '../../bench/tuning/autotune';
import { createChoiceStore } from '../../bench/tuning/store';
import { TUNED } from '../../bench/entrant';
import { prepare, type Prepared } from '../../machine/gpu/run';
import type { Session } from '../../machine/gpu/session';
import { kernelWatch } from '../../machine/gpu/time';
import type { Run } from '../../ops/run';
import { KERNELS, opOf } from '../../kernels';
import { fittingTile, kernelById } from '../../kernels/kernels';
import type { AttnBench, BenchShape } from './automation';

const shapeOf = ({ B, H, N, Nq = N, d, causal }: BenchShape): Shape => ({
  batch: B,
  heads: H,
  kvHeads: H,
  queries: Nq,
  keys: N,
  dim: d,
  mask: causal ? 'causal' : 'full',
});

async function runFor(session: Session, name: string, shape: Shape, seed: number): Promise<Run> {
  if (name === TUNED) {
    const inputs = (raced: Shape) => inputsOfPeers(raced, seed);
    return { ...(await tune(session, shape, { store: createChoiceStore(), inputs })).best, shape };
  }
  const card = kernelById(name);
  return { kernel: card.id, shape, tile: fittingTile(card, { kernel: card.id, shape }, session.limits) };
}

export function createBench(open: () => Promise<Session>): AttnBench {
  const ready = new Map<string, Prepared>();
  const get = (name: string): Prepared => {
    const prepared = ready.get(name);
    if (!prepared) throw new AttnError('kernel-unknown', { kernel: name });
    return prepared;
  };
  const dispose = (name: string): void => {
    ready.get(name)?.dispose();
    ready.delete(name);
  };
  return {
    kernels: () => [...KERNELS.map(({ id }) => id), TUNED],
    async setup(name, bench) {
      dispose(name);
      const session = await open();
      const shape = shapeOf(bench);
      const run = await runFor(session, name, shape, bench.seed);
      ready.set(name, await prepare(session, run, inputsOfPeers(shape, bench.seed)));
    },
    run(name) {
      const prepared = get(name);
      prepared.submit();
      return prepared.done();
    },
    async rows(name, pairs) {
      const prepared = get(name);
      const o = await prepared.read(opOf(prepared.run).outputs[0] ?? '');
      const { queries, dim } = prepared.run.shape;
      return pairs.map(([head, row]) => {
        const at = (head * queries + row) * dim;
        return Array.from(o.subarray(at, at + dim));
      });
    },
    async gpuTime(name) {
      const watch = kernelWatch(await open(), get(name));
      const { gpu } = await watch.run(1);
      watch.dispose();
      return Number.isNaN(gpu) ? undefined : gpu;
    },
    dispose,
  };
}
