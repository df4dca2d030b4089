// The costs of a run by formula, gathered for its trace.
import { compulsoryBytes } from '../ops/attention/cost';
import { isPoolTensor } from '../ops/attention/pages';
import type { TensorId } from '../ops/op';
import { both, sumOf, type Cause, type Costs } from '../ops/costs';
import type { Run } from '../ops/run';
import { ioModel, ioModelByTensor, materialises, scoreBytes, standardModel, tensorsOf } from './io-model';
import { kernelById } from '.';

/** Why a kernel would request more of a tensor than its model says, where its card does not say otherwise. */
function causeOf(tensor: TensorId, standard: boolean): Cause {
  if (tensor === 'LSE') return 'lse';
  if (isPoolTensor(tensor)) return 'lookup';
  if (tensor === 'S') return 'sweeps';
  return (tensor === 'K' || tensor === 'V') && !standard ? 'padding' : 'threads';
}

/** What a run costs by the formulas of its kernel's card. */
export function costsOf(run: Run): Costs {
  const card = kernelById(run.kernel);
  const { loads, stores } = card.requested(run);
  const model = ioModelByTensor(run);
  const standard = materialises(run);
  const scores = scoreBytes(run);
  const tensors = [...new Set([...Object.keys(model), ...tensorsOf(card, run)])];
  return {
    requested: { read: loads, written: stores },
    compulsory: compulsoryBytes(run.shape),
    model,
    unmasked: both(ioModel({ ...run, shape: { ...run.shape, mask: 'full' } })),
    ...(!standard && { standard: { bytes: both(standardModel(run)), intermediate: scores } }),
    intermediate: standard ? scores : both(sumOf({ ...pick(model, 'OPart'), ...pick(model, 'ML') })),
    causes: { ...Object.fromEntries(tensors.map((id) => [id, causeOf(id, standard)])), ...card.causes },
    groups: card.keyGroups?.(run) ?? 1,
  };
}

const pick = (model: Costs['model'], id: TensorId): Costs['model'] => (model[id] ? { [id]: model[id] } : {});
