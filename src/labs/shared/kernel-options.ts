// The options of a kernel menu: by op, as soon as there is more than one.
import { html, type TemplateResult } from 'lit';
import { KERNELS } from '../../kernels';
import { OPS } from '../../ops';
import type { KernelCard } from '../../kernels/card';
import type { Language } from '../../words';

/** @param label what an option says; the kernel's full name where absent */
export const kernelOptions = (
  chosen: string,
  language: Language,
  label: (card: KernelCard) => string = ({ name }) => name[language],
): readonly TemplateResult[] =>
  OPS.flatMap(({ id, name }) => {
    const cards = KERNELS.filter(({ op }) => op === id);
    const options = cards.map(
      (card) => html`<option value=${card.id} .selected=${card.id === chosen}>${label(card)}</option>`,
    );
    return cards.length > 0 ? [html`<optgroup label=${name[language]}>${options}</optgroup>`] : [];
  });
