// Makes a pass of a trace: from the kernel's card, its instrumented text and what it recorded.
import { infoOf } from '../ops';
import type { Shape } from '../ops/attention/shape';
import type { PassSpec } from '../kernels/card';
import { hashOf } from '../trace/hash';
import type { Tapped } from './tap';
import type { CapturedWorkgroup, TracePass } from '../trace/trace';

/** A pass with its plain and its instrumented text. */
export interface TappedPass {
  spec: PassSpec;
  text: string;
  tapped: Tapped;
}

/** The plain text, what was found in it, and what was recorded. */
export function describePass(
  { spec, text, tapped }: TappedPass,
  shape: Shape,
  totals: Uint32Array,
  captured: CapturedWorkgroup[],
): TracePass {
  const { name, grid, workgroupSize } = spec;
  const { sites, writers, arrays, variables, phases, loops } = tapped;
  const bindings = spec.bindings.map((binding) => ({
    name: binding.name,
    tensor: binding.tensor,
    access: binding.access,
    ...infoOf(binding.tensor, shape),
  }));
  return {
    name,
    text,
    hash: hashOf(text),
    grid,
    workgroupSize,
    bindings,
    layouts: spec.layouts,
    sites,
    writers,
    arrays,
    variables,
    phases,
    ...(loops.counted.length > 0 && { loops: loops.counted.map(({ mark: _mark, before: _before, ...loop }) => loop) }),
    totals,
    captured,
  };
}
