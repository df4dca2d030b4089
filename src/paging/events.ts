/** The events of an operation, in order: as numbers, all that a sentence in any language needs. */
import type { PreemptionMode, RequestStatus, TokenSourceKind, VictimPolicy } from './types';

/** The sum that decides an allocation: refused when `fresh + idleHits > free - watermark`. All in blocks. */
export interface Arithmetic {
  /** Tokens the table must hold afterwards. */
  readonly tokens: number;
  /** ceil(tokens / B). */
  readonly needed: number;
  /** Blocks in its table already. */
  readonly held: number;
  /** Blocks found in the cache. */
  readonly hits: number;
  /** New blocks: needed - held - hits, and copies for copy-on-write. */
  readonly fresh: number;
  /** Of `fresh`, blocks to be copied into because others hold the last one. */
  readonly copies: number;
  /** Hits that lie in the free queue: touching them uses up free blocks as well. */
  readonly idleHits: number;
  /** Blocks that must stay free: 0 for a running request, or when nothing runs. */
  readonly watermark: number;
  readonly free: number;
}

/** Where a released block went: others still hold it, or it entered the free queue at its front or its back. */
export interface Released {
  readonly block: number;
  /** Reference count afterwards. */
  readonly refCount: number;
  readonly to: 'held' | 'front' | 'back';
  /** It was unpublished as well (`paper` shares only blocks that somebody holds). */
  readonly forgotten: boolean;
}

/** Slots written in one block. */
export interface Written {
  readonly block: number;
  readonly logical: number;
  /** First slot written in the block, 0..B-1, and how many. */
  readonly offset: number;
  readonly count: number;
}

/** A block and where it was copied to. */
export interface Moved {
  readonly from: number;
  readonly to: number;
}

export type RefusalReason =
  /** No room: the arithmetic says why. */
  | 'blocks'
  /**
   * The request may come to hold `need` blocks at once, but the pool has only `have`: it could wait for ever. A pool of
   * `need` blocks would do.
   */
  | 'never-fits'
  /** The limit of running requests is reached. */
  | 'max-running'
  | 'cpu-blocks'
  | 'unknown-request'
  | 'finished'
  /** Fork (`paper`) of a request that is not running. */
  | 'not-running'
  /** More tokens than its final length allows. */
  | 'too-long'
  | 'empty-prompt'
  | 'nothing-to-generate'
  /** A number of tokens to generate, or a token, that is not a whole number. */
  | 'not-whole';

export type PagingEvent =
  | {
      readonly kind: 'arrive';
      readonly request: number;
      readonly tokens: number;
      readonly finalLength: number;
      /** Place in the waiting queue, 0 is its head. */
      readonly position: number;
      readonly source: TokenSourceKind;
    }
  /**
   * Lookup of full blocks by their hash chain: at most `limit` = floor((n - 1) / B), so that one token is left to
   * compute.
   */
  | {
      readonly kind: 'lookup';
      readonly request: number;
      readonly tokens: number;
      readonly limit: number;
      /** Found blocks by logical number, null block where the window has passed; `hitTokens` = their number times B. */
      readonly blocks: readonly number[];
      readonly hitTokens: number;
      /** Of them, blocks in the free queue. */
      readonly idle: number;
      /**
       * The published block that agrees longest with the tokens after the hits, and for how many tokens. These are
       * lost, because only full blocks are shared.
       */
      readonly partialBlock: number;
      readonly partialTokens: number;
    }
  /** A found block is held by one more table; `wasIdle`: it left the free queue. */
  | {
      readonly kind: 'touch';
      readonly request: number;
      readonly block: number;
      readonly logical: number;
      readonly refCount: number;
      readonly wasIdle: boolean;
    }
  /** A waiting request starts to run. */
  | {
      readonly kind: 'admit';
      readonly request: number;
      /** After a preemption. */
      readonly resumed: boolean;
      readonly hitTokens: number;
      /** Tokens of it in this step. */
      readonly count: number;
      readonly arithmetic: Arithmetic;
    }
  /** A running request was granted blocks; only emitted when it takes one. `members`: the sum covers this group. */
  | {
      readonly kind: 'grant';
      readonly request: number;
      readonly members: readonly number[];
      readonly arithmetic: Arithmetic;
    }
  /** A published block at the front of the free queue is evicted: it is taken for something else. */
  | {
      readonly kind: 'evict';
      readonly block: number;
      readonly hash: string;
      readonly logical: number;
      /** The request that takes it. */
      readonly request: number;
      /**
       * Whether another block has the same hash, so that the chain can still be found; if not, `orphansOf` says which
       * blocks are lost with it.
       */
      readonly duplicate: boolean;
    }
  /** The front of the free queue becomes a request's block. */
  | {
      readonly kind: 'allocate';
      readonly request: number;
      readonly block: number;
      readonly logical: number;
      readonly free: number;
    }
  /** K and V of positions `from .. to - 1` are computed and written. */
  | {
      readonly kind: 'append';
      readonly request: number;
      readonly from: number;
      readonly to: number;
      readonly written: readonly Written[];
      /** Of them, tokens that had been computed before a preemption. */
      readonly recomputed: number;
      /** Of them, tokens of the prompt. */
      readonly prompt: number;
    }
  /** A full block can be found from now on; `duplicates`: blocks that were published with the same hash before. */
  | {
      readonly kind: 'publish';
      readonly request: number;
      readonly block: number;
      readonly logical: number;
      readonly hash: string;
      readonly parent: string;
      readonly duplicates: readonly number[];
    }
  /**
   * The last block is shared, so it is copied and the copy is written. `refCount` is that of the old block afterwards.
   */
  | {
      readonly kind: 'copy-on-write';
      readonly request: number;
      readonly from: number;
      readonly to: number;
      readonly logical: number;
      /** Filled slots copied. */
      readonly slots: number;
      readonly refCount: number;
    }
  /**
   * A request was forked. `shared` blocks are held by both; empty with `asNewRequest` (V1): the child waits and looks
   * them up. `token`: the child's own last token when it differs.
   */
  | {
      readonly kind: 'fork';
      readonly request: number;
      readonly child: number;
      readonly shared: readonly number[];
      readonly asNewRequest: boolean;
      readonly token?: number;
    }
  /** A running request is preempted for `because` (for itself when no other is left). */
  | {
      readonly kind: 'preempt';
      readonly request: number;
      readonly because: number;
      readonly policy: VictimPolicy;
      readonly how: Exclude<PreemptionMode, 'auto'>;
      /** Tokens whose K and V are lost; 0 when swapped. */
      readonly lost: number;
      readonly blocks: number;
    }
  /** A group is copied to (from) the CPU pool, each distinct block once. */
  | {
      readonly kind: 'swap-out';
      readonly group: number;
      readonly requests: readonly number[];
      readonly blocks: readonly Moved[];
      readonly cpuFree: number;
    }
  | {
      readonly kind: 'swap-in';
      readonly group: number;
      readonly requests: readonly number[];
      readonly blocks: readonly Moved[];
      readonly arithmetic: Arithmetic;
    }
  /** An operation was refused: nothing changed. */
  | {
      readonly kind: 'refuse';
      /** The request concerned, -1 when there is none yet. */
      readonly request: number;
      readonly reason: RefusalReason;
      readonly attempt: 'add' | 'append' | 'fork' | 'free' | 'admit' | 'run' | 'swap-in' | 'swap-out';
      /** The members of its group that the arithmetic sums over, itself included. */
      readonly members?: readonly number[];
      /** With `blocks`. */
      readonly arithmetic?: Arithmetic;
      /** With the reasons that compare two numbers: what it needs and what there is. */
      readonly need?: number;
      readonly have?: number;
    }
  /** Nothing is admitted in this step, because something was preempted in it or is swapped out. */
  | { readonly kind: 'hold'; readonly reason: 'preempted' | 'swapped'; readonly waiting: number }
  /** A request releases blocks, in this order (deepest first). */
  | {
      readonly kind: 'release';
      readonly request: number;
      readonly reason: 'finish' | 'preempt' | 'free' | 'window' | 'swap';
      readonly blocks: readonly Released[];
    }
  /** Blocks behind the window were replaced by the null block in the table. */
  | {
      readonly kind: 'slide';
      readonly request: number;
      readonly logical: readonly number[];
      readonly firstVisible: number;
    }
  /** A generated token; its K and V are computed in the next step. */
  | { readonly kind: 'sample'; readonly request: number; readonly token: number; readonly position: number }
  /** A request has nothing to compute: it waits for a token from outside. */
  | { readonly kind: 'await'; readonly request: number; readonly position: number }
  /** Tokens from outside were taken in. */
  | { readonly kind: 'extend'; readonly request: number; readonly from: number; readonly to: number }
  /** Last event of every step. `phase`: `paper` computes prompts or decodes, never both. */
  | {
      readonly kind: 'batch';
      readonly step: number;
      readonly tokens: number;
      readonly budget: number;
      readonly requests: number;
      readonly phase: 'mixed' | 'prefill' | 'decode';
    }
  | { readonly kind: 'finish'; readonly request: number; readonly tokens: number; readonly generated: number }
  /** A request was ended by hand. */
  | { readonly kind: 'free'; readonly request: number; readonly status: RequestStatus };

/** The result of an operation. A refused one returns the very state it was given. */
export interface Outcome<S> {
  readonly state: S;
  readonly events: readonly PagingEvent[];
}
