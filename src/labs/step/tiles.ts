// The tile chooser: every tile on the kernel's card with "fits" or "too large, and why", over the SRAM meter of the
// chosen one.
import { effect } from '@preact/signals-core';
import { html, nothing, type TemplateResult } from 'lit';
import type { Shape } from '../../ops/attention/shape';
import type { Run, Tile } from '../../ops/run';
import type { Limits } from '../../ops/limits';
import { kernelById } from '../../kernels';
import { sramParts, tileVerdicts } from '../../kernels/fit';
import type { TileVerdict } from '../../ops/limits';
import { mountMeter, tileMark, verdictText } from '../../views/meter/meter';
import { sameSources } from '../../tensors/sources';
import type { Language } from '../../words';
import type { StepState } from './api';
import { runOf, seededShape } from '../../figure/choice';
import type { Speech } from './speech';

export const tileName = ({ br, bc }: Tile): string => `${br} × ${bc}`;

/** A run in one line, for its name in a sentence. */
export function runName({ kernel, shape, tile }: Run, words: Speech): string {
  const { batch, heads, queries, keys, dim, mask } = shape;
  const tiled = kernelById(kernel).tiles.length > 0 ? ` ${tileName(tile)}` : '';
  const parts = [`${kernel}${tiled}`, queries === keys ? `N = ${keys}` : `${queries} × ${keys}`, `d = ${dim}`];
  if (batch > 1) parts.push(`B = ${batch}`);
  if (heads > 1) parts.push(`H = ${heads}`);
  return [...parts, words[mask]].join(' · ');
}

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

/** The shape that the present choice leads to, as far as it is known: a sentence's is the trace's own. */
function shapeNow(state: StepState): Shape {
  const choice = state.choice.value;
  const own = state.own.value;
  const { shape } = state.trace.value?.header.run ?? {};
  if (choice.input === 'file' && own && sameSources(own.sources, choice.tensors))
    return { ...own.shape, mask: choice.mask };
  return choice.input === 'seed' || !shape ? seededShape(choice) : { ...shape, mask: choice.mask };
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

/** The menu's content: native radio buttons, so that arrow keys choose. */
export function tileMenu(
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
