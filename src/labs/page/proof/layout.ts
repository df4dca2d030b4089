// Memory for one step of the simulator: the pool, filled as its blocks say; each request's keys in one piece, filled as
// the request says; and the expected answer in f64.
import { attendPaged, type PagedRequest, type PagedResult } from '../../../ops/attention/batch';
import { attendRowF32 } from '../../../ops/attention/f32';
import { mixSeed, mulberry32 } from '../../../ops/random';
import { kernelInputs, type KernelInputs, type State } from '../../../paging';
import type { HeadInput } from '../../../model';

/** One request of a step's batch. */
export interface ProofRow {
  readonly request: number;
  /** Position of its first query row; the last is the last of `tokens`. */
  readonly start: number;
  /** All tokens that it attends to, from the request. */
  readonly tokens: Int32Array;
  /** The same positions, from the pool's blocks; -1 where a slot is empty or its block has slid out of the window. */
  readonly held: Int32Array;
}

/** What the kernel computes in one step. Plain data: it is sent to a worker. */
export interface ProofPlan {
  readonly blocks: number;
  readonly window: number;
  readonly inputs: KernelInputs;
  readonly rows: readonly ProofRow[];
}

/** Q, K and V that the model computed for a sequence, each [N, dim]. */
export interface ReadSequence extends HeadInput {
  readonly tokens: readonly number[];
}

/** Both memories, and the answer expected from attention over them. */
export interface ProofMemory {
  readonly paged: PagedRequest;
  readonly contiguous: PagedRequest;
  readonly expected: PagedResult;
  /** The same in plain f32: its error against f64 sets what a kernel may be off by. */
  readonly f32: PagedResult;
  /** How many positions, over all requests, have K and V from the model, and how many from the generator. */
  readonly fromModel: number;
  readonly generated: number;
  /** Slots of the pool, and how many of them hold poison. */
  readonly slots: number;
  readonly poisoned: number;
  /** Table entries that differ from their logical number, and all entries. */
  readonly scattered: number;
  readonly entries: number;
}

/** What slots that nobody wrote are filled with: finite, and large enough to ruin any answer that reads it. */
const POISON = { k: 3e18, v: 3e38 };

/** The last step's batch with the tokens of its requests and blocks; undefined when it had no query. */
export function planOf(state: State): ProofPlan | undefined {
  const { config, blocks } = state;
  const { blockSize } = config;
  const batch = state.batch.filter(({ count }) => count > 0);
  if (batch.length === 0) return undefined;
  const rows = batch.map(({ request, start, count, table }): ProofRow => {
    const tokens = Int32Array.from(state.requests.at(request).tokens.slice(0, start + count));
    const held = tokens.map((_, at) => {
      const block = table[Math.floor(at / blockSize)] ?? 0;
      return block === 0 ? -1 : (blocks.at(block).tokens[at % blockSize] ?? -1);
    });
    return { request, start, tokens, held };
  });
  return { blocks: config.blocks, window: config.window, inputs: kernelInputs(batch, blockSize), rows };
}

/** About what it costs to prove a state's last step: multiply-adds of one head, and bytes of both memories. */
export function costOf({ config, batch }: State, dim: number): { work: number; bytes: number } {
  let [work, rows, longest] = [0, 0, 0];
  for (const { start, count } of batch) {
    if (count === 0) continue;
    work += count * (start + count) * dim * 2;
    longest = Math.max(longest, start + count);
    rows++;
  }
  return { work, bytes: 8 * dim * (config.blocks * config.blockSize + rows * longest) };
}

/** The hash of a prefix with one more token. */
function after(prefix: number, token: number): number {
  let h = Math.imul(prefix ^ (token + 1), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * Q, K or V of a token after its prefix: the model's when it has read that prefix, else seeded numbers of unit
 * variance.
 */
class Vectors {
  readonly #read = new Map<number, { of: ReadSequence; at: number }>();
  readonly #dim: number;

  constructor(read: readonly ReadSequence[], dim: number) {
    this.#dim = dim;
    for (const of of read) {
      let prefix = 0;
      of.tokens.forEach((token, at) => this.#read.set((prefix = after(prefix, token)), { of, at }));
    }
  }

  has(prefix: number): boolean {
    return this.#read.has(prefix);
  }

  /** @param position keeps rows apart when two prefixes have the same hash by chance */
  write(which: 'q' | 'k' | 'v', prefix: number, position: number, out: Float32Array, row: number): void {
    const dim = this.#dim;
    const known = this.#read.get(prefix);
    if (known) return out.set(known.of[which].subarray(known.at * dim, (known.at + 1) * dim), row * dim);
    const uniform = mulberry32(mixSeed(prefix + { q: 0, k: 1, v: 2 }[which], position));
    for (let c = 0; c < dim; c++) out[row * dim + c] = Math.sqrt(12) * (uniform() - 0.5);
  }
}

const capacity = (n: number): number => 2 ** Math.ceil(Math.log2(Math.max(1, n)));

/**
 * Fills both memories. The pool is filled slot by slot, from the block tables and the blocks' own tokens; the
 * contiguous copy from each request's tokens alone. If a block held another request's tokens, the two answers would
 * differ.
 * @param read what the model computed for requests with a given text; other tokens get seeded numbers that depend on
 * the token and on everything before it
 */
export function layOut(plan: ProofPlan, read: readonly ReadSequence[], dim: number): ProofMemory {
  const { blocks, window, inputs, rows } = plan;
  const { blockSize, blockTable, maxBlocks, queryStarts, sequenceLengths } = inputs;
  const vectors = new Vectors(read, dim);
  const slots = blocks * blockSize;
  const kPool = new Float32Array(slots * dim).fill(POISON.k);
  const vPool = new Float32Array(slots * dim).fill(POISON.v);
  // Sizes are powers of two, so that the next step can use the same pipeline.
  const length = Math.max(64, capacity(Math.max(...sequenceLengths)));
  const pieces = capacity(rows.length);
  const kContiguous = new Float32Array(pieces * length * dim).fill(POISON.k);
  const vContiguous = new Float32Array(pieces * length * dim).fill(POISON.v);
  const q = new Float32Array((queryStarts.at(-1) ?? 0) * dim);
  const written = new Uint8Array(slots);
  let fromModel = 0;
  let generated = 0;
  rows.forEach(({ start, tokens, held }, r) => {
    let before = 0;
    tokens.forEach((token, at) => {
      const prefix = after(before, token);
      vectors.write('k', prefix, at, kContiguous, r * length + at);
      vectors.write('v', prefix, at, vContiguous, r * length + at);
      if (at >= start) vectors.write('q', prefix, at, q, (queryStarts[r] ?? 0) + at - start);
      if (vectors.has(prefix)) fromModel++;
      else generated++;
      const inBlock = held[at] ?? -1;
      if (inBlock >= 0) {
        const slot = (blockTable[r * maxBlocks + Math.floor(at / blockSize)] ?? 0) * blockSize + (at % blockSize);
        vectors.write('k', after(before, inBlock), at, kPool, slot);
        vectors.write('v', after(before, inBlock), at, vPool, slot);
        written[slot] = 1;
      }
      before = prefix;
    });
  });
  const shared = { heads: 1, kvHeads: 1, dim, q, ...(window > 0 && { window }) };
  const paged: PagedRequest = { ...shared, blocks, batch: inputs, kPool, vPool };
  const table = Int32Array.from(rows, (_, r) => r);
  const contiguous: PagedRequest = {
    ...shared,
    blocks: pieces,
    batch: { blockSize: length, blockTable: table, maxBlocks: 1, sequenceLengths, queryStarts },
    kPool: kContiguous,
    vPool: vContiguous,
  };
  const used = rows.flatMap((_, r) =>
    [...inputs.indices.subarray(inputs.indptr[r], inputs.indptr[r + 1])].map((block, logical) => block !== logical),
  );
  return {
    paged,
    contiguous,
    expected: attendPaged(contiguous),
    f32: attendPaged(contiguous, attendRowF32),
    fromModel,
    generated,
    slots,
    poisoned: slots - written.reduce((sum, one) => sum + one, 0),
    scattered: used.filter(Boolean).length,
    entries: used.length,
  };
}
