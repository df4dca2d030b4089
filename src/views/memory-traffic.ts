// The whole run's HBM traffic in three columns that are never mixed: requested (counted), IO model and compulsory (computed), with what it means.
import { html, nothing, type TemplateResult } from 'lit';
import { standardBytes } from '../attention/cost';
import type { Frame, Traffic } from '../capture/frame-types';
import { speak, type Language } from '../words';
import { bytes } from './format';
import { markText, type MarkKind } from './mark';
import { markWords } from './mark.words';
import { trafficWords } from './memory-traffic.words';
import { styles } from './style';

/** Bytes both ways. */
export const bothWays = (t: Traffic): number => t.read + t.written;

/** `soFar`: holds the bytes of the workgroup under the cursor up to the step, when it was captured; the table is made anew only for another run. */
export function trafficTable(frame: Frame, soFar: HTMLElement | undefined, language: Language): TemplateResult {
  const words = speak(trafficWords, language);
  const { requested, ioModel, compulsory } = frame.bytes.run;
  const { provenance } = frame;
  const flash = frame.trace.header.run.kernel !== 'naive';
  const columns: readonly { id: string; label: string; note: string; kind: MarkKind; traffic: Traffic }[] = [
    { id: 'requested', label: words.requested, note: words.requestedNote, kind: 'counted', traffic: requested },
    { id: 'model', label: words.ioModel, note: flash ? words.flashNote : words.standardNote, kind: 'computed', traffic: ioModel },
    { id: 'compulsory', label: words.compulsory, note: words.compulsoryNote, kind: 'computed', traffic: compulsory },
  ];
  const most = Math.max(...columns.map((c) => bothWays(c.traffic)), 1);
  const mark = (c: (typeof columns)[number]): string =>
    markText(c.kind === 'counted' ? { kind: c.kind, provenance, note: c.note } : { kind: c.kind, note: c.note }, language);
  const row = (label: string, of: (t: Traffic) => number, className: string): TemplateResult =>
    html`<tr class=${className}>
      <th scope="row">${label}</th>
      ${columns.map((c) => html`<td class="num ${c.id}" data-mark=${mark(c)}>${bytes(of(c.traffic))}</td>`)}
    </tr>`;
  return html`<section class="traffic">
    <table aria-label=${words.title}>
      <thead>
        <tr>
          <td class="title">${words.title}</td>
          ${columns.map(
            (c) => html`<th scope="col" tabindex="0" data-mark=${mark(c)} aria-description=${mark(c)}>
              ${c.label}<span class="kind ${c.kind}">${speak(markWords, language)[c.kind]}</span>
            </th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${row(words.total, bothWays, 'total')}
        <tr class="bars" aria-hidden="true">
          <td></td>
          ${columns.map((c) => {
            const width = `${((100 * bothWays(c.traffic)) / most).toFixed(2)}%`;
            return html`<td><span class="bar ${c.id}"><i ${styles({ width })}></i></span></td>`;
          })}
        </tr>
        ${row(words.read, (t) => t.read, '')} ${row(words.written, (t) => t.written, '')}
        ${
          soFar
            ? html`<tr class="so-far">
              <th scope="row">${words.soFar(frame.cursor.workgroup)}</th>
              <td class="num requested" data-mark=${markText({ kind: 'counted', provenance, note: words.soFarNote }, language)}>
                ${soFar}
              </td>
              <td></td>
              <td></td>
            </tr>`
            : nothing
        }
      </tbody>
    </table>
    <p class="verdict">${verdict(frame, language)}</p>
    <p class="muted">${words.caption}</p>
  </section>`;
}

/** What the requested bytes are beside the standard model, and why. */
function verdict(frame: Frame, language: Language): TemplateResult {
  const words = speak(trafficWords, language);
  const { shape, tile, kernel } = frame.trace.header.run;
  const standard = bothWays(standardBytes(shape));
  const naive = kernel === 'naive';
  const masked = shape.mask === 'full' ? '' : words.space + (naive ? words.causalNaive : words.causal);
  const times = bothWays(frame.bytes.run.requested) / standard;
  const mark = markText({ kind: 'computed', note: words.ratioNote }, language);
  const said = words.above(times >= 10 ? times.toFixed(0) : times.toFixed(2), bytes(standard));
  return html`<span tabindex="0" data-mark=${mark} aria-description=${mark} role="group">${said}</span>${words.space}${why(times)}${masked}`;

  function why(ratio: number): string {
    if (naive) return words.whyNaive;
    const blocks = Math.ceil(shape.queries / tile.br);
    if (ratio <= 1) return words.whyLess(blocks);
    return tile.br < shape.dim / 2 ? words.whyBr(tile.br, shape.dim / 2, blocks) : words.whySmall(blocks);
  }
}
