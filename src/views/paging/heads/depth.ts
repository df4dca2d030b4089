// The 3D picture of a block: a button that loads it, keys that turn it, and what it shows in words.
import { bytesPerToken, type ModelPreset } from '../../../paging';
import type { speak } from '../../../words';
import { setText } from '../../../ui/dom/text';
import { element } from '../../../ui/dom/element';
import { bytes } from '../../../ui/format';
import type { headsWords } from './heads.words';
import type { StackScene } from './heads-scene';
import { hasWebGL } from '../../../ui/paint/webgl';
import type { PageFrame } from '../view';

/** Radians an arrow key turns. */
const TURN = 0.16;
const KEYS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-TURN, 0],
  ArrowRight: [TURN, 0],
  ArrowUp: [0, TURN],
  ArrowDown: [0, -TURN],
};

/** The block to show: the one that is pointed at, else the last one of the chosen request. */
function blockOf({ moment: { state }, selection, chosen }: PageFrame): { id: number; filled: number } | undefined {
  const table = chosen !== undefined && chosen < state.requests.length ? state.requests.at(chosen).table : [];
  const id =
    selection.block !== undefined && selection.block > 0 && selection.block < state.blocks.length
      ? selection.block
      : table.at(-1);
  return id ? { id, filled: state.blocks.at(id).tokens.length } : undefined;
}

export class Depth {
  readonly root = element('section', 'depth');
  readonly #words: ReturnType<typeof speak<typeof headsWords>>;
  readonly #button: HTMLButtonElement;
  readonly #stage = element('div', 'stage');
  readonly #caption = element('p', 'said');
  #scene: StackScene | undefined;
  #gone = false;
  #shown = '';
  #frame: PageFrame | undefined;
  #model: ModelPreset;
  #size = 2;

  constructor(words: ReturnType<typeof speak<typeof headsWords>>, model: ModelPreset) {
    this.#words = words;
    this.#model = model;
    this.#button = element('button', 'open', words.depthOpen);
    this.#button.type = 'button';
    this.#button.ariaExpanded = 'false';
    this.#stage.hidden = true;
    this.#stage.tabIndex = 0;
    this.#stage.role = 'application';
    this.#stage.ariaLabel = words.depthLabel;
    this.#caption.hidden = true;
    this.root.append(this.#button, this.#stage, this.#caption);
    this.#button.addEventListener('click', () => void this.#toggle());
    this.#stage.addEventListener('keydown', (event) => {
      const turn = KEYS[event.key];
      if (!turn || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      this.#scene?.turn(...turn);
    });
  }

  /** @param size bytes of one element */
  draw(frame: PageFrame | undefined, model: ModelPreset, size: number): void {
    [this.#frame, this.#model, this.#size] = [frame, model, size];
    if (!this.#scene || !frame) return;
    const { blockSize } = frame.moment.state.config;
    const block = blockOf(frame);
    const key = `${model.id} ${size} ${blockSize} ${block?.id} ${block?.filled}`;
    if (key === this.#shown) return;
    this.#shown = key;
    this.#scene.show(model, blockSize, block?.filled ?? 0);
    this.#stage.dataset['bars'] = String(this.#scene.bars);
    const all = bytesPerToken(model, size) * blockSize;
    const words = this.#words;
    const which = block ? words.depthBlock(block.id, block.filled, blockSize) : words.depthNone;
    setText(this.#caption, words.depthSaid(which, 2 * model.layers, bytes(all / (2 * model.layers)), bytes(all)));
  }

  async #toggle(): Promise<void> {
    const open = this.#stage.hidden;
    this.#stage.hidden = this.#caption.hidden = !open;
    this.#button.ariaExpanded = String(open);
    this.#button.textContent = open ? this.#words.depthClose : this.#words.depthOpen;
    // It opens below the visible part of the page, on a phone behind the playback bar.
    if (open) this.#stage.scrollIntoView({ block: 'center' });
    if (!open || this.#scene) return;
    if (!hasWebGL()) return setText(this.#caption, this.#words.depthMissing);
    setText(this.#caption, this.#words.depthLoading);
    try {
      const { StackScene: Scene } = await import('./heads-scene');
      if (this.#gone) return;
      this.#scene = new Scene(this.#stage);
      this.draw(this.#frame, this.#model, this.#size);
    } catch {
      setText(this.#caption, this.#words.depthFailed);
    }
  }

  dispose(): void {
    this.#gone = true;
    this.#scene?.dispose();
  }
}
