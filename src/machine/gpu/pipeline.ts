// From WGSL text to a compute pipeline, with the compiler's own words and line when it refuses. The same text is
// compiled once a session.
import { AttnError, messageOf } from '../../errors';
import { keepBySession } from './kept';
import type { Session } from './session';

/** A pipeline with the layouts of its groups, and how long the browser took to make it. */
export interface Pipeline {
  pipeline: GPUComputePipeline;
  layouts: readonly GPUBindGroupLayout[];
  /** Milliseconds from the text to the pipeline (measured), also where the pipeline was made earlier. */
  compileMs: number;
}

/** Entries of the bind group layouts, by group number. */
type Groups = readonly (readonly GPUBindGroupLayoutEntry[])[];

/** Both kernels of one shape, plain and instrumented, are about ten. */
const pipelines = keepBySession<Promise<Pipeline>>(64);

/** Pipelines that are being made, of all sessions. */
const underWay = new Set<Promise<unknown>>();

/** Resolves when no pipeline is being made. */
export async function allCompiled(): Promise<void> {
  while (underWay.size > 0) await Promise.allSettled(underWay);
}

async function failure(session: Session, module: GPUShaderModule, kernel: string, thrown: unknown): Promise<AttnError> {
  const { messages } = await session.during(module.getCompilationInfo());
  const first = messages.find(({ type }) => type === 'error');
  const message = first?.message ?? messageOf(thrown);
  return new AttnError('compile-failed', { kernel, line: first?.lineNum ?? 0, message });
}

async function compile(session: Session, kernel: string, code: string, groups: Groups): Promise<Pipeline> {
  const { device } = session;
  const start = performance.now();
  device.pushErrorScope('validation');
  const module = device.createShaderModule({ code, label: kernel });
  const layouts = groups.map((entries) => device.createBindGroupLayout({ entries: [...entries] }));
  const layout = device.createPipelineLayout({ bindGroupLayouts: layouts });
  const scope = device.popErrorScope();
  try {
    const pipeline = await session.during(
      device.createComputePipelineAsync({ layout, compute: { module, entryPoint: 'main' }, label: kernel }),
    );
    return { pipeline, layouts, compileMs: performance.now() - start };
  } catch (thrown) {
    if (thrown instanceof AttnError) throw thrown;
    throw await failure(session, module, kernel, thrown);
  } finally {
    await scope.catch(() => undefined);
  }
}

/**
 * Compiles `main` of a WGSL text, or returns what was made of the same text and layouts in this session; a text under
 * way is shared, a failure is not kept.
 * @param kernel name for the error message
 * @param groups entries of the bind group layouts, by group number
 * @throws AttnError `compile-failed` (kernel, line, message; line 0 when the compiler names none), `device-lost`
 */
export function createPipeline(session: Session, kernel: string, code: string, groups: Groups): Promise<Pipeline> {
  const key = JSON.stringify([groups, code]);
  const pipeline = pipelines.get(session, key, () => {
    const made = compile(session, kernel, code, groups);
    underWay.add(made);
    void made.catch(() => undefined).then(() => underWay.delete(made));
    return made;
  });
  pipeline.catch(() => pipelines.forget(session, key, pipeline));
  return pipeline;
}
