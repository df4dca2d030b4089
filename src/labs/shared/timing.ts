// The timing strip: naive against tiled on this device for the shape on screen, by the protocol of bench/, with
// everything a sceptic asks for.
import { effect } from '@preact/signals-core';
import { html, nothing, render } from 'lit';
import type { Shape } from '../../ops/attention/shape';
import type { Comparison, Timing } from '../../bench/compare';
import { shortest } from '../../bench/stats';
import { deviceName } from '../../ui/device-name';
import { bytes, duration, thousandths } from '../../ui/format';
import { byteRate, flopRate } from '../../ui/rates';
import { cardById } from '../../kernels';
import { maskName, scoreNames } from '../../views/shared/mask.words';
import { speak, type Language } from '../../words';
import { isStale, type Race, type RaceState } from './race';
import { verdictText } from './timing-verdict';
import { timingWords } from './timing.words';
import { styles } from '../../ui/dom/style';

/** A shape in one short line: what decides the time. */
const shapeText = ({ batch, heads, queries, keys, dim, mask, ...scored }: Shape, language: Language): string =>
  [
    batch > 1 ? `B ${batch}` : '',
    heads > 1 ? `H ${heads}` : '',
    queries === keys ? `N ${keys}` : `Nq ${queries} · Nk ${keys}`,
    `d ${dim}`,
    maskName(mask, language),
    ...scoreNames(scored),
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

/**
 * Mounts the result in one line, for the transport: a button before there is one, and a way to the whole strip after.
 */
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
    ${timings.map((t) => html`<span>${t.run.kernel} <b class="num">${duration(t.median)}</b></span>`)}
  </button>`;
}

function strip(race: Race, language: Language) {
  const words = speak(timingWords, language);
  const { progress, result } = race.state.value;
  const runs = race.runs.value;
  const shape = runs?.[0]?.shape;
  const stale = result && isStale(result, runs);
  return html`<div class="timing ${progress || stale ? 'past' : ''}">
    <div class="timing-bar">
      ${
        progress
          ? html`<button class="timing-cancel" @click=${() => race.cancel()}>${words.cancel}</button>
            <progress max=${progress.of} .value=${progress.done} aria-label=${stageText(progress, language)}></progress>
            <span class="muted" role="status">${stageText(progress, language)}</span>`
          : html`<button class="timing-start primary" ?disabled=${!runs} @click=${() => void race.start()}>${result ? words.again : words.start}</button>
            <span class="muted">${!shape ? words.noDevice : result ? '' : words.intro(shapeText(shape, language))}</span>`
      }
    </div>
    ${stale && shape && !progress ? html`<p class="timing-stale">${words.stale(shapeText(shape, language))}</p>` : nothing}
    ${result ? outcome(result, language) : nothing}
  </div>`;
}

function stageText({ stage, done, of }: NonNullable<RaceState['progress']>, language: Language): string {
  const words = speak(timingWords, language);
  return stage === 'race' ? words.race(done, of) : words[stage];
}

/** What came out, under its own shape: the one on screen may be another by now. */
function outcome({ runs, comparison }: NonNullable<RaceState['result']>, language: Language) {
  const words = speak(timingWords, language);
  const { timings } = comparison;
  const longest = Math.max(...timings.map((t) => t.p90));
  const software = timings.some((t) => t.device.software);
  const of = runs[0] ? words.of(shapeText(runs[0].shape, language)) : '';
  return html`<p class="timing-of muted">${of}</p>
    <p class="timing-verdict" role="status">${verdictText(comparison, language)}</p>
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
    <span class="timing-name">${cardById(timing.run.kernel).name[language]}</span>
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
    const share = peak ? [words.share(`${((100 * t.flopsPerSecond) / peak.flops).toPrecision(2)} %`)] : [];
    return `${t.run.kernel}: ${[words.facts(duration(t.compileMs), t.maxAbsError.toExponential(1)), ...share].join(', ')}`;
  });
  lines.push(
    words.method(words[first.method], duration(first.resolution)),
    words.sample(
      duration(Math.min(...timings.map(shortest))),
      timings.map(({ run, batch }) => `${run.kernel} ${batch}`).join(', '),
    ),
    words.rounds(first.n, discarded),
    words.control(thousandths(control.median), thousandths(control.p10), thousandths(control.p90)),
  );
  if (peak) {
    const size = peak.probes ? bytes(peak.probes.copy.work / 2) : '–';
    lines.push(words.empty(duration(peak.nullMs)), words.peak(flopRate(peak.flops), byteRate(peak.bytes), size));
  } else lines.push(words.noPeak);
  if (first.method === 'wall') lines.push(words.noStamps);
  if (!isolated) lines.push(words.coarsened);
  lines.push(deviceName(first.device, language));
  return lines;
}
