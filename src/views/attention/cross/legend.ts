// What the colours, hatches and outlines of the cross mean; and the switch between S and P where both are in HBM.
import type { Language } from '../../../words';
import type { Layer, Spot } from './cells';
import { SPOTS } from './cells';
import { setText } from '../../../ui/dom/text';
import { crossSpoken } from './cross.words';
import { value } from '../../../ui/format';
import { colourAt, colourTable, type Scale, type Theme } from '../../../ui/palette';

export interface Legend {
  element: HTMLElement;
  /** Writes the ends of the scales; hides what this frame has not. */
  show(layers: Readonly<Record<Spot, readonly Layer[]>>, has: { sram: boolean; masked: boolean }): void;
}

function node(name: string, text = '', tag = 'span'): HTMLElement {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = text;
  return made;
}

function ramp(theme: Theme, scale: Scale): HTMLElement {
  const table = colourTable(theme, scale);
  const bar = node('ramp');
  const stops = Array.from({ length: 9 }, (_, i) => colourAt(table, i / 8));
  bar.style.setProperty('background-image', `linear-gradient(90deg, ${stops.join(', ')})`);
  return bar;
}

export function makeLegend(theme: Theme, language: Language): Legend {
  const words = crossSpoken[language];
  const element = node('cross-legend', '', 'div');
  const item = (name: string, ...parts: HTMLElement[]): HTMLElement => {
    const made = node(`item ${name}`);
    made.append(...parts);
    element.append(made);
    return made;
  };
  const ends = node('num');
  const weightEnd = node('num');
  item('signed', node('num', '−max'), ramp(theme, 'diverging'), node('num', '+max'), ends);
  const weights = item('weights', node('', 'P'), node('num', '0'), ramp(theme, 'sequential'), weightEnd);
  for (const touch of [
    item('', node('swatch read', 'R'), node('', words.keyRead)),
    item('', node('swatch write', 'W'), node('', words.keyWrite)),
  ])
    touch.title = words.keyWhere;
  const past = item('', node('swatch past'), node('', words.keyPast));
  const never = item('', node('swatch never'), node('', words.keyNever));
  const masked = item('', node('swatch masked'), node('', words.keyMasked));
  item('', node('swatch input'), node('', words.keyInput));
  return {
    element,
    show(layers, has) {
      const signed = SPOTS.flatMap((spot) =>
        layers[spot]
          .filter((l) => l.scale === 'diverging' && !l.past)
          .map((l) => `${l.role}${l.space === 'reg' ? ` (${words.reg})` : ''} ±${value(l.max)}`),
      );
      setText(ends, signed.join(' · '));
      const p = layers.S.findLast((l) => l.scale === 'sequential');
      weights.hidden = !p;
      setText(weightEnd, p ? value(p.max) : '');
      never.hidden = past.hidden = !has.sram;
      masked.hidden = !has.masked;
    },
  };
}

/** Two buttons that choose what the middle shows. */
export function makeSwitch(
  language: Language,
  choose: (role: 'S' | 'P') => void,
): { element: HTMLElement; show(visible: boolean, role: 'S' | 'P'): void } {
  const words = crossSpoken[language];
  const element = node('cross-switch', '', 'div');
  element.setAttribute('role', 'group');
  element.setAttribute('aria-label', words.middle);
  const buttons = (
    [
      ['S', words.scores],
      ['P', words.weights],
    ] as const
  ).map(([role, text]) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = text;
    button.addEventListener('click', () => choose(role));
    element.append(button);
    return { role, button };
  });
  return {
    element,
    show(visible, role) {
      if (element.hidden === visible) element.hidden = !visible;
      if (!visible) return;
      for (const { role: own, button } of buttons) {
        const pressed = String(own === role);
        if (button.ariaPressed !== pressed) button.ariaPressed = pressed;
      }
    },
  };
}
