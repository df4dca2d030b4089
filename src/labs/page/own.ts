// The visitor's own actions on the pool: add a typed request, fork, end. Each happens after the moment on screen, and
// can be undone.
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { fork, type PagingEvent, type State } from '../../paging';
import { eventSentence } from '../../views/paging/story/sentence';
import type { PageFrame } from '../../views/paging/view';
import type { Language } from '../../words';
import {
  GENERATE,
  MAX_USER_ACTIONS,
  TYPED_LIMIT,
  type UserAction,
  type PageSettings,
} from '../../figure/paging/settings';
import { parseWhole } from '../../ui/parse-whole';
import type { PageSpeech } from './speech';
import { unfinished } from '../../figure/paging/stage';

/** A user action before the lab says at which moment it happens. */
export type NewAction = { act: 'add'; text: string; generate: number } | { act: 'fork' | 'free'; request: number };

export interface OwnEnv {
  settings: PageSettings;
  words: PageSpeech;
  language: Language;
  frame: PageFrame | undefined;
  act(action: NewAction): void;
  /** Undefined: follow the first running request. */
  choose(request: number | undefined): void;
  undo(userAction: UserAction): void;
}

/** At most so many requests are offered in the list. */
const MOST_OFFERED = 40;

export function ownRequests({ settings, words, language, frame, act, choose, undo }: OwnEnv): TemplateResult {
  const last = settings.userActions.at(-1);
  const full = settings.userActions.length >= MAX_USER_ACTIONS;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const box = form.elements.namedItem('typed') as HTMLInputElement;
    const many = form.elements.namedItem('generate') as HTMLInputElement;
    const { length } = [...box.value.trim()];
    const generate = parseWhole(many.value, GENERATE);
    box.setCustomValidity(
      length === 0 ? words.textEmpty : length > TYPED_LIMIT ? words.textLong(length, TYPED_LIMIT) : '',
    );
    many.setCustomValidity(generate === undefined ? words.wholeNumber(...GENERATE) : '');
    if (!form.reportValidity() || generate === undefined) return;
    act({ act: 'add', text: box.value.trim(), generate });
    box.value = '';
  };
  const clear = (event: Event): void => (event.currentTarget as HTMLInputElement).setCustomValidity('');
  return html`<form class="typed" novalidate title=${words.anew} @submit=${submit}>
      <input
        type="text"
        name="typed"
        dir="auto"
        autocomplete="off"
        spellcheck="false"
        aria-label=${words.typed}
        placeholder=${words.typedHint}
        ?disabled=${full}
        @input=${clear}
      />
      <label class="field"
        ><span>${words.generate}</span
        ><input type="number" name="generate" min=${GENERATE[0]} max=${GENERATE[1]} value="8" @input=${clear} /></label>
      <button class="plain add" ?disabled=${full}>${words.add}</button>
    </form>
    ${chosenBar(frame, full, { words, language, act, choose })}
    ${last ? html`<button class="plain undo" title=${words.undoNote} @click=${() => undo(last)}>${words.undo}</button>` : nothing}
    ${full ? html`<span class="refusal" role="status">${words.tooMany(MAX_USER_ACTIONS)}</span>` : nothing}`;
}

/** Whether the pool refused a request or a fork that the visitor asked for. */
export const wasRefused = (events: readonly PagingEvent[]): boolean =>
  events.some((event) => event.kind === 'refuse' && (event.attempt === 'add' || event.attempt === 'fork'));

/** Why a request cannot be forked in this state, as a sentence; undefined when it can. */
export function forkRefusal(state: State, request: number, language: Language): string | undefined {
  const refusal = fork(state, { op: 'fork', request, name: '' }).events.find(({ kind }) => kind === 'refuse');
  if (!refusal) return undefined;
  const { what, why } = eventSentence(refusal, { state, tokenText: String }, language);
  return [what, why].join(language === 'zh' ? '' : ' ');
}

const numberOf = (text: string): number | undefined => (text === '' ? undefined : Number(text));

function chosenBar(
  frame: PageFrame | undefined,
  full: boolean,
  { words, language, act, choose }: Pick<OwnEnv, 'words' | 'language' | 'act' | 'choose'>,
): TemplateResult | typeof nothing {
  const chosen = frame?.chosen;
  if (!frame || chosen === undefined) return html`<span class="muted">${words.nobody}</span>`;
  const { state } = frame.moment;
  const offered = [...new Set([chosen, ...unfinished(state).slice(0, MOST_OFFERED)])].toSorted((a, b) => a - b);
  const over = state.requests.at(chosen).status === 'finished';
  const bar = forkRefusal(state, chosen, language);
  return html`<span class="chosen" title=${words.anew}>
    <label class="field"
      ><span>${words.request}</span
      ><select name="chosen" title=${words.followNote} @change=${(event: Event) => choose(numberOf((event.currentTarget as HTMLSelectElement).value))}>
        <option value="" .selected=${live(frame.followed)}>${words.follow(frame.followed ? state.requests.at(chosen).name : undefined)}</option>
        ${offered.map((id) => html`<option value=${id} .selected=${live(!frame.followed && id === chosen)}>${state.requests.at(id).name}</option>`)}
      </select></label
    >
    <button class="plain fork" title=${bar ?? nothing} ?disabled=${bar !== undefined || full} @click=${() => act({ act: 'fork', request: chosen })}>${words.fork}</button>
    <button class="plain end" ?disabled=${over || full} @click=${() => act({ act: 'free', request: chosen })}>${words.free}</button>
  </span>`;
}
