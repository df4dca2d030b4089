// Why a kernel asks HBM for more than its IO model: the counted bytes of each tensor beside the model's, and what makes
// the difference.
import type { TensorId } from '../ops/op';
import { both, type ByTensor, type Cause, type Costs } from '../ops/costs';
import type { Trace } from '../trace/trace';

/** Bytes that a cause adds to the model, both ways. */
export interface Extra {
  cause: Cause;
  bytes: number;
  /** The tensors concerned, in the page's order. */
  tensors: readonly TensorId[];
}

/** The tensor as people know it: K and V also where they lie in a pool. */
const named = (tensor: TensorId): TensorId => (tensor === 'KPool' ? 'K' : tensor === 'VPool' ? 'V' : tensor);

const kept = new WeakMap<Trace, ByTensor>();

/** Bytes requested of each tensor by the whole run, as the instrumented kernel counted them. */
export function requestedByTensor(trace: Trace): ByTensor {
  const known = kept.get(trace);
  if (known) return known;
  const by: ByTensor = {};
  for (const pass of trace.passes) {
    const records = pass.grid[0] * pass.grid[1] * pass.grid[2] * pass.phases.length;
    for (const site of pass.sites) {
      const tensor = pass.bindings.find(({ name }) => name === site.buffer)?.tensor;
      if (site.space !== 'storage' || !tensor) continue;
      const sum = (by[named(tensor)] ??= { read: 0, written: 0 });
      for (let row = 0; row < records; row++) {
        const n = pass.totals[(row * pass.sites.length + site.id) * 3] ?? 0;
        if (site.mode !== 'store') sum.read += n * site.bytes;
        if (site.mode !== 'load') sum.written += n * site.bytes;
      }
    }
  }
  kept.set(trace, by);
  return by;
}

/**
 * The causes of what is requested beyond the run's IO model, the largest first; their bytes add up to the difference.
 */
export function extrasOf(requested: ByTensor, { model, causes, groups }: Costs): readonly Extra[] {
  const found = new Map<Cause, { bytes: number; tensors: TensorId[] }>();
  const add = (cause: Cause, tensor: TensorId, bytes: number): void => {
    if (bytes === 0) return;
    const one = found.get(cause) ?? { bytes: 0, tensors: [] };
    one.bytes += bytes;
    one.tensors.push(tensor);
    found.set(cause, one);
  };
  for (const id of Object.keys({ ...model, ...requested })) {
    const [asked, once] = [requested[id] ?? NONE, model[id] ?? NONE];
    const extra = both(asked) - both(once);
    const again = id === 'K' || id === 'V' ? (groups - 1) * once.read : 0;
    add('groups', id, again);
    add(causes[id] ?? 'threads', id, extra - again);
  }
  return [...found].map(([cause, extra]): Extra => ({ cause, ...extra })).toSorted((a, b) => b.bytes - a.bytes);
}

const NONE = { read: 0, written: 0 };
