// The settings of the Page lab as one text of the link: workload, configuration and user actions. Parsed here and not
// by the page, so that the page need not load the workloads.
import { parseWhole } from '../../ui/parse-whole';
import { CONFIG_RANGES, configOf, withBlockSize, WORKLOADS, type Config, type Workload } from '../../paging';

/** What the visitor did, after the moment `at`. */
export type UserAction =
  | { readonly at: number; readonly act: 'add'; readonly text: string; readonly generate: number }
  | { readonly at: number; readonly act: 'fork' | 'free'; readonly request: number };

/** What can be set by hand; the rest comes from the workload. */
export type Changes = Partial<
  Pick<
    Config,
    'rules' | 'blockSize' | 'blocks' | 'victim' | 'watermark' | 'budget' | 'sharing' | 'window' | 'preemption' | 'seed'
  >
>;

export interface PageSettings {
  readonly workload: Workload;
  readonly changes: Changes;
  /** In the order of their moments. */
  readonly userActions: readonly UserAction[];
}

export const RULES = ['v1-2026', 'v1-2025', 'paper'] as const;
export const VICTIMS = ['last', 'most-blocks', 'fewest-computed'] as const;
export const PREEMPTIONS = ['auto', 'recompute', 'swap'] as const;
export const WATERMARKS = [0, 0.02, 0.05, 0.1] as const;
export const TYPED_LIMIT = 120;
export const MAX_USER_ACTIONS = 24;
export const GENERATE = [1, 32] as const;
/** Smallest and largest value of what is typed as a number; the pool without its null block. */
export const NUMBERS = {
  blockSize: CONFIG_RANGES.blockSize,
  pool: [1, CONFIG_RANGES.blocks[1] - 1],
  budget: [1, 8192],
  window: [0, 4096],
  seed: [0, 999_999],
} as const satisfies Record<string, readonly [number, number]>;

const percent = (share: number): string => String(Math.round(share * 100));

const oneOf = <T extends string>(all: readonly T[], text: string): T | undefined => all.find((one) => one === text);

/** How each setting is read (undefined = not a valid value) and written. */
const KEYS: Record<string, { read(text: string): Changes | undefined; write(from: Changes): string | undefined }> = {
  rules: key('rules', (text) => oneOf(RULES, text), String),
  block: key('blockSize', (text) => parseWhole(text, NUMBERS.blockSize), String),
  pool: key(
    'blocks',
    (text) => plus(parseWhole(text, NUMBERS.pool), 1),
    (blocks) => String(blocks - 1),
  ),
  victim: key('victim', (text) => oneOf(VICTIMS, text), String),
  watermark: key('watermark', (text) => WATERMARKS.find((share) => percent(share) === text), percent),
  budget: key('budget', (text) => parseWhole(text, NUMBERS.budget), String),
  sharing: key(
    'sharing',
    (text) => (text === 'on' ? true : text === 'off' ? false : undefined),
    (on) => (on ? 'on' : 'off'),
  ),
  window: key('window', (text) => parseWhole(text, NUMBERS.window), String),
  preempt: key('preemption', (text) => oneOf(PREEMPTIONS, text), String),
  seed: key('seed', (text) => parseWhole(text, NUMBERS.seed), String),
};

function key<F extends keyof Changes>(
  field: F,
  read: (text: string) => Config[F] | undefined,
  write: (value: Config[F]) => string,
) {
  return {
    read: (text: string): Changes | undefined => {
      const value = read(text);
      return value === undefined ? undefined : { [field]: value };
    },
    write: (from: Changes): string | undefined => (from[field] === undefined ? undefined : write(from[field])),
  };
}

const plus = (n: number | undefined, more: number): number | undefined => (n === undefined ? undefined : n + more);

export const [STORY] = WORKLOADS;
export const defaultSettings: PageSettings = { workload: STORY, changes: {}, userActions: [] };

/**
 * The configuration that the settings ask for. Another block size keeps the number of slots, unless the pool size is
 * set as well.
 */
function asked({ workload, changes }: PageSettings): Config {
  const base = configOf(workload);
  const { blockSize = base.blockSize } = changes;
  return { ...(blockSize === base.blockSize ? base : withBlockSize(base, blockSize)), ...changes };
}

const mostBlocks = (blocks: number): number => Math.min(blocks, CONFIG_RANGES.blocks[1]);

/**
 * The workload's configuration with the visitor's changes. A pool that small blocks would make too large gets the
 * largest size allowed, see `shortened`.
 */
export function configFor(settings: PageSettings): Config {
  const config = asked(settings);
  return { ...config, blocks: mostBlocks(config.blocks), cpuBlocks: mostBlocks(config.cpuBlocks) };
}

/** How many blocks (without the null block) would keep the workload's slots, when a pool may not have so many. */
export function shortened(settings: PageSettings): number | undefined {
  const { blocks } = asked(settings);
  return blocks > mostBlocks(blocks) ? blocks - 1 : undefined;
}

/** The settings with one change, keeping only what differs from the workload. */
export function changed(settings: PageSettings, change: Changes): PageSettings {
  const changes = { ...settings.changes, ...change };
  const base = configFor({
    ...settings,
    changes: changes.blockSize === undefined ? {} : { blockSize: changes.blockSize },
  });
  const kept = Object.entries(changes).filter(([field, value]) =>
    field === 'blockSize' ? value !== configOf(settings.workload).blockSize : value !== base[field as keyof Changes],
  );
  return { ...settings, changes: Object.fromEntries(kept) };
}

/** `story_block-8_pool-20*12a8.Hello*14f0`; empty where all is at its default. */
export function formatPage({ workload, changes, userActions }: PageSettings): string {
  const set = Object.entries(KEYS).flatMap(([name, { write }]) => {
    const value = write(changes);
    return value === undefined ? [] : [`${name}-${value}`];
  });
  const head = [workload.id, ...set].join('_');
  const text = [head, ...userActions.map(formatAction)].join('*');
  return text === STORY.id ? '' : text;
}

const formatAction = (userAction: UserAction): string =>
  userAction.act === 'add'
    ? `${userAction.at}a${userAction.generate}.${userAction.text.replaceAll('%', '%25').replaceAll('*', '%2A')}`
    : `${userAction.at}${userAction.act === 'fork' ? 'f' : 'x'}${userAction.request}`;

/** A part of the text that could not be used. */
export interface Unread {
  readonly key: string;
  readonly value: string;
}

/**
 * Reads what formatPage writes. Never throws: a part that it cannot read is reported in `unread`, and the workload's
 * own value is used.
 */
export function parsePage(text: string): { settings: PageSettings; unread: Unread[] } {
  const unread: Unread[] = [];
  const [head = '', ...rest] = text.split('*');
  const [id = '', ...parts] = head.split('_');
  const named = WORKLOADS.find((one) => one.id === id);
  if (!named && text !== '') unread.push({ key: 'page', value: id.slice(0, 60) });
  let settings: PageSettings = { ...defaultSettings, workload: named ?? STORY };
  for (const part of parts) {
    const [, name = '', value = ''] = /^([a-z]+)-(.*)$/s.exec(part) ?? [];
    const change = Object.hasOwn(KEYS, name) ? KEYS[name]?.read(value) : undefined;
    if (change) settings = changed(settings, change);
    else unread.push({ key: name ? `page.${name.slice(0, 20)}` : 'page', value: (name ? value : part).slice(0, 60) });
  }
  const userActions: UserAction[] = [];
  for (const part of rest) {
    const userAction = parseAction(part);
    if (userAction && userAction.at >= (userActions.at(-1)?.at ?? 0) && userActions.length < MAX_USER_ACTIONS)
      userActions.push(userAction);
    else unread.push({ key: 'page', value: part.slice(0, 60) });
  }
  return { settings: { ...settings, userActions }, unread };
}

function parseAction(part: string): UserAction | undefined {
  const [, when = '', act, rest = ''] = /^(\d{1,7})([afx])(.*)$/s.exec(part) ?? [];
  const at = Number(when);
  if (act === 'a') {
    const [, many = '', typed = ''] = /^(\d{1,4})\.(.*)$/s.exec(rest) ?? [];
    const generate = parseWhole(many, GENERATE);
    const text = typed.replaceAll('%2A', '*').replaceAll('%25', '%');
    return generate === undefined || text.trim() === '' || [...text].length > TYPED_LIMIT
      ? undefined
      : { at, act: 'add', text, generate };
  }
  const request = act ? parseWhole(rest, [0, 99_999]) : undefined;
  return request === undefined ? undefined : { at, act: act === 'f' ? 'fork' : 'free', request };
}
