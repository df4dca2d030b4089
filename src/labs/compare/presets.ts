// Ready-made comparisons, one click each, and which picture is shown of both runs.
import { batch, effect, type ReadonlySignal } from '@preact/signals-core';
import { html, render } from 'lit';
import { kernelById } from '../../kernels/index';
import type { LabEnv } from '../lab';
import type { Choice } from '../step/choice';
import { PICTURES } from './settings';
import type { CompareSpeech } from './speech';
import { otherKernel, type Versus } from './versus';

/** Shows them in `host` until the returned function is called. `second` is the choice of the second run. */
export function followPresets(
  host: HTMLElement,
  { state, actions }: LabEnv,
  second: ReadonlySignal<Choice>,
  words: CompareSpeech,
): () => void {
  const preset = (name: string, title: string, change: Partial<Choice>, versus: Versus) =>
    html`<button
      title=${title}
      @click=${() =>
        batch(() => {
          state.versus.value = versus;
          state.compare.value = { ...state.compare.peek(), at: 0 };
          actions.choose(change);
        })}
    >
      ${name}
    </button>`;
  return effect(() => {
    const choice = state.choice.value;
    const tiled = choice.kernel === 'naive' ? otherKernel('naive') : choice.kernel;
    const { tiles } = kernelById(tiled);
    const small = tiles.toSorted((a, b) => a.br * a.bc - b.br * b.bc)[0];
    const input: Versus =
      choice.input === 'seed'
        ? { kernel: choice.kernel, seed: choice.seed + 1 }
        : { kernel: choice.kernel, head: ((choice.head ?? 0) + 1) % 6 };
    const swap = (): void =>
      batch(() => {
        const { kernel, tile, mask, layer, head, seed } = second.peek();
        const from = state.choice.peek();
        const back: Versus = { kernel: from.kernel, mask: from.mask };
        if (from.tile) back.tile = from.tile;
        for (const key of ['layer', 'head', 'seed'] as const)
          if (from[key] !== undefined && from[key] !== second.peek()[key]) back[key] = from[key];
        state.versus.value = back;
        actions.choose({ kernel, tile, mask, layer, head, seed });
      });
    render(
      html`<div class="presets" role="group" aria-label=${words.presets}>
          ${preset(words.kernels, words.kernels, { kernel: 'naive', tile: undefined }, { kernel: tiled })}
          ${preset(words.tiles, words.tiles, { kernel: tiled, tile: undefined }, { kernel: tiled, ...(small && { tile: small }) })}
          ${preset(words.masks, words.masks, { mask: 'causal' }, { kernel: choice.kernel, mask: 'full' })}
          ${preset(words.inputs, words.inputs, {}, input)}
          ${preset(
            words.loses,
            words.losesWhy,
            { kernel: 'naive', tile: undefined, input: 'seed', keys: 128, queries: undefined, dim: 64, heads: 1, batch: 1, mask: 'full' },
            { kernel: 'flash2', ...(small && { tile: small }) },
          )}
          <button @click=${swap}>⇄ ${words.swap}</button>
        </div>
        <div class="segmented pictures" role="group" aria-label=${words.picture}>
          ${PICTURES.map(
            (picture) =>
              html`<button
                aria-pressed=${state.compare.value.picture === picture}
                @click=${() => (state.compare.value = { ...state.compare.peek(), picture })}
              >
                ${words[picture]}
              </button>`,
          )}
        </div>`,
      host,
    );
  });
}
