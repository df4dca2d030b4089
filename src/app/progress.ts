// Long work in progress: what is being done, how far it is, and its way out.
import { html, nothing, type TemplateResult } from 'lit';
import type { Progress } from '../labs/step/api';
import { speakStep } from '../labs/step/speech';
import type { Language } from '../words';

/**
 * Shows what is being done. Work that is over at once is not worth a word, so it comes in late by style sheet. Nothing
 * moves where the share is not known: an endless animation would take its frames from the very work it stands for.
 */
export function progressBar(
  progress: Progress | undefined,
  language: Language,
  cancel: () => void,
): TemplateResult | typeof nothing {
  if (!progress) return nothing;
  const words = speakStep(language);
  const what = {
    model: words.progressModel,
    capture: words.progressCapture,
    interpret: words.progressInterpret,
    device: words.progressDevice,
  }[progress.what];
  return html`<div class="progress">
    <span role="status">${what}</span>
    ${progress.part === undefined ? nothing : html`<progress aria-label=${what} max="1" .value=${progress.part}></progress>`}
    <button class="plain" title="${words.cancel}: ${what}" @click=${cancel}>${words.cancel}</button>
  </div>`;
}
