// Ready-made comparisons, one click each, and which picture is shown of both runs.
import { batch, effect, type ReadonlySignal } from '@preact/signals-core';
import { html, nothing, render } from 'lit';
import { cardById, opOf, otherKernel, peersOf } from '../../kernels';
import type { LabEnv } from '../lab';
import type { Choice } from '../../figure/choice';
import { viewsOf } from '../../views';
import type { Tile } from '../../ops/run';
import type { OpensAt } from './opening';
import { PICTURES } from './settings';
import type { CompareSpeech } from './speech';
import { choiceOfVersus, type Versus } from '../shared/versus';

/** The fields by which two runs may differ here. */
const SET = [
  'kernel',
  'tile',
  'mask',
  'softcap',
  'alibi',
  'layer',
  'head',
  'seed',
] as const satisfies readonly (keyof Choice)[];
/** And those that both share. */
const SHARED = ['input', 'keys', 'queries', 'dim', 'heads', 'batch'] as const satisfies readonly (keyof Choice)[];

const smallest = (kernel: string): Tile | undefined =>
  cardById(kernel).tiles.toSorted((a, b) => a.br * a.bc - b.br * b.bc)[0];

/** A problem on which, in small tiles, standard attention moves less by the IO model than the tiled kernel. */
const LOSING = {
  tile: undefined,
  input: 'seed',
  keys: 128,
  queries: undefined,
  dim: 64,
  heads: 1,
  batch: 1,
  mask: 'full',
} as const satisfies Partial<Choice>;

const alike = (a: Choice, b: Choice, fields: readonly (keyof Choice)[]): boolean =>
  fields.every((field) => JSON.stringify(a[field]) === JSON.stringify(b[field]));

/** Whether the two runs are what a preset would make of them. */
export function isShown(first: Choice, second: Choice, change: Partial<Choice>, versus: Versus): boolean {
  const made = { ...first, ...change };
  return alike(made, first, [...SET, ...SHARED]) && alike(choiceOfVersus(made, versus), second, SET);
}

const isStandard = ({ kernel }: Choice): boolean => cardById(kernel).standard ?? false;

/** Whether these are the standard kernel and another, left and right, and differ in nothing else. */
const isKernels = (standard: Choice, other: Choice): boolean =>
  isStandard(standard) &&
  !isStandard(other) &&
  alike(standard, other, ['mask', 'softcap', 'alibi', 'layer', 'head', 'seed']);

/**
 * Shows them in `host` until the returned function is called. `second` is the choice of the second run; `open` puts the
 * cursor where a preset shows its point.
 */
export function followPresets(
  host: HTMLElement,
  { state, actions, views }: LabEnv,
  second: ReadonlySignal<Choice>,
  words: CompareSpeech,
  open: (at: OpensAt) => void,
): () => void {
  const preset = (
    name: string,
    title: string,
    change: Partial<Choice>,
    versus: Versus,
    at: OpensAt = 'start',
    turned = false,
  ) =>
    html`<button
      title=${title}
      aria-pressed=${turned || isShown(state.choice.value, second.value, change, versus)}
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
    const tiled = isStandard(choice) ? otherKernel(choice.kernel) : choice.kernel;
    const standard = peersOf(tiled).find((card) => card.standard)?.id;
    // A tiled run on the left beside the standard one on the right is that pair the other way round, and named so.
    const turned = isKernels(second.value, choice);
    const shape = state.trace.value?.header.run.shape;
    const input: Versus =
      choice.input === 'seed'
        ? { kernel: choice.kernel, seed: choice.seed + 1 }
        : { kernel: choice.kernel, head: ((choice.head ?? 0) + 1) % 6 };
    const swap = (): void =>
      batch(() => {
        const { kernel, tile, mask, softcap, alibi, layer, head, seed } = second.peek();
        const from = state.choice.peek();
        const back: Versus = { kernel: from.kernel, mask: from.mask };
        if (from.softcap !== softcap) back.softcap = from.softcap ?? 'off';
        if (from.alibi !== alibi) back.alibi = from.alibi ?? false;
        if (from.tile) back.tile = from.tile;
        for (const key of ['layer', 'head', 'seed'] as const)
          if (from[key] !== undefined && from[key] !== second.peek()[key]) back[key] = from[key];
        state.versus.value = back;
        actions.choose({ kernel, tile, mask, softcap, alibi, layer, head, seed });
      });
    render(
      html`<div class="presets" role="group" aria-label=${words.presets}>
          ${standard === undefined ? nothing : preset(turned ? words.kernelsBack : words.kernels, words.kernels, { kernel: standard, tile: undefined }, { kernel: tiled }, 'start', turned)}
          ${preset(words.tiles, words.tiles, { kernel: tiled, tile: undefined }, { kernel: tiled, tile: smallest(tiled) })}
          ${opOf(choice).rowwise ? nothing : preset(words.masks, words.masks, { mask: 'causal' }, { kernel: choice.kernel, mask: 'full' })}
          ${preset(words.inputs, words.inputs, {}, input)}
          ${standard === undefined ? nothing : preset(words.loses, words.losesWhy, { ...LOSING, kernel: standard }, { kernel: otherKernel(standard), tile: smallest(otherKernel(standard)) }, 'end')}
          <button @click=${swap}>⇄ ${words.swap}</button>
        </div>
        <span class="muted input-is">${{ text: words.inputText, seed: words.inputSeed, file: words.inputFile }[choice.input]}${shape ? html` · <span class="num">${words.sizes(shape.keys, shape.dim)}</span>` : nothing}</span>
        <div class="segmented pictures" role="group" aria-label=${words.picture}>
          ${PICTURES.filter((picture) => viewsOf(opOf(choice).id, views).some(({ pane }) => pane === picture)).map(
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
