// What `npm run budgets` measures of the Page lab: the main-thread cost of a step, all pictures in sight, words,
// transport and layout.
import { timesOf } from './debug';
import type { State } from '../state';

/** Resolves when `ready` says so; it is asked once a frame. */
async function until(ready: () => boolean): Promise<void> {
  while (!ready()) await new Promise((resolve) => requestAnimationFrame(resolve));
}

/**
 * Steps n times through a workload from a moment on, to its end and back again, once it is simulated to its end and
 * every picture stands.
 * @param workload as a link names it, settings and all; '' is the story
 */
export async function pageStepTimes(state: State, n: number, workload = '', from = 0): Promise<number[]> {
  state.page.value = workload;
  state.moment.value = String(from);
  state.lab.value = 'page';
  const lab = (): Element | null | undefined =>
    document.querySelector('attn-scope')?.shadowRoot?.querySelector('.page-lab');
  const scrub = (): HTMLInputElement | null | undefined => lab()?.querySelector<HTMLInputElement>('.scrub');
  const shown = (): boolean => !!lab()?.querySelector('.scrub-text')?.textContent && scrub()?.value === String(from);
  await until(() => shown() && !lab()?.querySelector('.deck .working'));
  const length = Number(scrub()?.max);
  await until(() => [...(lab()?.querySelectorAll('.pane > .host') ?? [])].every((host) => host.childElementCount > 0));
  // Pictures out of sight are drawn, and all is described in words, once it has stood for a while.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  let at = from;
  let direction = 1;
  return timesOf(n, () => {
    if (at + direction > length || at + direction < 0) direction = -direction;
    at += direction;
    state.moment.value = String(at);
  });
}
