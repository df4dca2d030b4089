// The arrays of the last batch as pictures: what each number is, whose it is, and what pointing at it selects.
import { kernelInputs, type KernelInputs, type State } from '../../../paging';
import type { ArrayPicture, Entry } from './paint';

export type ArrayName =
  | 'block_table'
  | 'seq_lens'
  | 'query_start_loc'
  | 'slot_mapping'
  | 'indptr'
  | 'indices'
  | 'last_page_len';

/** At most so many rows of the padded table, and numbers of one array, are shown. */
const MOST_ROWS = 6;
const MOST_ENTRIES = 240;

const made = new WeakMap<State, KernelInputs>();

/** The arrays of a state's last batch, computed once. */
export function inputsOf(state: State): KernelInputs {
  const inputs = made.get(state) ?? kernelInputs(state.batch, state.config.blockSize);
  made.set(state, inputs);
  return inputs;
}

/** @param about a short description of each array */
export function arraysOf(
  state: State,
  chosen: number | undefined,
  about: (name: ArrayName) => string,
): { padded: ArrayPicture[]; csr: ArrayPicture[] } {
  const { batch } = state;
  const { blockSize } = state.config;
  const inputs = inputsOf(state);
  const { maxBlocks, sequenceLengths, queryStarts, slotMapping, indptr, indices, lastPageLength } = inputs;
  const nobody = (value: number): Entry => ({ value, request: -1, selection: {} });
  const last = (row: number): number => (sequenceLengths[row] ?? 1) - 1;

  const strip = (name: ArrayName, values: Int32Array, entry: (i: number, value: number) => Entry): ArrayPicture => {
    const entries = Array.from(values.subarray(0, MOST_ENTRIES), (value, i) => entry(i, value));
    // The entries left out count as well, so that their number is right.
    entries.length = values.length;
    return {
      name,
      size: `[${values.length}]`,
      about: about(name),
      rows: [{ label: '', request: -1, entries }],
      hiddenRows: 0,
    };
  };
  const byRow = (name: ArrayName, values: Int32Array): ArrayPicture =>
    strip(name, values, (i, value) => {
      const row = batch[i];
      return row
        ? { value, request: row.request, selection: { request: row.request, position: last(i) } }
        : nobody(value);
    });
  const byBlock = (row: number, logical: number, block: number): Entry => {
    const { request } = batch[row] as (typeof batch)[number];
    return {
      value: block,
      request,
      selection: { ...(block > 0 && { block }), request, position: logical * blockSize },
    };
  };

  const chosenRow = batch.findIndex(({ request }) => request === chosen);
  const first = Math.max(0, Math.min(batch.length - MOST_ROWS, chosenRow - Math.floor(MOST_ROWS / 2)));
  const rows = batch.slice(first, first + MOST_ROWS).map(({ request }, i) => {
    const row = first + i;
    const own = (indptr[row + 1] ?? 0) - (indptr[row] ?? 0);
    const entries = Array.from({ length: maxBlocks }, (_, j): Entry => {
      const block = inputs.blockTable[row * maxBlocks + j] ?? 0;
      return j < own ? byBlock(row, j, block) : nobody(block);
    });
    return { label: state.requests.at(request).name, request, entries };
  });
  const table: ArrayPicture = {
    name: 'block_table',
    size: `[${batch.length}, ${maxBlocks}]`,
    about: about('block_table'),
    rows,
    hiddenRows: batch.length - rows.length,
  };
  const rowOf = runs(queryStarts);
  const blockRow = runs(indptr);
  return {
    padded: [
      table,
      byRow('seq_lens', sequenceLengths),
      byRow('query_start_loc', queryStarts),
      strip('slot_mapping', slotMapping, (i, value) => {
        const { request, start } = batch[rowOf(i)] as (typeof batch)[number];
        const position = start + i - (queryStarts[rowOf(i)] ?? 0);
        return {
          value,
          request,
          selection: { request, position, ...(value >= 0 && { block: Math.floor(value / blockSize) }) },
        };
      }),
    ],
    csr: [
      byRow('indptr', indptr),
      strip('indices', indices, (i, value) => byBlock(blockRow(i), i - (indptr[blockRow(i)] ?? 0), value)),
      byRow('last_page_len', lastPageLength),
    ],
  };
}

/** The run that an index is in; must be called with rising indices. */
function runs(starts: Int32Array): (i: number) => number {
  let row = 0;
  return (i) => {
    while ((starts[row + 1] ?? Infinity) <= i) row += 1;
    return row;
  };
}
