// Files of version 1: what they leave to the card of their kernel is added from today's, and what earlier kernels kept
// otherwise is read as it was written.
import { costsOf } from '../kernels/costs';
import { kernelById } from '../kernels/kernels';
import type { ArrayLayout } from '../ops/layout';
import { infoOf } from '../ops';
import type { Extent, TensorInfo } from '../ops/op';
import { TRACE_VERSION, type BoundTensor, type Tensor, type Trace, type TracePass } from './trace';

type Layouts = Readonly<Record<string, ArrayLayout>>;

const changed = (layouts: Layouts, change: (factors: ArrayLayout['factors']) => ArrayLayout['factors']): Layouts =>
  Object.fromEntries(
    Object.entries(layouts).map(([name, layout]) => [name, { ...layout, factors: change(layout.factors) ?? {} }]),
  );

/**
 * The layouts of a pass by the text that ran. Earlier kernels kept scores times log2(e), or scaled them after the
 * product.
 */
export function layoutsOfText(text: string, layouts: Layouts): Layouts {
  if (text.includes('LOG2E'))
    return changed(layouts, (now) => ({
      ...(now?.Q !== undefined && { Q: now.Q * Math.LN2 }),
      S: Math.LN2,
      m: Math.LN2,
    }));
  if (text.includes('s * SCALE')) return changed(layouts, () => undefined);
  return layouts;
}

/** What is read from a file of version 1. */
type TraceOfOne = Omit<Trace, 'header' | 'passes' | 'tensors'> & {
  header: Omit<Trace['header'], 'costs' | 'op'>;
  tensors: readonly Omit<Tensor, keyof TensorInfo>[];
  passes: readonly (Omit<TracePass, 'layouts' | 'bindings'> & {
    bindings: readonly Pick<BoundTensor, 'name' | 'tensor' | 'access'>[];
  })[];
};

/**
 * A trace of version 1 as one of today's.
 * @throws AttnError `kernel-unknown`: without its card such a file cannot be drawn
 */
export function upgraded({ header, tensors, passes }: TraceOfOne): Trace {
  const { run } = header;
  const card = kernelById(run.kernel);
  const specs = card.passes(run);
  const known = <T extends object>(it: T, tensor: string): T & Extent & TensorInfo => ({
    ...it,
    ...infoOf(tensor, run.shape),
  });
  return {
    header: { ...header, version: TRACE_VERSION, op: card.op, costs: costsOf(run) },
    tensors: tensors.map((tensor) => known(tensor, tensor.id)),
    passes: passes.map((pass, i) => ({
      ...pass,
      bindings: pass.bindings.map((binding) => known(binding, binding.tensor)),
      layouts: layoutsOfText(pass.text, specs[i]?.layouts ?? {}),
    })),
  };
}
