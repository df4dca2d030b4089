// The message area: each message with what is wrong, why, and what to do.
import { html, nothing, type TemplateResult } from 'lit';
import { speak, type Language } from '../../words';
import type { AttnError } from '../../errors';
import { wordsOf } from './errors.words';
import type { LinkProblem } from '../link/fragment';
import type { Message } from './messages';
import { noticeWords } from './notices.words';

export { limitLines } from '../../views/shared/limits';

/** What a message's button does, where it is not the same once more. */
const WAYS: Partial<Record<string, 'computeAnyway' | 'readAsBf16'>> = {
  'too-slow': 'computeAnyway',
  'tensor-bare': 'readAsBf16',
};

type Dismiss = (ids: readonly string[]) => void;

/** A link may be wrong in many places: what there is to say of it is one message. */
export function notices(messages: readonly Message[], language: Language, dismiss: Dismiss): TemplateResult {
  const words = speak(noticeWords, language);
  const problems = messages.flatMap(({ content }) => (content.kind === 'link' ? [content.problem] : []));
  const ids = messages.filter(({ content }) => content.kind === 'link').map(({ id }) => id);
  const notice = (code: string, body: TemplateResult, gone: readonly string[], retry?: () => void): TemplateResult =>
    html`<div class="message ${problems.length > 0 && gone === ids ? 'link' : 'error'}" data-code=${code}>
        ${body}
        ${retry ? html`<button class="plain" @click=${retry}>${words[WAYS[code] ?? 'retry']}</button>` : nothing}
        <button class="plain" @click=${() => dismiss(gone)}>${words.dismiss}</button>
      </div>`;
  return html`${problems.length > 0 ? notice('link', linkBody(problems, words), ids) : nothing}
    ${messages.map(({ id, content, retry }) => (content.kind === 'error' ? notice(content.error.code, errorBody(content.error, language), [id], retry) : nothing))}`;
}

type Words = ReturnType<typeof speak<typeof noticeWords>>;

function linkBody(problems: readonly LinkProblem[], words: Words): TemplateResult {
  const parts = problems.filter((problem) => problem.kind !== 'mangled');
  const mangled = parts.length < problems.length;
  const [first] = parts;
  if (!mangled && first && parts.length === 1) {
    const [what, fix] = {
      'bad-value': () => [words.badValue(first.key, 'value' in first ? first.value : ''), words.badValueFix],
      'no-file': () => [words.noFile('value' in first ? first.value : ''), words.noFileFix],
      'unknown-key': () => [words.unknownKey(first.key), words.unknownKeyFix],
    }[first.kind]();
    return html`<p data-problem=${first.kind}><b>${what}</b> <span class="fix">${fix}</span></p>`;
  }
  const whole = mangled
    ? html`<p data-problem="mangled"><b>${words.mangled}</b> <span class="fix">${words.mangledFix}</span></p>`
    : nothing;
  if (!first) return html`${whole}`;
  const text = (problem: (typeof parts)[number]): string =>
    'value' in problem ? `${problem.key}=${problem.value}` : problem.key;
  return html`<div class="body">${whole}<b>${words.badLink(parts.length)}</b> <span class="fix">${words.badLinkFix}</span>
    <ul class="parts">${parts.map((problem) => html`<li data-problem=${problem.kind}><code dir="auto">${text(problem)}</code></li>`)}</ul></div>`;
}

function errorBody(error: AttnError, language: Language): TemplateResult {
  const { what, why, fix } = wordsOf(error, language);
  return html`<p><b>${what}</b> ${why} <span class="fix">${fix}</span></p>`;
}
