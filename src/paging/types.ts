/**
 * The types of the simulation: configuration, blocks, requests and the whole state. Values are immutable; an operation
 * returns new ones.
 */
import type { Rows } from './rows';
import type { Tail } from './tail';

/**
 * Whose rules are simulated. `v1-2026` and `v1-2025` are vLLM V1 (they differ in where freed blocks enter the queue).
 * `paper` is the PagedAttention paper and vLLM V0: fork with copy-on-write, swap by sequence group, a free list that is
 * a stack.
 */
export type RuleSet = 'v1-2026' | 'v1-2025' | 'paper';

/**
 * Which running request is preempted: the last one, the one with most blocks, or the one with fewest computed tokens.
 */
export type VictimPolicy = 'last' | 'most-blocks' | 'fewest-computed';

/**
 * How a sequence group is preempted (rule set `paper`). `auto` is V0's rule: a single sequence is recomputed, a larger
 * group is swapped.
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
  /** Seed of the initial order of the free queue; undefined: 1, 2, 3 ... */
  readonly shuffle?: number;
  /** Seed of the simulated tokens. */
  readonly seed: number;
  /**
   * The characters that simulated tokens stand for, by code point; without them tokens are `vocabulary` ids from
   * `FIRST_SIMULATED` on.
   */
  readonly letters?: string;
  /** How many different simulated tokens there are: 26 are the letters, see `FIRST_SIMULATED`. */
  readonly vocabulary: number;
  /** The longest sequence the server allows: what contiguous allocation by maximum length reserves. */
  readonly maxLength: number;
}

/** One physical block. Any change makes a new object, so `a !== b` says what to draw again. */
export interface Block {
  readonly id: number;
  /** How many tables hold it. */
  readonly refCount: number;
  /** Tokens in its slots; the remaining slots are empty. A free block keeps its tokens until it is taken again. */
  readonly tokens: readonly number[];
  /** The hash under which it can be found; none while it is not published. */
  readonly hash?: string;
  /** The hash of the previous block in its chain; empty for the first block. Set together with `hash`. */
  readonly parent?: string;
  /** The logical block that it was filled as; -1 before first use. */
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

/** `preempted`: waits to be computed again. `swapped`: waits to be copied back. */
export type RequestStatus = 'waiting' | 'running' | 'preempted' | 'swapped' | 'finished';

/**
 * Who gives a request its next token. `seeded`: the simulator draws it. `outside`: the request waits until `append`
 * brings one, from a model for example.
 */
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
  /** The scheduler step before which it arrived. */
  readonly arrived: number;
  readonly status: RequestStatus;
  /** Known tokens: the prompt, then what was generated or appended. */
  readonly tokens: Tail<number>;
  readonly promptLength: number;
  /** The request finishes when it has this many tokens. */
  readonly finalLength: number;
  readonly source: TokenSourceKind;
  /** Part of the first block's hash: requests with different salts share nothing. */
  readonly salt: string;
  /** Tokens whose K and V are in the pool. */
  readonly computed: number;
  /** Physical block of each logical block; 0 is the null block (slid out of the window). Empty unless running. */
  readonly table: readonly number[];
  /** Blocks of the CPU pool while swapped. */
  readonly cpuTable: readonly number[];
  /** The hashes of its full blocks, as far as they were needed so far. */
  readonly hashes: Tail<string>;
  /** How many logical blocks of its table are published or were hits. */
  readonly published: number;
  /** Tokens found in the cache over all admissions: prefill saved. */
  readonly hitTokens: number;
  /** The largest number of tokens it ever had computed; computing a token below this again is recompute tax. */
  readonly highWater: number;
  readonly recomputed: number;
  readonly preemptions: number;
}

/** Sums since the start. Tokens unless said otherwise. */
export interface Counters {
  /** Tokens that the lookups of new requests asked for: their whole prompts. */
  readonly asked: number;
  /** Tokens found by those lookups: prefill saved. */
  readonly hitTokens: number;
  /**
   * Tokens that preempted requests asked for on their return: prompt and generated tokens. They may find their own
   * blocks, so they are counted apart.
   */
  readonly askedAgain: number;
  /** Tokens found by those lookups: what the preemption did not cost. */
  readonly hitAgain: number;
  /** Tokens computed. */
  readonly computed: number;
  /** The part of them that had been computed before: recompute tax. */
  readonly recomputed: number;
  /** Times a request was preempted, whether by recomputing or by swapping. */
  readonly preemptions: number;
  /** Published blocks that were evicted. */
  readonly evictions: number;
  /** Blocks copied because somebody else held them. */
  readonly copies: number;
  /** Blocks moved to and from the CPU pool. */
  readonly swappedOut: number;
  readonly swappedIn: number;
  readonly allocations: number;
  readonly finished: number;
}

/** One row of the last step's batch: the attention kernel's input for one request. Tables are as they were then. */
export interface BatchRow {
  readonly request: number;
  /** Position of its first query; its queries are `start .. start + count - 1`. */
  readonly start: number;
  readonly count: number;
  readonly table: readonly number[];
}

/** The complete state between two operations. */
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
  /** Ids, in the order in which they are served. */
  readonly running: readonly number[];
  /** Ids, in the order of admission; preempted ones come first. */
  readonly waiting: readonly number[];
  /** Ids of requests that are swapped out. */
  readonly swapped: readonly number[];
  /** The ends of the free queue, -1 when it is empty; allocation takes the front. */
  readonly front: number;
  readonly back: number;
  readonly freeBlocks: number;
  /** From hash to published blocks, the one published first in front; in parts, see `findPublished`. */
  readonly index: readonly ReadonlyMap<string, readonly number[]>[];
  readonly counters: Counters;
  /** The last step's batch; empty before the first step. */
  readonly batch: readonly BatchRow[];
}

/** A new request. */
export interface NewRequest {
  readonly name: string;
  readonly prompt: readonly number[];
  /** How many tokens to generate after the prompt, at least 1. */
  readonly generate: number;
  readonly source?: TokenSourceKind;
  readonly salt?: string;
}

/** The operations. Plain data, so that a log of them can be replayed exactly. */
export type Operation =
  | ({ readonly op: 'add' } & NewRequest)
  /** Appends known tokens to a request: a model's next token, or typed text. The next step takes the blocks. */
  | { readonly op: 'append'; readonly request: number; readonly tokens: readonly number[] }
  /** Forks a request. `paper` shares the table; V1 has no fork: the child is a new request that looks its blocks up. */
  /**
   * A last token that is not computed yet becomes `token`; without it a seeded request draws a new one. So parent and
   * child are two samples of one step.
   */
  | { readonly op: 'fork'; readonly request: number; readonly name: string; readonly token?: number }
  /** Ends a request, whatever its status. */
  | { readonly op: 'free'; readonly request: number }
  /** One step of the scheduler. */
  | { readonly op: 'step' };
