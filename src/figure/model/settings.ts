// The settings of a figure of the small model as one text of a link: `at-12_t-0.5_ablate-0.2-3.2*TEXT`. Parts are joined
// by `_`, each a name and its value; after the first `*` comes the text as it was typed.
import { BITS, OFFSETS, SCALES, type PassOptions, type Rounding } from '../../model/options';
import { NET_IDS } from '../../model/ledger';
import type { HeadChoice } from '../../model/passage';
import { TEXT_LIMIT } from '../../model/sentence';
import { parseWhole } from '../../ui/parse-whole';
import type { ModelSettings, NetChange } from '../../views/model/view';
import type { Sampling } from '../../model/sampling';

/** Smallest and largest value of what is set by hand. */
export const RANGES = {
  at: [0, 255],
  temperature: [0, 3],
  topK: [1, 7043],
  topP: [0.01, 1],
  penalty: [1, 3],
  seed: [0, 999_999],
  more: [0, 255],
  merges: [0, 60],
  width: [8, 32_768],
  layers: [1, 256],
  vocabulary: [1, 1_000_000],
  factor: [0.5, 8],
} as const satisfies Record<string, readonly [number, number]>;
export const WORD_LIMIT = 40;

export const defaultModel: ModelSettings = {
  options: {},
  sampling: { temperature: 1 },
  seed: 1,
  more: 0,
  net: 'small',
  sizes: {},
  merges: 10,
};

/** A number as it is written: no sign, no exponent, no more digits than needed. */
function parseNumber(text: string, [low, high]: readonly [number, number]): number | undefined {
  const x = /^(?:0|[1-9]\d{0,6})(?:\.\d{1,6})?$/.test(text) ? Number(text) : NaN;
  return x >= low && x <= high && String(x) === text ? x : undefined;
}
const wholeIn = (range: readonly [number, number]) => (text: string) => {
  const n = parseWhole(text, range);
  return n !== undefined && String(n) === text ? n : undefined;
};
const numberIn = (range: readonly [number, number]) => (text: string) => parseNumber(text, range);
const is =
  <T extends string>(word: T) =>
  (text: string): T | undefined =>
    text === word ? word : undefined;
const on = (text: string): true | undefined => (text === 'on' ? true : undefined);

/** `int4-row` */
const rounding =
  <Per extends string>(all: readonly Per[]) =>
  (text: string): Rounding<Per> | undefined => {
    const [, digits = '', word = ''] = /^int(\d{1,2})-([a-z]+)$/.exec(text) ?? [];
    const bits = wholeIn(BITS)(digits);
    const per = all.find((one) => one === word);
    return bits !== undefined && per !== undefined ? { bits, per } : undefined;
  };
const written = ({ bits, per }: Rounding<string>): string => `int${bits}-${per}`;

/** `0.2-3.2`: layer and head, each pair once. */
function heads(text: string): HeadChoice[] | undefined {
  const pairs = text.split('-').map((pair) => /^(\d{1,2})\.(\d{1,2})$/.exec(pair));
  const found = pairs.map((pair) => (pair ? { layer: Number(pair[1]), head: Number(pair[2]) } : undefined));
  const all = found.filter((one) => one !== undefined);
  return all.length === pairs.length && sayHeads(all) === text ? all : undefined;
}
const sayHeads = (all: readonly HeadChoice[]): string =>
  [...new Set(all.map(({ layer, head }) => `${layer}.${head}`))].join('-');

/** A key: how it is read (undefined = no such value), and what is written (undefined = left out). */
interface Key {
  read(text: string, from: ModelSettings): ModelSettings | undefined;
  write(from: ModelSettings): string | undefined;
}

function keyOf<G extends object, F extends keyof G>(
  get: (settings: ModelSettings) => G,
  put: (settings: ModelSettings, change: Partial<G>) => ModelSettings,
  field: F,
  read: (text: string) => G[F] | undefined,
  write: (value: NonNullable<G[F]>) => string = String,
): Key {
  const standard = get(defaultModel)[field];
  return {
    read: (text, from) => {
      const value = read(text);
      return value === undefined ? undefined : put(from, { [field]: value } as unknown as Partial<G>);
    },
    write: (from) => {
      const value = get(from)[field];
      return value === undefined || value === null || value === standard ? undefined : write(value);
    },
  };
}
const own = <F extends keyof ModelSettings>(
  field: F,
  read: (text: string) => ModelSettings[F] | undefined,
  write?: (value: NonNullable<ModelSettings[F]>) => string,
): Key =>
  keyOf<ModelSettings, F>(
    (all) => all,
    (all, change) => ({ ...all, ...change }),
    field,
    read,
    write,
  );
const option = <F extends keyof PassOptions>(
  field: F,
  read: (text: string) => PassOptions[F] | undefined,
  write?: (value: NonNullable<PassOptions[F]>) => string,
): Key =>
  keyOf<PassOptions, F>(
    ({ options }) => options,
    (all, change) => ({ ...all, options: { ...all.options, ...change } }),
    field,
    read,
    write,
  );
const sampled = <F extends keyof Sampling>(field: F, read: (text: string) => Sampling[F] | undefined): Key =>
  keyOf<Sampling, F>(
    ({ sampling }) => sampling,
    (all, change) => ({ ...all, sampling: { ...all.sampling, ...change } }),
    field,
    read,
    (value) => (value === true ? 'on' : String(value)),
  );
const size = (field: keyof NetChange, read: (text: string) => number | undefined): Key =>
  keyOf<NetChange, keyof NetChange>(
    ({ sizes }) => sizes,
    (all, change) => ({ ...all, sizes: { ...all.sizes, ...change } }),
    field,
    read,
  );

/** In the order in which they are written. */
const KEYS: Readonly<Record<string, Key>> = {
  at: own('at', wholeIn(RANGES.at)),
  mask: option('mask', is('full')),
  rope: option('rope', (text) => is('off')(text) ?? wholeIn(OFFSETS)(text)),
  scale: option('scale', numberIn(SCALES)),
  layers: option('layers', wholeIn([1, 64])),
  ablate: option('ablate', heads, sayHeads),
  kvheads: option('groups', wholeIn([1, 64])),
  weights: option('weights', rounding(['tensor', 'row']), written),
  activations: option('activations', rounding(['tensor', 'token']), written),
  kv: option('kv', rounding(['tensor', 'token', 'channel']), written),
  cache: own('cache', on, () => 'on'),
  t: sampled('temperature', numberIn(RANGES.temperature)),
  k: sampled('topK', wholeIn(RANGES.topK)),
  p: sampled('topP', numberIn(RANGES.topP)),
  penalty: sampled('penalty', numberIn(RANGES.penalty)),
  cutfirst: sampled('cutFirst', on),
  seed: own('seed', wholeIn(RANGES.seed)),
  more: own('more', wholeIn(RANGES.more)),
  net: own('net', (text) => NET_IDS.find((id) => id === text)),
  d: size('width', wholeIn(RANGES.width)),
  depth: size('layers', wholeIn(RANGES.layers)),
  vocab: size('vocabulary', wholeIn(RANGES.vocabulary)),
  ffn: size('factor', numberIn(RANGES.factor)),
  merges: own('merges', wholeIn(RANGES.merges)),
  word: own(
    'word',
    (text) => {
      try {
        const word = decodeURIComponent(text);
        return word !== '' && [...word].length <= WORD_LIMIT && wordText(word) === text ? word : undefined;
      } catch {
        return undefined;
      }
    },
    (word) => wordText(word),
  ),
};

/** A word with nothing in it that a part ends with. */
const wordText = (word: string): string =>
  encodeURIComponent(word).replaceAll('_', '%5F').replaceAll('*', '%2A').replaceAll('-', '%2D');

/** A part of the text that could not be used. */
export interface Unread {
  readonly key: string;
  readonly value: string;
}

/** Settings as a link writes them; empty where all is at its default. */
export function formatModel(settings: ModelSettings): string {
  const head = Object.entries(KEYS).flatMap(([name, { write }]) => {
    const value = write(settings);
    return value === undefined || value === '' ? [] : [`${name}-${value}`];
  });
  return head.join('_') + (settings.text === undefined ? '' : `*${settings.text}`);
}

/** Reads what formatModel writes. Never throws: a part that cannot be read is told, and its default stands in. */
export function parseModel(text: string): { settings: ModelSettings; unread: Unread[] } {
  const unread: Unread[] = [];
  const star = text.indexOf('*');
  const [head, typed] = star < 0 ? [text, undefined] : [text.slice(0, star), text.slice(star + 1)];
  let settings = defaultModel;
  const seen = new Set<string>();
  for (const part of head === '' ? [] : head.split('_')) {
    const [, name = '', value = ''] = /^([a-z]+)-(.+)$/s.exec(part) ?? [];
    const next = Object.hasOwn(KEYS, name) && !seen.has(name) ? KEYS[name]?.read(value, settings) : undefined;
    seen.add(name);
    if (next) settings = next;
    else unread.push({ key: name ? `model.${name.slice(0, 20)}` : 'model', value: (name ? value : part).slice(0, 60) });
  }
  if (typed === undefined) return { settings, unread };
  if ([...typed].length <= TEXT_LIMIT) return { settings: { ...settings, text: typed }, unread };
  return { settings, unread: [...unread, { key: 'model', value: typed.slice(0, 60) }] };
}
