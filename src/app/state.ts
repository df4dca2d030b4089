// The page's only state, as signals. What a link carries is in `Located`; the rest is what this device is doing right now.
import { batch, signal, type Signal } from '@preact/signals-core';
import type { AttnError } from '../errors';
import type { Cursor } from '../frame/frame-types';
import type { CellRef } from '../frame/cell';
import type { Trace } from '../trace/trace';
import { defaultChoice, type Choice } from '../labs/shared/choice';
import type { Granularity } from '../views/strip/strip';
import type { LabId, LabState } from '../labs/lab';
import type { Progress, Sentence, SpaceMode } from '../labs/step/api';
import { defaultCompare, type CompareSettings } from '../labs/compare/settings';
import type { Versus } from '../labs/compare/versus';
import { defaultTime, type TimeSettings } from '../labs/time/settings';
import type { Pane } from '../views';
import type { Theme } from '../ui/palette';
import type { Language } from '../words';
import type { Message } from './messages/messages';

/** Everything that a link carries, and that Back brings back. */
export interface Located {
  lab: LabId;
  choice: Choice;
  time: TimeSettings;
  versus: Versus;
  compare: CompareSettings;
  page: string;
  moment: string;
  /** The name of the imported trace that is shown in place of the choice's own run. */
  file: string | undefined;
  /** Undefined = the beginning: the first phase of the first workgroup. */
  cursor: Cursor | undefined;
  /** Undefined = a row of the workgroup under the cursor. */
  row: number | undefined;
  thread: number;
  pinned: CellRef | undefined;
  granularity: Granularity;
  speed: number;
  /** Undefined = as the system says. */
  theme: Theme | undefined;
  /** Undefined = as the browser says. */
  language: Language | undefined;
  /** The pane on a small screen. */
  pane: Pane;
  space: SpaceMode;
}

export const defaults: Located = {
  lab: 'step',
  choice: defaultChoice,
  time: defaultTime,
  versus: {},
  compare: defaultCompare,
  page: '',
  moment: '',
  file: undefined,
  cursor: undefined,
  row: undefined,
  thread: 0,
  pinned: undefined,
  granularity: 'phase',
  speed: 1,
  theme: undefined,
  language: undefined,
  pane: 'cross',
  space: 'flat',
};

/** The device as the header shows it. */
export type Device = { kind: 'starting' } | { kind: 'ready'; name: string; software: boolean; timestamps: boolean } | { kind: 'none' };

export interface State extends LabState {
  theme: Signal<Theme | undefined>;
  language: Signal<Language | undefined>;
  device: Signal<Device>;
  messages: Signal<readonly Message[]>;
}

/** Fresh state for a link. */
export function createState(located: Located): State {
  return {
    lab: signal(located.lab),
    choice: signal(located.choice),
    file: signal(located.file),
    time: signal(located.time),
    versus: signal(located.versus),
    compare: signal(located.compare),
    page: signal(located.page),
    moment: signal(located.moment),
    cursor: signal(located.cursor),
    row: signal(located.row),
    thread: signal(located.thread),
    pinned: signal(located.pinned),
    granularity: signal(located.granularity),
    speed: signal(located.speed),
    theme: signal(located.theme),
    language: signal(located.language),
    pane: signal(located.pane),
    space: signal(located.space),
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

const keys = [
  'lab',
  'choice',
  'time',
  'versus',
  'compare',
  'page',
  'moment',
  'file',
  'cursor',
  'row',
  'thread',
  'pinned',
  'granularity',
  'speed',
  'theme',
  'language',
  'pane',
  'space',
] as const satisfies (keyof Located)[];

/** What a link of this moment carries. Reads every signal, so an effect that calls this follows them all. */
export const located = (state: State): Located => Object.fromEntries(keys.map((key) => [key, state[key].value])) as unknown as Located;

/** Puts the state where a link says, as Back does. A link to a file says nothing of the own run, so that stays as it is. */
export function relocate(state: State, to: Located): void {
  batch(() => {
    for (const key of keys) if (key !== 'choice' || to.file === undefined) (state[key] as Signal<unknown>).value = to[key];
  });
}

/** The colours in use: the visitor's choice, or the system's. */
export const themeOf = (chosen: Theme | undefined): Theme =>
  chosen ?? (matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark');

/** The language in use: the visitor's choice, or that of the page's address (zh.html), or the first of the browser's that the page speaks. */
export function languageOf(chosen: Language | undefined): Language {
  if (chosen) return chosen;
  if (document.documentElement.dataset['language'] === 'zh') return 'zh';
  const known = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag === 'zh' || tag === 'en');
  return known === 'zh' ? 'zh' : 'en';
}
