// The tile chooser: every tile on the kernel's card with "fits" or "too large, and why", over the SRAM meter of the
// chosen one.
import { effect } from '@preact/signals-core';
import { html, nothing, type TemplateResult } from 'lit';
import type { Shape } from '../../ops/attention/shape';
import type { Run, Tile } from '../../ops/run';
import type { Limits } from '../../ops/limits';
import { cardById } from '../../kernels';
import { kernelById } from '../../kernels/kernels';
import { sramParts, tileVerdicts } from '../../kernels/fit';
import type { TileVerdict } from '../../ops/limits';
import { mountMeter, tileMark, verdictText } from '../../views/meter/meter';
import { sameSources } from '../../tensors/sources';
import type { Language } from '../../words';
import type { StepState } from './api';
import type { InputsEnv } from './bar';
import { menu } from './menu';
import { tileName } from './run-name';
import { maskOf, scoresOf, seededShape, type Choice } from '../../figure/choice';
import { runOf } from '../../figure/run-of';
import type { Speech } from './speech';

export { maskMenu } from './masks';
export { meterCss } from '../../views/meter/meter';

/** The largest tile on the card that fits, by rows times keys. */
export function largestFitting(run: Run, limits: Limits): Tile | undefined {
  const fitting = tileVerdicts(kernelById(run.kernel), run, limits).filter(({ fits }) => fits);
  return fitting
    .map(({ tile }) => tile)
    .reduce<Tile | undefined>(
      (best, tile) => (best && best.br * best.bc >= tile.br * tile.bc ? best : tile),
      undefined,
    );
}

/** A shape with the choice's mask, and with what the choice says of scores. */
function changed({ softcap: _cap, alibi: _slopes, ...shape }: Shape, choice: Choice): Shape {
  return { ...shape, mask: maskOf(choice), ...scoresOf(choice, shape.heads) };
}

/** The shape that the present choice leads to, as far as it is known: a sentence's is the trace's own. */
function shapeNow(state: StepState): Shape {
  const choice = state.choice.value;
  const own = state.own.value;
  const { shape } = state.trace.value?.header.run ?? {};
  if (choice.input === 'file' && own && sameSources(own.sources, choice.tensors)) return changed(own.shape, choice);
  return choice.input === 'seed' || !shape ? seededShape(choice) : changed(shape, choice);
}

/** The run that the present choice leads to. */
export function runNow(state: StepState): Run {
  return runOf(state.choice.value, shapeNow(state), limitsNow(state));
}

/** The limits that judge a tile: this device's, or those of the device that the picture comes from. */
export function limitsNow(state: StepState): Limits | undefined {
  return state.limits.value ?? (state.trace.value?.header.limits as Limits | undefined);
}

/** The verdict on the chosen tile, for the bar. */
export function chosenVerdict(run: Run, limits: Limits): TileVerdict | undefined {
  return tileVerdicts(kernelById(run.kernel), run, limits).find(
    ({ tile }) => tile.br === run.tile.br && tile.bc === run.tile.bc,
  );
}

/** The chosen tile, and the menu of those on offer with the meter below them. */
export function tileChoice(
  { state, actions, words, language, meter }: InputsEnv,
  off: boolean,
): TemplateResult | typeof nothing {
  const { tiles, paged } = cardById(state.choice.value.kernel);
  if (tiles.length === 0) return html`<span class="muted no-tile">${paged ? words.pageTile : words.noTile}</span>`;
  const limits = limitsNow(state);
  if (!limits) return nothing;
  const run = runNow(state);
  const verdict = chosenVerdict(run, limits);
  return menu(
    words.tile,
    html`<span class="num">${tileName(run.tile)}</span> ${verdict ? tileMark(verdict, limits, language) : nothing}`,
    html`${tileMenu(run, limits, language, words, off, (chosen) => actions.choose({ tile: chosen }))} ${meter}`,
    'tile-menu',
  );
}

/** The menu's content: native radio buttons, so that arrow keys choose. */
function tileMenu(
  run: Run,
  limits: Limits,
  language: Language,
  words: Speech,
  off: boolean,
  choose: (tile: Tile) => void,
): TemplateResult {
  const option = (verdict: TileVerdict): TemplateResult => {
    const { tile, fits, refusal, sramBytes } = verdict;
    return html`<label class=${fits ? 'fits' : 'refused'}>
      <input
        type="radio"
        name="tile"
        value="${tile.br}x${tile.bc}"
        .checked=${tile.br === run.tile.br && tile.bc === run.tile.bc}
        ?disabled=${off || !fits}
        @change=${() => choose(tile)}
      />
      <span class="num">${tileName(tile)}</span> ${tileMark(verdict, limits, language)}
      ${fits ? nothing : html`<span class="why">${verdictText(refusal, sramBytes, limits.maxComputeWorkgroupStorageSize, language)}</span>`}
    </label>`;
  };
  return html`<fieldset class="tiles">
    <legend>${words.tileNote}</legend>
    ${tileVerdicts(kernelById(run.kernel), run, limits).map(option)}
  </fieldset>`;
}

/** Keeps the SRAM meter in `host` current; returns its end. */
export function followMeter(host: HTMLElement, state: StepState, language: Language): () => void {
  const meter = mountMeter(host, { language });
  const stop = effect(() => {
    const run = runNow(state);
    const limits = limitsNow(state);
    if (!limits) return;
    const card = kernelById(run.kernel);
    meter.draw({
      parts: sramParts(card, run),
      limit: limits.maxComputeWorkgroupStorageSize,
      limitName: 'maxComputeWorkgroupStorageSize',
      refusal: card.limit(run, limits),
    });
  });
  return () => {
    stop();
    meter.dispose();
  };
}
