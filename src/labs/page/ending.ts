// One line that sums a whole run up, with a button for the next workload. Shown at the last moment, once the simulation
// is complete.
import { batch, effect, untracked } from '@preact/signals-core';
import { html, nothing, render } from 'lit';
import { WORKLOADS, type Workload } from '../../paging';
import type { PageFrame } from '../../views/paging/view';
import { whole } from '../../ui/whole';
import type { LabState } from '../lab';
import type { Runner } from '../../figure/paging/runner';
import { formatPage } from '../../figure/paging/settings';
import type { PageSpeech } from './speech';
import type { PageStage } from '../../figure/paging/stage';

const percent = (part: number, all: number): string => `${((100 * part) / all).toFixed(1)} %`;

/** One line about a complete run. Undefined before its last moment, and when it had no step to average over. */
export function endingOf(
  { moment, length, series }: Pick<PageFrame, 'moment' | 'length' | 'series'>,
  words: PageSpeech,
): string | undefined {
  if (moment.index < length) return undefined;
  const mean = series.meanWaste(moment.index);
  const [paged, longest] = mean?.wastes ?? [];
  return mean && paged && longest
    ? words.ending(whole(mean.steps), percent(paged.token, paged.slots), percent(longest.token, longest.slots))
    : undefined;
}

/**
 * The workload to look at next; none after the last one, which is the visitor's own. The story in the other language is
 * left out.
 */
export function nextWorkload(id: Workload['id']): Workload | undefined {
  const at = WORKLOADS.findIndex((one) => one.id === id);
  return at < 0 ? undefined : WORKLOADS.slice(at + 1).find((one) => !one.id.startsWith('story'));
}

/** Shows the line in `host` until the returned function is called. */
export function followEnding(
  host: HTMLElement,
  { state, stage, runner, words }: { state: LabState; stage: PageStage; runner: Runner; words: PageSpeech },
): () => void {
  let shown: string | undefined;
  return effect(() => {
    const frame = stage.frame.value;
    const over = !runner.working.value && runner.halted.value === undefined;
    const line = frame && over ? endingOf(frame, words) : undefined;
    // A step that does not change the line renders nothing.
    if (line === shown) return;
    shown = line;
    host.hidden = line === undefined;
    const next = untracked(() => line && nextWorkload(runner.run.peek()?.settings.workload.id ?? ''));
    const go = (): void => {
      if (!next) return;
      batch(() => {
        state.moment.value = '';
        state.page.value = formatPage({ workload: next, changes: {}, userActions: [] });
      });
    };
    render(
      line === undefined
        ? nothing
        : html`<span>${line}</span>${next ? html` <button class="plain" @click=${go}>${words.next(words[next.id as keyof PageSpeech] as string)}</button>` : nothing}`,
      host,
    );
  });
}
