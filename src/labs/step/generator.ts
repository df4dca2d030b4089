// The seeded generator's fields. A number that cannot be is kept in its box and answered beside it; the last good run
// stays.
import { batch } from '@preact/signals-core';
import { html, nothing, type TemplateResult } from 'lit';
import { answer, answerId, refuse, refusedIn, type BarEnv } from './bar';
import { opensWithOne, ranges, type Choice, type NumberField } from '../../figure/choice';
import { opOf } from '../../kernels';
import { menu } from './menu';
import { planeMenu } from './planes';

/** What a typed number changes. KV heads that no longer divide the heads go back to as many as those. */
function changeOf(choice: Choice, name: NumberField, value: number | undefined): Partial<Choice> {
  const rest = name === 'heads' && value !== undefined && choice.kvHeads !== undefined && value % choice.kvHeads !== 0;
  return { [name]: value, ...(rest && { kvHeads: undefined }) };
}

/** `empty` is what an empty box stands for; without it the box must be filled. */
function field(env: BarEnv, name: NumberField, label: string, off: boolean, empty = ''): TemplateResult {
  const { state, actions, words } = env;
  const [low, high] = ranges[name];
  const value = state.choice.value[name];
  const wrong = refusedIn(env, name);
  const onChange = (event: Event): void => {
    const box = event.currentTarget as HTMLInputElement;
    const left = box.value === '' && !box.validity.badInput;
    const taken = box.checkValidity() && (left ? empty !== '' : true);
    const allowed = words.wholeNumber(low.toLocaleString('en'), high.toLocaleString('en'));
    const number = left ? undefined : box.valueAsNumber;
    // Together, so that the box never falls back to the value that stood in it before.
    batch(() => {
      refuse(env, name, box.value, taken ? undefined : empty ? words.orEmpty(allowed) : allowed);
      if (taken) actions.choose(changeOf(state.choice.peek(), name, number));
    });
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
        placeholder=${empty}
        aria-invalid=${wrong ? 'true' : 'false'}
        aria-describedby=${wrong ? answerId(name) : nothing}
        ?disabled=${off}
        .value=${wrong ? wrong.typed : value === undefined ? '' : String(value)}
        @change=${onChange} /></label
    >${answer(name, wrong?.why)}`;
}

/** The divisors of the number of heads: what kvHeads may be. */
const divisors = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1).filter((k) => n % k === 0);

export function seeded(env: BarEnv, off: boolean): TemplateResult {
  const { state, actions, words } = env;
  const { batch: batches, heads, kvHeads } = state.choice.value;
  const { rowwise } = opOf(state.choice.value);
  const chooseKv = (event: Event): void =>
    actions.choose({ kvHeads: Number((event.currentTarget as HTMLSelectElement).value) });
  return html`<div class="seeded">
    ${field(env, 'keys', words.n, off)} ${field(env, 'dim', words.d, off)} ${field(env, 'heads', words.heads, off)}
    ${field(env, 'seed', words.seed, off)}
    ${menu(
      '',
      words.more,
      html`<div class="more">
        ${batches * heads > 1 ? planeMenu(env, { batch: batches, heads }, off) : nothing} ${rowwise ? nothing : field(env, 'queries', words.nq, off, opensWithOne(state.choice.value) ? words.nqOne : words.nqSame)} ${field(env, 'batch', words.batch, off)}
        ${
          rowwise
            ? nothing
            : html`<label class="field"
          ><span>${words.kv}</span
          ><select name="kvHeads" ?disabled=${off} @change=${chooseKv}>
            ${divisors(heads).map((k) => html`<option value=${k} .selected=${k === (kvHeads ?? heads)}>${k}</option>`)}
          </select></label
        >`
        }
      </div>`,
      'more-menu',
    )}
  </div>`;
}
