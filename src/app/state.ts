// The page's only state, as signals. What a link carries is its `Located`; the rest is what this device is doing right
// now.
import { batch, signal, type Signal } from '@preact/signals-core';
import type { AttnError } from '../errors';
import type { CellRef } from '../frame/cell';
import type { Trace } from '../trace/trace';
import type { LabState } from '../labs/lab';
import type { Signals } from '../labs/shared/link';
import type { Sentence } from '../figure/problem';
import type { Progress } from '../labs/step/api';
import type { Theme } from '../ui/palette';
import type { Language } from '../words';
import { defaults, type Located } from './link/fragment';
import type { Message } from './messages/messages';

/** The device as the header shows it. */
export type Device =
  | { kind: 'starting' }
  | { kind: 'ready'; name: string; software: boolean; timestamps: boolean }
  | { kind: 'none' };

export interface State extends LabState, Signals<Located> {
  device: Signal<Device>;
  messages: Signal<readonly Message[]>;
}

const signals = (located: Located): Signals<Located> =>
  Object.fromEntries(
    Object.entries(located).map(([key, value]) => [key, signal<unknown>(value)]),
  ) as unknown as Signals<Located>;

/** Fresh state for a link. */
export function createState(located: Located): State {
  return {
    ...signals(located),
    hovered: signal<CellRef | undefined>(undefined),
    playing: signal(false),
    trace: signal<Trace | undefined>(undefined),
    captures: signal(0),
    canRun: signal(true),
    refused: signal<AttnError | undefined>(undefined),
    pending: signal(false),
    progress: signal<Progress | undefined>(undefined),
    sentence: signal<Sentence | undefined>(undefined),
    shelf: signal([]),
    own: signal(undefined),
    limits: signal(undefined),
    device: signal<Device>({ kind: 'starting' }),
    messages: signal<readonly Message[]>([]),
  };
}

const keys = Object.keys(defaults) as (keyof Located)[];

/** What a link of this moment carries. Reads every signal, so an effect that calls this follows them all. */
export const located = (state: State): Located =>
  Object.fromEntries(keys.map((key) => [key, state[key].value])) as unknown as Located;

/**
 * Puts the state where a link says, as Back does. A link to a file says nothing of the own run, so that stays as it is.
 */
export function relocate(state: State, to: Located): void {
  batch(() => {
    for (const key of keys)
      if (key !== 'choice' || to.file === undefined) (state[key] as Signal<unknown>).value = to[key];
  });
}

/** The colours in use: the visitor's choice, or the system's. */
export const themeOf = (chosen: Theme | undefined): Theme =>
  chosen ?? (matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark');

/**
 * The language in use: the visitor's choice, or that of the page's address (zh.html), or the first of the browser's
 * that the page speaks.
 */
export function languageOf(chosen: Language | undefined): Language {
  if (chosen) return chosen;
  if (document.documentElement.dataset['language'] === 'zh') return 'zh';
  const known = navigator.languages
    .map((tag) => tag.slice(0, 2).toLowerCase())
    .find((tag) => tag === 'zh' || tag === 'en');
  return known === 'zh' ? 'zh' : 'en';
}
