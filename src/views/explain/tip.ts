// The explanation panel: the arithmetic of the cell that is pointed at, with captured numbers. The sum is the page's
// (computed), the value the kernel's.
import { html, nothing, render, type TemplateResult } from 'lit';
import type { Explanation, Frame } from '../../frame/frame-types';
import type { Axis } from '../../ops/layout';
import { speak, type Language } from '../../words';
import { labelText } from '../shared/label';
import { provenanceWords } from '../shared/provenance.words';
import { value } from '../../ui/format';
import { markCss, markText, mountMarks } from '../../ui/dom/mark';
import { inNumbers, nameOf, symbols, termLines } from './formula';
import css from './tip.css?inline';
import { hintsOf, tipWords } from './tip.words';
import type { View } from '../view';
import { byTouch } from '../../ui/dom/touch';

export const explain: View = {
  id: 'explain',
  title: tipWords.title,
  css: css + markCss,
  describe,
  mount(host, env) {
    const root = document.createElement('div');
    root.className = 'view-explain';
    host.append(root);
    const unmark = mountMarks(host);
    let last: Explanation | undefined | null = null;
    let pinned: boolean | undefined;
    return {
      draw(frame) {
        if (frame.explanation === last && frame.selection.pinned === pinned) return;
        last = frame.explanation;
        pinned = frame.selection.pinned;
        render(frame.explanation ? explained(frame, frame.explanation, env.language) : hint(frame, env.language), root);
      },
      dispose() {
        unmark();
        root.remove();
      },
    };
  },
};

/** Nothing is pointed at: how to begin, and what each matrix will say. */
function hint({ trace }: Frame, language: Language): TemplateResult {
  const words = speak(tipWords, language);
  return html`<p class="empty">${byTouch() ? words.emptyTouch : words.empty}</p>
    <dl>
      ${hintsOf(trace.header.op).map(
        ({ rule, says }) =>
          html`<div>
            <dt>${rule}</dt>
            <dd>${says[language]}</dd>
          </div>`,
      )}
    </dl>`;
}

function explained(frame: Frame, explanation: Explanation, language: Language): TemplateResult {
  const words = speak(tipWords, language);
  const { base, sub } = nameOf(explanation);
  const rule = symbols(explanation);
  const numbers = inNumbers(explanation);
  const { masked } = explanation;
  return html`
    <div class="tip-head">
      <h3>${base}<sub>${sub}</sub>${rule && !masked ? html` = ${rule}` : nothing}</h3>
      <span class="where">${whereOf(frame, explanation, language)}</span>
      ${frame.selection.pinned ? html`<span class="pinned">${words.pinned}</span>` : nothing}
    </div>
    ${masked ? html`<p class="note">${words.masked}</p>` : nothing}
    ${numbers && !masked ? html`<p class="formula">= ${numbers}</p>` : nothing} ${masked ? nothing : terms(explanation, language)}
    ${results(frame, explanation, language)} ${notes(frame, explanation, language)}
  `;
}

function terms(explanation: Explanation, language: Language): TemplateResult | typeof nothing {
  const { first, folded, last } = termLines(explanation);
  if (first.length === 0) return nothing;
  const words = speak(tipWords, language);
  const line = (t: (typeof first)[number]): TemplateResult =>
    html`<tr>
      <td class="label">${t.label}</td>
      <td class="factors">${t.factors}</td>
      <td class="product">${t.product}</td>
    </tr>`;
  const fold = folded > 0 ? html`<tr><td class="gap" colspan="3">${words.more(folded)}</td></tr>` : nothing;
  return html`<table aria-label=${words.terms}>
    <tbody>
      ${first.map(line)} ${fold} ${last.map(line)}
    </tbody>
  </table>`;
}

function results(frame: Frame, explanation: Explanation, language: Language): TemplateResult {
  const words = speak(tipWords, language);
  const { computed, differs } = explanation;
  if (explanation.value === undefined) return html`<p class="note">${absence(frame, explanation, language)}</p>`;
  const digits = differs ? (x: number): string => x.toPrecision(8).replace('-', '−') : exactly;
  const row = (name: string, x: number, label: string, mark: string): TemplateResult =>
    html`<span>${name}</span><b data-mark=${mark}>${digits(x)}</b><span class="mark" data-mark=${mark}>${label}</span>`;
  const captured = markText({ kind: 'captured', provenance: frame.provenance }, language);
  return html`<div class="results">
    ${computed === undefined ? nothing : row('=', computed, words.computed, markText({ kind: 'computed' }, language))}
    ${row(nameOf(explanation).base, explanation.value, provenanceWords[frame.provenance][language], captured)}
  </div>`;
}

/** Why there is no value, in a sentence. */
export function absence({ trace }: Frame, { absent }: Explanation, language: Language): string {
  const words = speak(tipWords, language);
  if (!absent || absent.why === 'now') return words.notYet;
  if (absent.why !== 'later' && absent.why !== 'gone') return words[absent.why];
  const pass = trace.passes.length > 1 ? (trace.passes[absent.pass ?? 0]?.name ?? '') : '';
  return words[absent.why](absent.workgroup ?? 0, pass);
}

/** The number that was written, also where it stands for minus infinity. */
const exactly = (x: number): string =>
  x <= -1e30 ? x.toExponential(2).replaceAll('-', '−').replace('e+', 'e') : value(x);

function notes(frame: Frame, explanation: Explanation, language: Language): TemplateResult {
  const words = speak(tipWords, language);
  const { given, masked, terms: all, differs, line, linePass } = explanation;
  const pass = frame.trace.passes[linePass ?? -1]?.name;
  const none = explanation.value !== undefined && !masked && !given && all.length === 0;
  return html`
    ${differs ? html`<p class="note bad">${words.differs}</p>` : nothing}
    ${given ? html`<p class="note">${words.input}</p>` : nothing}
    ${none ? html`<p class="note">${words.noTerms}</p>` : nothing}
    ${(explanation.value ?? 0) <= -1e30 ? html`<p class="note">${words.standsIn}</p>` : nothing}
    ${line === undefined ? nothing : html`<p class="note">${pass === undefined ? words.line(line) : words.lineOf(line, pass)}</p>`}
  `;
}

/** Row and column in words, with their tokens. */
function whereOf(frame: Frame, { cell, axes }: Explanation, language: Language): string {
  const words = speak(tipWords, language);
  const { tokens, run } = frame.trace.header;
  const named = (i: number, axis: Axis | undefined): string => {
    const at = axis === 'key' ? i : axis === 'query' ? i + run.shape.keys - run.shape.queries : -1;
    return tokens?.[at] === undefined ? String(i) : `${i} “${labelText(tokens, at)}”`;
  };
  const row = named(cell.row, axes?.[0]);
  return axes?.[1] === 'one' ? words.atRow(row) : words.at(row, named(cell.col, axes?.[1]));
}

function describe(frame: Frame, language: Language): string {
  const words = speak(tipWords, language);
  const { explanation } = frame;
  if (!explanation) return byTouch() ? words.emptyTouch : words.empty;
  const { base, sub } = nameOf(explanation);
  const place = `${base} ${sub}`;
  return explanation.value === undefined
    ? `${place}${words.colon}${absence(frame, explanation, language)}`
    : words.describe(place, value(explanation.value));
}
