// Elements that are made once and stand from then on: a template written out, with its listeners.
import { render, type TemplateResult } from 'lit';

/** The element of a template that has one. */
export function elementOf(template: TemplateResult): HTMLElement {
  const holder = document.createElement('div');
  render(template, holder);
  const made = holder.firstElementChild;
  if (!(made instanceof HTMLElement)) throw new Error('a template of one element');
  made.remove();
  return made;
}
