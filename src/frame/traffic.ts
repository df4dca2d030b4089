// Why a kernel asks HBM for more than its IO model: the counted bytes of each tensor beside the model's, and what makes the difference.
import { isPoolTensor } from '../ops/attention/pages';
import type { TensorId } from '../ops/attention/shape';
import type { Run } from '../ops/run';
import { kernelById } from '../kernels';
import { ioModelByTensor, materialises, type ByTensor } from '../kernels/io-model';
import type { Trace } from '../trace/trace';

/**
 * `threads`: threads each load the same row or column for themselves. `sweeps`: one thread reads its row of S again and again. `groups`: each group of lanes loads K and V for itself. `padding`: the last rows and
 * chunks are loaded again to fill whole steps. `ahead`: a tile of K is loaded before anyone asks whether a row sees it. `lookup`: block table and requests,
 * which no model counts. `lse`: the row sums that standard attention's formula leaves out.
 */
export type Cause = 'threads' | 'sweeps' | 'groups' | 'padding' | 'ahead' | 'lookup' | 'lse';

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

/** The causes of what is requested beyond the run's IO model, the largest first; their bytes add up to the difference. */
export function extrasOf(requested: ByTensor, run: Run): readonly Extra[] {
  const model = ioModelByTensor(run);
  const found = new Map<Cause, { bytes: number; tensors: TensorId[] }>();
  const add = (cause: Cause, tensor: TensorId, bytes: number): void => {
    if (bytes === 0) return;
    const one = found.get(cause) ?? { bytes: 0, tensors: [] };
    one.bytes += bytes;
    one.tensors.push(tensor);
    found.set(cause, one);
  };
  const groups = kernelById(run.kernel).keyGroups?.(run) ?? 1;
  for (const id of Object.keys({ ...model, ...requested }) as TensorId[]) {
    const [asked, once] = [requested[id] ?? NONE, model[id] ?? NONE];
    const extra = asked.read + asked.written - once.read - once.written;
    if (id === 'LSE') add('lse', id, extra);
    else if (isPoolTensor(id)) add('lookup', id, extra);
    else if (id === 'S') add('sweeps', id, extra);
    else if ((id === 'K' || id === 'V') && !materialises(run)) {
      const again = (groups - 1) * once.read;
      add('groups', id, again);
      add(run.kernel === 'flash-fast-shared' ? 'ahead' : 'padding', id, extra - again);
    } else add('threads', id, extra);
  }
  return [...found].map(([cause, extra]): Extra => ({ cause, ...extra })).toSorted((a, b) => b.bytes - a.bytes);
}

const NONE = { read: 0, written: 0 };
