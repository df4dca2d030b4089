// The transport in the lab: the strip's controls wired to the stage, and under them the sentence that says what this
// step did and why.
import { effect, signal, untracked } from '@preact/signals-core';
import { html, render, type TemplateResult } from 'lit';
import { loadLate } from '../../frame/frame-now';
import type { Frame } from '../../frame/frame-types';
import type { Trace } from '../../trace/trace';
import { mountStrip, type MountedStrip } from '../../views/strip/strip';
import { value } from '../../ui/format';
import type { sentence as Sentence } from '../../views/story/sentence';
import type * as Formula from '../../views/explain/formula';
import type { Theme } from '../../ui/palette';
import type { ViewEvents } from '../../views/view';
import type { Language } from '../../words';
import { setText } from '../../ui/dom/text';
import { element } from '../../ui/dom/element';
import type { StepState } from './api';
import type * as Ending from './ending';
import type { Onward } from './ending';
import type { Speech } from './speech';
import type { Stage } from '../../figure/stage';

export interface TransportEnv {
  state: StepState;
  stage: Stage;
  language: Language;
  theme: Theme;
  words: Speech;
  on: ViewEvents;
  /** Stands in the controls' free place, whatever is mounted around it. */
  guest: HTMLElement;
  /** Goes on to another lab with the same run. */
  onward(to: Onward): void;
}

/** The arithmetic of the cell that is pointed at, in one line. */
function arithmetic(
  frame: Frame,
  { nameOf, symbols, inNumbers }: typeof Formula,
  words: Speech,
): TemplateResult | undefined {
  const { explanation } = frame;
  if (!explanation) return undefined;
  const { base, sub } = nameOf(explanation);
  if (explanation.masked) return html`<span class="num">${base}<sub>${sub}</sub> ${words.maskedCell}</span>`;
  if (explanation.value === undefined) return undefined;
  const parts = [symbols(explanation), inNumbers(explanation), value(explanation.value)].filter(Boolean);
  return html`<span class="num">${base}<sub>${sub}</sub> = ${parts.join(' = ')}</span>`;
}

/**
 * What happened, and why; `turn`: that another workgroup has begun with it; `cell`: what stands in place of the reason.
 */
const told = ({ what, why }: ReturnType<typeof Sentence>, turn: string, cell: TemplateResult | undefined) =>
  html`<b>${turn && `${turn} `}${what}</b> ${cell ?? html`<span>${why}</span>`}`;

/** While something plays the sentence is not spoken: a screen reader could not follow. */
export function followTransport(strip: HTMLElement, story: HTMLElement, env: TransportEnv): () => void {
  const { state, stage, language, theme, words, on, guest, onward } = env;
  const announced = element('p', 'sr-only announced');
  announced.ariaLive = 'polite';
  story.after(announced);
  let mounted: MountedStrip | undefined;
  // Not needed for the first picture.
  const sentence = signal<typeof Sentence | undefined>(undefined);
  const formula = signal<typeof Formula | undefined>(undefined);
  void Promise.all([import('../../views/story/sentence'), loadLate()]).then(([module]) => {
    sentence.value = module.sentence;
  });
  const parts = signal<typeof Ending | undefined>(undefined);
  void import('./ending').then((module) => {
    parts.value = module;
  });
  void import('../../views/explain/formula').then((module) => {
    formula.value = module;
  });
  const actions = {
    first: () => stage.toEdge(-1),
    previous: () => void stage.go(-1),
    toggle: () => (state.playing.value = !state.playing.peek()),
    next: () => void stage.go(1),
    last: () => stage.toEdge(1),
    speed: (times: number) => (state.speed.value = times),
    granularity: (to: typeof state.granularity.value) => (state.granularity.value = to),
    pass: (pass: number) => stage.toPass(pass),
  };
  let mountedFor: Trace | undefined;
  /** The strip of the frame's trace. */
  const stripOf = (trace: Trace): MountedStrip => {
    if (mounted && mountedFor === trace) return mounted;
    mounted?.dispose();
    mountedFor = trace;
    mounted = untracked(() => mountStrip(strip, { trace, language, theme, motion: false, on }, actions));
    mounted.slot.append(guest);
    return mounted;
  };
  const stop = effect(() => {
    const frame = stage.frame.value;
    const playing = state.playing.value;
    const shown = { playing, speed: state.speed.value, granularity: state.granularity.value };
    const running = state.pending.value || state.canRun.value;
    if (!frame) return;
    const canCapture = frame.provenance === 'interpreter' || (running && frame.provenance === 'this-device');
    stripOf(frame.trace).draw(frame, shown);
    const live = playing ? 'off' : 'polite';
    if (story.ariaLive !== live) story.ariaLive = live;
    if (!frame.workgroup) render(canCapture ? words.pending : words.notCaptured, story);
    else if (sentence.value) {
      const { isEnd, ending, endText, turnText } = parts.value ?? {};
      const turn = turnText?.(frame, language) ?? '';
      const over = isEnd?.(frame) ? ending?.(frame, language, onward) : undefined;
      const cell = formula.value && arithmetic(frame, formula.value, words);
      story.classList.toggle('ended', !cell && over !== undefined);
      story.classList.toggle('plain', !cell && !over);
      render(told(sentence.value(frame, language), turn, cell ?? over), story);
      // Heard while it plays, too.
      if (playing || over)
        setText(announced, over ? (endText?.(frame, language) ?? '') : turn || announced.textContent);
    }
  });
  return () => {
    stop();
    announced.remove();
    mounted?.dispose();
  };
}
