// The whole run's HBM traffic in three columns: the IO model, which is the number to quote, requested (counted), and
// compulsory; and what they mean.
import { html, nothing, type TemplateResult } from 'lit';
import type { Frame, Traffic } from '../../frame/frame-types';
import { both } from '../../ops/costs';
import { speak, type Language } from '../../words';
import { bytes } from '../../ui/format';
import { markText, type MarkKind } from '../../ui/dom/mark';
import { markWords } from '../../ui/dom/mark.words';
import { maskName } from '../shared/mask.words';
import { trafficWords } from './traffic.words';
import { styles } from '../../ui/dom/style';
import { modelSentence, requestedSentence } from '../shared/traffic-sentence';

/**
 * `soFar`: holds the bytes of the workgroup under the cursor up to the step, when it was captured; the table is made
 * anew only for another run.
 */
export function trafficTable(frame: Frame, soFar: HTMLElement | undefined, language: Language): TemplateResult {
  const words = speak(trafficWords, language);
  const { requested, ioModel: model, compulsory, extras } = frame.bytes.run;
  const { provenance } = frame;
  const { header } = frame.trace;
  const { run, costs } = header;
  const masked = run.shape.mask !== 'full';
  const standard = !costs.standard;
  const formula = standard ? words.standardNote : words.flashNote;
  const bare = bytes(costs.unmasked);
  const maskNote = standard ? words.standardMasked : words.flashMasked;
  const modelNote = masked ? `${formula}${words.space}${maskNote}${words.space}${words.unmasked(bare)}` : formula;
  const columns: readonly { id: string; label: string; note: string; kind: MarkKind; traffic: Traffic }[] = [
    {
      id: 'model',
      label: masked ? words.ioModelMasked(maskName(run.shape.mask, language)) : words.ioModel,
      note: modelNote,
      kind: 'computed',
      traffic: model,
    },
    { id: 'requested', label: words.requested, note: words.requestedNote, kind: 'counted', traffic: requested },
    { id: 'compulsory', label: words.compulsory, note: words.compulsoryNote, kind: 'computed', traffic: compulsory },
  ];
  const most = Math.max(...columns.map((c) => both(c.traffic)), 1);
  const mark = (c: (typeof columns)[number]): string =>
    markText(
      c.kind === 'counted' ? { kind: c.kind, provenance, note: c.note } : { kind: c.kind, note: c.note },
      language,
    );
  const row = (label: string, of: (t: Traffic) => number, className: string): TemplateResult =>
    html`<tr class=${className}>
      <th scope="row">${label}</th>
      ${columns.map((c) => html`<td class="num ${c.id}" data-mark=${mark(c)}>${bytes(of(c.traffic))}</td>`)}
    </tr>`;
  const computed = markText({ kind: 'computed', note: modelNote }, language);
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
        ${row(words.total, both, 'total')}
        <tr class="bars" aria-hidden="true">
          <td></td>
          ${columns.map((c) => {
            const width = `${((100 * both(c.traffic)) / most).toFixed(2)}%`;
            return html`<td><span class="bar ${c.id}"><i ${styles({ width })}></i></span></td>`;
          })}
        </tr>
        ${row(words.read, (t) => t.read, '')} ${row(words.written, (t) => t.written, '')}
        ${
          soFar
            ? html`<tr class="so-far">
              <th scope="row">${words.soFar(frame.cursor.workgroup)}</th>
              <td></td>
              <td class="num requested" data-mark=${markText({ kind: 'counted', provenance, note: words.soFarNote }, language)}>
                ${soFar}
              </td>
              <td></td>
            </tr>`
            : nothing
        }
      </tbody>
    </table>
    <p class="verdict">
      <span tabindex="0" data-mark=${computed} aria-description=${computed} role="group">${modelSentence(header, language)}</span>${words.space}<span class="asked">${requestedSentence(header, requested, extras, language)}</span>
    </p>
  </section>`;
}

/** What the three columns are. */
export const trafficCaption = (language: Language): string => speak(trafficWords, language).caption;
