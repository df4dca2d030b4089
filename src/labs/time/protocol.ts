// The protocol as a dialog, one click from every figure.
import { html, nothing, type TemplateResult } from 'lit';
import { speak, type Language } from '../../words';
import { protocolWords } from './protocol.words';

/** @param here what the figures on screen are of, or else what is set: one query over N keys, or as many */
export function protocolDialog(language: Language, close: string, here?: string): TemplateResult {
  const { title, ...steps } = speak(protocolWords, language);
  return html`<dialog class="protocol" aria-labelledby="protocol-title">
    <form method="dialog">
      <h2 id="protocol-title">${title}</h2>
      ${here ? html`<p class="here">${here}</p>` : nothing}
      <ol>
        ${Object.values(steps).map((step) => html`<li>${step}</li>`)}
      </ol>
      <button class="plain" autofocus>${close}</button>
    </form>
  </dialog>`;
}
