// One sentence on a card beside what it speaks of, with the ways on: what a tour and a lesson say, a step at a time.
import { html, nothing, render, type TemplateResult } from 'lit';
import css from './sentence-card.css?inline';

export interface CardWay {
  label: string;
  /** The key that does the same; not shown where there is no keyboard. */
  key?: string;
  act(): void;
}

export interface CardContent {
  /** What the card belongs to. */
  title: string;
  /** Where in it one is, as "2 / 6". */
  place: string;
  sentence: string | TemplateResult;
  /** Where the numbers of the sentence are from. */
  from: string;
  back?: CardWay | undefined;
  /** The first is the one that one is led to. */
  ways: readonly CardWay[];
  leave: CardWay;
}

/** A place in the window. */
export interface CardPlace {
  left: number;
  top: number;
}

type Sized = Pick<DOMRect, 'width' | 'height'>;
type Placed = Pick<DOMRect, 'left' | 'top' | 'right' | 'bottom'>;

const GAP = 16;
const EDGE = 8;

/** The area that two boxes share. */
const shared = (a: Placed, b: Placed): number =>
  Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) *
  Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));

/**
 * Where a card stands: beside what it speaks of, right, left, under or over it, where it fits the window and hides
 * least of `around`, the picture that the target is a part of. Where no side has room for it, at the window's edge on
 * the side with most; without a target at the bottom, in the middle. Always inside the window where that is large
 * enough.
 */
export function cardPlace(card: Sized, target: Placed | undefined, room: Sized, around = target): CardPlace {
  const within = (at: number, size: number, all: number): number => Math.max(EDGE, Math.min(at, all - size - EDGE));
  const beside = target && {
    top: within(target.top, card.height, room.height),
    left: within(target.left, card.width, room.width),
  };
  const sidesOf = (box: Placed): CardPlace[] =>
    beside
      ? [
          { left: box.right + GAP, top: beside.top },
          { left: box.left - GAP - card.width, top: beside.top },
          { left: beside.left, top: box.bottom + GAP },
          { left: beside.left, top: box.top - GAP - card.height },
        ]
      : [];
  const fits = ({ left, top }: CardPlace): boolean =>
    left >= EDGE && top >= EDGE && left + card.width <= room.width - EDGE && top + card.height <= room.height - EDGE;
  const hides = ({ left, top }: CardPlace, box: Placed): number =>
    shared(box, { left, top, right: left + card.width, bottom: top + card.height });
  if (target && around) {
    const [best] = [...sidesOf(around), ...sidesOf(target)]
      .filter((place) => fits(place) && hides(place, target) === 0)
      .toSorted((a, b) => hides(a, around) - hides(b, around));
    return best ?? roomiest(card, target, room);
  }
  return {
    left: within((room.width - card.width) / 2, card.width, room.width),
    top: within(room.height, card.height, room.height),
  };
}

/** At the window's edge, on the side of the target that has most room. */
function roomiest(card: Sized, target: Placed, room: Sized): CardPlace {
  const far = {
    left: Math.max(EDGE, room.width - card.width - EDGE),
    top: Math.max(EDGE, room.height - card.height - EDGE),
  };
  const middle = {
    left: Math.max(EDGE, (room.width - card.width) / 2),
    top: Math.max(EDGE, (room.height - card.height) / 2),
  };
  const sides: readonly [free: number, place: CardPlace][] = [
    [room.height - target.bottom, { left: middle.left, top: far.top }],
    [room.width - target.right, { left: far.left, top: middle.top }],
    [target.left, { left: EDGE, top: middle.top }],
    [target.top, { left: middle.left, top: EDGE }],
  ];
  return sides.reduce((a, b) => (b[0] > a[0] ? b : a))[1];
}

/** Style sheet text for the shadow root that holds the card. */
export const cardCss: string = css;

export interface SentenceCard {
  element: HTMLElement;
  show(content: CardContent): void;
  /**
   * Stands beside this place of the window, which is a part of the picture `around`; style sheets hold it at the bottom
   * of small screens.
   */
  beside(place: DOMRect | undefined, around?: DOMRect): void;
  /** Puts the focus on the way on. */
  focus(): void;
  dispose(): void;
}

export function mountCard(host: ParentNode): SentenceCard {
  const element = document.createElement('section');
  element.className = 'sentence-card';
  element.role = 'dialog';
  host.append(element);
  return {
    element,
    show({ title, place, sentence, from, back, ways, leave }) {
      element.ariaLabel = title;
      const way = ({ label, act }: CardWay, i: number): TemplateResult =>
        html`<button class=${i === 0 ? 'on primary' : 'on'} @click=${act}>${label}</button>`;
      render(
        html`<header><b>${title}</b> <span class="num">${place}</span></header>
          <p aria-live="polite">${sentence}</p>
          <p class="from">${from}</p>
          <footer>
            ${ways.map(way)} ${back ? html`<button class="back" @click=${back.act}>${back.label}</button>` : nothing}
            <button class="leave" @click=${leave.act}>${leave.label}${leave.key ? html` <span class="key">(${leave.key})</span>` : nothing}</button>
          </footer>`,
        element,
      );
    },
    beside(place, around) {
      const { width, height } = element.getBoundingClientRect();
      const room = { width: document.documentElement.clientWidth, height: innerHeight };
      const { left, top } = cardPlace({ width, height }, place, room, around);
      element.style.setProperty('--left', `${left}px`);
      element.style.setProperty('--top', `${top}px`);
    },
    focus: () => element.querySelector<HTMLElement>('.on')?.focus({ preventScroll: true }),
    dispose: () => element.remove(),
  };
}
