// What window.attnscope runs: requests checked, prepared, dispatched and read back by the same functions as the page's own.
import { AttnError } from '../attention/errors';
import type { Inputs, Shape } from '../attention/shape';
import { checkInputs } from '../attention/validate';
import { compare, type Comparison, type Timing } from '../bench/compare';
import type { Trace } from '../capture/trace';
import { openCapture } from '../gpu/capture';
import { prepare } from '../gpu/run';
import type { Session } from '../gpu/session';
import type { Run } from '../kernels/card';
import { checkRun, fittingTile, kernelById } from '../kernels/index';
import type { RunRequest } from './automation';

/** A request as a run and its inputs. Throws `kernel-unknown`, `shape-invalid`, `inputs-mismatch`, `inputs-not-finite`. */
function resolve(session: Session, request: RunRequest): { run: Run; inputs: Inputs } {
  const { kernel, scale, q, k, v } = request;
  const shape: Shape = { ...request.shape, mask: request.mask ?? request.shape.mask ?? 'full' };
  const card = kernelById(kernel);
  const base = { kernel, shape, ...(scale !== undefined && { scale }) };
  // A shape must be valid before a tile can be looked for.
  checkRun({ ...base, tile: request.tile ?? card.tiles[0] ?? { br: 0, bc: 0 } });
  const inputs = { q, k, v };
  checkInputs(shape, inputs);
  return { run: { ...base, tile: request.tile ?? fittingTile(card, base, session.limits) }, inputs };
}

export async function runRequest(session: Session, request: RunRequest): Promise<{ o: Float32Array; lse: Float32Array }> {
  const { run, inputs } = resolve(session, request);
  const prepared = await prepare(session, run, inputs);
  try {
    prepared.submit();
    await prepared.done();
    return { o: await prepared.read('O'), lse: await prepared.read('LSE') };
  } finally {
    prepared.dispose();
  }
}

export async function captureRequest(session: Session, request: RunRequest): Promise<Trace> {
  const { run, inputs } = resolve(session, request);
  const capture = await openCapture(session, run, inputs, { input: 'attnscope.capture' });
  capture.dispose();
  return capture.trace;
}

export async function timeRequests(
  session: Session,
  requests: readonly RunRequest[],
): Promise<readonly Timing[] & { comparison: Comparison }> {
  const [first, ...others] = requests.map((request) => resolve(session, request));
  if (!first) throw new AttnError('shape-invalid', { field: 'runs', value: 0, expected: '1 …' });
  const shape = JSON.stringify(first.run.shape);
  for (const { run } of others) {
    const other = JSON.stringify(run.shape);
    if (other !== shape) throw new AttnError('shape-invalid', { field: 'shape', value: other, expected: shape });
  }
  const comparison = await compare(
    session,
    [first, ...others].map(({ run }) => run),
    first.inputs,
  );
  return Object.assign([...comparison.timings], { comparison });
}
