// The input bar: a sentence for the model, a seeded problem or the visitor's own tensors, mask and tile; or the
// imported file that stands in their place.
import { effect, signal } from '@preact/signals-core';
import { html, nothing, render, type TemplateResult } from 'lit';
import type { Mask } from '../../ops/attention/shape';
import { cardById, opOf } from '../../kernels';
import type { BarEnv, InputsEnv } from './bar';
import type { Choice } from '../../figure/choice';
import { seeded } from './generator';
import { sentence } from './sentence';
import { runName } from './run-name';

/** Tokens are counted once typing rests so long. */
const REST_MS = 200;

/** Shows the bar and keeps it current; returns its end. */
export function mountInputs(host: HTMLElement, env: InputsEnv): () => void {
  const typed: BarEnv['typed'] = signal(undefined);
  const refused: BarEnv['refused'] = signal({});
  const own: BarEnv['own'] = signal(undefined);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let newest = '';
  const count = async (text: string): Promise<void> => {
    // Without the model there is no count; running the text tells why.
    const tokens = await env.actions.countTokens(text).catch(() => undefined);
    if (text === newest)
      typed.value = tokens === undefined ? undefined : { tokens, instead: env.state.sentence.peek() };
  };
  const typing = (text: string): void => {
    newest = text;
    clearTimeout(timer);
    timer = setTimeout(() => void count(text), REST_MS);
  };
  const stop = effect(() => {
    render(bar({ ...env, typed, typing, refused, own }), host);
    // Loaded when it is first wanted.
    if (env.state.choice.value.input === 'file' && !own.value)
      void import('./tensors').then(({ ownTensors }) => (own.value = ownTensors));
  });
  return () => {
    stop();
    clearTimeout(timer);
  };
}

function bar(env: BarEnv): TemplateResult {
  const { state, actions, words } = env;
  const choice = state.choice.value;
  const file = state.file.value;
  if (file !== undefined) return fromFile(env, file);
  const off = !state.canRun.value && !cardById(choice.kernel).interpreted;
  const kind = (input: Choice['input'], label: string): TemplateResult =>
    html`<button aria-pressed=${choice.input === input} ?disabled=${off} @click=${() => actions.choose({ input })}>${label}</button>`;
  return html`<div class="segmented" role="group" aria-label=${words.input}>${kind('text', words.fromText)} ${kind('seed', words.fromSeed)} ${kind('file', words.fromTensors)}</div>
    ${{ text: sentence, seed: seeded, file: env.own.value }[choice.input]?.(env, off)} ${opOf(choice).rowwise ? nothing : maskChoice(env, off)} ${env.tiles.value?.tileChoice(env, off) ?? nothing}`;
}

/** Every input is the file's: nothing of the own run is said beside it, and one click leads back. */
function fromFile({ state, actions, words }: InputsEnv, file: string): TemplateResult {
  const { run, provenance } = state.trace.value?.header ?? {};
  return html`<p class="from-file">${provenance === 'imported' ? words.fromFile : words.fromLab} <b dir="auto">${file}</b> ${run ? html`<span class="muted num">${runName(run, words)}</span>` : nothing}</p>
    <button class="plain own-run" @click=${() => actions.choose({})}>${words.ownRun}</button>`;
}

function maskChoice(env: BarEnv, off: boolean): TemplateResult {
  const { state, actions, words } = env;
  const chosen = state.choice.value.mask;
  const option = (mask: Mask, label: string): TemplateResult =>
    html`<button aria-pressed=${chosen === mask} ?disabled=${off} @click=${() => actions.choose({ mask })}>${label}</button>`;
  return html`<div class="labelled">
    <span>${words.mask}</span>
    <div class="segmented" role="group" aria-label=${words.mask}>${option('causal', words.maskName('causal'))} ${option('full', words.maskName('full'))}</div>
    ${env.tiles.value?.maskMenu(env, off) ?? nothing}
  </div>`;
}
