// A drop-down made of <details>: opens by click or key, closes by Escape, by a click elsewhere, or when focus leaves.
import { html, type TemplateResult } from 'lit';

const shut = (event: Event): void => {
  const menu = event.currentTarget;
  if (!(menu instanceof HTMLDetailsElement)) return;
  if (event instanceof KeyboardEvent) {
    if (event.key !== 'Escape' || !menu.open) return;
    event.preventDefault();
    menu.open = false;
    menu.querySelector('summary')?.focus();
  } else if (event instanceof FocusEvent) {
    const to = event.relatedTarget;
    if (to instanceof Node && !menu.contains(to)) menu.open = false;
  }
};

/** On opening: a click outside closes it again. */
const watchOutside = (event: Event): void => {
  const menu = event.currentTarget;
  if (!(menu instanceof HTMLDetailsElement) || !menu.open) return;
  const gone = new AbortController();
  window.addEventListener(
    'pointerdown',
    (press) => {
      if (menu.open && press.composedPath().includes(menu)) return;
      menu.open = false;
      gone.abort();
    },
    { signal: gone.signal },
  );
};

/** `label` is what the button says (its name for screen readers comes before it), `panel` what opens under it. */
export function menu(name: string, label: TemplateResult | string, panel: TemplateResult, className: string): TemplateResult {
  return html`<details class="menu ${className}" @keydown=${shut} @focusout=${shut} @toggle=${watchOutside}>
    <summary><span class="name">${name}</span> <span class="value">${label}</span></summary>
    <div class="panel">${panel}</div>
  </details>`;
}
