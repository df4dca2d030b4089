// The timing strip: naive against tiled on this device for the shape on screen, by the protocol of bench/, with everything a sceptic asks for.
import { effect } from '@preact/signals-core';
import { html, nothing, render } from 'lit';
import type { Shape } from '../../attention/shape';
import type { Comparison, Timing } from '../../bench/compare';
import { count, duration, thousandths } from '../../views/format';
import { speak, type Language } from '../../words';
import { isStale, type Race, type RaceState } from './race';
import { verdictText } from './timing-verdict';
import { timingWords } from './timing.words';
import { styles } from '../../views/style';

/** A shape in one short line: what decides the time. */
export const shapeText = ({ batch, heads, queries, keys, dim, mask }: Shape): string =>
  [
    batch > 1 ? `B ${batch}` : '',
    heads > 1 ? `H ${heads}` : '',
    queries === keys ? `N ${keys}` : `Nq ${queries} · Nk ${keys}`,
    `d ${dim}`,
    mask,
  ]
    .filter(Boolean)
    .join(' · ');

/** Mounts the strip; returns its disposer. */
export function mountTiming(host: HTMLElement, race: Race, language: Language): () => void {
  const end = effect(() => render(strip(race, language), host) && undefined);
  return () => {
    end();
    render(nothing, host);
  };
}

/** Mounts the result in one line, for the transport: a button before there is one, and a way to the whole strip after. */
export function mountTimingChip(host: HTMLElement, race: Race, language: Language, toStrip: () => void): () => void {
  const end = effect(() => render(chip(race, language, toStrip), host) && undefined);
  return () => {
    end();
    render(nothing, host);
  };
}

function chip(race: Race, language: Language, toStrip: () => void) {
  const words = speak(timingWords, language);
  const { progress, result } = race.state.value;
  const runs = race.runs.value;
  if (progress) return html`<span class="timing-chip" role="status">${stageText(progress, language)}</span>`;
  if (!result || isStale(result, runs)) {
    return html`<button class="timing-chip" ?disabled=${!runs} title=${words.start} @click=${() => void race.start()}>${words.chip}</button>`;
  }
  const { timings } = result.comparison;
  return html`<button class="timing-chip" title=${words.toStrip} @click=${toStrip}>
    ${timings.map((t) => html`<span>${words[t.run.kernel]} <b class="num">${duration(t.median)}</b></span>`)}
  </button>`;
}

function strip(race: Race, language: Language) {
  const words = speak(timingWords, language);
  const { progress, result } = race.state.value;
  const runs = race.runs.value;
  const shape = runs?.[0]?.shape;
  const stale = result && isStale(result, runs);
  return html`<div class="timing ${progress ? 'busy' : ''}">
    <div class="timing-bar">
      ${
        progress
          ? html`<button class="timing-cancel" @click=${() => race.cancel()}>${words.cancel}</button>
            <progress max=${progress.of} .value=${progress.done} aria-label=${stageText(progress, language)}></progress>
            <span class="muted" role="status">${stageText(progress, language)}</span>`
          : html`<button class="timing-start primary" ?disabled=${!runs} @click=${() => void race.start()}>${result ? words.again : words.start}</button>
            <span class="muted">${shape ? (result ? shapeText(shape) : words.intro(shapeText(shape))) : words.noDevice}</span>`
      }
    </div>
    ${result ? outcome(result.comparison, language) : nothing}
    ${stale && result.runs[0] ? html`<p class="timing-stale">${words.stale(shapeText(result.runs[0].shape))}</p>` : nothing}
  </div>`;
}

function stageText({ stage, done, of }: NonNullable<RaceState['progress']>, language: Language): string {
  const words = speak(timingWords, language);
  return stage === 'race' ? words.race(done, of) : words[stage];
}

function outcome(comparison: Comparison, language: Language) {
  const words = speak(timingWords, language);
  const { timings } = comparison;
  const longest = Math.max(...timings.map((t) => t.p90));
  const software = timings.some((t) => t.device.software);
  return html`<p class="timing-verdict" role="status">${verdictText(comparison, language)}</p>
    ${timings.map((timing) => bar(timing, longest, language))}
    ${software ? html`<p class="timing-software">${words.software}</p>` : nothing}
    <details class="timing-how">
      <summary>${words.how}</summary>
      <p>${words.protocol}</p>
      <ul>
        ${facts(comparison, language).map((line) => html`<li>${line}</li>`)}
      </ul>
    </details>`;
}

function bar(timing: Timing, longest: number, language: Language) {
  const words = speak(timingWords, language);
  const percent = (x: number): string => `${(100 * x) / longest}%`;
  const range = words.spread(duration(timing.p10), duration(timing.p90));
  return html`<div class="timing-row" data-kernel=${timing.run.kernel}>
    <span class="timing-name">${words[timing.run.kernel]}</span>
    <span class="timing-track" aria-hidden="true">
      <span class="timing-fill" ${styles({ width: percent(timing.median) })}></span>
      <span class="timing-whisker" ${styles({ left: percent(timing.p10), width: percent(timing.p90 - timing.p10) })}></span>
    </span>
    <span class="timing-value num" tabindex="0" data-mark=${words.mark(timing.n)} aria-description=${words.mark(timing.n)}
      >${duration(timing.median)} <span class="muted">${range}</span></span
    >
  </div>`;
}

function facts(comparison: Comparison, language: Language): string[] {
  const words = speak(timingWords, language);
  const { timings, control, peak, discarded, isolated } = comparison;
  const first = timings[0];
  if (!first) return [];
  const lines = timings.map((t) => {
    const share = `${((100 * t.flopsPerSecond) / peak.flops).toPrecision(2)} %`;
    return `${words[t.run.kernel]}: ${words.facts(duration(t.compileMs), t.maxAbsError.toExponential(1), share)}`;
  });
  lines.push(words.method(words[first.method], duration(first.resolution)), words.rounds(first.n, discarded));
  lines.push(
    words.control(thousandths(control.median), thousandths(control.p10), thousandths(control.p90)),
    words.empty(duration(peak.nullMs)),
  );
  lines.push(words.peak(`${count(peak.flops / 1e9)} GFLOP/s`, `${count(peak.bytes / 1e9)} GB/s`));
  if (first.method === 'wall') lines.push(words.noStamps);
  if (!isolated) lines.push(words.coarse);
  lines.push([first.device.vendor, first.device.architecture, first.device.description].filter(Boolean).join(' · '));
  return lines;
}
