// The costs of a run by formula, gathered for its trace.
import { numbersOf } from '../ops/numbers';
import { isPoolTensor } from '../ops/attention/pages';
import type { TensorId } from '../ops/op';
import { both, sumOf, type Bytes, type Cause, type Costs } from '../ops/costs';
import type { Run } from '../ops/run';
import { ioModelByTensor, materialises, scoreBytes, standardModel, tensorsOf } from './io-model';
import { opOf } from '.';
import { kernelById } from './kernels';

/** Why a kernel would request more of a tensor than its model says, where its card does not say otherwise. */
function causeOf(tensor: TensorId, standard: boolean): Cause {
  if (tensor === 'LSE') return 'lse';
  if (isPoolTensor(tensor)) return 'lookup';
  if (tensor === 'S') return 'sweeps';
  return (tensor === 'K' || tensor === 'V') && !standard ? 'padding' : 'threads';
}

/** The way that a kernel of attention is there to replace; nothing for one that goes it. */
const standardAttention = (run: Run): Costs['standard'] =>
  materialises(run) ? undefined : { bytes: both(standardModel(run)), intermediate: scoreBytes(run) };

/** What a run costs by the formulas of its kernel's card. */
export function costsOf(run: Run): Costs {
  const card = kernelById(run.kernel);
  const op = opOf(run);
  const { loads, stores } = card.requested(run);
  const model = ioModelByTensor(run);
  const standard = card.replaces?.(run) ?? (op.id === 'attention' ? standardAttention(run) : undefined);
  const tensors = [...new Set([...Object.keys(model), ...tensorsOf(card, run)])];
  const ends = new Set([...op.inputs(run.shape), ...op.outputs]);
  const between = Object.entries(model).filter(([id]) => !ends.has(id));
  return {
    requested: { read: loads, written: stores },
    compulsory: compulsoryOf(run),
    model,
    unmasked: both(sumOf(ioModelByTensor({ ...run, shape: { ...run.shape, mask: 'full' } }))),
    ...(standard && { standard }),
    intermediate: both(sumOf(Object.fromEntries(between))),
    causes: { ...Object.fromEntries(tensors.map((id) => [id, causeOf(id, !standard)])), ...card.causes },
    groups: card.keyGroups?.(run) ?? 1,
  };
}

/** Floating-point operations of a run, by its op's definition. */
export const flopsOf = (run: Pick<Run, 'kernel' | 'shape'>): number => numbersOf(opOf(run).id).flops(run.shape);

/** Every tensor once: what no kernel of the op can do with less. */
export const compulsoryOf = (run: Pick<Run, 'kernel' | 'shape'>): Bytes =>
  numbersOf(opOf(run).id).compulsory(run.shape);
