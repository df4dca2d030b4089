// The transport of both runs: one position, gone through by phase, by share of the work, or by bytes.
import { effect, type ReadonlySignal } from '@preact/signals-core';
import { html, render, svg } from 'lit';
import { ICONS } from '../../views/strip/strip';
import type { LabEnv } from '../lab';
import { STEP_MS } from '../../figure/clock';
import { followPlaying } from '../../figure/playing';
import type { CompareSpeech } from './speech';
import { TOGETHER, type Together } from './settings';
import type { Pair } from './track';

const button = (id: keyof typeof ICONS, label: string, act: () => void) =>
  html`<button class=${id} aria-label=${label} title=${label} @click=${act}>
    <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">${svg`<path d=${ICONS[id]} />`}</svg>
  </button>`;

export interface DeckEnv {
  pair(): Pair;
  position: ReadonlySignal<number>;
  words: CompareSpeech;
  seek(at: number): void;
  /** Not spoken while something plays: a screen reader could not follow. */
  story: HTMLElement;
  /** How both keep together stands here where the deck has no room for it. */
  alone: HTMLElement;
  /** False at either end. */
  go(by: number): boolean;
}

/** Shows the transport in `host` and plays, until the returned function is called. */
export function followDeck(
  host: HTMLElement,
  { state }: LabEnv,
  { pair, position, words, story, alone, seek, go }: DeckEnv,
): () => void {
  const stopDeck = effect(() => {
    const { length } = pair();
    const at = position.value;
    const playing = state.playing.value;
    const { by } = state.compare.value;
    const text = words.at(String(at + 1), String(length));
    const change = (to: Together): void => {
      // The first side stays where it is.
      const first = pair().at(position.peek())[0];
      state.compare.value = { ...state.compare.peek(), by: to };
      seek(pair().positionOf(0, first));
    };
    story.ariaLive = playing ? 'off' : 'polite';
    const together = html`<div class="segmented" role="group" aria-label=${words.together}>
      ${TOGETHER.map(
        (mode) =>
          html`<button aria-pressed=${by === mode} title=${words[`${mode}Why`]} @click=${() => change(mode)}>
            ${words[mode]}
          </button>`,
      )}
    </div>`;
    render(together, alone);
    render(
      html`<div class="controls">
          ${button('first', words.start, () => seek(0))} ${button('previous', words.previous, () => void go(-1))}
          ${button(playing ? 'pause' : 'play', playing ? words.pause : words.play, () => (state.playing.value = !playing))}
          ${button('next', words.next, () => void go(1))} ${button('last', words.end, () => seek(length - 1))}
          <span class="num at">${text}</span>
          ${together}
          <input
            type="range"
            min="0"
            max=${length - 1}
            .value=${String(at)}
            aria-label=${words.position}
            aria-valuetext=${text}
            @input=${(event: Event) => seek(Number((event.target as HTMLInputElement).value))}
          />
        </div>
        <p class="muted">${words[`${by}Why`]}</p>`,
      host,
    );
  });
  const { playing, speed } = state;
  const stopPlaying = followPlaying({ playing, speed, stands: () => STEP_MS.phase, go: () => go(1) });
  return () => {
    stopDeck();
    stopPlaying();
  };
}
