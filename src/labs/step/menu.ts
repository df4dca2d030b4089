// A drop-down made of <details>: opens by click or key, closes by Escape, by a click elsewhere, or when focus leaves.
import { html, type TemplateResult } from 'lit';

const shut = (event: Event): void => {
  const details = event.currentTarget;
  if (!(details instanceof HTMLDetailsElement)) return;
  if (event instanceof KeyboardEvent) {
    if (event.key !== 'Escape' || !details.open) return;
    event.preventDefault();
    details.open = false;
    details.querySelector('summary')?.focus();
  } else if (event instanceof FocusEvent) {
    const to = event.relatedTarget;
    if (to instanceof Node && !details.contains(to)) details.open = false;
  }
};

/** On opening: a click outside closes it again. */
const watchOutside = (event: Event): void => {
  const details = event.currentTarget;
  if (!(details instanceof HTMLDetailsElement) || !details.open) return;
  const gone = new AbortController();
  window.addEventListener(
    'pointerdown',
    (press) => {
      if (details.open && press.composedPath().includes(details)) return;
      details.open = false;
      gone.abort();
    },
    { signal: gone.signal },
  );
};

/** `label` is what the button says (its name for screen readers comes before it), `panel` what opens under it. */
export function menu(
  name: string,
  label: TemplateResult | string,
  panel: TemplateResult,
  className: string,
): TemplateResult {
  return html`<details class="menu ${className}" @keydown=${shut} @focusout=${shut} @toggle=${watchOutside}>
    <summary><span class="name">${name}</span> <span class="value">${label}</span></summary>
    <div class="panel">${panel}</div>
  </details>`;
}
