// What `npm run budgets` measures from inside: the main-thread cost of a step, and the making of pipelines.
import { RUNNABLE } from '../../kernels/kernels';
import type { Shape } from '../../ops/attention/shape';
import { tapPass, tapPipeline } from '../../machine/gpu/capture-pass';
import { allCompiled } from '../../machine/gpu/pipeline';
import { hasFeature, preparePass } from '../../machine/gpu/run';
import type { Session } from '../../machine/gpu/session';
import { defaultChoice } from '../../figure/choice';
import { runOf } from '../../figure/run-of';
import type { Stage } from '../../figure/stage';
import type { Attnscope } from './automation';
import type { Engine } from '../engine/engine';
import type { State } from '../state';

/** All of `window.attnscope.debug`. */
export const probes = (state: State, engine: Engine, stage: () => Stage | undefined): Attnscope['debug'] => ({
  stepTimes: (n) => stepTimes(state, engine, stage, n),
  pipelineTimes: async () => pipelineTimes(await engine.session()),
  pageStepTimes: async (...of) => (await import('./page')).pageStepTimes(state, ...of),
  spaceTimes: async (n) => (await import('./space')).spaceTimes(state, engine, n),
});

/** Resolves when the state shows a capture of this device with the given sizes. */
export function captured(state: State, keys: number, dim: number): Promise<void> {
  return new Promise((resolve) => {
    const stop = state.trace.subscribe((trace) => {
      const header = trace?.header;
      if (header?.provenance !== 'this-device' || header.run.shape.keys !== keys || header.run.shape.dim !== dim)
        return;
      queueMicrotask(() => stop());
      resolve();
    });
  });
}

/** Set as each timed step begins: who traces the page finds the steps by it. */
const STEP_MARK = 'attnscope-step';

async function stepTimes(state: State, engine: Engine, stage: () => Stage | undefined, n: number): Promise<number[]> {
  engine.actions.choose({ ...defaultChoice, input: 'seed', keys: 256, dim: 64, heads: 1 });
  await captured(state, 256, 64);
  const here = stage();
  if (!here) return [];
  // The plain text is compiled after the picture: steps are timed when that is done.
  await allCompiled();
  let direction: 1 | -1 = 1;
  return timesOf(n, () => {
    if (!here.go(direction, 'phase')) direction = direction === 1 ? -1 : 1;
  });
}

/** The main-thread ms of something done n times, each with the layout that it left behind. */
export async function timesOf(n: number, act: (i: number) => void): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < n; i++) {
    // In a frame of its own, as when playing.
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const began = performance.now();
    performance.mark(STEP_MARK);
    act(i);
    // Reading a size makes the browser lay out what the step changed.
    void document.querySelector('attn-scope')?.shadowRoot?.querySelector('main')?.scrollHeight;
    times.push(performance.now() - began);
  }
  performance.clearMarks(STEP_MARK);
  return times;
}

/** A shape that the page never runs by itself, so that no cache answers. */
const FRESH: Shape = { batch: 1, heads: 1, kvHeads: 1, queries: 253, keys: 253, dim: 64, mask: 'causal' };

/**
 * Milliseconds that each text of each kernel took to become a pipeline, one after the other, with nothing else being
 * compiled.
 */
async function pipelineTimes(session: Session): Promise<Record<string, number>> {
  const times: Record<string, number> = {};
  await allCompiled();
  for (const card of RUNNABLE) {
    if (!hasFeature(session, card)) continue;
    const run = runOf({ ...defaultChoice, kernel: card.id }, FRESH, session.limits);
    for (const spec of card.passes(run)) {
      const name = `${card.id} ${spec.name}`;
      const source = tapPass(session, spec);
      times[`${name}, plain`] = (await preparePass(session, card.id, spec)).compileMs;
      times[`${name}, counts and state`] = (await tapPipeline(session, source, false)).compileMs;
      times[`${name}, lines`] = (await tapPipeline(session, source, true)).compileMs;
    }
  }
  return times;
}
