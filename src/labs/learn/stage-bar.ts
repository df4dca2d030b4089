// The line over the figures: where they come from, the way back from what was changed, and a step by hand.
import { html, nothing, type TemplateResult } from 'lit';
import type { LearnSpeech } from './course';

export interface StageBar {
  words: LearnSpeech;
  from: string;
  /** Made here, not elsewhere. */
  own: boolean;
  busy: boolean;
  error: string | undefined;
  again(): void;
  touched: boolean;
  reset(): void;
  step(direction: 1 | -1): boolean;
  /** Whether there is anything to step through. */
  steps: boolean;
}

export function stageBar({
  words,
  from,
  own,
  busy,
  error,
  again,
  touched,
  reset,
  step,
  steps,
}: StageBar): TemplateResult {
  return html`<span class="chip ${own ? 'own' : 'other'} ${busy ? 'busy' : ''}">${from}</span>
    ${error ? html`<span class="chip warn">${words.cannot(error)}</span><button @click=${again}>${words.again}</button>` : nothing}
    <span class="stage-hand">
      ${touched ? html`<button class="reset" @click=${reset}>${words.reset}</button>` : nothing}
      ${
        steps
          ? html`<button class="icon" aria-label=${words.back1} title=${words.back1} @click=${() => step(-1)}>‹</button>
              <button class="icon" aria-label=${words.on1} title=${words.on1} @click=${() => step(1)}>›</button>`
          : nothing
      }
    </span>`;
}
