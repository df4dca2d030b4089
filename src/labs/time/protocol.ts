// The protocol as a dialog, one click from every figure.
import { html, type TemplateResult } from 'lit';
import { speak, type Language } from '../../words';
import { protocolWords } from './protocol.words';

export function protocolDialog(language: Language, close: string): TemplateResult {
  const { title, ...steps } = speak(protocolWords, language);
  return html`<dialog class="protocol" aria-labelledby="protocol-title">
    <form method="dialog">
      <h2 id="protocol-title">${title}</h2>
      <ol>
        ${Object.values(steps).map((step) => html`<li>${step}</li>`)}
      </ol>
      <button class="plain" autofocus>${close}</button>
    </form>
  </dialog>`;
}
