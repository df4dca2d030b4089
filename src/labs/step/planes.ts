// The choice of the plane (batch and head) that the views show.
import { html, type TemplateResult } from 'lit';
import type { InputsEnv } from './bar';

export function planeMenu(
  { state, actions, words }: InputsEnv,
  { batch, heads }: { batch: number; heads: number },
  off: boolean,
): TemplateResult {
  const { plane } = state.choice.value;
  const planes = Array.from({ length: batch * heads }, (_, p) => p);
  const choose = (event: Event): void =>
    actions.choose({ plane: Number((event.currentTarget as HTMLSelectElement).value) });
  return html`<label class="field"
    ><span>${words.plane}</span
    ><select name="plane" ?disabled=${off} @change=${choose}>
      ${planes.map((p) => html`<option value=${p} .selected=${p === plane}>${words.planeOf(Math.floor(p / heads), p % heads)}</option>`)}
    </select></label
  >`;
}
