// The phase strip and the transport: where the replay is, and the native controls that move it. Owns no play state: the
// lab passes it in.
import { html, nothing, render, svg, type TemplateResult } from 'lit';
import type { Frame } from '../../frame/frame-types';
import { speak } from '../../words';
import { isNested, tileLabel, timeline } from './phases';
import { ownedBlock, workgroupsOf } from '../shared/workgroups';
import { stripWords } from './strip.words';
import type { ViewEnv } from '../view';
import css from './strip.css?inline';
import { setText } from '../../ui/dom/text';
import { element } from '../../ui/dom/element';
import { range } from '../../ui/format';

export const GRANULARITIES = ['workgroup', 'tile', 'phase', 'line'] as const;
export type Granularity = (typeof GRANULARITIES)[number];
export const SPEEDS = [0.25, 0.5, 1, 2, 4, 8] as const;

/** What the transport asks for. Phases and workgroups go through `ViewEvents`. */
export interface StripActions {
  first(): void;
  previous(): void;
  /** Play or pause. */
  toggle(): void;
  next(): void;
  last(): void;
  speed(times: number): void;
  granularity(to: Granularity): void;
  /** Another pass of the kernel, by index. */
  pass(index: number): void;
}

/** The play state as the lab holds it. */
export interface Transport {
  playing: boolean;
  speed: number;
  granularity: Granularity;
}

export interface MountedStrip {
  draw(frame: Frame, transport: Transport): void;
  /**
   * An empty place in the control row, between the speed and the workgroup, that the lab may fill; the same element at
   * every draw.
   */
  slot: HTMLElement;
  dispose(): void;
}

/** Style sheet text for the lab's shadow root. */
export const stripCss: string = css;

type Div = HTMLDivElement;
type Words = ReturnType<typeof speak<typeof stripWords>>;

/** Below this the workgroup takes as many lines as it needs. */
const NARROW = 640;
/** Below this the controls keep to one row by saying less. */
const TIGHT = 1040;
/** Room that the passes of a kernel take, where there are several. */
const PASSES = 300;

/** Paths of the transport's icons, 16 x 16. */
export const ICONS = {
  first: 'M3 3h2v10H3zM13 3v10L6 8z',
  previous: 'M11.5 3v10L4.5 8z',
  play: 'M4.5 2.5v11l9-5.5z',
  pause: 'M4 3h3v10H4zM9 3h3v10H9z',
  next: 'M4.5 3v10l7-5z',
  last: 'M11 3h2v10h-2zM3 3v10l7-5z',
};

/** Mounts strip and transport into `host`. */
export function mountStrip(host: HTMLElement, env: ViewEnv, actions: StripActions): MountedStrip {
  const words = speak(stripWords, env.language);
  const root = host.appendChild(document.createElement('div'));
  root.className = 'phase-strip';
  const [top, middle, slot] = Array.from({ length: 3 }, () => document.createElement('div')) as [Div, Div, Div];
  const phases = timeline(env.on.phase, words);
  slot.className = 'strip-slot';
  root.append(top, phases.overview, middle, phases.detail);
  let width = root.clientWidth;
  let last: [Frame, Transport] | undefined;
  let shown = '';
  const count = element('span', 'scrub-text num');
  count.append(element('span', ''));
  const scrub = scrubber(words, env.on.phase);
  middle.append(scrub.input);
  const toggleOptions = (): void => {
    root.classList.toggle('opened');
    shown = '';
    if (last) draw(...last);
  };
  const draw = (frame: Frame, transport: Transport): void => {
    last = [frame, transport];
    // From step to step the controls stay as they are.
    const { position } = workgroupsOf(frame);
    const now = JSON.stringify([transport, frame.cursor.pass, position, frame.block]);
    if (now !== shown)
      render(
        controls(
          frame,
          transport,
          words,
          { ...actions, options: toggleOptions, opened: root.classList.contains('opened') },
          env,
          slot,
          count,
        ),
        top,
      );
    shown = now;
    sayCount(count, frame, words);
    phases.draw(frame, width);
    scrub.show(frame, width);
    root.classList.toggle('narrow', width < NARROW);
    root.classList.toggle('tight', width >= NARROW && width < TIGHT + (frame.trace.passes.length > 1 ? PASSES : 0));
  };
  const resized = new ResizeObserver(([entry]) => {
    const now = Math.round(entry?.contentRect.width ?? width);
    if (now === width) return;
    width = now;
    if (last) draw(...last);
  });
  resized.observe(root);
  return {
    draw,
    slot,
    dispose() {
      resized.disconnect();
      root.remove();
    },
  };
}

function controls(
  frame: Frame,
  transport: Transport,
  words: Words,
  actions: StripActions & { options(): void; opened: boolean },
  env: ViewEnv,
  slot: HTMLElement,
  count: HTMLElement,
): TemplateResult {
  const button = (id: keyof typeof ICONS, label: string, act: () => void): TemplateResult =>
    html`<button class=${id} aria-label=${label} title=${label} data-word=${label.replace(/\s*[(（].*/, '')} @click=${act}>
      <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">${svg`<path d=${ICONS[id]} />`}</svg>
    </button>`;
  const playing = transport.playing;
  return html`<div class="controls">
    <div class="transport" role="group" aria-label=${words.transport}>
      ${button('first', words.first, actions.first)} ${button('previous', words.previous, actions.previous)}
      ${button(playing ? 'pause' : 'play', playing ? words.pause : words.play, actions.toggle)} ${button('next', words.next, actions.next)}
      ${button('last', words.last, actions.last)}
    </div>
    ${count}
    <button class="options" aria-expanded=${actions.opened ? 'true' : 'false'} aria-label=${words.options} title=${words.options} @click=${actions.options}>⋯</button>
    <label title=${words.by}><span class="word">${words.by}</span> ${granularitySelect(transport, words, actions)}</label>
    <label title=${words.speed}><span class="word">${words.speed}</span> ${speedSelect(transport, actions)}</label>
    ${slot} ${passTabs(frame, words, actions)} ${workgroupRange(frame, words, env)}
  </div>`;
}

const granularitySelect = (transport: Transport, words: Words, actions: StripActions): TemplateResult =>
  html`<select class="granularity" @change=${(e: Event) => actions.granularity((e.target as HTMLSelectElement).value as Granularity)}>
    ${GRANULARITIES.map((g) => html`<option value=${g} .selected=${g === transport.granularity}>${words[g]}</option>`)}
  </select>`;

const speedSelect = (transport: Transport, actions: StripActions): TemplateResult =>
  html`<select class="speed num" @change=${(e: Event) => actions.speed(Number((e.target as HTMLSelectElement).value))}>
    ${SPEEDS.map((x) => html`<option value=${x} .selected=${x === transport.speed}>${x}×</option>`)}
  </select>`;

function passTabs(frame: Frame, words: Words, actions: StripActions): TemplateResult | typeof nothing {
  const { passes } = frame.trace;
  if (passes.length < 2) return nothing;
  return html`<div class="passes" role="group" aria-label=${words.passes}>
    ${passes.map(
      (pass, i) =>
        html`<button
          aria-pressed=${i === frame.cursor.pass ? 'true' : 'false'}
          title=${words.pass(i + 1, passes.length, pass.name)}
          @click=${() => actions.pass(i)}
        >
          <span class="num">${i + 1}</span> ${words.passNamed(pass.name)}
        </button>`,
    )}
  </div>`;
}

/** Position among the workgroups of this plane, in an order that is the page's own. */
function workgroupRange(frame: Frame, words: Words, env: ViewEnv): TemplateResult {
  const { position, count, idAt } = workgroupsOf(frame);
  const text = words.workgroupAt(
    frame.cursor.workgroup,
    range(idAt(0), idAt(count - 1)),
    ownedBlock(frame, env.language),
  );
  return html`<div class="workgroup">
    <label title=${words.order}
      >${words.workgroup}
      <input
        type="range"
        min="0"
        max=${count - 1}
        .value=${String(position)}
        ?disabled=${count < 2}
        title=${words.workgroupKeys}
        aria-valuetext=${`${text}, ${words.order}`}
        @input=${(e: Event) => env.on.workgroup(idAt(Number((e.target as HTMLInputElement).value)))}
      />
    </label>
    <span class="num at">${text}</span>
    <span class="order">${count > 1 ? words.order : nothing}</span>
  </div>`;
}

function phaseText(frame: Frame, words: Words): string {
  const count = frame.phases.length;
  const { k, name, tiles } = frame.phase;
  if (count === 0) return words.waiting;
  const label = tiles > 1 && tileLabel(frame.phase, isNested(frame.phases));
  return label ? words.phaseAt(k + 1, count, name, label) : words.phaseOnly(k + 1, count, name);
}

/** Where the replay is, as short as it goes: the segments name the phase, the slider says all of it. */
function sayCount(host: HTMLElement, frame: Frame, words: Words): void {
  const count = frame.phases.length;
  const text = phaseText(frame, words);
  host.classList.toggle('long', count === 0);
  if (host.firstElementChild) setText(host.firstElementChild, count === 0 ? text : `${frame.phase.k + 1}/${count}`);
  if (host.title !== text) host.title = text;
}

/** The range input of the phases; its thumb stands under the phase's own segment. */
function scrubber(
  words: Words,
  go: (phase: number) => void,
): { input: HTMLInputElement; show(frame: Frame, width: number): void } {
  const input = document.createElement('input');
  input.className = 'scrub';
  input.type = 'range';
  input.min = '0';
  input.ariaLabel = words.scrub;
  input.title = words.scrub;
  input.addEventListener('input', () => go(Number(input.value)));
  let shown = '';
  return {
    input,
    show(frame, width) {
      const count = Math.max(1, frame.phases.length);
      const now = `${count} ${width}`;
      if (now !== shown) {
        shown = now;
        input.max = String(count - 1);
        input.disabled = count < 2;
        input.style.setProperty('--segment', `${count < 2 ? 14 : width / count}px`);
      }
      const at = String(frame.phase.k);
      if (input.value !== at) input.value = at;
      const text = phaseText(frame, words);
      if (input.ariaValueText !== text) input.ariaValueText = text;
    },
  };
}
