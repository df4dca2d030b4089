/** What a trace says of itself, whichever machine made it. */
import { kernelById } from '../kernels/kernels';
import { costsOf } from '../kernels/costs';
import type { Checked } from '../ops/attention/check';
import type { Run } from '../ops/run';
import { TRACE_VERSION, type TraceHeader } from '../trace/trace';
import type { CaptureMeta, Machine } from './machine';

/** The machine that made a trace, in the words of the trace. */
export type Maker = Pick<Machine, 'provenance' | 'limits'> & Pick<TraceHeader, 'adapter'>;

/** The header of a run that was held against f64; how far the plain text lies from it is not known yet. */
export function headerOf(
  { provenance, limits, adapter }: Maker,
  run: Run,
  meta: CaptureMeta,
  { max, f32, warnings }: Checked,
): TraceHeader {
  const { input, plane = 0, tokens } = meta;
  const { vendor, architecture, description, software } = adapter;
  const {
    maxComputeWorkgroupStorageSize,
    maxComputeInvocationsPerWorkgroup,
    maxStorageBufferBindingSize,
    maxBufferSize,
  } = limits;
  return {
    version: TRACE_VERSION,
    op: kernelById(run.kernel).op,
    run,
    provenance,
    adapter: { vendor, architecture, description, software },
    limits: {
      maxComputeWorkgroupStorageSize,
      maxComputeInvocationsPerWorkgroup,
      maxStorageBufferBindingSize,
      maxBufferSize,
    },
    maxOracle: max,
    maxF32: f32,
    ...(warnings.length > 0 && { warnings }),
    plane,
    ...(tokens && { tokens }),
    input,
    costs: costsOf(run),
  };
}
