/**
 * What the Page lab simulates: configuration, blocks, requests and the state of the whole pool. Values never change; an
 * operation gives new ones.
 */
import type { Rows } from './rows';
import type { Tail } from './tail';

/**
 * Whose rules hold. `v1-2026` and `v1-2025` are vLLM V1 (they differ in where freed blocks enter the queue), `paper` is
 * the PagedAttention paper and vLLM V0: fork with copy-on-write, swap by sequence group, a free list that is a stack.
 */
export type RuleSet = 'v1-2026' | 'v1-2025' | 'paper';

/** Which running request gives way: the last one, the one with most blocks, or the one with fewest computed tokens. */
export type VictimPolicy = 'last' | 'most-blocks' | 'fewest-computed';

/**
 * What a preempted sequence group does (rule set `paper`). `auto` is V0's rule: one sequence recomputes, several swap.
 */
export type PreemptionMode = 'auto' | 'recompute' | 'swap';

export interface Config {
  readonly rules: RuleSet;
  /** B, slots a block. */
  readonly blockSize: number;
  /** Blocks of the pool, the null block 0 among them. */
  readonly blocks: number;
  /** Blocks of the CPU pool for swapping; used by rule set `paper` only. */
  readonly cpuBlocks: number;
  readonly preemption: PreemptionMode;
  readonly victim: VictimPolicy;
  /** Share of the pool (0..1) that a waiting request must leave free while something runs. */
  readonly watermark: number;
  /** Tokens a step at most. V1 cuts prompts into chunks of it; `paper` runs a longer prompt alone. */
  readonly budget: number;
  /** Running requests at most. */
  readonly maxRunning: number;
  /** Whether full blocks are published and found by hash. */
  readonly sharing: boolean;
  /** Sliding window in tokens; 0 is none. Blocks that no query will see again become the null block in the table. */
  readonly window: number;
  /** Seed of the order in which the blocks lie in the free queue at the start; none: in order, 1 first. */
  readonly shuffle?: number;
  /** Seed of the simulated tokens. */
  readonly seed: number;
  /** Characters that simulated tokens are, by their code points; else `vocabulary` ids from `FIRST_SIMULATED` on. */
  readonly letters?: string;
  /** How many different simulated tokens there are: 26 are the letters, see `FIRST_SIMULATED`. */
  readonly vocabulary: number;
  /** The longest sequence the server allows: what contiguous allocation by maximum length reserves. */
  readonly maxLength: number;
}

/** One physical block. A new object each time something about it changes, so `a !== b` tells what to draw again. */
export interface Block {
  readonly id: number;
  /** How many tables hold it. */
  readonly refCount: number;
  /**
   * Tokens in its slots; shorter than B: the rest is empty. What a free block still holds is kept until it is taken
   * again.
   */
  readonly tokens: readonly number[];
  /** The hash under which it can be found; none while it is not published. */
  readonly hash?: string;
  /** The hash of the block before it in its chain; empty for the first. Set together with `hash`. */
  readonly parent?: string;
  /** Which logical block of a sequence it was filled as; -1 before first use. */
  readonly logical: number;
  /** The request that took it from the pool last; -1 before first use. */
  readonly writer: number;
  /** Neighbours in the free queue, -1 at its ends; both -1 also for a block that is not in it (see `free`). */
  readonly next: number;
  readonly prev: number;
  /** In the free queue. */
  readonly free: boolean;
}

/** One block of the CPU pool. */
export interface CpuBlock {
  readonly id: number;
  readonly refCount: number;
  readonly tokens: readonly number[];
}

/** `preempted` waits to be computed again, `swapped` waits to be copied back. */
export type RequestStatus = 'waiting' | 'running' | 'preempted' | 'swapped' | 'finished';

/** `seeded`: the simulator draws the next token. `outside`: the request waits until `append` brings one (a model's). */
export type TokenSourceKind = 'seeded' | 'outside';

/** One sequence. */
export interface Request {
  readonly id: number;
  readonly name: string;
  /**
   * Sequences of one group are preempted and swapped together (rule set `paper`): the id of the group's first request.
   */
  readonly group: number;
  /** The request it was forked from. */
  readonly parent?: number;
  /** The scheduler step before which it came. */
  readonly arrived: number;
  readonly status: RequestStatus;
  /** Known tokens: the prompt, then what was generated or appended. */
  readonly tokens: Tail<number>;
  readonly promptLength: number;
  /** Finishes once it has this many tokens. */
  readonly finalLength: number;
  readonly source: TokenSourceKind;
  /** Goes into the first block's hash: requests of different salts share nothing. */
  readonly salt: string;
  /** Tokens whose K and V are in the pool. */
  readonly computed: number;
  /** Physical block of each logical block; 0 is the null block (slid out of the window). Empty unless running. */
  readonly table: readonly number[];
  /** Blocks of the CPU pool while swapped. */
  readonly cpuTable: readonly number[];
  /** Hash of each full block of `tokens`, as far as needed yet. */
  readonly hashes: Tail<string>;
  /** How many logical blocks of its table are published or were found. */
  readonly published: number;
  /** Tokens found in the cache over all admissions: prefill saved. */
  readonly hitTokens: number;
  /** The most tokens it ever had computed; what lies below and is computed again is recompute tax. */
  readonly highWater: number;
  readonly recomputed: number;
  readonly preemptions: number;
}

/** Sums since the start. Tokens unless said otherwise. */
export interface Counters {
  /** Tokens for which the lookups of new requests asked: the whole prompt. */
  readonly asked: number;
  /** Tokens found by those lookups, so not computed: prefill saved. */
  readonly hitTokens: number;
  /**
   * Tokens for which preempted requests asked as they came back: prompt and what was generated. They may find their own
   * blocks, so they are kept apart.
   */
  readonly askedAgain: number;
  /** Tokens found by those: what a preemption did not cost. */
  readonly hitAgain: number;
  /** Tokens computed. */
  readonly computed: number;
  /** Of them, tokens that had been computed before: the recompute tax. */
  readonly recomputed: number;
  /** Times a request was preempted, whether by recomputing or by swapping. */
  readonly preemptions: number;
  /** Published blocks that were taken for something else. */
  readonly evictions: number;
  /** Blocks copied because somebody else held them. */
  readonly copies: number;
  /** Blocks moved to and from the CPU pool. */
  readonly swappedOut: number;
  readonly swappedIn: number;
  readonly allocations: number;
  readonly finished: number;
}

/**
 * One row of the last step's batch: what the attention kernel was given for one request. Tables are as they were then.
 */
export interface BatchRow {
  readonly request: number;
  /** Position of its first query; its queries are `start .. start + count - 1`. */
  readonly start: number;
  readonly count: number;
  readonly table: readonly number[];
}

/** The whole simulation between two operations. */
export interface State {
  readonly config: Config;
  /** Scheduler steps done. */
  readonly step: number;
  readonly blocks: Rows<Block>;
  readonly cpu: Rows<CpuBlock>;
  /** Free CPU blocks, last one is taken first. */
  readonly cpuFree: readonly number[];
  /** All requests ever added, by id; finished ones stay, without blocks. */
  readonly requests: Rows<Request>;
  /** Ids in the order in which they are served. */
  readonly running: readonly number[];
  /** Ids in the order in which they are admitted, preempted ones first. */
  readonly waiting: readonly number[];
  /** Ids that lie in the CPU pool. */
  readonly swapped: readonly number[];
  /** The ends of the free queue, -1 when empty; allocation pops the front. */
  readonly front: number;
  readonly back: number;
  readonly freeBlocks: number;
  /** Hash to published blocks, the one published first leading; in parts, see `findPublished`. */
  readonly index: readonly ReadonlyMap<string, readonly number[]>[];
  readonly counters: Counters;
  /** The last step's batch; empty before the first step. */
  readonly batch: readonly BatchRow[];
}

/** A request to be added. */
export interface NewRequest {
  readonly name: string;
  readonly prompt: readonly number[];
  /** How many tokens to generate after the prompt, at least 1. */
  readonly generate: number;
  readonly source?: TokenSourceKind;
  readonly salt?: string;
}

/** Everything that can be done to a state; plain data, so that a log of them replays exactly. */
export type Operation =
  | ({ readonly op: 'add' } & NewRequest)
  /**
   * Brings known tokens to the end of a request: a model's next token, or typed text. Blocks are taken by the next
   * step.
   */
  | { readonly op: 'append'; readonly request: number; readonly tokens: readonly number[] }
  /**
   * A child with the same tokens. `paper` shares the table; V1 has no fork: the child is a new request that looks its
   * blocks up.
   */
  /**
   * A last token that is not computed yet becomes `token`, else, for a seeded request, one drawn for the child: two
   * samples of one step.
   */
  | { readonly op: 'fork'; readonly request: number; readonly name: string; readonly token?: number }
  /** Ends a request, whatever its status. */
  | { readonly op: 'free'; readonly request: number }
  /** One step of the scheduler. */
  | { readonly op: 'step' };
