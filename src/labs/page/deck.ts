// The transport of the Page lab: one range over all moments, playback, and a sentence about the moment with the sum
// that decided. A step only writes into elements that exist already.
import { effect, untracked } from '@preact/signals-core';
import { html, nothing, render, svg, type TemplateResult } from 'lit';
import { setText } from '../../ui/dom/text';
import type { PageFrame } from '../../views/paging/view';
import { pageSentence, eventSentence, type Decision } from '../../views/paging/story/sentence';
import { ICONS, SPEEDS } from '../../views/strip/strip';
import { whole } from '../../ui/whole';
import { stripWords } from '../../views/strip/strip.words';
import { speak, type Language } from '../../words';
import type { LabState } from '../lab';
import { followEnding } from './ending';
import { atRest } from '../../figure/rest';
import type { Runner } from '../../figure/paging/runner';
import type { PageSpeech } from './speech';
import type { PageStage } from '../../figure/paging/stage';

export interface DeckEnv {
  state: LabState;
  stage: PageStage;
  runner: Runner;
  words: PageSpeech;
  language: Language;
  tokenText(token: number): string;
}

/** At most so many events are listed one by one. */
const MOST_EVENTS = 60;
/** The list of events is written once the moment has been on screen for so long (ms). */
const REST_MS = 200;

type Find = (selector: string) => HTMLElement;

/** Shows the deck in `host` and plays, until the returned function is called. */
export function followPageDeck(host: HTMLElement, env: DeckEnv): () => void {
  const { state, stage, runner, words } = env;
  render(skeleton(env), host);
  // Each element is looked up once.
  const found = new Map<string, HTMLElement>();
  const find: Find = (selector) => {
    const known = found.get(selector) ?? host.querySelector<HTMLElement>(selector) ?? host;
    found.set(selector, known);
    return known;
  };
  const scrub = find('.scrub') as HTMLInputElement;
  const ends = [
    followPlay(find, env),
    effect(() => {
      const frame = stage.frame.value;
      if (!frame) return;
      showPosition(find('.scrub-text'), scrub, frame, words);
      untracked(() => tell(find, frame, env));
    }),
    effect(() => {
      find('.story').ariaLive = state.playing.value ? 'off' : 'polite';
    }),
    effect(() => {
      const chip = find('.provenance');
      const rules = runner.run.value?.simulation.history.last.state.config.rules;
      if (!rules) return;
      setText(chip, words.simulated(words[rules]));
      chip.dataset['mark'] = words.rulesNote;
      chip.ariaDescription = words.rulesNote;
    }),
    effect(() => {
      render(progress(runner, words), find('.strip-slot'));
    }),
    followEvents(find('.events') as HTMLDetailsElement, env),
    followEnding(find('.ending'), env),
  ];
  return () => {
    for (const end of ends) end();
  };
}

function skeleton({ state, stage, words, language }: DeckEnv): TemplateResult {
  const labels = speak(stripWords, language);
  const button = (id: 'first' | 'previous' | 'next' | 'last', act: () => void): TemplateResult =>
    html`<button class=${id} aria-label=${labels[id]} title=${labels[id]} @click=${act}>${icon(id)}</button>`;
  const toSpeed = (event: Event): void => {
    state.speed.value = Number((event.target as HTMLSelectElement).value);
  };
  return html`<div class="phase-strip">
      <div class="controls">
        <div class="transport" role="group" aria-label=${labels.transport}>
          ${button('first', () => stage.toEdge(-1))} ${button('previous', () => void stage.go(-1))}
          <button class="play" @click=${() => (state.playing.value = !state.playing.peek())}></button>
          ${button('next', () => void stage.go(1))} ${button('last', () => stage.toEdge(1))}
        </div>
        <span class="moment-word muted" title=${words.momentNote}>${words.momentWord}</span>
        <span class="scrub-text num" title=${words.momentNote}><span></span></span>
        <label title=${labels.speed}
          ><span class="word">${labels.speed}</span>
          <select class="speed num" @change=${toSpeed}>
            ${SPEEDS.map((times) => html`<option value=${times}>${times}×</option>`)}
          </select></label
        >
        <div class="strip-slot"></div>
        <span class="chip own provenance" tabindex="0" role="group"></span>
      </div>
      <div class="scrub-box">
        <input
          class="scrub"
          type="range"
          min="0"
          aria-label=${words.scrub}
          title=${words.scrub}
          @input=${(event: Event) => stage.on.seek(Number((event.target as HTMLInputElement).value))}
        />
      </div>
    </div>
    <div class="explained">
      <p class="story" tabindex="0"><b></b> <span></span></p>
      <div class="sums">
        <div class="decision" tabindex="0" role="group" hidden>
          <span class="who"></span>
          <span class="num"><b class="fresh"></b> <i>${words.fresh}</i> + <b class="idle"></b> <i>${words.idleHits}</i> <b class="sign"></b> <b class="free"></b> <i>${words.freeBlocks}</i> − <b class="kept"></b> <i>${words.mark}</i></span>
          <b class="verdict"></b>
        </div>
      </div>
      <details class="events" hidden><summary></summary><ol></ol></details>
      <p class="ending" hidden></p>
    </div>`;
}

const icon = (id: keyof typeof ICONS): TemplateResult =>
  html`<svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">${svg`<path d=${ICONS[id]} />`}</svg>`;

/** The play button and the speed. */
function followPlay(find: Find, { state, language }: DeckEnv): () => void {
  const labels = speak(stripWords, language);
  return effect(() => {
    const playing = state.playing.value;
    const play = find('.play');
    const name = playing ? labels.pause : labels.play;
    play.ariaLabel = name;
    play.title = name;
    play.classList.toggle('pause', playing);
    render(icon(playing ? 'pause' : 'play'), play);
    (find('.speed') as HTMLSelectElement).value = String(state.speed.value);
  });
}

function showPosition(
  text: HTMLElement,
  scrub: HTMLInputElement,
  { moment, length }: PageFrame,
  words: PageSpeech,
): void {
  const step = whole(moment.state.step);
  setText(text.firstElementChild ?? text, `${whole(moment.index)}/${whole(length)} · ${words.step(step)}`);
  const max = String(length);
  if (scrub.max !== max) {
    scrub.max = max;
    const longest = whole(length);
    // Room for the longest text, so that a step changes the layout of this element alone.
    text.style.setProperty('inline-size', `${columnsOf(`${longest}/${longest} · ${words.step(longest)}`)}ch`);
  }
  const at = String(moment.index);
  if (scrub.value !== at) scrub.value = at;
  const spoken = words.moment(whole(moment.index), whole(length), step);
  if (scrub.ariaValueText !== spoken) scrub.ariaValueText = spoken;
}

/** Columns of a text in a monospace face: a Chinese character takes two. */
const columnsOf = (text: string): number => [...text].reduce((sum, letter) => sum + (letter > '\u2e80' ? 2 : 1), 0);

/** Writes the sentence and the sum into the elements that exist already. */
function tell(find: Find, { moment }: PageFrame, { words, language, tokenText }: DeckEnv): void {
  const { what, why, decision } = pageSentence(moment, tokenText, language);
  setText(find('.story b'), what);
  setText(find('.story span'), why);
  const host = find('.decision');
  if (host.hidden !== (decision === undefined)) host.hidden = decision === undefined;
  if (!decision) {
    for (const part of SUM_PARTS) setText(find(`.decision .${part}`), '');
    return;
  }
  const note = words.decisionNote(decision.needed, decision.held, decision.hits);
  if (host.dataset['mark'] !== note) {
    host.dataset['mark'] = note;
    host.ariaDescription = note;
  }
  host.classList.toggle('refused', !decision.granted);
  const texts = sum(decision, words);
  for (const part of SUM_PARTS) setText(find(`.decision .${part}`), texts[part]);
}

const SUM_PARTS = ['who', 'fresh', 'idle', 'sign', 'free', 'kept', 'verdict'] as const;

const sum = (
  { name, fresh, idleHits, free, watermark, granted }: Decision,
  words: PageSpeech,
): Record<(typeof SUM_PARTS)[number], string> => ({
  who: name,
  fresh: whole(fresh),
  idle: whole(idleHits),
  sign: granted ? '≤' : '>',
  free: whole(free),
  kept: whole(watermark),
  verdict: granted ? words.granted : words.refused,
});

/** The progress of a long simulation, with buttons to stop and resume it. */
function progress(runner: Runner, words: PageSpeech): TemplateResult | typeof nothing {
  const done = whole(runner.length.value);
  if (runner.working.value)
    return html`<span class="working" role="status">${words.working(done)}</span> <button class="plain stop" @click=${runner.cancel}>${words.cancel}</button>`;
  if (runner.halted.value === 'cancelled')
    return html`<span class="working" role="status">${words.cancelled}</span> <button class="plain resume" @click=${runner.resume}>${words.resume}</button>`;
  return runner.halted.value === 'too-long'
    ? html`<span class="working" role="status">${words.tooLong}</span>`
    : nothing;
}

/** The list of all events of the moment, one sentence each. It is filled only while it is open. */
function followEvents(details: HTMLDetailsElement, { stage, words, language, tokenText }: DeckEnv): () => void {
  let frame: PageFrame | undefined;
  const summary = details.querySelector('summary');
  const list = details.querySelector('ol');
  const write = (): void => {
    if (!frame || !summary || !list) return;
    const { events, state } = frame.moment;
    if (!details.open) {
      render(nothing, list);
      return;
    }
    const item = (event: (typeof events)[number]): TemplateResult => {
      const { what, why } = eventSentence(event, { state, tokenText }, language);
      return html`<li data-kind=${event.kind}>${what} <span class="muted">${why}</span></li>`;
    };
    const rest = events.length - MOST_EVENTS;
    render(
      html`${events.slice(0, MOST_EVENTS).map(item)}${rest > 0 ? html`<li>${words.eventsMore(rest)}</li>` : nothing}`,
      list,
    );
  };
  /** The count is updated at every step; the list only when the moment rests. */
  const count = (n: number): void => {
    if (details.hidden !== (n === 0)) details.hidden = n === 0;
    if (summary) setText(summary, words.events(n));
  };
  const rest = atRest(REST_MS, write);
  details.addEventListener('toggle', write);
  const stop = effect(() => {
    const now = stage.frame.value;
    if (now?.moment === frame?.moment) return;
    const first = frame === undefined;
    frame = now;
    count(now?.moment.events.length ?? 0);
    if (first) write();
    else rest.restart();
  });
  return () => {
    stop();
    rest.stop();
    details.removeEventListener('toggle', write);
  };
}
