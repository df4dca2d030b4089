// Ready-made comparisons, one click each, and which picture is shown of both runs.
import { batch, effect, type ReadonlySignal } from '@preact/signals-core';
import { html, nothing, render } from 'lit';
import { kernelById } from '../../kernels/index';
import type { LabEnv } from '../lab';
import type { Choice } from '../step/choice';
import type { OpensAt } from './opening';
import { PICTURES } from './settings';
import type { CompareSpeech } from './speech';
import { otherKernel, type Versus } from './versus';

/** Shows them in `host` until the returned function is called. `second` is the choice of the second run; `open` puts the cursor where a preset shows its point. */
export function followPresets(
  host: HTMLElement,
  { state, actions }: LabEnv,
  second: ReadonlySignal<Choice>,
  words: CompareSpeech,
  open: (at: OpensAt) => void,
): () => void {
  const preset = (name: string, title: string, change: Partial<Choice>, versus: Versus, at: OpensAt = 'start') =>
    html`<button
      title=${title}
      @click=${() =>
        batch(() => {
          state.versus.value = versus;
          open(at);
          actions.choose(change);
        })}
    >
      ${name}
    </button>`;
  return effect(() => {
    const choice = state.choice.value;
    const tiled = choice.kernel === 'naive' ? otherKernel('naive') : choice.kernel;
    const shape = state.trace.value?.header.run.shape;
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
            'end',
          )}
          <button @click=${swap}>⇄ ${words.swap}</button>
        </div>
        <span class="muted input-is">${{ text: words.inputText, seed: words.inputSeed, file: words.inputFile }[choice.input]}${shape ? html` · <span class="num">${words.sizes(shape.keys, shape.dim)}</span>` : nothing}</span>
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
