// What the parts of the input bar share: their environment, and what was typed but not taken, which stays typed and is
// answered beside its box.
import type { Signal } from '@preact/signals-core';
import { html, nothing, type TemplateResult } from 'lit';
import type { Theme } from '../../ui/palette';
import type { Language } from '../../words';
import type { Sentence } from '../../figure/problem';
import type { StepActions, StepState } from './api';
import type { NumberField } from '../../figure/choice';
import type * as Tiles from './tiles';
import type { Speech } from './speech';

export interface InputsEnv {
  state: StepState;
  actions: StepActions;
  words: Speech;
  language: Language;
  theme: Theme;
  /** The SRAM meter's host; kept from render to render. */
  meter: HTMLElement;
  /** The tile chooser, once it is loaded: tiles are judged by the kernels, which come after the first picture. */
  tiles: Signal<typeof Tiles | undefined>;
}

/** A box with an answer of its own. */
export type Box = NumberField | 'text';

/**
 * What a box holds that was not taken, and why. It counts while the choice still has the value that it was typed over.
 */
export interface Refused {
  typed: string;
  over: string | number | undefined;
  why: string;
}

/**
 * The bar's own: the tokens of a text that is being typed, until another sentence is read than the one it is typed
 * over; and what was refused.
 */
export interface BarEnv extends InputsEnv {
  typed: Signal<{ tokens: number; instead: Sentence | undefined } | undefined>;
  typing(text: string): void;
  refused: Signal<Partial<Record<Box, Refused>>>;
  /** The part for the visitor's own tensors, once it is loaded. */
  own: Signal<((env: BarEnv, off: boolean) => TemplateResult) | undefined>;
}

/** What is refused in a box now. */
export function refusedIn({ state, refused }: BarEnv, box: Box): Refused | undefined {
  const entry = refused.value[box];
  return entry && entry.over === state.choice.value[box] ? entry : undefined;
}

/** Notes that a box was refused, or (without `why`) that its text was taken. */
export function refuse({ state, refused }: BarEnv, box: Box, typed: string, why: string | undefined): void {
  const { [box]: _, ...others } = refused.peek();
  refused.value = why === undefined ? others : { ...others, [box]: { typed, over: state.choice.peek()[box], why } };
}

/** The id of a box's answer, for `aria-describedby`. */
export const answerId = (box: Box): string => `refused-${box}`;

/** The answer beside a box. */
export const answer = (box: Box, why: string | undefined): TemplateResult | typeof nothing =>
  why === undefined ? nothing : html`<span class="refusal" id=${answerId(box)} role="alert">${why}</span>`;
