// Why a kernel asks HBM for more than its IO model: the counted bytes of each tensor beside the model's, and what makes
// the difference.
import type { TensorId } from '../ops/op';
import { both, type ByTensor, type Cause, type Costs } from '../ops/costs';
import { boundAs, shownAs } from './places';
import type { Trace } from '../trace/trace';

/** Bytes that a cause adds to the model, both ways. */
export interface Extra {
  cause: Cause;
  bytes: number;
  /** The tensors concerned, in the page's order. */
  tensors: readonly TensorId[];
}

const kept = new WeakMap<Trace, ByTensor>();

/** Bytes requested of each tensor by the whole run, as the instrumented kernel counted them. */
export function requestedByTensor(trace: Trace): ByTensor {
  const known = kept.get(trace);
  if (known) return known;
  const by: ByTensor = {};
  for (const pass of trace.passes) {
    const records = pass.grid[0] * pass.grid[1] * pass.grid[2] * pass.phases.length;
    for (const site of pass.sites) {
      const bound = boundAs(pass, site.buffer);
      if (site.space !== 'storage' || !bound) continue;
      // K and V also where they lie in a pool.
      const sum = (by[shownAs(bound).shown] ??= { read: 0, written: 0 });
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

/** The tensors that a run reads rows of keys of: K and V, wherever they lie. */
export const ofKeys = ({ passes }: Trace): ReadonlySet<TensorId> =>
  new Set(
    passes.flatMap(({ bindings }) =>
      bindings.flatMap((bound) => {
        const { axis, shown } = shownAs(bound);
        return axis === 'key' && bound.access === 'read' ? [shown] : [];
      }),
    ),
  );

/**
 * The causes of what is requested beyond the run's IO model, the largest first; their bytes add up to the difference.
 */
export function extrasOf(
  requested: ByTensor,
  { model, causes, groups }: Costs,
  keyed: ReadonlySet<TensorId>,
): readonly Extra[] {
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
    const again = keyed.has(id) ? (groups - 1) * once.read : 0;
    add('groups', id, again);
    add(causes[id] ?? 'threads', id, extra - again);
  }
  return [...found].map(([cause, extra]): Extra => ({ cause, ...extra })).toSorted((a, b) => b.bytes - a.bytes);
}

const NONE = { read: 0, written: 0 };
