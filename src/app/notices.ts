// The message area: each message with what is wrong, why, and what to do.
import { html, nothing, type TemplateResult } from 'lit';
import { speak, type Language } from '../words';
import { errorWords } from './errors.words';
import type { Message } from './messages';
import { shellWords } from './shell.words';

export function notices(messages: readonly Message[], language: Language, dismiss: (id: string) => void): TemplateResult {
  const words = speak(shellWords, language);
  return html`${messages.map(
    (message) => html`<div class="message ${message.content.kind}" data-code=${codeOf(message)}>
        <p>${body(message, language)}</p>
        ${message.retry ? html`<button class="plain" @click=${message.retry}>${words.retry}</button>` : nothing}
        <button class="plain" @click=${() => dismiss(message.id)}>${words.dismiss}</button>
      </div>`,
  )}`;
}

const codeOf = ({ content }: Message): string => (content.kind === 'error' ? content.error.code : content.problem.kind);

function body({ content }: Message, language: Language): TemplateResult {
  const words = speak(shellWords, language);
  if (content.kind === 'link') {
    const { problem } = content;
    return problem.kind === 'bad-value'
      ? html`<b>${words.badValue(problem.key, problem.value)}</b> ${words.badValueFix}`
      : html`<b>${words.unknownKey(problem.key)}</b> ${words.unknownKeyFix}`;
  }
  const { what, why, fix } = errorWords[content.error.code][language](content.error.details);
  return html`<b>${what}</b> ${why} <span class="fix">${fix}</span>`;
}
