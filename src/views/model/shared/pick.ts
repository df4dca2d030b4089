// Controls of the model's pictures: a menu of a few values, and a slider that says its value.
import { html, nothing, type TemplateResult } from 'lit';

/** A menu; values are told apart by their text. */
export function menu(
  label: string,
  value: string,
  choices: readonly (readonly [value: string, name: string])[],
  choose: (value: string) => void,
): TemplateResult {
  return html`<label class="labelled"
    ><span>${label}</span
    ><select @change=${(event: Event) => choose((event.currentTarget as HTMLSelectElement).value)}>
      ${choices.map(([id, name]) => html`<option value=${id} .selected=${id === value}>${name}</option>`)}
    </select></label
  >`;
}

export interface Slider {
  label: string;
  min: number;
  max: number;
  step: number;
  value: number;
  /** The value, as it is read. */
  text: string;
  hint?: string;
  set(value: number): void;
}

export function slider({ label, min, max, step, value, text, hint, set }: Slider): TemplateResult {
  return html`<label class="slider" title=${hint ?? nothing}
    ><span class="slider-name">${label}</span
    ><input
      type="range"
      min=${min}
      max=${max}
      step=${step}
      .value=${String(value)}
      aria-valuetext=${text}
      @input=${(event: Event) => set((event.currentTarget as HTMLInputElement).valueAsNumber)}
    /><output class="num">${text}</output></label
  >`;
}
