// The SRAM meter: what a tile takes of workgroup memory, array by array, against the adapter's own limit, and whether
// it fits in words.
import { html, nothing, render, type TemplateResult } from 'lit';
import type { Limits, Refusal, TileVerdict } from '../../ops/limits';
import { speak, type Language } from '../../words';
import { bytes, bytesApart } from '../../ui/format';
import { markText, mountMarks } from '../../ui/dom/mark';
import { meterWords } from './meter.words';
import { styles } from '../../ui/dom/style';

export { default as meterCss } from './meter.css?inline';

/**
 * Workgroup memory that every WebGPU device offers (the specification's default of maxComputeWorkgroupStorageSize),
 * bytes.
 */
export const DEFAULT_SRAM = 16_384;

export interface MeterState {
  /** Workgroup arrays and their bytes. */
  parts: readonly { name: string; bytes: number }[];
  /** The adapter's limit, bytes. */
  limit: number;
  limitName: keyof Limits;
  defaultLimit?: number;
  /** Why the run does not fit, which may be another limit. */
  refusal?: Refusal | undefined;
}

export interface MountedMeter {
  draw(state: MeterState): void;
  dispose(): void;
}

const totalOf = (parts: readonly { bytes: number }[]): number => parts.reduce((n, part) => n + part.bytes, 0);

/** "fits" or "too large, and why", in one sentence. */
export function verdictText(
  refusal: Refusal | undefined,
  need: number,
  limit: number,
  language: Language,
  defaultLimit = DEFAULT_SRAM,
): string {
  const words = speak(meterWords, language);
  if (refusal) {
    const { need: asked, have } = refusal;
    const unit = refusal.limit.endsWith('Size') ? bytesApart : (n: number) => n.toLocaleString('en');
    return words.tooLarge(words[refusal.limit], unit(asked, [have]), unit(have, [asked]));
  }
  if (need === 0) return words.none;
  const more = need > defaultLimit ? words.space + words.aboveDefault(bytes(defaultLimit)) : '';
  return words.fits(bytes(need), bytes(limit)) + more;
}

/** Puts the meter into `host`. */
export function mountMeter(host: HTMLElement, env: { language: Language }): MountedMeter {
  const root = document.createElement('div');
  root.className = 'sram-meter';
  host.append(root);
  const unmark = mountMarks(root);
  return {
    draw: (state) => render(meter(state, env.language), root),
    dispose() {
      unmark();
      root.remove();
    },
  };
}

function meter(state: MeterState, language: Language): TemplateResult {
  const words = speak(meterWords, language);
  const { parts, limit, limitName, refusal, defaultLimit = DEFAULT_SRAM } = state;
  const need = totalOf(parts);
  const full = Math.max(need, limit);
  const percent = (n: number): string => `${((100 * n) / full).toFixed(3)}%`;
  const computed = markText({ kind: 'computed', note: words.partNote }, language);
  const reported = markText({ kind: 'measured', note: words.limitNote(limitName) }, language);
  const said = verdictText(refusal, need, limit, language, defaultLimit);
  const tick = (at: number, className: string): TemplateResult =>
    html`<i class="tick ${className}" ${styles({ left: percent(at) })}></i>`;
  return html`
    <div class="bar" role="img" aria-label="${words.title}${words.colon}${said}" tabindex="0" data-mark=${computed}>
      ${parts.map(({ name, bytes: size }, i) => html`<i class="part p${i % 7}" data-name=${name} ${styles({ width: percent(size) })}></i>`)}
      ${need > limit ? html`<i class="over" ${styles({ left: percent(limit) })}></i>` : nothing}
      ${defaultLimit < limit ? tick(defaultLimit, 'standard') : nothing} ${tick(limit, 'limit')}
    </div>
    <div class="scale">
      <span>${words.total} <b class="num" data-mark=${computed}>${bytes(need)}</b></span>
      ${defaultLimit < limit ? html`<span><i class="key standard"></i>${words.standard(bytes(defaultLimit))}</span>` : nothing}
      <span tabindex="0" role="group" data-mark=${reported} aria-description=${reported}><i class="key limit"></i>${words.limit(bytes(limit))}</span>
    </div>
    <p class="verdict ${refusal ? 'bad' : 'ok'}"><span class="sign" aria-hidden="true">${refusal ? '✕' : '✓'}</span>${said}</p>
    <ul class="parts">
      ${parts.map(
        ({ name, bytes: size }, i) =>
          html`<li><i class="swatch p${i % 7}"></i><span class="num">${name}</span><span class="num size" data-mark=${computed}>${bytes(size)}</span></li>`,
      )}
    </ul>
  `;
}

/** A small mark beside an offered tile: a sign, "fits" or "too large", and on hover or focus the whole sentence. */
export function tileMark(verdict: TileVerdict, limits: Limits, language: Language): TemplateResult {
  const words = speak(meterWords, language);
  const said = verdictText(verdict.refusal, verdict.sramBytes, limits.maxComputeWorkgroupStorageSize, language);
  const mark = markText({ kind: 'computed', note: said }, language);
  return html`<span class="tile-mark ${verdict.fits ? 'ok' : 'bad'}" data-mark=${mark} aria-description=${mark}
    ><span aria-hidden="true">${verdict.fits ? '✓' : '✕'}</span> ${verdict.fits ? words.fitsShort : words.tooLargeShort}
    <span class="num">${bytes(verdict.sramBytes)}</span></span
  >`;
}
