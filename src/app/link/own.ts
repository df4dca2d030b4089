// What a link says beside its labs: which one is open, what is run, whose trace is shown, and how the page looks.
import { cardById, KERNELS } from '../../kernels';
import type { Tile } from '../../ops/run';
import { maskOf } from '../../ops/sizes';
import {
  ranges,
  TEXT_LIMIT,
  defaultChoice,
  softcapOf,
  used,
  type Choice,
  type InputKind,
  type NumberField,
} from '../../figure/choice';
import { oneOf, unless, type LabLink, type ParamReader, type Written } from '../../labs/shared/link';
import { parseWhole } from '../../ui/parse-whole';
import type { LabId } from '../../labs/lab';
import { formatSource, INPUT_ROLES, LAYOUTS, parseSource } from '../../tensors/sources';
import type { Theme } from '../../ui/palette';
import type { Language } from '../../words';

export interface PageOwn {
  lab: LabId;
  /** The name of the imported trace that is shown in place of the choice's own run. */
  file: string | undefined;
  /** Undefined = as the system says. */
  theme: Theme | undefined;
  /** Undefined = as the browser says. */
  language: Language | undefined;
}

const standard: PageOwn = { lab: 'step', file: undefined, theme: undefined, language: undefined };

/** The longest name of a file that is written into a link. */
export const NAME_LIMIT = 200;

const LANGUAGES = ['en', 'zh'] as const;

/** The file that a link is about. The Page lab simulates and shows none. */
export const fileShown = ({ lab, file }: Pick<PageOwn, 'lab' | 'file'>): string | undefined =>
  lab === 'page' ? undefined : file;

/** Of a page with these labs. */
export const ownLink = (labs: readonly LabId[]): LabLink<PageOwn> => ({
  default: standard,
  read: (param) => ({
    lab: param('lab', oneOf(labs)) ?? standard.lab,
    file: param('file', (text) => (text.trim() && text.length <= NAME_LIMIT ? text : undefined)),
    theme: param('theme', oneOf(['dark', 'light'])),
    language: param('lang', oneOf(LANGUAGES)),
  }),
  write: (own) => ({ lab: unless(standard.lab, own.lab), file: fileShown(own), theme: own.theme, lang: own.language }),
  passing: [],
  looks: ['theme', 'language'],
});

/** What the own run is. */
export interface ChosenRun {
  choice: Choice;
}

/** Numbers whose key is not their name. */
const SHORT: Partial<Record<NumberField, string>> = { keys: 'n', queries: 'nq', dim: 'd', kvHeads: 'kv' };

/** Every number of a run, by its key. */
const numbers = (Object.keys(ranges) as NumberField[]).map((field) => [SHORT[field] ?? field, field] as const);

const KINDS = Object.keys(used) as InputKind[];

/** Those that were given. */
const given = <T>(entries: readonly (readonly [string, T | undefined])[]): Record<string, T> =>
  Object.fromEntries(entries.filter((entry): entry is [string, T] => entry[1] !== undefined));

/** `16x8`: a tile of the kernel's own. */
const tileOf = (kernel: string, text: string): Tile | undefined =>
  cardById(kernel).tiles.find(({ br, bc }) => `${br}x${bc}` === text);

function read(param: ParamReader): ChosenRun {
  const kernel = param('kernel', oneOf(KERNELS.map(({ id }) => id))) ?? defaultChoice.kernel;
  const choice: Choice = {
    ...defaultChoice,
    kernel,
    input: param('input', oneOf(KINDS)) ?? defaultChoice.input,
    text: param('text', (text) => (text.length <= TEXT_LIMIT && text.trim() ? text : undefined)),
    passage: param('passage', oneOf(LANGUAGES)),
    ...given(numbers.map(([key, field]) => [field, param(key, (text) => parseWhole(text, ranges[field]))])),
    tensors: given(INPUT_ROLES.map((role) => [role, param(role, parseSource)])),
    layout: param('layout', oneOf(LAYOUTS)),
    mask: param('mask', maskOf) ?? defaultChoice.mask,
    softcap: param('softcap', softcapOf),
    alibi: param('alibi', oneOf(['0', '1'])) === '1' || undefined,
    tile: param('tile', (text) => tileOf(kernel, text)),
  };
  return { choice };
}

function write({ choice }: ChosenRun): Written {
  const { kernel, input, text, passage, mask, softcap, alibi, layout, tensors, tile } = choice;
  const size = tile && `${tile.br}x${tile.bc}`;
  // What the kind of input looks at, and nothing of the others; which plane is shown is no part of the run.
  const fields: readonly string[] = [...used[input], ...(input === 'text' ? [] : ['plane'])];
  return {
    kernel,
    input,
    ...(input === 'text' && { text, passage: text === undefined ? passage : undefined }),
    ...(input === 'file' && {
      ...Object.fromEntries(Object.entries(tensors).map(([role, source]) => [role, formatSource(source)])),
      layout,
    }),
    ...Object.fromEntries(
      numbers.filter(([, field]) => fields.includes(field)).map(([key, field]) => [key, choice[field]?.toString()]),
    ),
    mask,
    softcap: softcap?.toString(),
    alibi: alibi ? '1' : undefined,
    tile: size && tileOf(kernel, size) && size,
  };
}

export const choiceLink: LabLink<ChosenRun> = { default: { choice: defaultChoice }, read, write, passing: [] };
