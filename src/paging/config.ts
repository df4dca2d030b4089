/** The configuration of a simulation, the state it starts with, and numbers that follow from it. */
import { AttnError } from '../errors';
import { mulberry32 } from '../ops/random';
import { indexParts } from './hash';
import { Rows } from './rows';
import type { Block, Config, CpuBlock, Request, State } from './types';

/** vLLM's proportions, smaller. The free queue starts shuffled, so that logical and physical numbers differ. */
export const DEFAULT_CONFIG: Config = {
  rules: 'v1-2026',
  blockSize: 16,
  blocks: 65,
  cpuBlocks: 32,
  preemption: 'auto',
  victim: 'last',
  watermark: 0,
  budget: 64,
  maxRunning: 16,
  sharing: true,
  window: 0,
  shuffle: 1,
  seed: 1,
  vocabulary: 26,
  maxLength: 256,
};

/** Smallest and largest value of each number of a configuration. */
export const CONFIG_RANGES = {
  blockSize: [1, 256],
  blocks: [2, 65_536],
  cpuBlocks: [0, 65_536],
  watermark: [0, 1],
  budget: [1, 65_536],
  maxRunning: [1, 4096],
  window: [0, 65_536],
  seed: [0, 0xffff_ffff],
  vocabulary: [1, 65_536],
  maxLength: [2, 1_000_000],
} as const satisfies Partial<Record<keyof Config, readonly [number, number]>>;

/** The first field of a configuration that is out of range; undefined when all are allowed. */
export function configProblem(config: Config): { field: string; value: number; expected: string } | undefined {
  for (const [field, [low, high]] of Object.entries(CONFIG_RANGES)) {
    const value = config[field as keyof typeof CONFIG_RANGES];
    const allowed = value >= low && value <= high && (field === 'watermark' || Number.isInteger(value));
    if (!allowed) return { field, value, expected: `${low} .. ${high}` };
  }
  return undefined;
}

/** Never written to: whoever writes to a part copies it first. */
const EMPTY_PART: ReadonlyMap<string, readonly number[]> = new Map();

/**
 * An idle pool: every block but the null block lies in the free queue.
 * @throws AttnError `shape-invalid` for a configuration outside CONFIG_RANGES
 */
export function create(config: Config): State {
  const problem = configProblem(config);
  if (problem) throw new AttnError('shape-invalid', problem);
  const order = freeOrderAtStart(config);
  const links = new Map(order.map((id, i) => [id, { prev: order[i - 1] ?? -1, next: order[i + 1] ?? -1 }]));
  const block = (id: number): Block => ({
    id,
    refCount: 0,
    tokens: [],
    logical: -1,
    writer: -1,
    ...(links.get(id) ?? { prev: -1, next: -1 }),
    free: links.has(id),
  });
  const cpuBlock = (id: number): CpuBlock => ({ id, refCount: 0, tokens: [] });
  const cpuIds = Array.from({ length: config.cpuBlocks }, (_, id) => id);
  return {
    config,
    step: 0,
    blocks: Rows.of(Array.from({ length: config.blocks }, (_, id) => block(id))),
    cpu: Rows.of(cpuIds.map(cpuBlock)),
    cpuFree: cpuIds.toReversed(),
    requests: Rows.of<Request>([]),
    running: [],
    waiting: [],
    swapped: [],
    front: order[0] ?? -1,
    back: order.at(-1) ?? -1,
    freeBlocks: order.length,
    index: Array.from({ length: indexParts(config.blocks) }, () => EMPTY_PART),
    counters: {
      asked: 0,
      hitTokens: 0,
      askedAgain: 0,
      hitAgain: 0,
      computed: 0,
      recomputed: 0,
      preemptions: 0,
      evictions: 0,
      copies: 0,
      swappedOut: 0,
      swappedIn: 0,
      allocations: 0,
      finished: 0,
    },
    batch: [],
  };
}

/**
 * The configuration with another block size and, as far as it divides, the same number of slots, so that two pools can
 * be compared.
 */
export function withBlockSize(config: Config, blockSize: number): Config {
  const scale = config.blockSize / blockSize;
  const blocks = Math.max(1, Math.round((config.blocks - 1) * scale)) + 1;
  return { ...config, blockSize, blocks, cpuBlocks: Math.round(config.cpuBlocks * scale) };
}

/** 1, 2, 3 ... or a seeded shuffle of it (Fisher-Yates). */
function freeOrderAtStart({ blocks, shuffle }: Config): number[] {
  const order = Array.from({ length: blocks - 1 }, (_, i) => i + 1);
  if (shuffle === undefined) return order;
  const uniform = mulberry32(shuffle);
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(uniform() * (i + 1));
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  return order;
}

/** Blocks that a waiting request must leave free while something runs. */
export const watermarkBlocks = ({ watermark, blocks }: Config): number => Math.floor(watermark * (blocks - 1));

/**
 * The most blocks that a request of this final length may hold at once, whatever the others do. In a pool of that size
 * it always finishes; in a smaller one it may wait for ever. The last token is never computed, so it needs no slot.
 * With a window, blocks behind it are released, but a chunk is computed at once.
 */
export function peakBlocks({ blockSize, window, budget, rules, sharing }: Config, finalLength: number): number {
  const tokens = finalLength - 1;
  const all = Math.ceil(tokens / blockSize);
  if (window === 0 || rules === 'paper') return all;
  const chunk = Math.min(budget, tokens);
  let peak = 0;
  // Other requests decide what is left of the budget, so a chunk may begin anywhere. A chunk that ends one block later
  // needs at least as many blocks: only the last ones need to be tried.
  for (let end = Math.max(1, tokens - blockSize + 1); end <= tokens; end++) {
    const firstVisible = Math.max(0, end - chunk - window + 1);
    peak = Math.max(peak, Math.ceil(end / blockSize) - Math.floor(firstVisible / blockSize));
  }
  // A window of one token sees no earlier block. Still a lookup finds and holds the last one (see `windowRun`) until
  // the next step releases it.
  const found = window === 1 && sharing && tokens > blockSize;
  return found ? Math.max(peak, 1 + Math.ceil(Math.min(budget, tokens - blockSize) / blockSize)) : peak;
}
