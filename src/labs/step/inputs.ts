// The input bar: a sentence for the model or a seeded problem, mask and tile. What is typed stays typed, even when it is refused.
import { effect, signal, type Signal } from '@preact/signals-core';
import { html, nothing, render, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { Mask } from '../../attention/shape';
import { kernelById } from '../../kernels/index';
import { tileMark } from '../../views/meter';
import type { Theme } from '../../views/palette';
import type { Language } from '../../words';
import { PASSAGES } from '../../model/passage';
import type { Sentence, StepActions, StepState } from './api';
import { ranges, TEXT_LIMIT, type Choice, type NumberField } from './choice';
import { chosenThumbnail, headsMap, thumbnail } from './heads';
import { menu } from './menu';
import type { Speech } from './speech';
import { chosenVerdict, limitsNow, runNow, tileMenu, tileName } from './tiles';

export interface InputsEnv {
  state: StepState;
  actions: StepActions;
  words: Speech;
  language: Language;
  theme: Theme;
  /** The SRAM meter's host; kept from render to render. */
  meter: HTMLElement;
}

/** The bar's own: the tokens of a text that is being typed, until another sentence is read than the one it is typed over. */
interface BarEnv extends InputsEnv {
  typed: Signal<{ tokens: number; instead: Sentence | undefined } | undefined>;
  typing(text: string): void;
}

/** Tokens are counted once typing rests so long. */
const REST_MS = 200;

/** Shows the bar and keeps it current; returns its end. */
export function mountInputs(host: HTMLElement, env: InputsEnv): () => void {
  const typed: BarEnv['typed'] = signal(undefined);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let newest = '';
  const count = async (text: string): Promise<void> => {
    // Without the model there is no count; running the text tells why.
    const tokens = await env.actions.countTokens(text).catch(() => undefined);
    if (text === newest) typed.value = tokens === undefined ? undefined : { tokens, instead: env.state.sentence.peek() };
  };
  const typing = (text: string): void => {
    newest = text;
    clearTimeout(timer);
    timer = setTimeout(() => void count(text), REST_MS);
  };
  const stop = effect(() => {
    render(bar({ ...env, typed, typing }), host);
  });
  return () => {
    stop();
    clearTimeout(timer);
  };
}

function bar(env: BarEnv): TemplateResult {
  const { state, actions, words } = env;
  const choice = state.choice.value;
  const off = !state.canRun.value;
  const kind = (input: Choice['input'], label: string): TemplateResult =>
    html`<button aria-pressed=${choice.input === input} ?disabled=${off} @click=${() => actions.choose({ input })}>${label}</button>`;
  return html`<div class="segmented" role="group" aria-label=${words.input}>${kind('text', words.fromText)} ${kind('seed', words.fromSeed)}</div>
    ${choice.input === 'text' ? sentence(env, off) : seeded(env, off)} ${maskChoice(env, off)} ${tile(env, off)}`;
}

function sentence({ state, actions, words, theme, typed, typing }: BarEnv, off: boolean): TemplateResult {
  const read = state.sentence.value;
  const tokens = typed.value && typed.value.instead === read ? typed.value.tokens : read?.run.labels.length;
  const { text, passage } = state.choice.value;
  const submit = (box: HTMLTextAreaElement): void => actions.choose({ text: box.value });
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit(event.currentTarget as HTMLTextAreaElement);
  };
  return html`<form
      class="sentence"
      @submit=${(event: SubmitEvent) => {
        event.preventDefault();
        const box = (event.currentTarget as HTMLFormElement).querySelector('textarea');
        if (box) submit(box);
      }}
    >
      <textarea
        rows="1"
        name="sentence"
        spellcheck="false"
        autocomplete="off"
        aria-label=${words.textHint}
        title=${words.textHint}
        placeholder=${words.textHint}
        data-limit=${TEXT_LIMIT}
        ?disabled=${off}
        .value=${text ?? PASSAGES[passage ?? 'en']}
        @keydown=${onKey}
        @input=${(event: Event) => typing((event.currentTarget as HTMLTextAreaElement).value)}
      ></textarea>
      <button class="plain" ?disabled=${off}>${words.apply}</button>
      ${
        text === undefined
          ? nothing
          : html`<button type="button" class="plain" ?disabled=${off} @click=${() => actions.choose({ text: undefined })}>${words.reset}</button>`
      }
    </form>
    <span class="count num" role="status">${tokens === undefined ? nothing : words.tokens(tokens)}</span>
    ${
      read
        ? menu(
            '',
            html`${thumbnail(chosenThumbnail(read), theme)} ${words.head(read.layer, read.head)}`,
            headsMap(read, theme, words, (layer, head) => actions.choose({ layer, head })),
            'heads-menu',
          )
        : nothing
    }`;
}

function field({ state, actions }: InputsEnv, name: NumberField, label: string, off: boolean, placeholder = ''): TemplateResult {
  const [low, high] = ranges[name];
  const value = state.choice.value[name];
  const onChange = (event: Event): void => {
    const box = event.currentTarget as HTMLInputElement;
    if (box.value === '' && placeholder) actions.choose({ [name]: undefined });
    else if (box.checkValidity() && box.value !== '') actions.choose({ [name]: box.valueAsNumber });
    else box.reportValidity();
  };
  return html`<label class="field"
    ><span>${label}</span
    ><input
      type="number"
      name=${name}
      inputmode="numeric"
      min=${low}
      max=${high}
      step="1"
      placeholder=${placeholder}
      ?disabled=${off}
      .value=${live(value === undefined ? '' : String(value))}
      @change=${onChange}
  /></label>`;
}

/** The divisors of the number of heads: what kvHeads may be. */
const divisors = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1).filter((k) => n % k === 0);

function seeded(env: InputsEnv, off: boolean): TemplateResult {
  const { state, actions, words } = env;
  const { batch, heads, kvHeads, plane } = state.choice.value;
  const pick = (
    name: 'kvHeads' | 'plane',
    label: string,
    options: readonly { value: number; text: string }[],
    chosen: number,
  ): TemplateResult =>
    html`<label class="field"
      ><span>${label}</span
      ><select name=${name} ?disabled=${off} @change=${(event: Event) => actions.choose({ [name]: Number((event.currentTarget as HTMLSelectElement).value) })}>
        ${options.map(({ value, text }) => html`<option value=${value} .selected=${value === chosen}>${text}</option>`)}
      </select></label
    >`;
  const planes = Array.from({ length: batch * heads }, (_, p) => ({ value: p, text: words.planeOf(Math.floor(p / heads), p % heads) }));
  return html`<div class="seeded">
    ${field(env, 'keys', words.n, off)} ${field(env, 'dim', words.d, off)} ${field(env, 'heads', words.heads, off)}
    ${field(env, 'seed', words.seed, off)}
    ${menu(
      '',
      words.more,
      html`<div class="more">
        ${planes.length > 1 ? pick('plane', words.plane, planes, plane) : nothing} ${field(env, 'queries', words.nq, off, words.nqSame)} ${field(env, 'batch', words.batch, off)}
        ${pick(
          'kvHeads',
          words.kv,
          divisors(heads).map((k) => ({ value: k, text: String(k) })),
          kvHeads ?? heads,
        )}
      </div>`,
      'more-menu',
    )}
  </div>`;
}

function maskChoice({ state, actions, words }: InputsEnv, off: boolean): TemplateResult {
  const chosen = state.choice.value.mask;
  const option = (mask: Mask, label: string): TemplateResult =>
    html`<button aria-pressed=${chosen === mask} ?disabled=${off} @click=${() => actions.choose({ mask })}>${label}</button>`;
  return html`<div class="labelled">
    <span>${words.mask}</span>
    <div class="segmented" role="group" aria-label=${words.mask}>${option('causal', words.causal)} ${option('full', words.full)}</div>
  </div>`;
}

function tile({ state, actions, words, language, meter }: InputsEnv, off: boolean): TemplateResult | typeof nothing {
  if (kernelById(state.choice.value.kernel).tiles.length === 0) return html`<span class="muted no-tile">${words.noTile}</span>`;
  const limits = limitsNow(state);
  if (!limits) return nothing;
  const run = runNow(state);
  const verdict = chosenVerdict(run, limits);
  return menu(
    words.tile,
    html`<span class="num">${tileName(run.tile)}</span> ${verdict ? tileMark(verdict, limits, language) : nothing}`,
    html`${tileMenu(run, limits, language, words, off, (chosen) => actions.choose({ tile: chosen }))} ${meter}`,
    'tile-menu',
  );
}
