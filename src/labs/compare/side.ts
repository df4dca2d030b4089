// One side of the comparison: its controls, the picture of its run at the common position, and where it stands in
// words.
import { signal } from '@preact/signals-core';
import { html, nothing, render, type TemplateResult } from 'lit';
import { mountViews } from '../../figure/kernel';
import type { Frame } from '../../frame/frame-types';
import type { TraceHeader } from '../../trace/trace';
import { cardById, opOf, peersOf } from '../../kernels';
import type { KernelCard } from '../../kernels/card';
import type { Tile } from '../../ops/run';
import type { View, ViewEvents } from '../../views/view';
import { limitLines } from '../../views/shared/limits';
import type { Theme } from '../../ui/palette';
import type { Variant } from '../../bench/tuning/store';
import { scoreNames } from '../../views/shared/mask.words';
import { speak, type Language } from '../../words';
import { kernelOptions } from '../shared/kernel-options';
import { tunedWords } from '../shared/tuned.words';
import type { Choice } from '../../figure/choice';
import { isMask, type Mask } from '../../ops/sizes';
import type { CompareSpeech } from './speech';

/** What changes scores. */
type Scores = Pick<Choice, 'softcap' | 'alibi'>;

/** The fields that a side may change by itself. */
export type SideChange =
  | { kernel: string }
  | { tile: Tile | undefined }
  | { mask: Mask }
  | Scores
  | { layer: number }
  | { head: number }
  | { seed: number };

interface Model {
  layers: number;
  heads: number;
  layer: number;
  head: number;
}

export interface Side {
  /**
   * Shows the controls of this choice; layers and heads as the model has them, and which kernel and tile is this
   * device's choice for the shape.
   */
  controls(choice: Choice, model: Model | undefined, tuned: Variant | undefined): void;
  /** Shows this frame in the view. */
  draw(view: View, frame: Frame): void;
  /** Stands in place of the picture. */
  note(text: TemplateResult | string | undefined): void;
  where(text: string): void;
  /** What f32 could not hold of this side's run. */
  limits(of: TraceHeader | undefined): void;
  dispose(): void;
}

export interface SideEnv {
  name: string;
  /** Whether it is the first: that chooses among all kernels, the second among those of the same op. */
  first: boolean;
  words: CompareSpeech;
  language: Language;
  theme: Theme;
  motion: boolean;
  on: ViewEvents;
  adopt(css: string): void;
  change(to: SideChange): void;
}

export function mountSide(host: HTMLElement, env: SideEnv): Side {
  const part = (name: string, within = host): HTMLElement => {
    const made = document.createElement('div');
    made.className = name;
    return within.appendChild(made);
  };
  const [head, where, notes, place] = [
    part('side-controls'),
    part('side-where num'),
    part('side-notes'),
    part('side-view'),
  ];
  const [note, limits] = [part('side-note', notes), part('side-limits', notes)];
  note.hidden = true;
  for (const said of [note, limits]) said.role = 'status';
  const shown = signal<Frame | undefined>(undefined);
  let mounted: { view: View; stop(): void } | undefined;
  const mount = (view: View): void => {
    mounted?.stop();
    place.ariaLabel = `${env.name}${env.words.colon}${view.title[env.language]}`;
    const { motion, on } = env;
    const pictures = mountViews(shown, on, {
      ...env,
      views: [{ id: view.id, view }],
      place: () => ({ host: place }),
      motion: () => motion,
    });
    mounted = { view, stop: pictures.stop };
  };
  return {
    controls: (choice, model, tuned) => render(controls(choice, model, tuned, env), head),
    draw(view, frame) {
      shown.value = frame;
      if (mounted?.view !== view) mount(view);
    },
    note(text) {
      note.hidden = text === undefined;
      place.classList.toggle('stale', text !== undefined);
      render(text ?? nothing, note);
    },
    limits: (of) => render(of ? limitLines(of, env.language) : nothing, limits),
    where: (text) => void (where.textContent !== text && (where.textContent = text)),
    dispose() {
      mounted?.stop();
      host.replaceChildren();
    },
  };
}

/** What changes scores, as one menu: each alone and both together; another softcap comes from a link or the Step lab. */
function scoresMenu(
  { softcap, alibi }: Scores,
  plain: string,
  select: (all: readonly (readonly [string, string])[], value: string, act: (to: string) => void) => TemplateResult,
  change: SideEnv['change'],
): TemplateResult {
  const caps = [undefined, ...new Set([30, ...(softcap === undefined ? [] : [softcap])])];
  const all = [undefined, true].flatMap((bias) => caps.map((cap): Scores => ({ softcap: cap, alibi: bias })));
  const keyOf = (one: Scores): string => `${one.softcap ?? 'off'} ${one.alibi ?? false}`;
  const nameIn = (one: Scores): string =>
    scoreNames({ ...(one.softcap !== undefined && { softcap: one.softcap }), ...(one.alibi && { alibi: [] }) }).join(
      ' · ',
    );
  return select(
    all.map((one) => [keyOf(one), nameIn(one) || plain] as const),
    keyOf({ softcap, alibi }),
    (to) => {
      const chosen = all.find((one) => keyOf(one) === to);
      if (chosen) change(chosen);
    },
  );
}

function controls(
  choice: Choice,
  model: Model | undefined,
  tuned: Variant | undefined,
  { words, name, change, language, first }: SideEnv,
): TemplateResult {
  const mark = (chosen: boolean | undefined): string => (chosen ? ` · ${speak(tunedWords, language).here}` : '');
  const { tiles } = cardById(choice.kernel);
  const tileName = (tile: Tile): string => `${tile.br}×${tile.bc}`;
  const picked = (event: Event): string => (event.target as HTMLSelectElement).value;
  const named = ({ id }: KernelCard): string => id + mark(id === tuned?.kernel);
  const menu = (label: string, id: string, within: readonly TemplateResult[], act: (to: string) => void) =>
    html`<label class="field"
      ><span>${label}</span>
      <select name=${id} aria-label=${`${name}${words.colon}${label}`} @change=${(event: Event) => act(picked(event))}>
        ${within}
      </select></label
    >`;
  const options = (all: readonly (readonly [string, string])[], value: string): TemplateResult[] =>
    all.map(([key, text]) => html`<option value=${key} .selected=${key === value}>${text}</option>`);
  const select = (
    label: string,
    id: string,
    all: readonly (readonly [string, string])[],
    value: string,
    act: (to: string) => void,
  ) => menu(label, id, options(all, value), act);
  const upTo = (n: number): (readonly [string, string])[] =>
    Array.from({ length: n }, (_, i) => [String(i), String(i)] as const);
  const seed = (event: Event): void => {
    const box = event.target as HTMLInputElement;
    if (box.reportValidity() && box.value !== '') change({ seed: Number(box.value) });
  };
  return html`
    <b class="side-name">${name}</b>
    ${menu(
      words.kernel,
      'kernel',
      first
        ? kernelOptions(choice.kernel, language, named)
        : options(
            peersOf(choice.kernel).map((card) => [card.id, named(card)]),
            choice.kernel,
          ),
      (to) => change({ kernel: to }),
    )}
    ${
      tiles.length === 0
        ? nothing
        : select(
            words.tile,
            'tile',
            [
              ['', words.tileAuto],
              ...tiles.map(
                (tile) =>
                  [
                    tileName(tile),
                    tileName(tile) + mark(choice.kernel === tuned?.kernel && tileName(tile) === tileName(tuned.tile)),
                  ] as const,
              ),
            ],
            choice.tile ? tileName(choice.tile) : '',
            (to) => change({ tile: tiles.find((tile) => tileName(tile) === to) }),
          )
    }
    ${
      opOf(choice).rowwise
        ? nothing
        : select(
            words.mask,
            'mask',
            // Masks with numbers come from a link or from the Step lab.
            [...new Set<Mask>(['causal', 'full', 'causal-top-left', choice.mask])].map((mask) => [
              mask,
              words.maskName(mask),
            ]),
            choice.mask,
            (to) => isMask(to) && change({ mask: to }),
          )
    }
    ${opOf(choice).rowwise ? nothing : scoresMenu(choice, words.plainScores, (all, value, act) => select(words.scores, 'scores', all, value, act), change)}
    ${
      choice.input === 'text' && model
        ? html`${select(words.layer, 'layer', upTo(model.layers), String(choice.layer ?? model.layer), (to) => change({ layer: Number(to) }))}
          ${select(words.head, 'head', upTo(model.heads), String(choice.head ?? model.head), (to) => change({ head: Number(to) }))}`
        : nothing
    }
    ${
      choice.input === 'seed'
        ? html`<label class="field"
            ><span>${words.seed}</span>
            <input
              name="seed"
              type="number"
              min="0"
              max="4294967295"
              step="1"
              aria-label=${`${name}${words.colon}${words.seed}`}
              .value=${String(choice.seed)}
              @change=${seed}
          /></label>`
        : nothing
    }
  `;
}
