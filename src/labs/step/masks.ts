// The masks beside causal and full, in a menu: aligned top-left, a sliding window, a prefix; with their numbers. And
// what becomes of a score before its mask: softcap, ALiBi.
import { html, nothing, type TemplateResult } from 'lit';
import { maskOf, type Mask } from '../../ops/sizes';
import { scoresOf, softcapOf, type Choice } from '../../figure/choice';
import { maskName, scoreNames } from '../../views/shared/mask.words';
import { speak } from '../../words';
import type { InputsEnv } from './bar';
import { masksWords } from './masks.words';
import { menu } from './menu';

/** What each kind opens with. */
const OPENS: Readonly<Record<string, Mask>> = {
  'causal-top-left': 'causal-top-left',
  window: 'window-8-0',
  prefix: 'prefix-8',
};

type Words = ReturnType<typeof speak<typeof masksWords>>;

const hasButton = (mask: Mask): boolean => mask === 'causal' || mask === 'full';

/** One whole number of a mask; an empty box stands for all where that can be said. */
function numberBox(label: string, value: string, all: string | undefined, off: boolean, take: (text: string) => void) {
  const change = (event: Event): void => {
    const box = event.currentTarget as HTMLInputElement;
    if (!box.reportValidity()) return;
    take(box.value === '' ? 'all' : String(box.valueAsNumber));
  };
  return html`<label class="field"
    ><span>${label}</span
    ><input
      type="number"
      inputmode="numeric"
      min=${all === undefined ? 1 : 0}
      max="65536"
      step="1"
      ?required=${all === undefined}
      placeholder=${all ?? ''}
      ?disabled=${off}
      .value=${value === 'all' ? '' : value}
      @change=${change}
  /></label>`;
}

function numbersOf(mask: Mask, off: boolean, words: Words, take: (text: string) => void): TemplateResult {
  const [kind, first = '', second = ''] = mask.split('-');
  if (kind === 'window')
    return html`${numberBox(words.left, first, words.all, off, (n) => take(`window-${n}-${second}`))}
      ${numberBox(words.right, second, words.all, off, (n) => take(`window-${first}-${n}`))}
      <p class="muted">${words.windowNote}</p>`;
  if (kind === 'prefix')
    return html`${numberBox(words.length, first, undefined, off, (n) => take(`prefix-${n}`))}
      <p class="muted">${words.prefixNote}</p>`;
  return html`<p class="muted">${words.topLeftNote}</p>`;
}

/** Softcap and ALiBi, which come before the mask; an empty box is none. */
function scoreFields(
  { softcap, alibi }: Choice,
  off: boolean,
  words: Words,
  choose: (change: Partial<Choice>) => void,
): TemplateResult {
  const change = (event: Event): void => {
    const box = event.currentTarget as HTMLInputElement;
    const typed = box.value === '' ? undefined : softcapOf(box.value);
    const wrong = box.validity.badInput || (box.value !== '' && typed === undefined);
    box.setCustomValidity(wrong ? words.softcapRange : '');
    if (box.reportValidity()) choose({ softcap: typed });
  };
  const toggle = (event: Event): void =>
    choose({ alibi: (event.currentTarget as HTMLInputElement).checked || undefined });
  return html`<label class="field"
      ><span>${words.softcap}</span
      ><input
        type="number"
        name="softcap"
        inputmode="decimal"
        step="any"
        placeholder=${words.none}
        ?disabled=${off}
        .value=${softcap === undefined ? '' : String(softcap)}
        @change=${change}
    /></label>
    <label class="field"
      ><span>${words.alibi}</span><input type="checkbox" name="alibi" ?disabled=${off} .checked=${alibi ?? false} @change=${toggle}
    /></label>
    <p class="muted">${words.scoresNote}</p>`;
}

/** The menu; its button says which of these masks is chosen, and what changes scores. */
export function maskMenu({ state, actions, language }: InputsEnv, off: boolean): TemplateResult {
  const words = speak(masksWords, language);
  const { mask } = state.choice.value;
  const { softcap, alibi } = scoresOf(state.choice.value, 1);
  const chosen = [
    ...(hasButton(mask) ? [] : [maskName(mask, language)]),
    ...scoreNames({ ...(softcap !== undefined && { softcap }), ...(alibi && { alibi }) }),
  ];
  const take = (text: string): void => {
    const other = maskOf(text);
    if (other) actions.choose({ mask: other });
  };
  const kind = mask.startsWith('causal') ? mask : (mask.split('-')[0] ?? mask);
  const names: Readonly<Record<string, string>> = {
    'causal-top-left': maskName('causal-top-left', language),
    window: words.window,
    prefix: words.prefix,
  };
  const option = (one: string): TemplateResult =>
    html`<button aria-pressed=${kind === one} ?disabled=${off} @click=${() => take(OPENS[one] ?? one)}>${names[one]}</button>`;
  return menu(
    '',
    chosen.length === 0
      ? html`<span class="sr-only">${words.other}</span><span aria-hidden="true">⋯</span>`
      : chosen.join(' · '),
    html`<div class="more">
      <div class="segmented" role="group" aria-label=${words.kind}>${Object.keys(OPENS).map(option)}</div>
      ${hasButton(mask) ? nothing : numbersOf(mask, off, words, take)} ${scoreFields(state.choice.value, off, words, actions.choose)}
    </div>`,
    'mask-menu',
  );
}
