// What f32 could not hold of a run, as lines beside its picture.
import { html, nothing, type TemplateResult } from 'lit';
import type { TraceHeader } from '../../trace/trace';
import { speak, type Language } from '../../words';
import { limitsWords, warningWords } from './limits.words';

/** The warnings of a run that is on screen; nothing where there are none. They stay as long as its picture does. */
export function limitLines(
  { warnings = [], maxOracle, maxF32, run }: TraceHeader,
  language: Language,
): TemplateResult | typeof nothing {
  if (warnings.length === 0) return nothing;
  const { queries, batch, heads } = run.shape;
  const words = speak(limitsWords, language);
  const sentences = warnings.map(({ code, row, count }) => {
    const place = words.rowOf(row % queries, batch * heads > 1 ? Math.floor(row / queries) : undefined);
    return html`<p data-warning=${code}>${warningWords[code][language]({ count, row: place, max: maxOracle, f32: maxF32 ?? Number.NaN })}</p>`;
  });
  return html`<div class="message limits" data-code="f32">${sentences}</div>`;
}
