// What `npm run budgets` measures of the memory scene: its own work on the main thread for a step, apart from all other
// views.
import { frameOf } from '../../frame/frame';
import { defaultChoice } from '../../figure/choice';
import { labelsOf } from '../../views/space/captions';
import { captured } from './debug';
import type { Engine } from '../engine/engine';
import type { State } from '../state';

/** Main-thread ms: of each step up to its first picture, and of each further picture while tiles fly. */
export interface SpaceTimes {
  instances: number;
  steps: number[];
  pictures: number[];
}

/**
 * Callbacks of animation frames, each with what it took and the layout that it left behind, while `run` runs: those of
 * the scene, where the page is idle.
 */
async function callbackTimes(stage: HTMLElement, run: (taken: () => number[]) => Promise<void>): Promise<void> {
  const original = window.requestAnimationFrame;
  let times: number[] = [];
  window.requestAnimationFrame = (callback) =>
    original.call(window, (now) => {
      const began = performance.now();
      callback(now);
      void stage.scrollHeight;
      times.push(performance.now() - began);
    });
  try {
    await run(() => {
      const taken = times;
      times = [];
      return taken;
    });
  } finally {
    window.requestAnimationFrame = original;
  }
}

/**
 * Steps a scene of its own, 700 x 520, n times through a seeded capture of flash2 at N = 256, d = 64; each step flies
 * to its end.
 */
export async function spaceTimes(state: State, engine: Engine, n: number): Promise<SpaceTimes> {
  engine.actions.choose({ ...defaultChoice, input: 'seed', keys: 256, dim: 64, heads: 1, tile: { br: 32, bc: 16 } });
  await captured(state, 256, 64);
  const trace = state.trace.peek()!;
  const { SpaceScene } = await import('../../views/space/space-scene');
  const host = document.createElement('div');
  host.className = 'view-space';
  const stage = document.createElement('div');
  stage.className = 'stage';
  for (const [name, value] of Object.entries({
    position: 'fixed',
    inset: '0 auto auto 0',
    width: '700px',
    height: '520px',
  }))
    stage.style.setProperty(name, value);
  host.append(stage);
  document.querySelector('attn-scope')!.shadowRoot!.append(host);
  const labels: ConstructorParameters<typeof SpaceScene>[0]['labels'] = (frame, layout) =>
    labelsOf(frame, layout, 'en');
  const scene = new SpaceScene({ stage, theme: 'dark', motion: true, labels, lost: () => undefined });
  const group = trace.passes[0]!.captured[0]!;
  const found: SpaceTimes = { instances: 0, steps: [], pictures: [] };
  const still = async (): Promise<void> => {
    while (!stage.dataset['eye']) await new Promise((resolve) => setTimeout(resolve, 30));
  };
  try {
    await callbackTimes(stage, async (taken) => {
      for (let i = 0; i <= n; i++) {
        const phase = i % group.order.length;
        const frame = frameOf(
          trace,
          { pass: 0, workgroup: group.workgroup, phase },
          { row: 3, thread: 0, pinned: false },
          0,
        );
        const began = performance.now();
        scene.draw(frame);
        void stage.scrollHeight;
        const drawn = performance.now() - began;
        await still();
        const [first = 0, ...others] = taken();
        // The first builds the world and compiles the shaders.
        if (i === 0) continue;
        found.steps.push(drawn + first);
        found.pictures.push(...others);
      }
    });
    return { ...found, instances: scene.instances };
  } finally {
    scene.dispose();
    host.remove();
  }
}
