// Stored captures of another device: the picture of the first second, and all there is where no kernel can run.
import { AttnError } from '../attention/errors';
import { readTrace } from '../capture/file';
import type { Trace } from '../capture/trace';
import type { KernelId } from '../kernels/card';

const known = new Map<KernelId, Promise<Trace>>();

async function load(kernel: KernelId): Promise<Trace> {
  const response = await fetch(new URL(`captures/${kernel}.attn`, document.baseURI));
  if (!response.ok) throw new AttnError('unexpected', { message: `captures/${kernel}.attn: ${response.status}` });
  const trace = await readTrace(await response.arrayBuffer());
  return { ...trace, header: { ...trace.header, provenance: 'recorded' } };
}

/** The recorded capture of a kernel; fetched once. */
export function fetchRecorded(kernel: KernelId): Promise<Trace> {
  let trace = known.get(kernel);
  if (!trace) {
    trace = load(kernel);
    known.set(kernel, trace);
    trace.catch(() => known.delete(kernel));
  }
  return trace;
}
