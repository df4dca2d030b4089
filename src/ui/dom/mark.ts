// The mark of a number: how it came about. Shown on hover and focus in one shared tip, and read by screen readers.
import type { Provenance } from '../../trace/trace';
import { speak, type Language } from '../../words';
import { markWords } from './mark.words';

export { default as markCss } from './mark.css?inline';

/** How a number came about. Values and counts also say on which device, by the trace's provenance. */
export type MarkKind = 'measured' | 'counted' | 'captured' | 'computed';

export interface Mark {
  kind: MarkKind;
  /** The trace's provenance, for counted and captured numbers. */
  provenance?: Provenance;
  /** What the number is, in a sentence. */
  note?: string;
}

/** The mark in words: "Counted by the instrumented kernel as it ran, on this device. NOTE". */
export function markText(mark: Mark, language: Language): string {
  const words = speak(markWords, language);
  const origin = words.origin(words[mark.kind], words[`${mark.kind}Why`], mark.provenance && words[mark.provenance]);
  return mark.note ? `${origin}${language === 'zh' ? '' : ' '}${mark.note}` : origin;
}

/** How long the pointer rests before a tip opens, so that moving across a table opens none. */
const HOVER_MS = 350;

/**
 * Shows marks inside `host`: any element with `data-mark="TEXT"` (see `markText`) gets the tip on hover and on focus,
 * Escape hides it. Give such an element `tabindex="0"` where no focusable element near it carries the same mark, and
 * `aria-description` with the text. Returns the function that takes it down again.
 */
export function mountMarks(host: HTMLElement): () => void {
  const tip = document.createElement('div');
  tip.className = 'mark-tip';
  tip.popover = 'manual';
  tip.ariaHidden = 'true';
  host.append(tip);
  const gone = new AbortController();
  const options = { signal: gone.signal };
  let over: Element | undefined;
  let timer = 0;

  const show = (event: Event): void => {
    const target = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-mark]') : null;
    if (event.type === 'focusin' && !target?.matches(':focus-visible')) return;
    if (!target || target === over) return target ? undefined : hide();
    hide();
    over = target;
    const open = (): void => {
      if (!target.isConnected) return;
      tip.textContent = target.dataset['mark'] ?? '';
      tip.showPopover();
      place(tip, target.getBoundingClientRect());
    };
    if (event.type === 'focusin') open();
    else timer = window.setTimeout(open, HOVER_MS);
  };
  const hide = (): void => {
    window.clearTimeout(timer);
    over = undefined;
    if (tip.matches(':popover-open')) tip.hidePopover();
  };
  host.addEventListener('pointerover', show, options);
  host.addEventListener('focusin', show, options);
  host.addEventListener('pointerleave', hide, options);
  host.addEventListener('focusout', hide, options);
  host.addEventListener('keydown', (event) => event.key === 'Escape' && hide(), options);
  window.addEventListener('scroll', hide, { ...options, capture: true, passive: true });
  return () => {
    hide();
    gone.abort();
    tip.remove();
  };
}

/** Puts the tip below the element, or above it when there is no room; never outside the window. */
function place(tip: HTMLElement, at: DOMRect): void {
  const box = tip.getBoundingClientRect();
  const left = Math.max(8, Math.min(at.left, window.innerWidth - box.width - 8));
  const below = at.bottom + 6 + box.height <= window.innerHeight;
  tip.style.setProperty('left', `${left}px`);
  tip.style.setProperty('top', `${below ? at.bottom + 6 : Math.max(8, at.top - 6 - box.height)}px`);
}
