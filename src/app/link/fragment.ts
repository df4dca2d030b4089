// The text of a link's fragment and back: one line a key, each validated. What cannot be read is named, and a default stands in.
import type { Role } from '../../ops/layout';
import { KERNELS, kernelById } from '../../kernels';
import { GRANULARITIES, SPEEDS } from '../../views/strip/strip';
import { PANES } from '../../views';
import { LAB_IDS } from '../../labs';
import { SPACE_MODES } from '../../labs/step/api';
import { ranges, TEXT_LIMIT, type NumberField } from '../../labs/shared/choice';
import { timeKeys } from '../../labs/time/settings';
import { wholeIn } from '../../labs/shared/whole-in';
import { formatSource, LAYOUTS, parseSource, type InputRole } from '../../tensors/sources';
import { formatCompare, parseCompare } from '../../labs/compare/settings';
import { formatVersus, parseVersus } from '../../labs/compare/versus';
import { sealed, unsealed } from './link-check';
import { defaults, type Located } from '../state';

/** A part of a link that could not be used. */
export type LinkProblem =
  | { kind: 'bad-value' | 'no-file'; key: string; value: string }
  | { kind: 'unknown-key'; key: string }
  /** It was cut or changed on its way. */
  | { kind: 'mangled' };

/** How one key is read into a Located (undefined = not a valid value) and written (undefined = left out). */
interface Key {
  read(text: string, into: Located): Located | undefined;
  write(from: Located): string | undefined;
}

const roles: readonly Role[] = ['Q', 'K', 'V', 'S', 'P', 'O', 'LSE', 'm', 'l', 'alpha'];

const wholes = (text: string, separator: string): number[] | undefined => {
  const parts = text.split(separator).map((part) => wholeIn(part, [0, 0xffffffff]));
  return parts.includes(undefined) ? undefined : (parts as number[]);
};

/** A key that is a choice of one of a few words. */
function word<F extends keyof Located>(field: F, allowed: readonly (Located[F] & string)[]): Key {
  return {
    read: (text, into) => (allowed.includes(text as Located[F] & string) ? { ...into, [field]: text } : undefined),
    write: (from) => (from[field] === defaults[field] ? undefined : (from[field] as string)),
  };
}

/** A key that is a whole number of the choice. `always` writes it even at its default. */
function number(field: NumberField, applies: (from: Located) => boolean): Key {
  return {
    read: (text, into) => {
      const n = wholeIn(text, ranges[field]);
      return n === undefined ? undefined : { ...into, choice: { ...into.choice, [field]: n } };
    },
    write: (from) => (applies(from) && from.choice[field] !== undefined ? String(from.choice[field]) : undefined),
  };
}

/** A key that is a whole number from 0 on. */
const upTo = (most: number, field: 'row' | 'thread'): Key => ({
  read: (text, into) => {
    const n = wholeIn(text, [0, most]);
    return n === undefined ? undefined : { ...into, [field]: n };
  },
  write: (from) => (from[field] === defaults[field] ? undefined : String(from[field])),
});

/** The longest name of a file that is written into a link. */
export const NAME_LIMIT = 200;

const seeded = (from: Located): boolean => from.choice.input === 'seed';
const modelled = (from: Located): boolean => from.choice.input === 'text';
const filed = (from: Located): boolean => from.choice.input === 'file';

/** A tensor from a file: the file's hash and name, and the tensor's. */
const source = (role: InputRole): Key => ({
  read: (text, into) => {
    const found = parseSource(text);
    return found && { ...into, choice: { ...into.choice, tensors: { ...into.choice.tensors, [role]: found } } };
  },
  write: (from) => {
    const chosen = from.choice.tensors[role];
    return filed(from) && chosen ? formatSource(chosen) : undefined;
  },
});

/** The keys of the Time lab's settings. */
const timed: Record<string, Key> = Object.fromEntries(
  Object.entries(timeKeys).map(([key, { read, write }]) => [
    key,
    {
      read: (text: string, into: Located) => {
        const time = read(text, into.time);
        return time && { ...into, time };
      },
      write: (from: Located) => write(from.time),
    },
  ]),
);

/** The longest text that a lab reads itself. */
const RAW_LIMIT = 6000;

/** A key that is read by its lab, once that is loaded. */
const raw = (field: 'page' | 'moment'): Key => ({
  read: (text, into) => (text.length <= RAW_LIMIT ? { ...into, [field]: text } : undefined),
  write: (from) => from[field] || undefined,
});

/** The file that a link is about. The Page lab simulates and shows none. */
const fileShown = ({ lab, file }: Located): string | undefined => (lab === 'page' ? undefined : file);

const keys: Record<string, Key> = {
  lab: word('lab', LAB_IDS),
  kernel: {
    read: (text, into) => {
      const kernel = KERNELS.find((card) => card.id === text)?.id;
      return kernel && { ...into, choice: { ...into.choice, kernel } };
    },
    write: (from) => from.choice.kernel,
  },
  input: {
    read: (text, into) =>
      text === 'text' || text === 'seed' || text === 'file' ? { ...into, choice: { ...into.choice, input: text } } : undefined,
    write: (from) => from.choice.input,
  },
  text: {
    read: (text, into) => (text.length <= TEXT_LIMIT && text.trim() ? { ...into, choice: { ...into.choice, text } } : undefined),
    write: (from) => (modelled(from) ? from.choice.text : undefined),
  },
  passage: {
    read: (text, into) => (text === 'en' || text === 'zh' ? { ...into, choice: { ...into.choice, passage: text } } : undefined),
    write: (from) => (modelled(from) && from.choice.text === undefined ? from.choice.passage : undefined),
  },
  layer: number('layer', modelled),
  head: number('head', modelled),
  n: number('keys', seeded),
  nq: number('queries', seeded),
  d: number('dim', seeded),
  heads: number('heads', seeded),
  kv: number('kvHeads', seeded),
  batch: number('batch', seeded),
  seed: number('seed', seeded),
  q: source('q'),
  k: source('k'),
  v: source('v'),
  layout: {
    read: (text, into) => {
      const layout = LAYOUTS.find((one) => one === text);
      return layout && { ...into, choice: { ...into.choice, layout } };
    },
    write: (from) => (filed(from) ? from.choice.layout : undefined),
  },
  plane: number('plane', (from) => seeded(from) || filed(from)),
  mask: {
    read: (text, into) => (text === 'full' || text === 'causal' ? { ...into, choice: { ...into.choice, mask: text } } : undefined),
    write: (from) => from.choice.mask,
  },
  tile: {
    read: (text, into) => {
      const [br, bc, more] = wholes(text, 'x') ?? [];
      const tile = kernelById(into.choice.kernel).tiles.find((t) => t.br === br && t.bc === bc);
      return tile && more === undefined ? { ...into, choice: { ...into.choice, tile } } : undefined;
    },
    write: ({ choice: { kernel, tile } }) =>
      tile && kernelById(kernel).tiles.some((t) => t.br === tile.br && t.bc === tile.bc) ? `${tile.br}x${tile.bc}` : undefined,
  },
  at: {
    read: (text, into) => {
      const [pass, workgroup, phase, line, more] = wholes(text, '.') ?? [];
      if (pass === undefined || workgroup === undefined || phase === undefined || more !== undefined) return undefined;
      return { ...into, cursor: { pass, workgroup, phase, ...(line !== undefined && { line }) } };
    },
    write: ({ cursor: c }) => c && [c.pass, c.workgroup, c.phase, ...(c.line === undefined ? [] : [c.line])].join('.'),
  },
  row: upTo(4095, 'row'),
  thread: upTo(1023, 'thread'),
  cell: {
    read: (text, into) => {
      const [name, ...rest] = text.split('.');
      const role = roles.find((r) => r === name);
      const [row, col, more] = wholes(rest.join('.'), '.') ?? [];
      return role && row !== undefined && col !== undefined && more === undefined ? { ...into, pinned: { role, row, col } } : undefined;
    },
    write: ({ pinned: p }) => p && `${p.role}.${p.row}.${p.col}`,
  },
  by: word('granularity', GRANULARITIES),
  speed: {
    read: (text, into) => {
      const speed = SPEEDS.find((s) => String(s) === text);
      return speed && { ...into, speed };
    },
    write: (from) => (from.speed === defaults.speed ? undefined : String(from.speed)),
  },
  pane: word('pane', PANES),
  '3d': word('space', SPACE_MODES),
  theme: word('theme', ['dark', 'light']),
  lang: word('language', ['en', 'zh']),
  ...timed,
  vs: {
    read: (text, into) => {
      const versus = parseVersus(text, into.choice.kernel);
      return versus && { ...into, versus };
    },
    write: (from) => formatVersus(from.versus),
  },
  both: {
    read: (text, into) => {
      const compare = parseCompare(text);
      return compare && { ...into, compare };
    },
    write: (from) => formatCompare(from.compare),
  },
  page: raw('page'),
  moment: raw('moment'),
  file: {
    read: (text, into) => (text.trim() && text.length <= NAME_LIMIT ? { ...into, file: text } : undefined),
    write: fileShown,
  },
};

/** Keys that say what the own run is. Where a file is shown they would claim what is not on screen. */
const ofChoice = new Set('kernel input text passage layer head n nq d heads kv batch seed q k v layout plane mask tile'.split(' '));

/** Reads a fragment (with or without its #). Never throws; what it cannot use it names. */
export function parseFragment(fragment: string): { located: Located; problems: LinkProblem[] } {
  const { given, whole } = unsealed(fragment.replace(/^#/, ''));
  const problems: LinkProblem[] = whole ? [] : [{ kind: 'mangled' }];
  let located = defaults;
  // In the table's order, not the link's: a tile is read knowing the kernel.
  for (const [key, { read }] of Object.entries(keys)) {
    const value = given.get(key);
    if (value === null) continue;
    const next = read(value, located);
    if (next) located = next;
    else problems.push({ kind: 'bad-value', key, value: value.slice(0, 60) });
  }
  for (const key of new Set(given.keys())) if (!Object.hasOwn(keys, key)) problems.push({ kind: 'unknown-key', key: key.slice(0, 60) });
  return { located, problems };
}

/** The fragment of a link, without its #: letters, digits and -._%+=& only, and a check at its end. Reads back as the same value. */
export function formatFragment(located: Located): string {
  const written = new URLSearchParams();
  for (const [key, { write }] of Object.entries(keys)) {
    const value = fileShown(located) !== undefined && ofChoice.has(key) ? undefined : write(located);
    if (value !== undefined) written.set(key, value);
  }
  // Messengers end a link at a star, the only such sign that is written as it is.
  return sealed(written.toString().replaceAll('*', '%2A'));
}
