/**
 * The inputs of a paged attention kernel for a batch: the padded block table with its companions, and the same as a CSR
 * triple.
 */
import { slotOf } from './reads';
import type { BatchRow } from './types';

/** All positions and lengths in tokens. Rows as in the batch. */
export interface KernelInputs {
  readonly blockSize: number;
  /** int32 [requests, maxBlocks], row-major, padded with the null block 0. */
  readonly blockTable: Int32Array;
  readonly maxBlocks: number;
  /** Keys a row attends to: everything computed, this step's tokens included. */
  readonly sequenceLengths: Int32Array;
  /** [requests + 1]: where each row's queries begin among all queries of the batch. */
  readonly queryStarts: Int32Array;
  /** For every query of the batch: the slot to which its K and V are written. */
  readonly slotMapping: Int32Array;
  /** CSR (FlashInfer): row r's blocks are `indices[indptr[r] .. indptr[r + 1])`. */
  readonly indptr: Int32Array;
  readonly indices: Int32Array;
  /** Tokens in each row's last block, 1..B: (len - 1) mod B + 1. */
  readonly lastPageLength: Int32Array;
}

/** (length - 1) mod B + 1: never length mod B, which is 0 for a full last block. 0 for an empty sequence. */
export const lastPageLength = (length: number, blockSize: number): number =>
  length === 0 ? 0 : ((length - 1) % blockSize) + 1;

/**
 * Lays a batch out for the kernel.
 * @param batch rows such as `state.batch`; a row of count 0 has no query
 */
export function kernelInputs(batch: readonly BatchRow[], blockSize: number): KernelInputs {
  const lengths = batch.map(({ start, count }) => start + count);
  const tables = batch.map(({ table }, row) => table.slice(0, Math.ceil((lengths[row] ?? 0) / blockSize)));
  const maxBlocks = Math.max(0, ...tables.map((table) => table.length));
  const blockTable = new Int32Array(batch.length * maxBlocks);
  tables.forEach((table, row) => blockTable.set(table, row * maxBlocks));
  const slots = batch.flatMap(({ start, count, table }) =>
    Array.from({ length: count }, (_, i) => slotOf(table, start + i, blockSize)),
  );
  return {
    blockSize,
    blockTable,
    maxBlocks,
    sequenceLengths: Int32Array.from(lengths),
    queryStarts: runningSums(batch.map(({ count }) => count)),
    slotMapping: Int32Array.from(slots),
    indptr: runningSums(tables.map((table) => table.length)),
    indices: Int32Array.from(tables.flat()),
    lastPageLength: Int32Array.from(lengths, (length) => lastPageLength(length, blockSize)),
  };
}

/** 0, a, a + b, ... */
function runningSums(counts: readonly number[]): Int32Array {
  const sums = new Int32Array(counts.length + 1);
  counts.forEach((count, i) => {
    sums[i + 1] = (sums[i] ?? 0) + count;
  });
  return sums;
}
