// The protocol: as a dialog, one click from every figure, and as a part of the page for those who read before they
// press a button.
import { html, nothing, type TemplateResult } from 'lit';
import { speak, type Language } from '../../words';
import { protocolWords } from './protocol.words';

function steps(language: Language): TemplateResult {
  const { title: _after, titleBefore: _before, ...said } = speak(protocolWords, language);
  return html`<ol>
    ${Object.values(said).map((step) => html`<li>${step}</li>`)}
  </ol>`;
}

export const protocolPane = (language: Language): TemplateResult =>
  html`<section class="pane protocol-pane" aria-labelledby="protocol-pane-title">
    <h2 id="protocol-pane-title">${speak(protocolWords, language).titleBefore}</h2>
    ${steps(language)}
  </section>`;

/** @param here what the figures on screen are of, or else what is set: one query over N keys, or as many */
export function protocolDialog(language: Language, close: string, here?: string): TemplateResult {
  // The title has the focus first: a button below so much text would scroll it away.
  return html`<dialog class="protocol" aria-labelledby="protocol-title">
    <form method="dialog">
      <h2 id="protocol-title" tabindex="-1" autofocus>${speak(protocolWords, language).title}</h2>
      ${here ? html`<p class="here">${here}</p>` : nothing} ${steps(language)}
      <button class="plain">${close}</button>
    </form>
  </dialog>`;
}
