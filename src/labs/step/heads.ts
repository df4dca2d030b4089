// The heads map: one small picture of attention a head, layers downwards. Looking at it is how a layer and head are
// chosen.
import { html, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { ref } from 'lit/directives/ref.js';
import { paintHeatmap } from '../../ui/paint/heatmap';
import type { Theme } from '../../ui/palette';
import type { Thumbnail } from '../../model/thumbnail';
import type { Sentence } from '../../figure/problem';
import type { Speech } from './speech';

/** A thumbnail as a canvas; repainted only when its values or the theme change. */
export function thumbnail(picture: Thumbnail | undefined, theme: Theme): TemplateResult {
  const paint = (canvas: Element | undefined): void => {
    if (!(canvas instanceof HTMLCanvasElement) || !picture) return;
    paintHeatmap(
      canvas,
      { values: picture.values, rows: picture.side, cols: picture.side, scale: 'sequential', max: 255 },
      theme,
    );
  };
  return html`${guard([picture, theme], () => html`<canvas aria-hidden="true" ${ref(paint)}></canvas>`)}`;
}

/** The picture of the head in use. */
export const chosenThumbnail = ({ run, layer, head }: Sentence): Thumbnail | undefined => run.maps[layer]?.[head];

/** All heads: a grid of buttons, arrow keys move between them. */
export function headsMap(
  sentence: Sentence,
  theme: Theme,
  words: Speech,
  choose: (layer: number, head: number) => void,
): TemplateResult {
  const { maps } = sentence.run;
  const heads = maps[0]?.length ?? 1;
  const onKey = (event: KeyboardEvent): void => {
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -heads, ArrowDown: heads }[event.key];
    if (by === undefined || !(event.currentTarget instanceof Element)) return;
    event.preventDefault();
    const buttons = [...event.currentTarget.querySelectorAll('button')];
    const at = buttons.indexOf(event.composedPath()[0] as HTMLButtonElement);
    buttons[at + by]?.focus();
  };
  const cell = (layer: number, head: number): TemplateResult => {
    const chosen = layer === sentence.layer && head === sentence.head;
    return html`<button
      class="head"
      aria-pressed=${chosen}
      tabindex=${chosen ? 0 : -1}
      aria-label=${words.head(layer, head)}
      title=${words.head(layer, head)}
      @click=${() => choose(layer, head)}
    >
      ${thumbnail(maps[layer]?.[head], theme)}
    </button>`;
  };
  return html`<div class="heads" role="group" aria-label=${words.headsTitle} @keydown=${onKey}>
    ${maps.map((row, layer) => html`<div class="layer"><span class="name">${words.layer(layer)}</span>${row.map((_, head) => cell(layer, head))}</div>`)}
    <p class="muted">${words.headsNote}</p>
  </div>`;
}
