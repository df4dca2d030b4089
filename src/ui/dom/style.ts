// Sets styles through CSSOM only: lit's own styleMap writes a style attribute at the first render, which the page's
// policy blocks.
import { nothing, type ElementPart } from 'lit';
import { directive, Directive, PartType, type PartInfo } from 'lit/directive.js';

class Styles extends Directive {
  #names: readonly string[] = [];

  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error('styles() belongs on an element: <i ${styles({ ... })}>');
  }

  override update({ element }: ElementPart, [values]: [Readonly<Record<string, string>>]): typeof nothing {
    const { style } = element as HTMLElement;
    for (const name of this.#names) if (!(name in values)) style.removeProperty(name);
    for (const [name, value] of Object.entries(values)) style.setProperty(name, value);
    this.#names = Object.keys(values);
    return nothing;
  }

  override render(_values: Readonly<Record<string, string>>): typeof nothing {
    return nothing;
  }
}

/** `<i ${styles({ left: '10%' })}>`: CSS property names as in a style sheet. */
export const styles = directive(Styles);
