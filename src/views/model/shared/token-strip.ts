// A text as its tokens, one of them chosen, each with a bar of what is told of it.
import { html, nothing, type TemplateResult } from 'lit';
import { styles } from '../../../ui/dom/style';

export { default as stripCss } from './token-strip.css?inline';

export interface TokenStrip {
  labels: readonly string[];
  at: number;
  /** What the strip shows, for screen readers. */
  name: string;
  /** Height of each token's bar, 0 to 1, what it says, and whether it grew or shrank against the plain pass. */
  bar?(i: number): { height: number; says: string; tone?: 'up' | 'down' } | undefined;
  choose(i: number): void;
}

/** One button a token; arrow keys move on, as they do everywhere in the figure. */
export function tokenStrip({ labels, at, name, bar, choose }: TokenStrip): TemplateResult {
  const keys = (event: KeyboardEvent): void => {
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: labels.length - 1 }[event.key];
    if (to === undefined || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    const wanted = Math.max(0, Math.min(labels.length - 1, to));
    choose(wanted);
    (event.currentTarget as HTMLElement).querySelectorAll('button')[wanted]?.focus();
  };
  return html`<div class="token-strip ${bar ? 'barred' : ''}" data-ring="strip" role="group" aria-label=${name} @keydown=${keys}>
    ${labels.map((label, i) => {
      const own = bar?.(i);
      return html`<button
        type="button"
        class="token ${i === at ? 'on' : ''} ${own?.tone ?? ''}"
        tabindex=${i === at ? 0 : -1}
        aria-pressed=${i === at}
        aria-label=${own ? `${label}, ${own.says}` : label}
        title=${own?.says ?? nothing}
        data-at=${i}
        @click=${() => choose(i)}
      >
        ${bar ? html`<i ${styles({ height: `${Math.round(100 * Math.max(0, Math.min(1, own?.height ?? 0)))}%` })}></i>` : nothing}<b>${label}</b>
      </button>`;
    })}
  </div>`;
}
