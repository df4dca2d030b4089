// What a figure is given by the page around it: one of each for all figures of a page, and where it may put its style.
import type { ReadonlySignal } from '@preact/signals-core';
import type { Machine } from '../machine/machine';
import type { Trace } from '../trace/trace';
import type { Keyboard } from '../ui/dom/keyboard';
import type { Theme } from '../ui/palette';
import type { Language } from '../words';
import type { Choice } from './choice';
import type { Facts } from './facts';
import type { Problem } from './problem';

/** Where runs come from: made once a page, and shared by its figures. */
export interface Resources {
  /** What runs kernels here, with a device or without. Throws what opening the device threw. */
  machine(): Promise<Machine>;
  /** Shape and numbers of a choice. Throws AttnError. */
  problem(choice: Choice): Promise<Problem>;
  /** The stored capture of a choice's kernel, if there is one. */
  recorded?(choice: Choice): Promise<Trace> | undefined;
  /** Calls `act` after each loss of the device, when the next one may be asked for. Returns what ends that. */
  onLost?(act: () => void): () => void;
  /** A run came to its end on the device: the next loss is a first one again. */
  settled?(): void;
}

/** How figures look and are talked to. A figure is mounted anew where language or theme change. */
export interface Surroundings {
  keyboard: Keyboard;
  language: Language;
  theme: Theme;
  /** Whether pictures may move. */
  motion(): boolean;
  /** Makes a style sheet count where the figure stands. */
  adopt(css: string): void;
  /** Opens the key map, where there is one. */
  help?(): void;
}

export interface FigureEnv extends Resources, Surroundings {}

/** What every figure is, whatever it shows. */
export interface AnyFigure {
  /** Keys that are pressed inside are this figure's; it takes the focus itself, too. */
  readonly root: HTMLElement;
  /** What it tells of what it shows, where that is not said by a link alone. */
  readonly facts?: ReadonlySignal<Facts | undefined>;
  /** One step on or back; false at an end, or while there is nothing to step through. */
  step(direction: 1 | -1): boolean;
  toEdge(direction: 1 | -1): void;
  /** Plays from where it stands to its end, or stops there. */
  play(on: boolean): void;
  /** Takes it away, with all that it had begun or holds. */
  dispose(): void;
}
