// Buttons that choose the request to look at: the running ones, as many as fit.
import type { State } from '../../../paging';
import { element } from '../../../ui/dom/element';
import type { PoolInk } from '../shared/ink';
import type { PageEvents } from '../view';
import { whole } from '../../../ui/whole';

const MOST = 8;

export interface ChipWords {
  readonly choose: string;
  /** The label when no request was chosen by hand. */
  readonly auto: string;
  readonly autoNote: string;
}

export class RequestChips {
  readonly #buttons: HTMLButtonElement[];
  readonly #ids: number[] = [];
  readonly #more = element('span', 'more muted');
  readonly #label = element('span', 'label muted');
  readonly #words: ChipWords;
  readonly #ink: PoolInk;
  #key = '';

  constructor(host: HTMLElement, words: ChipWords, ink: PoolInk, on: PageEvents) {
    this.#ink = ink;
    const row = element('div', 'requests');
    row.role = 'group';
    row.ariaLabel = words.choose;
    this.#words = words;
    this.#buttons = Array.from({ length: MOST }, (_, i) => {
      const button = element('button', '');
      button.type = 'button';
      button.hidden = true;
      button.addEventListener('click', () => on.request(this.#ids[i] ?? 0));
      return button;
    });
    row.append(this.#label, ...this.#buttons, this.#more);
    host.append(row);
  }

  /** Draws the running requests and the chosen one, whatever its status. */
  draw(state: State, chosen: number | undefined, followed: boolean): void {
    const running = state.running.slice(0, MOST);
    const ids = chosen === undefined || running.includes(chosen) ? running : [chosen, ...running.slice(0, MOST - 1)];
    const more = state.running.length - running.length;
    const key = `${ids.join()};${chosen};${more};${followed}`;
    if (key === this.#key) return;
    this.#key = key;
    const { auto, autoNote, choose } = this.#words;
    this.#label.textContent = followed ? auto : choose;
    this.#label.title = followed ? autoNote : '';
    for (const [i, button] of this.#buttons.entries()) {
      const id = ids[i];
      if (button.hidden !== (id === undefined)) button.hidden = id === undefined;
      if (id === undefined) continue;
      this.#ids[i] = id;
      const { name } = state.requests.at(id);
      if (button.textContent !== name) button.textContent = name;
      button.style.setProperty('--hue', this.#ink.tone(id).strong);
      const pressed = String(id === chosen);
      if (button.ariaPressed !== pressed) button.ariaPressed = pressed;
    }
    this.#more.textContent = more > 0 ? `+${whole(more)}` : '';
  }
}
