// One sentence on a card beside what it speaks of, with the ways on: what a tour and a lesson say, a step at a time.
import { html, nothing, render, type TemplateResult } from 'lit';
import css from './sentence-card.css?inline';

export interface CardWay {
  label: string;
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

/**
 * Where a card stands: beside what it speaks of, right, left, under or over it, where it fits the window; else at the window's bottom, in the middle.
 * Always inside the window where that is large enough.
 */
export function cardPlace(card: Sized, target: Placed | undefined, room: Sized): CardPlace {
  const within = (at: number, size: number, all: number): number => Math.max(EDGE, Math.min(at, all - size - EDGE));
  const beside = target && {
    top: within(target.top, card.height, room.height),
    left: within(target.left, card.width, room.width),
  };
  const tries: CardPlace[] =
    target && beside
      ? [
          { left: target.right + GAP, top: beside.top },
          { left: target.left - GAP - card.width, top: beside.top },
          { left: beside.left, top: target.bottom + GAP },
          { left: beside.left, top: target.top - GAP - card.height },
        ]
      : [];
  const fits = ({ left, top }: CardPlace): boolean =>
    left >= EDGE && top >= EDGE && left + card.width <= room.width - EDGE && top + card.height <= room.height - EDGE;
  return (
    tries.find(fits) ?? {
      left: within((room.width - card.width) / 2, card.width, room.width),
      top: within(room.height, card.height, room.height),
    }
  );
}

/** Style sheet text for the shadow root that holds the card. */
export const cardCss: string = css;

export interface SentenceCard {
  element: HTMLElement;
  show(content: CardContent): void;
  /** Stands beside this place of the window; style sheets hold it at the bottom of small screens. */
  beside(place: DOMRect | undefined): void;
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
            <button class="leave" @click=${leave.act}>${leave.label}</button>
          </footer>`,
        element,
      );
    },
    beside(place) {
      const { width, height } = element.getBoundingClientRect();
      const { left, top } = cardPlace({ width, height }, place, { width: document.documentElement.clientWidth, height: innerHeight });
      element.style.setProperty('--left', `${left}px`);
      element.style.setProperty('--top', `${top}px`);
    },
    focus: () => element.querySelector<HTMLElement>('.on')?.focus({ preventScroll: true }),
    dispose: () => element.remove(),
  };
}
